"""Benchmarks of this machine."""

import ml  # noqa: F401 - sets how NumPy adds, before anything imports it
