"""The learned spaces, and where each track lies in them."""
