"""The command line: `sonic` and `dlt pipeline <name> run`."""
