"""Sonic's command line, settings and stages, which connect the layers."""

import ml  # noqa: F401 - sets how NumPy adds, before anything imports it
