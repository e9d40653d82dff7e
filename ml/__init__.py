"""Recommends tracks by their sound: a plain library that takes and returns frames."""

import os
import platform

# In what order NumPy and its OpenBLAS add depends on the processor and on its cores, and a model's
# last digits with it. One order for all, told before either is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
if platform.machine() in ("x86_64", "AMD64"):  # processors of 2013 and since
    os.environ["OPENBLAS_CORETYPE"] = "Haswell"
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
