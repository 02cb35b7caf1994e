"""The language of certificates: text to a list of nodes. Nothing is ever evaluated as code.

    sum := term {(+|-) term}    term := sign {(*|/) sign}    sign := - sign | power    power := atom [^ [-] integer]
    atom := integer | pi | variable | function ( sum {, sum} ) | ( sum )

``sqrt(u)`` is the root of max(u, 0); ``sin_pi(u)`` is sin(πu). For q > 0, ``exp_ratio(p, q)`` is exp(−p/q) and
``erf_ratio(p, q)`` is erf(p/q); for q ≤ 0 < p they are 0 and 1, their limits at q = 0. ``atan_ratio(p, q)`` is the
angle of the point (q, p), which is atan(p/q) for q > 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

ARITY = dict.fromkeys(("sqrt", "sin", "cos", "sin_pi", "cos_pi", "atan", "exp", "log", "erf", "abs", "tanh", "cosh"), 1)
ARITY |= {"exp_ratio": 2, "erf_ratio": 2, "atan_ratio": 2}
MAX_LENGTH, MAX_DEPTH, MAX_NODES, MAX_EXPONENT, MAX_DIGITS = 40_000, 60, 4_000, 64, 300

_TOKEN = re.compile(r"\s*(?:([0-9]+)|([A-Za-z_][A-Za-z_0-9]*)|([-+*/^(),]))", re.ASCII)


class Rejected(ValueError):
    """The document proves nothing; the message is one line that says what is wrong and where."""


@dataclass(frozen=True)
class Node:
    """One operation: its name, the numbers of the nodes it acts on, and an integer (a constant or an exponent)."""

    name: str
    arguments: tuple[int, ...] = ()
    number: int = 0


@dataclass
class Program:
    """Nodes in order, each after its arguments; equal subexpressions are one node."""

    variables: tuple[str, ...]
    nodes: list[Node] = field(default_factory=list)
    known: dict[Node, int] = field(default_factory=dict)
    budget: int = 100_000_000  # node operations: some minutes

    def charge(self, operations: int) -> None:
        """Raises ``Rejected`` when more has been computed than a certificate is worth."""
        self.budget -= operations
        if self.budget < 0:
            raise Rejected("the certificate takes more work to check than is allowed")

    def add(self, node: Node) -> int:
        """The number of the node."""
        if node not in self.known:
            if len(self.nodes) >= MAX_NODES:
                raise Rejected(f"an expression has more than {MAX_NODES} nodes")
            self.known[node] = len(self.nodes)
            self.nodes.append(node)
        return self.known[node]


def parse(text: object, program: Program) -> int:
    """The number of the node that a text means; its nodes are added to the program. Raises ``Rejected``."""
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise Rejected(f"an expression is not a text of at most {MAX_LENGTH} characters")
    tokens, place = [], 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None or len(found[0]) > MAX_DIGITS:
            raise Rejected(f"not readable as an expression at character {place + 1}: {text[place : place + 20]!r}")
        tokens.append(found[0].strip())
        place = found.end()
    parser = _Parser(tokens, program)
    root = parser.sum(0)
    if parser.place != len(tokens):
        raise Rejected(f"an expression goes on where it should end: {tokens[parser.place]!r}")
    return root


@dataclass
class _Parser:
    tokens: Sequence[str]
    program: Program
    place: int = 0

    def next(self, *wanted: str) -> str | None:
        """Take the next token if it is one of these."""
        if self.place < len(self.tokens) and self.tokens[self.place] in wanted:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def need(self, token: str) -> None:
        if not self.next(token):
            raise Rejected(f"an expression lacks {token!r} after {' '.join(self.tokens[: self.place][-5:])!r}")

    def sum(self, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise Rejected(f"an expression is nested more than {MAX_DEPTH} deep")
        left = self.term(depth)
        while sign := self.next("+", "-"):
            left = self.program.add(Node("add" if sign == "+" else "sub", (left, self.term(depth))))
        return left

    def term(self, depth: int) -> int:
        left = self.sign(depth)
        while sign := self.next("*", "/"):
            left = self.program.add(Node("mul" if sign == "*" else "div", (left, self.sign(depth))))
        return left

    def sign(self, depth: int) -> int:
        negative = False
        while self.next("-"):
            negative = not negative
        power = self.power(depth)
        return self.program.add(Node("neg", (power,))) if negative else power

    def power(self, depth: int) -> int:
        base = self.atom(depth)
        if not self.next("^"):
            return base
        sign = -1 if self.next("-") else 1
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        if not token.isdigit() or int(token) > MAX_EXPONENT:
            raise Rejected(f"an exponent is not an integer of size at most {MAX_EXPONENT}: {token[:20]!r}")
        return self.program.add(Node("pow", (base,), sign * int(token)))

    def atom(self, depth: int) -> int:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        if token.isdigit():
            return self.program.add(Node("constant", (), int(token)))
        if token in self.program.variables:
            return self.program.add(Node("variable", (), self.program.variables.index(token)))
        if token == "pi":
            return self.program.add(Node("pi"))
        if token == "(":
            inner = self.sum(depth + 1)
            self.need(")")
            return inner
        if token not in ARITY:
            raise Rejected(f"an expression has {token[:40]!r} where a number, a variable or a function should stand")
        self.need("(")
        arguments = [self.sum(depth + 1)]
        while self.next(","):
            arguments.append(self.sum(depth + 1))
        self.need(")")
        if len(arguments) != ARITY[token]:
            raise Rejected(f"{token} takes {ARITY[token]} arguments, not {len(arguments)}")
        return self.program.add(Node(token, tuple(arguments)))
