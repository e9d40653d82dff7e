"""Retrieval: from a million tracks to a few thousand candidates for each listener."""
