"""Spotify's Web API: what is asked for, and how its pages become Bronze rows."""
