"""The learned spaces, and each track's coordinates in them."""
