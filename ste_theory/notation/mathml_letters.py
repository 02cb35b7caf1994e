r"""Letters and formulas in prose as MathML: reads the LaTeX that this package writes for them, and no other.

``v^{*}_{k}`` is ``<msubsup><mi>v</mi><mi>k</mi><mo>*</mo></msubsup>``.
"""

import re
from html import escape

from ste_theory.model.errors import InvalidInput
from ste_theory.notation.symbols import GREEK, SIGNS

_TOKEN = re.compile(r"\s+|\\text\{[^{}]*\}|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|:=|.", re.DOTALL)
_FUNCTIONS = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "csc", "exp", "log", "max", "min", "arcsin", "arccos", "arctan")
)
_IDENTIFIERS = {name: character for character, name in GREEK.items()} | {
    "Sigma": "Σ", "phi": "φ", "infty": "∞", "ell": "ℓ", "partial": "∂", "nabla": "∇", "top": "⊤", "perp": "⊥",
    "parallel": "∥", "dots": "…", "emptyset": "∅", "surd": "√",
}  # fmt: skip
_OPENING = {"(": "(", "[": "[", "lbrace": "{", "langle": "⟨", "lceil": "⌈", "lVert": "‖", "lvert": "|", "{": "{"}
_CLOSING = {")": ")", "]": "]", "rbrace": "}", "rangle": "⟩", "rceil": "⌉", "rVert": "‖", "rvert": "|", "}": "}"}
_OPERATORS = {name: sign for sign, name in SIGNS.items() if name not in (*_IDENTIFIERS, *_OPENING, *_CLOSING)} | {
    "prime": "′", "ast": "∗", "%": "%", "#": "#", "&": "&", "$": "$",
}  # fmt: skip
_ACCENTS = {"hat": "^", "tilde": "˜", "bar": "¯"}
_THIN = '<mspace width="0.17em"/>'
_SPACES = {",": "0.17em", ";": "0.28em", " ": "0.33em", "quad": "1em"}
# Nothing stands around these; the dictionary of MathML would put space there.
_CLOSE = frozenset("/|∂")
# Behind one of these, or at the beginning, a minus is a sign.
_BEFORE_SIGN = frozenset("=<>≤≥≠∈→+−·×/,∼≈") | {":="}


class UnknownCommand(InvalidInput):
    """LaTeX that is not of the kind this package writes."""


def mathml_of(latex: str) -> str:
    r"""The formula as MathML elements side by side, without the ``<math>`` around them.

    Raises ``UnknownCommand`` for a command that the notation of this package does not use.

    >>> mathml_of(r"\hat{w}_2")
    '<msub><mover accent="true"><mi>w</mi><mo stretchy="false">^</mo></mover><mn>2</mn></msub>'
    """
    return "".join(_Reader(latex).elements())


def row(elements: str, count: int | None = None) -> str:
    """The elements as one: in an ``mrow`` unless there is exactly one."""
    return elements if count == 1 else f"<mrow>{elements}</mrow>"


def operator(sign: str, *, prefix: bool = False) -> str:
    """A sign between or, with ``prefix``, before operands."""
    form = ' form="prefix"' if prefix else ""
    space = ' lspace="0" rspace="0"' if sign in _CLOSE else ""
    return f"<mo{form}{space}>{escape(sign)}</mo>"


def fence(sign: str, *, closing: bool, size: str = "") -> str:
    """A bracket; as high as what it encloses, or of a fixed ``size`` where a line may end inside it."""
    form = "postfix" if closing else "prefix"
    stretch = f'stretchy="true" minsize="{size}" maxsize="{size}"' if size else 'stretchy="false"'
    return f'<mo form="{form}" fence="true" {stretch} lspace="0" rspace="0">{escape(sign)}</mo>'


class _Reader:
    """Reads tokens from left to right; each element with the scripts behind it."""

    def __init__(self, latex: str) -> None:
        self._tokens: list[str] = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self._at = 0
        self._before = ""  # the sign before, "" for none, "x" for an operand

    def elements(self, stop: str = "") -> list[str]:
        """All elements up to the token ``stop``, or to the end."""
        found: list[str] = []
        outside, self._before = self._before, ""
        while self._at < len(self._tokens):
            if stop and self._tokens[self._at] == stop:
                self._at += 1
                self._before = outside
                return found
            element = self._scripted()
            if element:
                found.append(element)
        if stop:
            raise UnknownCommand(f"a formula of LaTeX ends before {stop!r}")
        return found

    def _scripted(self) -> str:
        # A script may belong to nothing, as in {}^{*}.
        body = "<mrow></mrow>" if self._tokens[self._at] in "^_'" else self._atom()
        below = above = ""
        while self._at < len(self._tokens) and self._tokens[self._at] in ("^", "_", "'"):
            sign = self._tokens[self._at]
            if (sign == "_" and below) or (sign != "_" and above):
                break
            self._at += 1
            if sign == "'":
                above = "<mo>′</mo>"
            elif sign == "^":
                above = self._argument()
            else:
                below = self._argument()
        if not (below or above):
            return body
        self._before = "x"
        if below and above:
            return f"<msubsup>{body}{below}{above}</msubsup>"
        return f"<msub>{body}{below}</msub>" if below else f"<msup>{body}{above}</msup>"

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise UnknownCommand("a formula of LaTeX ends where an argument is expected")
        token: str = self._tokens[self._at]
        self._at += 1
        return token

    def _argument(self) -> str:
        """A group in braces, or one token, as one element."""
        if self._at < len(self._tokens) and self._tokens[self._at] == "{":
            self._at += 1
            inside = self.elements("}")
            return row("".join(inside), len(inside))
        before, self._before = self._before, ""
        element = self._atom()
        self._before = before
        return element

    def _word(self) -> str:
        """The characters of a group, for text."""
        if self._next() != "{":
            raise UnknownCommand("text in LaTeX needs braces")
        start = self._at
        while self._next() != "}":
            pass
        return "".join(self._tokens[start : self._at - 1])

    def _atom(self) -> str:
        token = self._next()
        if token == "{":
            inside = self.elements("}")
            self._before = "x" if inside else self._before
            return row("".join(inside), len(inside)) if inside else ""
        name = token[1:] if token.startswith("\\") else token
        command = token.startswith("\\")
        if name in _OPENING and (command or name in "(["):
            self._before = ""
            return fence(_OPENING[name], closing=False)
        if name in _CLOSING and (command or name in ")]"):
            self._before = "x"
            return fence(_CLOSING[name], closing=True)
        if name.startswith("text{"):
            return self._operand(_styled("text", name[len("text{") : -1].replace(" ", "\xa0")))
        if command:
            return self._command(name)
        if token[0].isdigit():
            return self._operand(f"<mn>{token}</mn>")
        if token.isalpha():
            return self._operand(f"<mi>{escape(token)}</mi>")
        sign = {"-": "−", "*": "∗"}.get(token, token)
        prefix = sign in "−+±" and (self._before == "" or self._before in _BEFORE_SIGN)
        self._before = sign
        return operator(sign, prefix=prefix)

    def _operand(self, element: str) -> str:
        self._before = "x"
        return element

    def _command(self, name: str) -> str:
        if name in _ACCENTS:
            accent = f'<mo stretchy="false">{_ACCENTS[name]}</mo>'
            return self._operand(f'<mover accent="true">{self._argument()}{accent}</mover>')
        if name in _FUNCTIONS:
            return self._function(name)
        if name == "operatorname":
            return self._function(self._word())
        if name in ("mathbb", "mathbf", "mathrm"):
            styled = self._operand(_styled(name, self._word()))
            follows = self._tokens[self._at] if self._at < len(self._tokens) else ""
            # E g, not Eg, which would be one letter's name.
            return styled + (_THIN if name == "mathbb" and follows.lstrip("\\").isalpha() else "")
        if name in ("frac", "tfrac"):
            return self._operand(f"<mfrac>{self._argument()}{self._argument()}</mfrac>")
        if name == "sqrt":
            return self._operand(f"<msqrt>{self._argument()}</msqrt>")
        if name == "textstyle":
            return ""
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"/>'
        if name in _IDENTIFIERS:
            if name == "partial":
                return self._operand("<mi>∂</mi>")
            return self._operand(f"<mi>{_IDENTIFIERS[name]}</mi>")
        if name in _OPERATORS:
            sign = _OPERATORS[name]
            prefix = sign in "±∓" and (self._before == "" or self._before in _BEFORE_SIGN)
            self._before = sign
            return operator(sign, prefix=prefix)
        raise UnknownCommand(f"\\{name} does not belong to the notation of formulas here")

    def _function(self, name: str) -> str:
        """sin θ, but sin(θ/2)."""
        follows = self._tokens[self._at] if self._at < len(self._tokens) else ""
        space = _THIN if follows not in ("", "(", "^", "_", "}") else ""
        before = _THIN if self._before == "x" else ""
        self._before = ""
        return f"{before}<mi>{name}</mi>{space}" if not before else f"<mrow>{before}<mi>{name}</mi>{space}</mrow>"


def _styled(kind: str, word: str) -> str:
    if kind == "text":
        return f"<mtext>{escape(word)}</mtext>"
    if kind == "mathbf":  # MathML Core leaves bold to the style sheet
        return f'<mn class="bold">{escape(word)}</mn>' if word.isdigit() else f'<mi class="bold">{escape(word)}</mi>'
    if (kind, word) == ("mathbb", "R"):
        return "<mi>ℝ</mi>"
    return f'<mi mathvariant="normal">{escape(word)}</mi>'
