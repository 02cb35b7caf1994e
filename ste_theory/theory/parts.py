"""The half pieces of a surrogate derivative as the moments against two staircases read them: cut, and as arrays.

A *part* is a half piece on which the student's activation is constant, so ς∫tφ(t)μ′(ςρt)α(ςρt) is its level times a
first moment. Constant parts have closed forms; polynomials, and formulas with a mesh, are integrated on fixed panels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.mesh import Mesh, mesh
from ste_theory.theory.once import once
from ste_theory.theory.panels import Pieces
from ste_theory.theory.pieces import HalfPiece, half_pieces
from ste_theory.theory.quadrature import Owners


@dataclass(frozen=True)
class Part:
    """A half piece on which the student's activation is constant, and its value there."""

    piece: HalfPiece
    level: float


@once
def parts(quantizer: Staircase, surrogate: Surrogate) -> tuple[Part, ...]:
    """The surrogate's half pieces cut at the student's thresholds."""
    found = []
    for piece in half_pieces(surrogate):
        ends = sorted({abs(t) for t in quantizer.thresholds if piece.lower < piece.sign * t < piece.upper})
        upper = None if math.isinf(piece.upper) else Fraction(piece.upper)
        cuts = [Fraction(piece.lower), *ends, upper]
        for low, high in pairwise(cuts):
            assert low is not None
            inside = piece.sign * (low + 1 if high is None else (low + high) / 2)
            level = quantizer.offset + sum(
                (d for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True) if inside > t), Fraction(0)
            )
            width = math.inf if high is None else float(high - low)
            top = math.inf if high is None else float(high)
            found.append(Part(HalfPiece(piece.sign, float(low), top, width, piece.formula, piece.name), float(level)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Windows:
    """Pieces or parts as arrays of shape (P,): sign, ends, width, ς·height (of constant ones), the student's level."""

    sign: Array
    lower: Array
    upper: Array
    width: Array
    height: Array
    level: Array


def _windows(found: Sequence[Part]) -> Windows:
    rows = [
        (p.piece.sign, p.piece.lower, p.piece.upper, p.piece.width, p.piece.sign * (p.piece.constant or 0.0), p.level)
        for p in found
    ]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 6).T
    columns.setflags(write=False)
    return Windows(*columns)


@once
def constant_parts(quantizer: Staircase, surrogate: Surrogate) -> Windows:
    """The constant ones of ``parts``."""
    return _windows([part for part in parts(quantizer, surrogate) if part.piece.constant is not None])


@once
def formula_parts(quantizer: Staircase, surrogate: Surrogate) -> tuple[Part, ...]:
    """The ones of ``parts`` that are no polynomials."""
    found = parts(quantizer, surrogate)
    return tuple(part for part in found if part.piece.constant is None and not part.piece.is_polynomial)


@dataclass(frozen=True, eq=False)
class Curves:
    """Half pieces that are integrated on fixed panels, their parts, and of which piece each part is one.

    ``meshes``: those of the formulas; ``left_out``: what of |μ′| they leave out.
    """

    pieces: Pieces
    parts: Windows
    owner: Owners
    meshes: tuple[Mesh, ...] = ()
    left_out: float = 0.0


def _curves(quantizer: Staircase, surrogate: Surrogate, pieces: Sequence[HalfPiece]) -> Curves:
    meshes = [None if piece.is_polynomial else mesh(piece) for piece in pieces]
    inside = [
        [
            part
            for part in parts(quantizer, surrogate)
            if part.piece.sign == piece.sign and piece.lower <= part.piece.lower < piece.upper
        ]
        for piece in pieces
    ]
    owner = np.repeat(np.arange(len(pieces)), [len(each) for each in inside])
    found = [each for each in meshes if each is not None]
    return Curves(
        Pieces.of(pieces, meshes),
        _windows([part for each in inside for part in each]),
        owner,
        tuple(found),
        max((each.left_out for each in found), default=0.0),
    )


@once
def polynomials(quantizer: Staircase, surrogate: Surrogate) -> Curves:
    """The half pieces that are polynomials and not constant."""
    pieces = [piece for piece in half_pieces(surrogate) if piece.constant is None and piece.is_polynomial]
    return _curves(quantizer, surrogate, pieces)


@once
def meshed(quantizer: Staircase, surrogate: Surrogate) -> Curves | None:
    """The half pieces that are not constant, if all of their formulas have a mesh; ``None`` if one has none."""
    pieces = [piece for piece in half_pieces(surrogate) if piece.constant is None]
    formulas = [piece for piece in pieces if not piece.is_polynomial]
    if not formulas or any(mesh(piece) is None for piece in formulas):
        return None
    return _curves(quantizer, surrogate, pieces)


@once
def constant_pieces(surrogate: Surrogate) -> Windows:
    """The constant half pieces, at level 0."""
    return _windows([Part(piece, 0.0) for piece in half_pieces(surrogate) if piece.constant is not None])


@once
def constants(surrogate: Surrogate) -> Pieces:
    """The constant half pieces."""
    return Pieces.of([piece for piece in half_pieces(surrogate) if piece.constant is not None])
