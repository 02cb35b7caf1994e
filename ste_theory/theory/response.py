"""The response of a surrogate: the factor that decides whether its coarse gradient points downhill."""

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.moments import at_zero, zeroth
from ste_theory.theory.pieces import half_pieces


def response(surrogate: Surrogate, scale: npt.ArrayLike) -> float | Array:
    """M(x) = E μ′(xξ), ξ ~ N(0, 1).

    Shapes: a number gives a float, an array an array of its shape. Dimensionless in the units of μ′.
    Domain: scale ≥ 0 and finite; at 0 the limit ½(μ′(0⁺) + μ′(0⁻)).
    Guarantee: constant pieces to a few roundings each; formulas to 1e-13 of E|μ′(xξ)| per piece if their features are
    no narrower than 1 % of their distance from 0 (mark narrower ones by breakpoints).
    Raises ``InvalidInput`` for a negative or non-finite scale, and for a formula that cannot be integrated.
    Source: general.sound-iff-positive-response; the binary activation's tangential gradient is −D sinθ M(ρ sinθ)/√(2π).

    >>> from ste_theory.model import surrogates
    >>> response(surrogates.relu(), 3.0)
    0.5
    >>> response(surrogates.clipped_relu(), [0, 1, 10]).round(6).tolist()
    [0.5, 0.341345, 0.039828]
    """
    x = np.asarray(scale, dtype=np.float64)
    if not np.all(np.isfinite(x)) or np.any(x < 0):
        raise InvalidInput(f"scale must be finite and not negative, got {scale!r}")
    flat = x.ravel()
    result = np.full(flat.shape, at_zero(surrogate) if (flat == 0).any() else 0.0)
    live = flat > 0
    if live.any():
        result[live] = sum(zeroth(piece, flat[live]) for piece in half_pieces(surrogate))
    return float(result[0]) if x.ndim == 0 else result.reshape(x.shape)
