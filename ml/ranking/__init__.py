"""The model that ranks candidates, and the calibration of its scores."""
