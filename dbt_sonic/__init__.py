"""The dbt project; a package, so that a wheel carries it beside the code."""
