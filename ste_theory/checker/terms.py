"""Formulas as sums Σ c·u^k·e^{βu + γu²}, with exact k, β, γ: to see what cancels, what dominates and what it integrates
to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq

from ste_theory.checker.expression import Program

# k, β, γ, and the functions that are left alone: pairs of a node and its power.
Key = tuple[int, Fraction, Fraction, tuple[tuple[int, int], ...]]
Coefficient = Fraction | arb
MAX_TERMS, MAX_POWER, MAX_BITS = 60, 64, 4000
ONE: Key = (0, Fraction(0), Fraction(0), ())


def exact_ball(value: Coefficient) -> arb:
    """A coefficient as a ball."""
    return arb(fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else value


@dataclass(frozen=True)
class Terms:
    """A sum of terms; a coefficient is a rational number, or a ball."""

    content: Mapping[Key, Coefficient]

    @property
    def pure(self) -> bool:
        """Whether no other function is left."""
        return not any(key[3] for key in self.content)

    @property
    def constant(self) -> Coefficient | None:
        """The number that it is for every u, if it is one."""
        if not self.content:
            return Fraction(0)
        return self.content[ONE] if self.content.keys() == {ONE} else None

    def leading(self, start: arb) -> tuple[Key, arb, arb] | None:
        """(key, c, share): the term whose size times share < 1 bounds the sum of the others for all u ≥ start."""
        if not self.content or not self.pure:
            return None
        key = max(self.content, key=lambda k: (k[2], k[1], k[0]))
        leader, share = exact_ball(self.content[key]), arb(0)
        if not (leader > 0 or leader < 0):
            return None
        for other, coefficient in self.content.items():
            if other == key:
                continue
            degree, rate, curve = other[0] - key[0], exact_ball(other[1] - key[1]), exact_ball(other[2] - key[2])
            # The quotient must fall from the start on: its logarithmic derivative is ≤ this, for a curve ≤ 0.
            if not max(degree, 0) / start + rate + 2 * curve * start <= 0:
                return None
            size = abs(exact_ball(coefficient) / leader)
            share += size * start**degree * (rate * start + curve * start * start).exp()
        return (key, leader, share) if share < 1 else None

    def half_line_integral_vanishes(self) -> bool:
        """Whether ∫₀^∞ is exactly 0: Σ c·(2j−1)!!/(2g)^j = 0 for the terms c·u^{2j}·e^{−gu²} of each g."""
        sums: dict[Fraction, Fraction] = defaultdict(Fraction)
        for (k, beta, gamma, rest), coefficient in self.content.items():
            if rest or beta or gamma >= 0 or k % 2 or k < 0 or not isinstance(coefficient, Fraction):
                return False
            factor = Fraction(1)
            for j in range(1, k, 2):
                factor *= j / (-2 * gamma)
            sums[gamma] += coefficient * factor
        return bool(sums) and not any(sums.values())

    def integral(self, lower: Fraction, upper: Fraction) -> Fraction | None:
        """∫ of a polynomial with rational coefficients; None for anything else."""
        total = Fraction(0)
        for (k, beta, gamma, rest), coefficient in self.content.items():
            if rest or beta or gamma or k < 0 or not isinstance(coefficient, Fraction):
                return None
            total += coefficient * (upper ** (k + 1) - lower ** (k + 1)) / (k + 1)
        return total


def terms(program: Program, root: int, memory: dict[int, Terms | None] | None = None) -> Terms | None:
    """The formula as a sum of terms; None if it is too large."""
    known = {} if memory is None else memory
    for index in range(root + 1):
        if index not in known:
            known[index] = _of(program, index, known)
    return known[root]


def _of(program: Program, index: int, known: Mapping[int, Terms | None]) -> Terms | None:
    node = program.nodes[index]
    given = [known[argument] for argument in node.arguments]
    if any(g is None for g in given):
        return _alone(index)
    p = given[0] if given else None
    q = given[1] if len(given) > 1 else None
    match node.name:
        case "constant":
            return Terms({ONE: Fraction(node.number)} if node.number else {})
        case "pi":
            return Terms({ONE: arb.pi()})
        case "variable":
            return Terms({(1, Fraction(0), Fraction(0), ()): Fraction(1)})
        case "neg":
            assert p is not None
            return _sum({}, p.content, -1)
        case "add" | "sub":
            assert p is not None
            assert q is not None
            return _sum(p.content, q.content, 1 if node.name == "add" else -1)
        case "mul":
            assert p is not None
            assert q is not None
            return _product(p, q)
        case "div":
            assert p is not None
            assert q is not None
            turned = _inverse(q, node.arguments[1])
            return _alone(index) if turned is None else _product(p, turned)
        case "pow":
            assert p is not None
            base = p if node.number >= 0 else _inverse(p, node.arguments[0])
            result: Terms | None = Terms({ONE: Fraction(1)})
            for _ in range(abs(node.number)):
                result = None if result is None or base is None else _product(result, base)
            return result if result is not None else _alone(index)
        case "exp":
            assert p is not None
            return _exponential(p) or _alone(index)
        case "cosh":
            assert p is not None
            up, turned = _exponential(p), _sum({}, p.content, -1)
            down = None if turned is None else _exponential(turned)
            both = None if up is None or down is None else _sum(up.content, down.content, 1)
            half = Terms({ONE: Fraction(1, 2)})
            return (None if both is None else _product(both, half)) or _alone(index)
        case _:
            assert p is not None
            value = p.constant
            if value is None:
                return _alone(index)
            return _at(node.name, exact_ball(value)) or _alone(index)


def _at(name: str, value: arb) -> Terms | None:
    found = getattr(value, name)()
    return Terms({ONE: found}) if found.is_finite() else None


def _alone(index: int) -> Terms:
    return Terms({(0, Fraction(0), Fraction(0), ((index, 1),)): Fraction(1)})


def _sum(p: Mapping[Key, Coefficient], q: Mapping[Key, Coefficient], sign: int) -> Terms | None:
    total: dict[Key, Coefficient] = dict(p)
    for key, coefficient in q.items():
        total[key] = _plus(total.get(key, Fraction(0)), coefficient if sign > 0 else -coefficient)
    return _kept(total)


def _plus(p: Coefficient, q: Coefficient) -> Coefficient:
    return p + q if isinstance(p, Fraction) and isinstance(q, Fraction) else exact_ball(p) + exact_ball(q)


def _times(p: Coefficient, q: Coefficient) -> Coefficient:
    return p * q if isinstance(p, Fraction) and isinstance(q, Fraction) else exact_ball(p) * exact_ball(q)


def _kept(total: Mapping[Key, Coefficient]) -> Terms | None:
    left = {key: c for key, c in total.items() if not (isinstance(c, Fraction) and c == 0)}
    large = any(
        isinstance(c, Fraction) and c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS
        for c in left.values()
    )
    return None if large or len(left) > MAX_TERMS or any(abs(key[0]) > MAX_POWER for key in left) else Terms(left)


def _product(p: Terms, q: Terms) -> Terms | None:
    total: dict[Key, Coefficient] = {}
    if len(p.content) * len(q.content) > MAX_TERMS**2:
        return None
    for (k, beta, gamma, rest), a in p.content.items():
        for (j, rate, curve, others), b in q.content.items():
            powers: dict[int, int] = defaultdict(int)
            for place, power in (*rest, *others):
                powers[place] += power
            left = tuple(sorted((place, power) for place, power in powers.items() if power))
            key = (k + j, beta + rate, gamma + curve, left)
            total[key] = _plus(total.get(key, Fraction(0)), _times(a, b))
    return _kept(total)


def _inverse(q: Terms, index: int) -> Terms | None:
    """One over a single term; of anything else, the inverse of the node as it stands."""
    if len(q.content) == 1:
        (((k, beta, gamma, rest), coefficient),) = q.content.items()
        if isinstance(coefficient, Fraction) or not coefficient.contains(0):
            value = 1 / coefficient
            return Terms({(-k, -beta, -gamma, tuple((place, -power) for place, power in rest)): value})
    if not q.content:
        return None
    return Terms({(0, Fraction(0), Fraction(0), ((index, -1),)): Fraction(1)})


def _exponential(p: Terms) -> Terms | None:
    """e^{a + bu + cu²}, b and c rational."""
    if not p.pure or any(key[1] or key[2] or not 0 <= key[0] <= 2 for key in p.content):
        return None
    zero = Fraction(0)
    parts = [p.content.get((k, zero, zero, ()), zero) for k in range(3)]
    if not isinstance(parts[1], Fraction) or not isinstance(parts[2], Fraction):
        return None
    factor: Coefficient = Fraction(1) if parts[0] == 0 else exact_ball(parts[0]).exp()
    return Terms({(0, parts[1], parts[2], ()): factor})
