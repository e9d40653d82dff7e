"""The invented music, listeners and plays that the web services answer from."""
