"""`sonic doctor`: checks of what is installed, configured and reachable."""
