"""Identities between rational functions of letters, angles and their sines and cosines, multiplied out in a ring.

An expression becomes p/q with polynomials p, q over the rationals in: the letters (an angle x as x = L·y, where L
clears the denominators of all its multiples in sines), sin y and cos y, √π, roots of positive integers, square roots of
letters, and any other function value as it stands. p is reduced by cos² y = 1 − sin² y, √k² = k; if nothing is left the
sides are equal. That is a proof; the converse is not claimed.
"""

from functools import lru_cache

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

Fraction = tuple[PolyElement, PolyElement]


@lru_cache(maxsize=4096)
def identical(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether two expressions are the same function by this method; ``False`` says nothing.

    >>> x, y = sp.symbols("x y", real=True)
    >>> identical(sp.cos(x + y) + sp.sin(x) * sp.sin(y), sp.cos(x) * sp.cos(y))
    True
    """
    difference = _with_roots_of_letters(_with_base_angles(left - right))
    generators, squares = _generators(difference)
    if not generators:
        return bool(difference == 0)
    ring = PolyRing([sp.Dummy(f"g{index}") for index in range(len(generators))], sp.QQ)
    named = dict(zip(generators, ring.gens, strict=True))
    numerator, denominator = _fraction(difference, named, ring)
    relations = [(named[root], _polynomial(value, named, ring)) for root, value in squares.items()]
    return not _reduced(numerator, relations) and bool(_reduced(denominator, relations))


def _with_base_angles(expression: sp.Expr) -> sp.Expr:
    """Sines and cosines of y alone, x = L·y, sums of angles expanded."""
    expression = expression.replace(
        lambda node: isinstance(node, (sp.tan, sp.cot, sp.sec, sp.csc)),
        lambda node: node.rewrite(sp.cos).rewrite(sp.sin),
    )
    waves = expression.atoms(sp.sin, sp.cos)
    multiples: dict[sp.Symbol, int] = {}
    for wave in waves:
        for letter in wave.args[0].free_symbols:
            factor = sp.diff(wave.args[0], letter)
            if factor.is_Rational:
                multiples[letter] = sp.ilcm(multiples.get(letter, 1), factor.q)
    scaled = {letter: count * letter for letter, count in multiples.items() if count != 1}
    changed = {wave: sp.expand_trig(wave.subs(scaled, simultaneous=True)) for wave in waves}
    return expression.xreplace(changed).subs(scaled, simultaneous=True) if scaled else expression.xreplace(changed)


def _with_roots_of_letters(expression: sp.Expr) -> sp.Expr:
    """A letter under a square root as the square of a letter."""
    rooted = {
        node.base
        for node in expression.atoms(sp.Pow)
        if isinstance(node.base, sp.Symbol) and node.exp.is_Rational and node.exp.q == 2 and node.base.is_nonnegative
    }
    return expression.subs({letter: sp.Dummy(f"r_{letter}", positive=True) ** 2 for letter in rooted})


_ROOT_PI = sp.sqrt(sp.pi)


def _generators(expression: sp.Expr) -> tuple[list[sp.Expr], dict[sp.Expr, sp.Expr]]:
    """All generators, and the squares of those that satisfy a quadratic relation."""
    found: dict[sp.Expr, None] = {}
    squares: dict[sp.Expr, sp.Expr] = {}

    def collect(node: sp.Expr) -> None:
        if isinstance(node, sp.Rational):
            return
        if isinstance(node, (sp.Add, sp.Mul)) or (isinstance(node, sp.Pow) and node.exp.is_Integer):
            for child in node.args:
                collect(child)
        elif node is sp.pi or (isinstance(node, sp.Pow) and node.base is sp.pi and (2 * node.exp).is_Integer):
            found[_ROOT_PI] = None
        elif isinstance(node, sp.Pow) and node.base.is_Integer and node.base > 0 and (2 * node.exp).is_Integer:
            root = sp.sqrt(node.base)
            found[root], squares[root] = None, node.base
        elif isinstance(node, (sp.sin, sp.cos)):
            sine, cosine = sp.sin(node.args[0]), sp.cos(node.args[0])
            found[sine] = found[cosine] = None
            squares[cosine] = 1 - sine**2
        else:
            found[node] = None

    collect(expression)
    return list(found), squares


def _fraction(node: sp.Expr, named: dict[sp.Expr, PolyElement], ring: PolyRing) -> Fraction:
    if node in named:
        return named[node], ring.one
    if isinstance(node, sp.Rational):
        return ring.domain_new(sp.QQ(int(node.p), int(node.q))) * ring.one, ring.one
    if node is sp.pi:
        return named[_ROOT_PI] ** 2, ring.one
    if isinstance(node, sp.Add):
        total: Fraction = (ring.zero, ring.one)
        for child in node.args:
            total = _sum(total, _fraction(child, named, ring))
        return total
    if isinstance(node, sp.Mul):
        top, bottom = ring.one, ring.one
        for child in node.args:
            p, q = _fraction(child, named, ring)
            top, bottom = top * p, bottom * q
        return top, bottom
    base, exponent = node.base, node.exp
    if not exponent.is_Integer:  # an odd number of square roots
        base, exponent = sp.sqrt(base), 2 * exponent
    p, q = _fraction(base, named, ring)
    return (p ** int(exponent), q ** int(exponent)) if exponent > 0 else (q ** int(-exponent), p ** int(-exponent))


def _sum(one: Fraction, two: Fraction) -> Fraction:
    (p, q), (r, s) = one, two
    if q == s:
        return p + r, q
    common = q.gcd(s)
    left, right = s.exquo(common), q.exquo(common)
    return p * left + r * right, q * left


def _polynomial(node: sp.Expr, named: dict[sp.Expr, PolyElement], ring: PolyRing) -> PolyElement:
    return _fraction(node, named, ring)[0]


def _reduced(polynomial: PolyElement, relations: list[tuple[PolyElement, PolyElement]]) -> PolyElement:
    """The remainder when every root² and cos² is replaced by its value."""
    for root, square in relations:
        index = root.ring.gens.index(root)
        ring, result = polynomial.ring, polynomial.ring.zero
        powers = {0: ring.one}
        for monomial, coefficient in polynomial.terms():
            half, odd = divmod(monomial[index], 2)
            if half not in powers:
                powers[half] = square**half
            rest = (*monomial[:index], odd, *monomial[index + 1 :])
            result += ring.from_dict({rest: coefficient}) * powers[half]
        polynomial = result
    return polynomial
