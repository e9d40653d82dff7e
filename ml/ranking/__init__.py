"""The model that ranks candidates, and what its scores mean."""
