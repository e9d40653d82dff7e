"""Sign listeners in with Spotify and keep their tokens."""
