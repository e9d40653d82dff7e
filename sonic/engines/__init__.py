"""The engines: Bronze's destination, Spark, compiled SQL, and reading built tables."""
