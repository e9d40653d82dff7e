"""Recommends tracks by their sound: a plain library that takes and returns frames."""
