"""What a term of the Lean export is in numbers: a second reading of the text, which does not know how it was made."""

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.special import gamma, ndtr, ndtri

from tests.unit.render.lean_terms import Reader

Term = Callable[[Mapping[str, Any]], Any]
FAR = 10.0
# For means of two variables: the middles of parts of equal probability, good to about 1/1500 of a jump.
LEVELS = ndtri((np.arange(1500) + 0.5) / 1500)


def density(x: Any) -> Any:
    """Of N(0, 1)."""
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def integral(function: Callable[[float], float], lower: float, upper: float) -> float:
    """By adaptive quadrature on short panels: integrands jump."""
    ends = [lower + (upper - lower) * part / 40 for part in range(41)]
    return math.fsum(quad(function, one, other, limit=60, epsabs=1e-11)[0] for one, other in pairwise(ends))


def clipped(weight: Callable[[float], float], theta: float, rho: float) -> float:
    """(1/(2π)) ∫ weight(t) ξ(1/(ρ cos t)) dt over θ − π/2 < t < π/2."""

    def xi(x: float) -> float:  # ∫ r² exp(−r²/2) dr from 0, in closed form
        return math.sqrt(math.pi / 2) * math.erf(x / math.sqrt(2)) - x * math.exp(-x * x / 2)

    ends = (theta - math.pi / 2 + 1e-12, math.pi / 2 - 1e-12)
    return integral(lambda t: weight(t) * xi(1 / (rho * math.cos(t))), *ends) / (2 * math.pi)


def orthant(h: float, k: float, theta: float) -> float:
    """P(a > h, a cosθ + b sinθ > k)."""
    return integral(lambda a: density(a) * ndtr((a * math.cos(theta) - k) / math.sin(theta)), h, max(h, 0) + FAR)


# The names of the file and of Mathlib, from their definitions.
KNOWN: Mapping[str, Any] = {
    **{f"Real.{name}": getattr(math, name) for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "Real.sqrt": lambda x: math.sqrt(max(x, 0.0)),
    "Real.cot": lambda x: 1 / math.tan(x),
    "Real.arcsin": math.asin,
    "Real.arccos": math.acos,
    "Real.arctan": math.atan,
    "Real.Gamma": lambda x: float(gamma(x)),
    "Real.pi": math.pi,
    "min": min,
    "max": max,
    "indicator": lambda x: np.where(x > 0, 1.0, 0.0),
    "density": density,
    "distribution": ndtr,
    "erf": math.erf,
    "erfc": math.erfc,
    "orthant": orthant,
    "clippedP": lambda theta, rho: clipped(math.cos, theta, rho),
    "clippedQ": lambda theta, rho: clipped(math.sin, theta, rho),
}
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda x, y: x == y,
    "≠": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "≤": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    "≥": lambda x, y: x >= y,
}


class Values:
    """The last relation of a theorem as two functions of the values of its letters."""

    def __init__(self, theorem: str) -> None:
        self.tokens = Reader(theorem).tokens
        self.place = 0
        self.double = False  # within a mean of two variables
        self.sign = ""  # of the last relation read

    @property
    def next(self) -> str:
        return self.tokens[self.place]

    def take(self, wanted: str = "") -> str:
        assert wanted in ("", self.next), (wanted, self.tokens[self.place - 8 : self.place + 3])
        self.place += 1
        return self.tokens[self.place - 1]

    def skip(self) -> None:
        """One bracket with all that is in it."""
        depth = 0
        while True:
            token = self.take()
            depth += (token in "({[") - (token in ")}]")
            if depth == 0:
                return

    def sides(self) -> tuple[Term, Term]:
        """Left and right of what a theorem says when its quantifiers and hypotheses are taken away."""
        self.take("theorem")
        self.take()
        while self.next != ":":
            self.skip()
        self.take(":")
        return self.conclusion()

    def conclusion(self) -> tuple[Term, Term]:
        while self.next in ("∀", "∃"):
            while self.take() != ",":
                pass
        left = self.term(51)
        sign = self.take()
        assert sign in _COMPARED, sign
        self.sign = sign
        right = self.term(51)
        while self.next in ("∧", "→"):
            self.take()
            return self.conclusion()
        return left, right

    def term(self, least: int = 0) -> Term:
        for word, read in (("∫", self.integral), ("∑", self.sum), ("fun", self.function), ("if", self.cases)):
            if self.next == word:
                return read()
        left = self.prefixed()
        while True:
            sign = self.next
            if sign in "+-" and least <= 65:
                left = self.joined(left, 66)
            elif sign in "*/" and least <= 70:
                left = self.joined(left, 71)
            elif sign == "^" and self.tokens[self.place + 1] != "[" and least <= 75:
                left = self.joined(left, 75)
            elif sign in _COMPARED and least <= 50:
                left = self.joined(left, 51)
            else:
                return left

    def joined(self, left: Term, least: int) -> Term:
        sign, right = self.take(), self.term(least)
        operations: Mapping[str, Callable[[Any, Any], Any]] = {
            "+": lambda x, y: x + y,
            "-": lambda x, y: x - y,
            "*": lambda x, y: x * y,
            "/": lambda x, y: x / y if y else 0.0,  # as Mathlib has it
            "^": lambda x, y: x**y,
            **_COMPARED,
        }
        operation = operations[sign]
        return lambda at: operation(left(at), right(at))

    def prefixed(self) -> Term:
        if self.next == "-":
            self.take("-")
            inner = self.term(75)
            return lambda at: -inner(at)
        return self.applied()

    def applied(self) -> Term:
        head = self.atom()
        if self.next == "^" and self.tokens[self.place + 1] == "[":
            for sign in "^[":
                self.take(sign)
            head = self.iterated(head, int(self.take()))
            self.take("]")
        arguments = []
        while self.next == "(" or self.next == "!" or self.is_argument():
            arguments.append(self.atom())
        if not arguments:
            return head
        return lambda at: head(at)(*(one(at) for one in arguments))

    def is_argument(self) -> bool:
        return self.next not in ("by", "then", "else", "in") and (self.next[0].isalnum() or self.next[0] in "_σμξ")

    @staticmethod
    def iterated(function: Term, count: int) -> Term:
        def after(at: Mapping[str, Any]) -> Callable[[Any], Any]:
            step = function(at)

            def run(state: Any) -> Any:
                for _ in range(count):
                    state = step(state)
                return state

            return run

        return after

    def atom(self) -> Term:
        token = self.take()
        if token.isdigit():
            return lambda at: int(token)
        if token == "|":
            inner = self.term()
            self.take("|")
            return lambda at: abs(inner(at))
        if token == "!":
            self.take("[")
            parts = [self.term()]
            while self.next == ",":
                self.take(",")
                parts.append(self.term())
            self.take("]")

            def state(at: Mapping[str, Any]) -> Any:
                values = [part(at) for part in parts]
                return lambda place: values[place]

            return state
        if token == "(":
            inner = self.term()
            if self.next == ":":
                while self.next != ")":
                    self.take()
            self.take(")")
            return inner
        return lambda at: at[token] if token in at else KNOWN[token]

    def integral(self) -> Term:
        self.take("∫")
        letter = self.take()
        if self.next == "in":
            self.take("in")
            lower = self.atom()
            for _ in "..":
                self.take(".")
            upper = self.atom()
            self.take(",")
            body = self.term(60)
            return lambda at: integral(lambda x: body({**at, letter: x}), lower(at), upper(at))
        self.take(",")
        double, before = self.next == "∫", self.double
        self.double = double or before
        body = self.term(60)
        self.take("∂")
        self.take("normal")
        if self.double:
            self.double = before
            if double:
                return lambda at: math.fsum(body({**at, letter: x}) for x in LEVELS) / len(LEVELS)
            return lambda at: np.mean(body({**at, letter: LEVELS}) * np.ones_like(LEVELS))
        return lambda at: integral(lambda x: body({**at, letter: x}) * density(x), -FAR, FAR)

    def sum(self) -> Term:
        self.take("∑")
        letter = self.take()
        for word in (":", "Fin", "J", ","):
            self.take(word)
        body = self.term(67)
        return lambda at: math.fsum(body({**at, letter: step}) for step in range(at["J"]))

    def function(self) -> Term:
        self.take("fun")
        letter = self.take()
        while self.take() != "=>":
            pass
        body = self.term()
        return lambda at: lambda x: body({**at, letter: x})

    def cases(self) -> Term:
        self.take("if")
        condition = self.term()
        self.take("then")
        yes = self.term()
        self.take("else")
        no = self.term()
        return lambda at: yes(at) if condition(at) else no(at)
