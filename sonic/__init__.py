"""Sonic's command line, settings and stages: what ties the layers together."""

import ml  # noqa: F401 - how to add is told before anything imports NumPy
