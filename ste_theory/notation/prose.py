"""Sentences with formulas in Unicode, as claims and rules are written, as text with formulas in LaTeX.

"At θ = π the norm ‖w‖ …"  →  "At $\\theta = \\pi$ the norm $\\lVert w\\rVert$ …"
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ste_theory.notation.symbols import ENGLISH, TILDE, formula_to_latex

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<power>\d+e-\d+)
    | (?P<script>[_^]\{[^{}]*\}|[_^](?:[A-Za-z]\d+|[A-Za-zξ]+|\d+|[^\s\w{}()]|\w))
    | (?P<word>[A-Za-z]+['’]s(?![A-Za-z])|[A-Za-z][a-z]+(?:_[a-z]+)+|[A-Za-z][a-z]*(?:[-'’.][A-Za-z]+)+|[A-Za-z]+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<open>[(\[{⟨])
    | (?P<close>[)\]}⟩])
    | (?P<sign>:=)
    | (?P<mark>[,.;:?!"'`])
    | (?P<other>.)
    """,
    re.VERBOSE,
)
_FUNCTIONS = {"sin", "cos", "tan", "cot", "sec", "csc", "exp", "log", "erf", "arcsin", "arccos", "arctan"}
_RELATIONS = set("=≠<>≤≥∈")
# Two ways to read a sign, of one kind.
_KINDS = {"other": "sign"}
# Marks that also stand in ordinary text.
_PLAIN = set("-/–—&%#$@é")


@dataclass
class _Token:
    kind: str
    text: str
    start: int
    math: bool | None  # None: what its neighbours are


@dataclass(frozen=True)
class Span:
    """A part of a sentence: a formula as LaTeX, or text as it is."""

    text: str
    is_formula: bool


def spans(sentence: str) -> tuple[Span, ...]:
    """The sentence cut into formulas and text."""
    sentence = sentence.replace("ṽ", "v" + TILDE).replace("ũ", "u" + TILDE)
    tokens = [
        _Token(_KINDS.get(match.lastgroup or "", match.lastgroup or ""), match[0], match.start(), None)
        for match in _TOKEN.finditer(" ".join(sentence.split()))
    ]
    for number, token in enumerate(tokens):
        token.math = _classify(tokens, number)
    found: list[Span] = []
    for is_formula, text in _runs(tokens):
        written = formula_to_latex(text) if is_formula else text
        if found and not is_formula and not found[-1].is_formula:
            found[-1] = Span(found[-1].text + written, False)
        else:
            found.append(Span(written, is_formula))
    return tuple(found)


def _classify(tokens: list[_Token], number: int) -> bool | None:
    """Formula, text, or whatever stands around (spaces, brackets, numbers, commas)."""
    token = tokens[number]
    before = tokens[number - 1] if number else None
    after = tokens[number + 1] if number + 1 < len(tokens) else None
    match token.kind:
        case "power" | "script":
            return True
        case "word":
            return _is_formula_word(tokens, number, before, after)
        case "mark":
            return None if token.text == "," else False
        case "sign":
            return None if token.text in _PLAIN else True
        case _:
            return None


def _is_formula_word(tokens: list[_Token], number: int, before: _Token | None, after: _Token | None) -> bool:
    word = tokens[number].text
    if word in _FUNCTIONS or (word in ("max", "min") and after is not None and after.kind == "open"):
        return True
    if word in ("a", "A", "I"):
        if _is_factor(tokens, number):
            return True
        behind = tokens[number + 2 :] if after and after.kind == "space" else []
        # An article before a remark: a (local) minimum.
        follows = behind[1] if len(behind) > 1 and behind[0].kind == "open" else behind[0] if behind else None
        return not (follows and follows.kind == "word" and len(follows.text) > 1 and follows.text not in _FUNCTIONS)
    if len(word) == 1:
        return True
    touching = any(
        near is not None and (near.kind == "script" or (near.kind == "sign" and near.text not in _PLAIN))
        for near in (before, after)
    )

    if len(word) == 2:
        return touching or word.lower() not in ENGLISH
    return (touching or word[0].islower()) and len(word) == 3 and not word[1:].islower()


def _is_factor(tokens: list[_Token], number: int) -> bool:
    """Whether a letter that may be an article stands behind a sign, as in ηa or −A; a capital also after a space."""
    word, before = tokens[number].text, tokens[number - 1] if number else None
    if word == "A" and number > 1 and before is not None and before.kind == "space":
        before = tokens[number - 2]
    return before is not None and (before.kind == "script" or (before.kind == "sign" and before.text not in _PLAIN))


def _runs(tokens: list[_Token]) -> Iterator[tuple[bool, str]]:
    """Formulas and texts in turn: a formula is a longest run without text, whose brackets match."""
    start = 0
    while start < len(tokens):
        stop = start
        while stop < len(tokens) and tokens[stop].math is not False:
            stop += 1
        if stop > start:
            yield from _cut(tokens[start:stop])
            start = stop
        else:
            yield False, tokens[start].text
            start += 1


def _cut(run: list[_Token]) -> Iterator[tuple[bool, str]]:
    """The run cut at commas and brackets that do not match, each piece without what is not a formula at its ends."""
    unmatched = _unmatched(run)
    depth, piece = 0, list[_Token]()
    for number, token in enumerate(run):
        depth += (token.kind == "open") - (token.kind == "close") if number not in unmatched else 0
        # A set at the end of one formula, as in "θ ∈ {0, π} ∂f/∂w does not exist".
        ended = token.kind == "space" and depth == 0 and number > 0 and run[number - 1].text == "}" and _is_set(piece)
        listed = token.text == "," and depth == 0
        if number in unmatched or listed or ended:
            yield from _trimmed(piece)
            yield False, token.text
            piece = []
        else:
            piece.append(token)
    yield from _trimmed(piece)


def _unmatched(run: list[_Token]) -> set[int]:
    waiting, found = list[int](), set[int]()
    for number, token in enumerate(run):
        if token.kind == "open":
            waiting.append(number)
        elif token.kind == "close":
            if waiting:
                waiting.pop()
            else:
                found.add(number)
    return found | set(waiting) | _remarks(run)


def _remarks(run: list[_Token]) -> set[int]:
    """Brackets around a remark such as (θ = 0): after a space, with a relation between them."""
    found = set[int]()
    for number, token in enumerate(run):
        if token.text != "(" or (number and run[number - 1].kind != "space"):
            continue
        depth = 0
        for end in range(number, len(run)):
            depth += (run[end].kind == "open") - (run[end].kind == "close")
            if depth == 0:
                if any(inner.text in _RELATIONS for inner in run[number:end]):
                    found |= {number, end}
                break
    return found


def _is_set(piece: list[_Token]) -> bool:
    """Whether the last bracket of the piece opened after a space: a set, not an indicator 1{…}."""
    opened = max((number for number, token in enumerate(piece) if token.text == "{"), default=0)
    return opened > 0 and piece[opened - 1].kind == "space"


def _trimmed(piece: list[_Token]) -> Iterator[tuple[bool, str]]:
    first, last = 0, len(piece)
    while first < last and piece[first].kind == "space":
        first += 1
    while last > first and piece[last - 1].kind == "space":
        last -= 1
    inside = piece[first:last]
    yield False, "".join(token.text for token in piece[:first])
    yield any(token.math for token in inside), "".join(token.text for token in inside)
    yield False, "".join(token.text for token in piece[last:])


def capitalized(name: str) -> str:
    """The name with a capital letter, unless it begins with a formula.

    >>> capitalized("a rival turns away"), capitalized("φ grows"), capitalized("a + b")
    ('A rival turns away', 'φ grows', 'a + b')
    """
    formula = next((span.is_formula for span in spans(name) if span.text), False)
    return name if formula else name[:1].upper() + name[1:]


def counted(count: int, name: str) -> str:
    """A number of things, with the plural where it belongs.

    >>> counted(1, "step"), counted(2, "step"), counted(0, "box"), counted(3, "property")
    ('1 step', '2 steps', '0 boxes', '3 properties')
    """
    if count == 1:
        return f"1 {name}"
    ending = "ies" if name.endswith("y") else "es" if name.endswith("x") else "s"
    return f"{count} {name.removesuffix('y') if name.endswith('y') else name}{ending}"
