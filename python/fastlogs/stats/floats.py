"""What a series is here: an array of floats, one after another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# A median of absolute deviations, times this, is the standard deviation of normal noise.
MAD_TO_SD = 1.4826
