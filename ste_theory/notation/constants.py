"""Constants like 1/√(2π): the factors of a product that are powers of rationals and of π, under one root."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import sympy as sp

from ste_theory.notation.formula import Formula, Group, Letter, Power, Quotient, Root, product

_PI = Letter(r"\pi", "π")


@dataclass(frozen=True)
class Constant:
    """±top/bottom; an empty tuple is 1."""

    negative: bool
    top: tuple[Formula, ...]
    bottom: tuple[Formula, ...]


def is_constant(factor: sp.Expr) -> bool:
    """Whether the factor is a rational number or π to an integer or half-integer power."""
    base, exponent = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, sp.S.One)
    return bool((base.is_Rational or base is sp.pi) and (2 * exponent).is_Integer)


def constant(factors: Sequence[sp.Expr]) -> Constant:
    """The product of constants as it is written: 1/√(2π), √(π/2), 2/(3√2), (2π)^{3/2}."""
    sign, square, pi_power = 1, sp.S.One, 0
    for factor in factors:
        base, exponent = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if base is sp.pi:
            pi_power += int(2 * exponent)
            continue
        if base.is_negative and exponent.is_Integer and int(exponent) % 2:
            sign = -sign
        square *= abs(base) ** (2 * exponent)
    if square == 0:
        return Constant(False, (Letter("0", "0"),), ())
    top, bottom = _parts(square, pi_power)
    return Constant(sign < 0, top, bottom)


def _parts(square: sp.Rational, pi_power: int) -> tuple[tuple[Formula, ...], tuple[Formula, ...]]:
    if pi_power % 2 and abs(pi_power) > 1:
        found = _odd_power(square, pi_power)
        if found is not None:
            return found
    outer_top, inner_top = _root(int(square.p))
    outer_bottom, inner_bottom = _root(int(square.q))
    odd = pi_power % 2
    whole = (abs(pi_power) - odd) // 2
    above = _under_root(inner_top, bool(odd and pi_power > 0))
    below = _under_root(inner_bottom, bool(odd and pi_power < 0))
    top, bottom = _number(outer_top), _number(outer_bottom)
    (top if pi_power > 0 else bottom).extend(_pi(whole))
    if above is not None and below is not None:
        top.append(Root(Quotient(above, below)))
    elif above is not None:
        top.append(Root(above))
    elif below is not None:
        bottom.append(Root(below))
    return tuple(top), tuple(bottom)


def _odd_power(square: sp.Rational, pi_power: int) -> tuple[tuple[Formula, ...], tuple[Formula, ...]] | None:
    """r(2π)^{k/2} or rπ^{k/2} with a rational r and an odd k, |k| ≥ 3; ``None`` if r is not rational."""
    for scale in (2, 1):
        rest = square / sp.Integer(scale) ** pi_power
        top, bottom = isqrt(int(rest.p)), isqrt(int(rest.q))
        if (top**2, bottom**2) != (rest.p, rest.q):
            continue
        base: Formula = Power(_PI, _half(abs(pi_power)))
        if scale == 2:
            base = Power(Group("(", product([Letter("2", "2"), _PI])), _half(abs(pi_power)))
        above, below = _number(top), _number(bottom)
        (above if pi_power > 0 else below).append(base)
        return tuple(above), tuple(below)
    return None


def _half(numerator: int) -> Formula:
    return Quotient(Letter(str(numerator), str(numerator)), Letter("2", "2"))


def _root(square: int) -> tuple[int, int]:
    """(a, n) with square = a²n and n without a square factor."""
    outer = inner = 1
    for prime, exponent in sp.factorint(square).items():
        outer *= prime ** (exponent // 2)
        inner *= prime ** (exponent % 2)
    return int(outer), int(inner)


def _under_root(number: int, with_pi: bool) -> Formula | None:
    factors = _number(number) + ([_PI] if with_pi else [])
    return product(factors) if factors else None


def _number(value: int) -> list[Formula]:
    return [Letter(str(value), str(value))] if value != 1 else []


def _pi(power: int) -> list[Formula]:
    if power == 0:
        return []
    return [_PI if power == 1 else Power(_PI, Letter(str(power), str(power)))]
