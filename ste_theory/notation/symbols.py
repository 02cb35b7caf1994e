"""Formulas written in Unicode, as LaTeX: ``‖v*‖²`` is ``\\lVert v^{*}\\rVert ^{2}``."""

import re

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Λ": "Lambda", "Φ": "Phi",
    "Ω": "Omega", "ϰ": "varkappa", "ϑ": "vartheta",
}  # fmt: skip
SIGNS = {
    "∈": "in", "≥": "geq", "≤": "leq", "≠": "neq", "→": "to", "×": "times", "±": "pm", "·": "cdot", "∂": "partial",
    "∇": "nabla", "∫": "int", "Σ": "sum", "∞": "infty", "⟨": "langle", "⟩": "rangle", "⊥": "perp", "∥": "parallel",
    "⌈": "lceil", "⌉": "rceil",
    "⊕": "oplus", "…": "dots",
    "~": "sim", "≈": "approx", "ℓ": "ell", "∪": "cup", "∩": "cap", "⊂": "subset", "∀": "forall",
    "∃": "exists", "⇒": "Rightarrow", "⇔": "Leftrightarrow", "∝": "propto", "∓": "mp", "∘": "circ", "√": "surd",
    "↦": "mapsto", "≪": "ll", "≫": "gg", "∏": "prod", "↑": "uparrow", "↓": "downarrow", "≡": "equiv", "←": "leftarrow",
    "⇐": "Leftarrow", "≅": "cong", "∅": "emptyset", "⊆": "subseteq", "∧": "wedge", "∨": "vee",
}  # fmt: skip
_FRACTIONS = {"½": "1}{2", "¼": "1}{4", "⅛": "1}{8", "¾": "3}{4", "⅓": "1}{3", "⅔": "2}{3", "⅜": "3}{8", "⅕": "1}{5"}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀⁿᵐᵏˣᵗʲⁱˢʳ*′", [*"0123456789-+", r"\top ", *"nmkxtjisr", "*", r"\prime "], strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₋₊ᵢⱼₖₘₙ", "0123456789-+ijkmn", strict=True))
_HATS = {"ŵ": r"\hat{w}", "û": r"\hat{u}", "ŷ": r"\hat{y}", "ê": r"\hat{e}"}
_OPEN, _CLOSE = r"\lbrace ", r"\rbrace "
_NAMES = "arcsin|arccos|arctan|sin|cos|tan|cot|sec|csc|exp|log|max|min"
# Letters that count rows and units: two of them below a letter are two indices, not a word.
_INDICES = set("ijklry")
# Words of two letters that are English, so that other pairs of letters are products of two.
ENGLISH = frozenset(re.findall("..", "anasatbebydogoheifinisitmemynoofonorsotoupusweamaletvs"))

# A mark above the letter before it.
TILDE = "\N{COMBINING TILDE}"

_TOKEN = re.compile(
    rf"(?P<tilde>.{TILDE})|(?P<power>\d+e-\d+)|(?P<name>{_NAMES}|erf)(?![a-z])|(?P<raised>[{re.escape(''.join(_RAISED))}]+)"
    rf"|(?P<lowered>[{''.join(_LOWERED)}]+)|(?P<script>[_^](?:\{{[^{{}}]*\}}|[A-Za-z]\d+|[A-Za-zξ]+|\d+|.))"
    r"|(?P<root>√)|(?P<one>1+(?=[ᵀ{])|(?<=[)V])1(?![\d.{{/]))|(?P<mean>E(?![A-Za-z]))|(?P<norm>‖)|(?P<char>.)",
    re.DOTALL,
)


def formula_to_latex(text: str) -> str:
    """The formula as LaTeX. Raised characters that follow each other become one superscript.

    >>> print(formula_to_latex("v*ᵀv/(2√(2π))"))
    v^{*\\top}v/(2\\sqrt{2\\pi})
    """
    pieces, position, norms = list[str](), 0, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match is not None  # the last alternative takes any character
        position = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "root":
            inside, position = _argument(text, position)
            pieces.append(rf"\sqrt{{{formula_to_latex(inside)}}}")
        elif kind == "norm":
            norms += 1
            pieces.append(r"\lVert " if norms % 2 else r"\rVert ")
        else:
            raised_twice = kind == "raised" and len(pieces) > 1 and pieces[-1][:1] == "_" and pieces[-2][:1] == "^"
            pieces.append(("{}" if raised_twice else "") + _written(str(kind), token, text, match.start()))
    if pieces.count(_OPEN) == pieces.count(_CLOSE):
        # As a group of TeX no line ends inside.
        pieces = [{_OPEN: "{" + _OPEN, _CLOSE: _CLOSE + "}"}.get(piece, piece) for piece in pieces]
    return re.sub(r" (?=[)\]}^_,/ ])", "", "".join(pieces)).strip()


def _written(kind: str, token: str, text: str, start: int) -> str:
    match kind:
        case "tilde":
            return rf"\tilde{{{_character(token[0], text, start).strip()}}}"
        case "power":
            number, _, exponent = token.partition("e")
            return (f"{number} \\cdot " if number != "1" else "") + f"10^{{{int(exponent)}}}"
        case "name":
            return r"\operatorname{erf} " if token == "erf" else f"\\{token} "
        case "raised" if token == "*" and (start == 0 or text[start - 1] in " (=<>"):
            return r"\ast "
        case "raised":
            return f"^{{{''.join(_RAISED[mark] for mark in token)}}}"
        case "lowered":
            return f"_{{{''.join(_LOWERED[mark] for mark in token)}}}"
        case "script":
            return _script(token)
        case "one":
            return r"\mathbf{1}" * len(token)
        case "mean":
            return r"\mathbb{E} "
        case _:
            return _character(token, text, start)


def _script(token: str) -> str:
    inside = token[1:].strip("{}")
    indices = len(inside) == 2 and set(inside) <= _INDICES
    if token[0] == "_" and len(inside) > 1 and inside.isascii() and inside.isalpha() and not indices:
        return rf"_{{\mathrm{{{inside}}}}}"
    return f"{token[0]}{{{formula_to_latex(inside)}}}"


def _character(token: str, text: str, start: int) -> str:
    before = text[start - 1] if start else " "
    if token in "⊥∥" and not before.isspace():
        return rf"_{{\{SIGNS[token]}}}"
    if token == "Σ":  # a sum says over what; alone it is a covariance
        return r"\textstyle\sum " if re.match(r"[_(]| \w", text[start + 1 :]) else r"\Sigma "
    if token == "R" and text[start + 1 : start + 2] == "^":
        return r"\mathbb{R}"
    table = {"−": "-", "°": r"^{\circ}", "{": _OPEN, "}": _CLOSE, "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$"}
    if token in table:
        return table[token]
    if token in _FRACTIONS:
        return rf"\tfrac{{{_FRACTIONS[token]}}}"
    if token in _HATS:
        return _HATS[token]
    if token in GREEK:
        return f"\\{GREEK[token]} "
    if token in SIGNS:
        return f"\\{SIGNS[token]} "
    return token if token.isascii() else r"\text{" + token + "}"


def _argument(text: str, start: int) -> tuple[str, int]:
    """What stands under a root: the bracket that follows, a number, or one character."""
    if text[start : start + 1] != "(":
        stop = start + 1
        while text[start:stop].isdigit() and text[stop : stop + 1].isdigit():
            stop += 1
        return text[start:stop], stop
    depth = 0
    for stop in range(start, len(text)):
        depth += (text[stop] == "(") - (text[stop] == ")")
        if depth == 0:
            return text[start + 1 : stop], stop + 1
    return text[start:], len(text)
