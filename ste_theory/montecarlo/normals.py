"""Standard normal numbers in single precision, two at a time (Box and Muller), in whole arrays.

From 64 random bits come two 32-bit integers, k ≥ 0 and l with a sign; with u = k·2⁻³² (½·2⁻³² for k = 0) and
x = 2π·l·2⁻³², all in single precision,

    √(−2 log u)·cos x,   √(−2 log u)·sin x

are independent N(0, 1) up to rounding. NumPy computes log, sin and cos of single-precision arrays with vector
instructions, faster than its ziggurat, which takes one number after the other (the benchmarks say by how much).

**When single precision is safe.** With r = √(−2 log u) a number has an absolute error of at most 2⁻²⁴/r + 2⁻²¹r: u is
rounded to 2⁻²⁵ near 1, the angle to some 2⁻²⁴ of π. That is 10⁻⁷ in the mean square, 10⁻⁵ at most but for u within
2·10⁻⁵ of 1, and 2⁻¹² at most. (Relative to itself a number near 0 may be off by any factor: cos x and sin x are not
exact to the last digit where they vanish.) No number exceeds √(66 log 2) = 6.76 (P = 1.4·10⁻¹¹), and a pre-activation
h = ⟨z,w⟩ is off by about 10⁻⁷‖w‖, rarely by 10⁻⁵‖w‖. So a hard activation switches at a place that is off by so much,
on inputs of that probability; sums over rows and columns lose some 10⁻⁷ of the sum of their absolute terms. Means are
added up in double precision. In all, expectations are moved by at most some 10⁻⁶ of the scale of the terms: safe as
long as the standard error is above 10⁻⁵ of it, and nothing in the problem (a window of μ′, the distance of two
thresholds) is narrower than 10⁻⁵ of the pre-activations. Where a decision needs more, double precision is used, and is
the default.
"""

import math

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
_SCALE = np.float32(2.0**-32)
_SMALLEST = np.float32(2.0**-33)
_TURN = np.float32(2 * math.pi * 2.0**-32)


def fill_single(draw: np.random.Generator, out: Single, scratch: Single) -> None:
    """Fill ``out`` (any shape, an even number of numbers, contiguous) with N(0, 1); ``scratch`` is as large."""
    flat, half = out.reshape(-1), out.size // 2
    words = draw.bit_generator.random_raw(half).view(np.uint32)
    radius, angle = scratch.reshape(-1)[:half], scratch.reshape(-1)[half:]
    np.multiply(words[:half], _SCALE, out=radius, casting="same_kind", dtype=np.float32)
    np.maximum(radius, _SMALLEST, out=radius)
    np.log(radius, out=radius)
    radius *= np.float32(-2)
    np.sqrt(radius, out=radius)
    np.multiply(words[half:].view(np.int32), _TURN, out=angle, casting="same_kind", dtype=np.float32)
    np.cos(angle, out=flat[:half])
    np.sin(angle, out=flat[half:])
    flat[:half] *= radius
    flat[half:] *= radius
