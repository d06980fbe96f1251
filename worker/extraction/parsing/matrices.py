"""How matrices are multiplied, which is most of a parse."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
from thinc.api import NumpyOps

_LIBRARIES = ("libscipy_openblas*", "*libopenblas*")
_SET_THREADS = ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads")


def fastest_ops() -> NumpyOps:
    """NumPy's own BLAS where it is an OpenBLAS that can be held to one thread, else the BLIS that spaCy brings.

    OpenBLAS has kernels for newer processors and takes a third of the time there. It is held to one thread since
    the machine is shared by as many worker processes as it has cores.
    """
    return NumpyOps(use_blis=not _held_to_one_thread())


def _held_to_one_thread() -> bool:
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for pattern in _LIBRARIES:
            for path in sorted(folder.glob(pattern)):
                library = ctypes.CDLL(str(path))
                for name in _SET_THREADS:
                    if hasattr(library, name):
                        getattr(library, name)(1)
                        return True
    return False
