"""One replicate is a whole scrambled Sobol net of 2^p points in the unit square, mapped to (a, b) by Φ⁻¹.

Every point of a scrambled net is uniform, whatever the net (``general.sampler-sobol``), so the mean of F over the net
is unbiased; different scrambles are independent, so their spread gives the error. A net says nothing about the error by
itself.

The scramble is Matoušek's (J. Complexity 14, 1998), as in SciPy: x ↦ Lx ⊕ Δ on the binary digits, L a random lower
triangular matrix with ones on the diagonal, Δ fair digits. The points are Σ_k i_k D_k ⊕ Δ over the digits i_k of their
number, D_k = L V_k for Sobol's direction numbers V_k: so many scrambles are made at once, and no list of points kept.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers import one_row
from ste_theory.montecarlo.samplers.reduction import Reduction

BITS = 52  # of a coordinate: the middle of a cell of side 2⁻⁵² is a double, and never 0 or 1
PIECE = 13  # so many digits of a point's number are looked at at once: arrays stay in cache
Words = npt.NDArray[np.uint64]


@cache
def directions(exponent: int) -> Words:
    """Sobol's direction numbers of both coordinates, digits from the top of ``BITS``, shape (2, exponent).

    The first coordinate reverses the digits (van der Corput); the second has the primitive polynomial x + 1.
    """
    top = np.uint64(1 << (BITS - 1))
    second = [top]
    for _ in range(exponent - 1):
        second.append(second[-1] ^ (second[-1] >> np.uint64(1)))
    return np.stack([top >> np.arange(exponent, dtype=np.uint64), np.array(second, dtype=np.uint64)])


def scrambles(draw: np.random.Generator, exponent: int, count: int) -> tuple[Words, Words]:
    """D (count, 2, exponent) and Δ (count, 2) of so many independent scrambles."""
    digits = draw.integers(1 << BITS, size=(count, 2, exponent + 1), dtype=np.uint64)
    unit = np.uint64(1 << (BITS - 1)) >> np.arange(exponent, dtype=np.uint64)
    # Column j of L: a one at digit j, fair digits below it.
    columns = (digits[..., :exponent] & (unit - np.uint64(1))) | unit
    chosen = (directions(exponent)[:, :, None] & unit) != 0
    scrambled = np.bitwise_xor.reduce(np.where(chosen, columns[:, :, None, :], np.uint64(0)), axis=-1)
    return scrambled, digits[..., exponent]


def _span(basis: Words, shift: Words) -> Words:
    """All Σ_k i_k basis_k ⊕ shift, shape (…, 2^K) for basis (…, K)."""
    found = shift[..., None]
    for k in range(basis.shape[-1]):
        found = np.concatenate([found, found ^ basis[..., k, None]], axis=-1)
    return found


def normals(words: Words) -> Vector:
    """Φ⁻¹ of the middles of the cells."""
    from scipy.special import ndtri

    return np.asarray(ndtri((words.astype(np.float64) + 0.5) * 2.0**-BITS))


def values(at: Reduction, draw: np.random.Generator, exponent: int, count: int) -> Matrix:
    """The means of F over so many independently scrambled nets, shape (3, count)."""
    basis, shift = scrambles(draw, exponent, count)
    inner = min(exponent, PIECE)
    starts, total = _span(basis[..., inner:], shift), np.zeros((3, count))
    for piece in range(starts.shape[-1]):
        a, b = np.moveaxis(normals(_span(basis[..., :inner], starts[..., piece])), 1, 0)
        total += one_row.values(at, a, b).mean(axis=-1)
    return np.asarray(total / starts.shape[-1])


def value(at: Reduction, draw: np.random.Generator, exponent: int) -> Vector:
    """The mean of F over one scrambled net, shape (3,)."""
    return np.asarray(values(at, draw, exponent, 1)[:, 0])
