"""Sums and dot products carried in pairs of floats: about 32 digits, so that differences of them keep 16.

A pair (h, l) stands for h + l with |l| ≤ ½ulp(h). Building blocks: Knuth's two-sum and Dekker's two-product, which give
the rounding error of one operation exactly. Arrays of any shape; reductions run over the last axis, by splitting the
terms at common powers of two (Rump, Ogita and Oishi 2008): sums of the upper parts are exact, in whatever order. Few
terms, those of one point, are summed by Python's exact sum, which costs less than the calls of NumPy.
"""

from math import fsum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]

_SPLIT = 2.0**27 + 1.0
_FEW = 64


def two_sum(a: Array, b: Array) -> Pair:
    """(s, e) with s = fl(a + b) and s + e = a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _halves(a: Array) -> Pair:
    t = _SPLIT * a
    high = t - (t - a)
    return high, a - high


def two_product(a: Array, b: Array) -> Pair:
    """(p, e) with p = fl(ab) and p + e = ab exactly, for |a|, |b| ≤ 2⁹⁰⁰ and |ab| = 0 or ≥ 2⁻⁹⁰⁰."""
    p = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def add(x: Pair, y: Pair) -> Pair:
    """x + y to a few 2⁻¹⁰⁶ of itself, also where x and y cancel; their own errors of 2⁻¹⁰⁶(|x| + |y|) remain."""
    high, error = two_sum(x[0], y[0])
    low, rest = two_sum(x[1], y[1])
    high, error = two_sum(high, error + low)
    return two_sum(high, error + rest)


def subtract(x: Pair, y: Pair) -> Pair:
    """x − y, as ``add``."""
    return add(x, (-y[0], -y[1]))


def scale(x: Pair, a: Array) -> Pair:
    """The pair x times the float array a, broadcast."""
    high, error = two_product(x[0], a)
    return two_sum(high, error + x[1] * a)


def _split(x: Array, unit: Array) -> Pair:
    """(Σ of the parts of x above unit·2⁻⁵³, the parts below). Exact if unit is a power of two ≥ (count + 2) max|x|."""
    high = (unit + x) - unit
    return np.add.reduce(high, axis=-1), x - high


def _reduce(terms: Array) -> Pair:
    """Σ over the last axis, from three exact sums; below them is some (count·2⁻⁵³)³ of the largest term."""
    if 0 < terms.size <= _FEW:
        try:
            return _reduce_few(terms)
        except (OverflowError, ValueError):
            pass  # infinite or not a number, as it will come out below
    # 2^bits > count + 2, and one more for the rounding of unit + x.
    bits = (terms.shape[-1] + 2).bit_length()
    largest = np.maximum.reduce(np.abs(terms), axis=-1, keepdims=True)
    unit = np.ldexp(1.0, np.frexp(largest)[1] + bits)
    shrink = 2.0 ** (bits - 53)
    first, rest = _split(terms, unit)
    second, rest = _split(rest, unit * shrink)
    third, rest = _split(rest, unit * shrink * shrink)
    high, low = two_sum(first, second)
    return two_sum(high, low + (third + np.add.reduce(rest, axis=-1)))


def _reduce_few(terms: Array) -> Pair:
    """Σ over the last axis, both parts correctly rounded."""
    rows = terms.reshape(-1, terms.shape[-1]).tolist()
    highs = [fsum(row) for row in rows]
    lows = [fsum((*row, -high)) for row, high in zip(rows, highs, strict=True)]
    shape = terms.shape[:-1]
    return np.array(highs).reshape(shape), np.array(lows).reshape(shape)


def total(a: Array) -> Pair:
    """Σ_i a_i over the last axis; absolute error ≤ 2⁻¹⁰⁴ Σ|a_i|.

    >>> [float(x) for x in total(np.array([1.0, 1e-20, -1.0]))]
    [1e-20, 0.0]
    """
    return _reduce(a)


def dot(a: Array, b: Array) -> Pair:
    """Σ_i a_i b_i over the last axis; absolute error ≤ 2⁻¹⁰⁴ Σ|a_i b_i|.

    >>> [float(x) for x in dot(np.array([1e8, 1.0, -1e8]), np.array([1e8, 0.25, 1e8]))]
    [0.25, 0.0]
    """
    return _reduce(np.concatenate(two_product(a, b), axis=-1))
