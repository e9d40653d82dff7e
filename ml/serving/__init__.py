"""Serving: from candidates to fifteen tracks with confidence and reasons."""
