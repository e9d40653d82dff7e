"""Pair features: how a listener and a candidate relate, as numbers."""
