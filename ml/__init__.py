"""Recommends tracks by their sound: a plain library that takes and returns frames."""

import os
import platform

# The order in which NumPy and OpenBLAS add numbers depends on the processor and its cores, and so
# do the last digits of a model. Fix one order for all machines, before either library is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
if platform.machine() in ("x86_64", "AMD64"):  # processors from 2013 on
    os.environ["OPENBLAS_CORETYPE"] = "Haswell"
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
