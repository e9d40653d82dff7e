"""The generated music, listeners and plays that the services return."""
