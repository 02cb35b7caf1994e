"""A reader of the part of Lean 4 that the export writes: it resolves every name and gives every term a type.

Names that are not bound, functions with too many or too few arguments, a number where a statement belongs and brackets
that do not match are errors here as they are for Lean. It knows no more of Mathlib than the names below; whether Lean
itself takes the file is not shown.
"""

import re
from collections.abc import Mapping

REAL, NATURAL, NUMERAL, STATEMENT = "ℝ", "ℕ", "numeral", "Prop"
FUNCTION, VECTOR, INDEX, WEIGHTS, NETWORK, MEASURE = (
    "ℝ → ℝ",
    "Fin n → ℝ",
    "Fin m",
    "Fin m → ℝ",
    "Network m n",
    "Measure ℝ",
)
STEP, HEIGHTS = "Fin J", "Fin J → ℝ"
OPEN = "a type that Lean infers"
Type = str | tuple[tuple["Type", ...], "Type"]
Scope = Mapping[str, Type]

_ONE: Type = ((REAL,), REAL)
# Mathlib's names, as of 2025: what their arguments are, and what comes out.
_FUNCTIONS = (
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "cot",
    "sinh",
    "cosh",
    "tanh",
    "arcsin",
    "arccos",
    "arctan",
    "Gamma",
)
_TWO: Type = ((REAL, REAL), REAL)
MATHLIB: Scope = {
    **dict.fromkeys([f"Real.{name}" for name in _FUNCTIONS], _ONE),
    **dict.fromkeys(("min", "max"), _TWO),
    "Real.pi": REAL,
    "volume": MEASURE,
    "Measurable": ((FUNCTION,), STATEMENT),
}
# What the file defines itself, before the theorems.
MODEL: Scope = {
    **dict.fromkeys(("indicator", "density", "distribution", "erf", "erfc"), _ONE),
    "orthant": ((REAL, REAL, REAL), REAL),
    **dict.fromkeys(("clippedP", "clippedQ"), _TWO),
    "normal": MEASURE,
    "dot": ((VECTOR, VECTOR), REAL),
    **dict.fromkeys(("rho", "rho_star", "theta", "V", "S", "D", "V_star", "S_star"), REAL),
}
FIELDS: Scope = {
    **dict.fromkeys(("rho", "rho_star", "theta", "V", "S", "D", "V_star", "S_star"), REAL),
    **dict.fromkeys(("w", "wStar", "wHat", "uHat"), VECTOR),
    **dict.fromkeys(("v", "vStar"), ((INDEX,), REAL)),
    "loss": ((FUNCTION,), REAL),
    "v_gradient": ((FUNCTION, INDEX), REAL),
    "coarse": ((FUNCTION, FUNCTION, VECTOR), REAL),
    "slope": ((FUNCTION, VECTOR), REAL),
    "correlation": ((FUNCTION, FUNCTION), REAL),
    "teacher": ((REAL, REAL), REAL),
}
# Lean's identifiers (its functions isIdFirst and isIdRest), without ! and ?: letters, Greek but λ, Π and Σ, which are
# signs, and the letterlike symbols ℀ to ⅏; after the first also digits, ' and subscripts. No ², no ᵀ.
_GREEK = "\u0391-\u039f\u03a1\u03a4-\u03a9\u03b1-\u03ba\u03bc-\u03fb"
_FIRST = f"[A-Za-z_{_GREEK}\u2100-\u214f]"
_REST = f"[A-Za-z0-9_'{_GREEK}\u2100-\u214f\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a]"
IDENTIFIER = re.compile(f"{_FIRST}{_REST}*")
_TOKEN = re.compile(rf"\s*(:=|=>|∀ᵐ|[0-9]+|{IDENTIFIER.pattern}(?:\.{IDENTIFIER.pattern})*|[^\s\w])")
_RELATIONS = {"=", "≤", "≥", "<", ">", "≠"}
_STATE = re.compile("Fin ([0-9]+) → ℝ")
_WORDS = {"fun", "if", "then", "else", "in"}


def _place(size: int) -> str:
    """The type of a coordinate of a state of so many letters; numerals below the size are of it."""
    return f"Fin {size}"


class NotLean(ValueError):
    """What is wrong, with the tokens before it."""


class Reader:
    """One theorem, token by token."""

    def __init__(self, text: str) -> None:
        self.tokens = [found[1] for found in _TOKEN.finditer(text)]
        if "".join(self.tokens) != re.sub(r"\s", "", text):
            raise NotLean(f"letters that are none of Lean's: {text[:80]}")
        self.place = 0
        self.bars = 0

    def theorem(self) -> str:
        """``theorem name binders : statement := by sorry``; the name."""
        self.take("theorem")
        name, scope = self.name(), dict[str, Type]()
        while self.next in ("(", "{"):
            self.binder(scope)
        self.take(":")
        self.expect(self.term(scope, 0), STATEMENT)
        for word in (":=", "by", "sorry"):
            self.take(word)
        if self.next:
            raise self.wrong("something follows")
        return name

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def wrong(self, why: str) -> NotLean:
        return NotLean(f"{why}: … {' '.join(self.tokens[max(0, self.place - 12) : self.place])} ▸ {self.next}")

    def take(self, *wanted: str) -> str:
        if self.next not in wanted:
            raise self.wrong(f"{' or '.join(wanted)} is missing")
        self.place += 1
        return self.tokens[self.place - 1]

    def name(self) -> str:
        if not IDENTIFIER.fullmatch(self.next) or self.next in _WORDS:
            raise self.wrong("a name is missing")
        return self.take(self.next)

    def type_(self, scope: Scope) -> Type:
        words = [self.take("ℝ", "ℕ", "Fin", "Network", "Measure")]
        while self.next not in (")", "}", ",", "=>", ""):
            words.append(self.take(self.next))
        found = " ".join(words)
        for letter in set(words) & {"m", "n", "J"}:
            self.expect(self.bound(letter, scope), NATURAL)
        if found == WEIGHTS:
            return ((INDEX,), REAL)
        if found == HEIGHTS:
            return ((STEP,), REAL)
        if state := _STATE.fullmatch(found):
            return ((_place(int(state[1])),), REAL)
        if found not in (REAL, NATURAL, FUNCTION, VECTOR, INDEX, STEP, NETWORK, MEASURE):
            raise self.wrong(f"no type: {found}")
        return found

    def binder(self, scope: dict[str, Type]) -> None:
        """``(x y : type)`` or ``(h : statement)``; adds the names to the scope."""
        close = {"(": ")", "{": "}"}[self.take("(", "{")]
        names = [self.name()]
        while self.next != ":":
            names.append(self.name())
        self.take(":")
        is_type = self.next in ("ℝ", "ℕ", "Fin", "Network")
        found = self.type_(scope) if is_type else self.expect(self.term(scope, 0), STATEMENT)
        self.take(close)
        scope.update(dict.fromkeys(names, "proof" if found == STATEMENT else found))

    def bound(self, name: str, scope: Scope) -> Type:
        head, _, field = name.partition(".")
        if name in scope:
            return scope[name]
        if field and scope.get(head) == NETWORK and field in FIELDS:
            return FIELDS[field]
        known = {**MODEL, **MATHLIB}
        if name not in known or name in FIELDS:
            raise self.wrong(f"nothing is called {name}")
        return known[name]

    def expect(self, found: Type, wanted: Type) -> Type:
        if found in (wanted, OPEN) or (found == NUMERAL and wanted in (REAL, NATURAL)):
            return wanted
        if isinstance(found, tuple) and found == ((REAL,), REAL) and wanted == FUNCTION:
            return wanted
        place = re.fullmatch("Fin ([0-9]+)", wanted) if isinstance(wanted, str) else None
        if found == NUMERAL and place and int(self.tokens[self.place - 1]) < int(place[1]):
            return wanted
        raise self.wrong(f"{wanted} is wanted, {found} is there")

    def term(self, scope: Scope, least: int) -> Type:
        """A term whose operators bind at least so strongly: → 25, ∨ 30, ∧ 35, relations 50, sums 65, products 70."""
        if self.next in ("∀", "∃", "∀ᵐ"):
            return self.quantified(scope)
        if self.next == "∫":
            return self.integral(scope)
        if self.next == "∑":
            return self.sum(scope)
        if self.next == "fun":
            return self.function(scope)
        if self.next == "if":
            return self.cases(scope)
        left = self.prefixed(scope)
        while True:
            sign = self.next
            if sign == "→" and least <= 25:
                left = self.joined(left, scope, 25, STATEMENT)
            elif sign in ("∧", "∨") and least <= 30:
                left = self.joined(left, scope, 30, STATEMENT)
            elif sign in _RELATIONS and least <= 50:
                self.take(sign)
                self.same(left, self.term(scope, 51))
                left = STATEMENT
            elif sign in ("+", "-") and least <= 65:
                left = self.joined(left, scope, 66, REAL)
            elif sign in ("*", "/") and least <= 70:
                left = self.joined(left, scope, 71, REAL)
            elif sign == "^" and least <= 75:
                self.take("^")
                if self.term(scope, 75) not in (REAL, NATURAL, NUMERAL):
                    raise self.wrong("no exponent")
            else:
                return left

    def joined(self, left: Type, scope: Scope, least: int, of: Type) -> Type:
        self.take(self.next)
        right = self.term(scope, least)
        if left == right == NUMERAL:
            return NUMERAL
        self.expect(left, of)
        return self.expect(right, of)

    def same(self, left: Type, right: Type) -> None:
        """Both sides of a relation have one type."""
        if isinstance(left, tuple):
            left = self.expect(left, FUNCTION)
        if left == NUMERAL:
            left, right = right, left
        self.expect(right, left)

    def prefixed(self, scope: Scope) -> Type:
        if self.next in ("-", "¬"):
            sign = self.take("-", "¬")
            return self.expect(self.term(scope, 75), REAL if sign == "-" else STATEMENT)
        return self.applied(scope)

    def applied(self, scope: Scope) -> Type:
        head = self.atom(scope)
        if self.next == "^" and self.tokens[self.place + 1] == "[":
            self.iterate(head)
        if head == FUNCTION and self.starts:
            head = ((REAL,), REAL)
        if not isinstance(head, tuple) or not self.starts:
            return head
        wanted, result = head
        for one in wanted:
            if not self.starts:
                raise self.wrong("an argument is missing")
            self.expect(self.atom(scope), one)
        return result

    def iterate(self, function: Type) -> None:
        """``f^[count]`` of what has the type of its values."""
        if not isinstance(function, tuple) or function[0] != (function[1],):
            raise self.wrong("only a function to its own domain is iterated")
        for sign in "^[":
            self.take(sign)
        if not self.next.isdigit():
            raise self.wrong("no number of steps")
        self.take(self.next)
        self.take("]")

    @property
    def starts(self) -> bool:
        """Whether an argument begins here; a bar closes where one is open."""
        if self.next == "|":
            return not self.bars
        begins = self.next[:1].isdigit() or IDENTIFIER.match(self.next) is not None
        return self.next in ("(", "!") or (begins and self.next not in (*_WORDS, "ℝ", "ℕ", "by"))

    def atom(self, scope: Scope) -> Type:
        if self.next.isdigit():
            self.take(self.next)
            return NUMERAL
        if self.next == "|":
            self.take("|")
            self.bars += 1
            self.expect(self.term(scope, 0), REAL)
            self.bars -= 1
            self.take("|")
            return REAL
        if self.next == "!":
            return self.state(scope)
        if self.next == "(":
            self.take("(")
            bars, self.bars = self.bars, 0
            found = self.term(scope, 0)
            if self.next == ":":
                self.take(":")
                wanted = self.type_(scope)
                found = wanted if (found, wanted) == (NATURAL, REAL) else self.expect(found, wanted)
            self.bars = bars
            self.take(")")
            return found
        if not IDENTIFIER.match(self.next) or self.next in _WORDS:
            raise self.wrong("a term is missing")
        return self.bound(self.take(self.next), scope)

    def quantified(self, scope: Scope) -> Type:
        kind, inside = self.take("∀", "∃", "∀ᵐ"), dict(scope)
        if kind == "∀ᵐ":
            inside[self.name()] = REAL
            self.take("∂")
            self.expect(self.atom(scope), MEASURE)
        elif self.next == "(":
            while self.next == "(":
                self.binder(inside)
        else:
            name = self.name()
            if self.next == ":":
                self.take(":")
                inside[name] = self.type_(scope)
            else:
                inside[name] = OPEN
        self.take(",")
        return self.expect(self.term(inside, 0), STATEMENT)

    def sum(self, scope: Scope) -> Type:
        self.take("∑")
        name = self.name()
        self.take(":")
        kind = self.type_(scope)
        if kind != STEP:
            raise self.wrong("a sum over no finite type")
        self.take(",")
        return self.expect(self.term({**scope, name: kind}, 67), REAL)

    def integral(self, scope: Scope) -> Type:
        """Against a measure, or from one end to the other."""
        self.take("∫")
        inside = {**scope, self.name(): REAL}
        if self.next == "in":
            self.take("in")
            self.expect(self.atom(scope), REAL)
            for _ in "..":
                self.take(".")
            self.expect(self.atom(scope), REAL)
            self.take(",")
            return self.expect(self.term(inside, 60), REAL)
        self.take(",")
        self.expect(self.term(inside, 60), REAL)
        self.take("∂")
        self.expect(self.atom(scope), MEASURE)
        return REAL

    def function(self, scope: Scope) -> Type:
        """Of one number, or of a state: to a number or to the next state."""
        self.take("fun")
        name = self.name()
        kind: Type = REAL
        if self.next == ":":
            self.take(":")
            kind = self.type_(scope)
        self.take("=>")
        found = self.term({**scope, name: kind}, 0)
        if isinstance(kind, str):
            self.expect(found, REAL)
            return FUNCTION
        if found == kind:
            return (kind,), kind
        self.expect(found, REAL)
        return (kind,), REAL

    def state(self, scope: Scope) -> Type:
        """``![x, y, …]``"""
        self.take("!")
        self.take("[")
        self.expect(self.term(scope, 0), REAL)
        size = 1
        while self.next == ",":
            self.take(",")
            self.expect(self.term(scope, 0), REAL)
            size += 1
        self.take("]")
        return (_place(size),), REAL

    def cases(self, scope: Scope) -> Type:
        self.take("if")
        self.expect(self.term(scope, 0), STATEMENT)
        self.take("then")
        found = self.expect(self.term(scope, 0), REAL)
        self.take("else")
        return self.expect(self.term(scope, 0), found)
