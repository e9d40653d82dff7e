"""Spotify's Web API: what is requested, and how its pages become Bronze rows."""
