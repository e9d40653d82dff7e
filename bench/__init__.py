"""What is measured on this machine."""

import ml  # noqa: F401 - how to add is told before anything imports NumPy
