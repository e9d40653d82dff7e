"""Tracks and listeners, read from frames into arrays."""
