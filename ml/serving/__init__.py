"""From candidates to fifteen tracks with confidence and reasons."""
