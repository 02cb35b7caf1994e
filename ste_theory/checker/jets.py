"""Jets: the Taylor coefficients of an expression in one variable, in balls that keep exact constants exact.

A jet is a list of coefficients; those beyond its end are zero. Each function follows from its differential equation.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb, fmpq

from ste_theory.checker.exact import (
    Exact,
    Generators,
    Number,
    ball,
    constant,
    generator,
    is_zero,
    over,
    plus,
    rational_multiple,
    root,
    times,
)
from ste_theory.checker.expression import ARITY, Program

Jet = list[Number]
MAX_CONSTANTS = 6

# 12u → sin(πu), where it is rational.
_SINES = {0: Fraction(0), 2: Fraction(1, 2), 6: Fraction(1), 10: Fraction(1, 2), 12: Fraction(0)}
_SINES |= {12 + twelfths: -value for twelfths, value in _SINES.items() if twelfths}


class Jets:
    """The jets of all nodes of a program at one precision; constants are computed once.

    ``balls`` are those of √π and of the variables. A constant such as √2 or atan(1/3) becomes a generator too.
    """

    def __init__(self, program: Program, balls: Sequence[arb]) -> None:
        self.program, free = program, list(range(len(balls), len(balls) + MAX_CONSTANTS))
        self.generators = generators = Generators([*balls, *(arb(0) for _ in free)])
        self.one, self.zero = constant(1, generators), constant(0, generators)
        self.pi = generator(0, generators, 2)
        self.fixed: dict[int, Jet] = {}
        self.known: dict[tuple[str, Fraction | None], Number] = {}
        for place, node in enumerate(program.nodes):
            if node.name != "variable" and all(argument in self.fixed for argument in node.arguments):
                (value,) = self.fixed[place] = self._apply(place, self.fixed, [], 1)
                if free and node.name in ARITY and isinstance(value, arb) and value.is_finite():
                    index = free.pop(0)
                    generators.balls[index] = value
                    (under, *_) = self.fixed[node.arguments[0]]
                    at = under.rational if isinstance(under, Exact) else None
                    if node.name == "sqrt" and at is not None and at > 0:
                        generators.squares[index] = at
                    self.fixed[place] = [generator(index, generators)]
                    if at is not None and len(node.arguments) == 1:
                        self.known[node.name, at] = self.fixed[place][0]

    def of(self, root_node: int, variables: Sequence[Jet], length: int) -> Jet:
        """The first ``length`` coefficients of a node, where each variable has the given jet."""
        values = dict(self.fixed)
        for place in range(root_node + 1):
            if place not in values:
                values[place] = self._apply(place, values, variables, length)
        jet = values[root_node]
        return jet + [self.zero] * (length - len(jet))

    def _apply(self, place: int, values: dict[int, Jet], variables: Sequence[Jet], n: int) -> Jet:
        node = self.program.nodes[place]
        given = [values[argument] for argument in node.arguments]
        match node.name:
            case "constant":
                return [constant(node.number, self.generators)]
            case "pi":
                return [self.pi]
            case "variable":
                return variables[node.number][:n]
            case "add":
                return self._add(given[0], given[1])
            case "sub":
                return self._add(given[0], self._scale(given[1], -1))
            case "neg":
                return self._scale(given[0], -1)
            case "mul":
                return self._multiply(given[0], given[1], n)
            case "div":
                return self._divide(given[0], given[1], n)
            case "pow":
                return self._power(given[0], node.number, n)
            case "exp_ratio" | "erf_ratio":
                return self._ratio(node.name, given[0], given[1], n)
            case "atan_ratio":
                return self._angle(given[0], given[1], n)
            case name:
                jet = _FUNCTIONS[name](self, given[0], 1 if len(given[0]) == 1 else n)
                at = given[0][0].rational if isinstance(given[0][0], Exact) else None
                return [self.known[name, at], *jet[1:]] if (name, at) in self.known else jet

    def _scale(self, u: Jet, factor: Fraction | int) -> Jet:
        return [times(constant(factor, self.generators), x) for x in u]

    def _add(self, u: Jet, v: Jet) -> Jet:
        if len(u) < len(v):
            u, v = v, u
        return [plus(x, y) for x, y in zip(u, v, strict=False)] + u[len(v) :]

    def _multiply(self, u: Jet, v: Jet, n: int) -> Jet:
        result: Jet = []
        for k in range(min(n, len(u) + len(v) - 1)):
            total: Number = self.zero
            for i in range(max(0, k + 1 - len(v)), min(k + 1, len(u))):
                total = plus(total, times(u[i], v[k - i]))
            result.append(total)
        return result

    def _divide(self, u: Jet, v: Jet, n: int) -> Jet:
        result: Jet = []
        for k in range(max(1, len(u)) if len(v) == 1 else n):
            total = u[k] if k < len(u) else self.zero
            for i in range(1, min(k + 1, len(v))):
                total = plus(total, times(times(v[i], result[k - i]), constant(-1, self.generators)))
            result.append(over(total, v[0]))
        return result

    def _power(self, u: Jet, exponent: int, n: int) -> Jet:
        if len(u) == 1 or n == 1:
            first = u[0]
            if not isinstance(first, Exact):
                return [first**exponent]
        result: Jet = [self.one]
        for bit in bin(abs(exponent))[2:]:
            result = self._multiply(result, result, n)
            if bit == "1":
                result = self._multiply(result, u, n)
        return result if exponent >= 0 else self._divide([self.one], result, n)

    def _integrate(self, slope: Callable[[Jet, int], Number], first: Number, n: int) -> Jet:
        """The jet with this first coefficient and the slope that follows from the coefficients so far."""
        result = [first]
        for k in range(1, n):
            result.append(times(constant(Fraction(1, k), self.generators), slope(result, k - 1)))
        return result

    def _slope(self, u: Jet) -> Jet:
        return [times(constant(k, self.generators), u[k]) for k in range(1, len(u))] or [self.zero]

    def _sqrt(self, u: Jet, n: int) -> Jet:
        first = root(u[0])
        result = [first]
        for k in range(1, n):
            total = u[k] if k < len(u) else self.zero
            for i in range(1, k):
                total = plus(total, times(constant(-1, self.generators), times(result[i], result[k - i])))
            result.append(over(total, times(constant(2, self.generators), first)) if ball(u[0]) > 0 else arb("nan"))
        return result

    def _exp(self, u: Jet, n: int) -> Jet:
        du = self._slope(u)
        first = self.one if is_zero(u[0]) else ball(u[0]).exp()
        return self._integrate(lambda e, k: self._convolve(du, e, k), first, n)

    def _tanh(self, u: Jet, n: int) -> Jet:
        du = self._slope(u)
        result: Jet = [self.zero if is_zero(u[0]) else ball(u[0]).tanh()]
        for k in range(1, n):
            square = self._multiply(result, result, k)
            rest = self._add([self.one], self._scale(square, -1))
            result.append(times(constant(Fraction(1, k), self.generators), self._convolve(du, rest, k - 1)))
        return result

    def _cosh(self, u: Jet, n: int) -> Jet:
        first = self.one if is_zero(u[0]) else ball(u[0]).cosh()
        if n == 1:
            return [first]
        both = self._add(self._exp(u, n), self._exp(self._scale(u, -1), n))
        return [first, *self._scale(both, Fraction(1, 2))[1:]]

    def _circle(self, u: Jet, n: int, factor: Number, sine: Number, cosine: Number) -> tuple[Jet, Jet]:
        du = self._multiply([factor], self._slope(u), n)
        s, c = [sine], [cosine]
        for k in range(1, n):
            share = constant(Fraction(1, k), self.generators)
            ds, dc = self._convolve(du, c, k - 1), self._convolve(du, s, k - 1)
            s.append(times(share, ds))
            c.append(times(times(share, dc), constant(-1, self.generators)))
        return s, c

    def _plain_circle(self, u: Jet, n: int) -> tuple[Jet, Jet]:
        if is_zero(u[0]):
            return self._circle(u, n, self.one, self.zero, self.one)
        turns = rational_multiple(u[0])
        if turns is not None:
            angle = constant(turns, self.generators)
            return self._circle(u, n, self.one, self._sine_pi(angle, 0), self._sine_pi(angle, 6))
        return self._circle(u, n, self.one, ball(u[0]).sin(), ball(u[0]).cos())

    def _pi_circle(self, u: Jet, n: int) -> tuple[Jet, Jet]:
        return self._circle(u, n, self.pi, self._sine_pi(u[0], 0), self._sine_pi(u[0], 6))

    def _sine_pi(self, x: Number, twelfths: int) -> Number:
        """sin(πx + π·twelfths/12): exact where it is rational."""
        value = x.rational if isinstance(x, Exact) else None
        if value is not None:
            angle = (12 * value + twelfths) % 24
            if angle.denominator == 1 and int(angle) in _SINES:
                return constant(_SINES[int(angle)], self.generators)
        return ball(x).cos_pi() if twelfths else ball(x).sin_pi()

    def _atan(self, u: Jet, n: int) -> Jet:
        first: Number = ball(u[0]).atan()
        value = u[0].rational if isinstance(u[0], Exact) else None
        if value in (0, 1, -1):
            first = times(self.pi, constant(Fraction(value) / 4, self.generators))
        if n == 1:
            return [first]
        slope = self._divide(self._slope(u), self._add([self.one], self._multiply(u, u, n)), n)
        return self._integrate(lambda _, k: slope[k] if k < len(slope) else self.zero, first, n)

    def _angle(self, p: Jet, q: Jet, n: int) -> Jet:
        above, right = ball(p[0]), ball(q[0])
        at_end = above > 0 and is_zero(q[0])
        first = times(self.pi, constant(Fraction(1, 2), self.generators)) if at_end else arb.atan2(above, right)
        if is_zero(p[0]) and right > 0:
            first = self.zero
        if not (right > 0 or above > 0 or above < 0):
            return [first] + [arb("nan")] * (n - 1)
        turn = self._add(self._multiply(self._slope(p), q, n), self._scale(self._multiply(p, self._slope(q), n), -1))
        square = self._add(self._multiply(p, p, n), self._multiply(q, q, n))
        slope = self._divide(turn, square, n)
        return self._integrate(lambda _, k: slope[k] if k < len(slope) else self.zero, first, n)

    def _log(self, u: Jet, n: int) -> Jet:
        value = u[0].rational if isinstance(u[0], Exact) else None
        first = self.zero if value == 1 else ball(u[0]).log()
        if n == 1 or not ball(u[0]) > 0:
            return [first] + [arb("nan")] * (n - 1)
        slope = self._divide(self._slope(u), u, n)
        return self._integrate(lambda _, k: slope[k] if k < len(slope) else self.zero, first, n)

    def _erf(self, u: Jet, n: int) -> Jet:
        first = self.zero if is_zero(u[0]) else ball(u[0]).erf()
        if n == 1:
            return [first]
        bell = self._exp(self._scale(self._multiply(u, u, n), -1), n)
        factor = over(constant(2, self.generators), generator(0, self.generators))
        slope = self._multiply([factor], self._multiply(bell, self._slope(u), n), n)
        return self._integrate(lambda _, k: slope[k] if k < len(slope) else self.zero, first, n)

    def _abs(self, u: Jet, n: int) -> Jet:
        if ball(u[0]) > 0 or ball(u[0]) < 0:
            return u if ball(u[0]) > 0 else self._scale(u, -1)
        first: Number = abs(ball(u[0]))
        return [first] + [arb("nan")] * (n - 1)

    def _ratio(self, name: str, p: Jet, q: Jet, n: int) -> Jet:
        low, high = ball(p[0]), ball(q[0])
        if high > 0:
            quotient = self._divide(p, q, n)
            return self._exp(self._scale(quotient, -1), n) if name == "exp_ratio" else self._erf(quotient, n)
        # q is 0 somewhere, or no larger than its upper end: between the limit and the value at that end.
        if not (low > 0 and high.is_finite()):
            return [arb("nan") for _ in range(n)]
        top = arb(high.upper())
        most = arb(low.lower()) / top if top > 0 else arb("inf")
        end = (-most).exp() if name == "exp_ratio" else most.erf()
        limit = arb(0) if name == "exp_ratio" else arb(1)
        first: Number = limit.union(end) if top > 0 else limit
        return [first] + [arb("nan")] * (n - 1)

    def _convolve(self, u: Jet, v: Jet, k: int) -> Number:
        total: Number = self.zero
        for i in range(min(k + 1, len(u))):
            if k - i < len(v):
                total = plus(total, times(u[i], v[k - i]))
        return total


_FUNCTIONS: dict[str, Callable[[Jets, Jet, int], Jet]] = {
    "sqrt": Jets._sqrt,
    "sin": lambda jets, u, n: jets._plain_circle(u, n)[0],
    "cos": lambda jets, u, n: jets._plain_circle(u, n)[1],
    "sin_pi": lambda jets, u, n: jets._pi_circle(u, n)[0],
    "cos_pi": lambda jets, u, n: jets._pi_circle(u, n)[1],
    "atan": Jets._atan,
    "exp": Jets._exp,
    "log": Jets._log,
    "erf": Jets._erf,
    "abs": Jets._abs,
    "tanh": Jets._tanh,
    "cosh": Jets._cosh,
}


def interval(lower: fmpq, upper: fmpq) -> arb:
    """A ball that contains a rational interval."""
    return arb(lower).union(arb(upper))
