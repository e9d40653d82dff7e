"""The simulated web services, over HTTP."""
