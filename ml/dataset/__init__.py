"""The tracks and the listeners, read from frames into arrays."""
