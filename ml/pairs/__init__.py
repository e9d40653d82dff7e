"""What a listener and a candidate have to do with each other, as numbers."""
