"""Capture what the APIs say into landing, and load landing into Bronze."""
