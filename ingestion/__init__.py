"""Capture API answers into landing, and load landing into Bronze."""
