"""Names of symbols and functions as letters: ``rho_star`` is ρ*, ``w_hat`` is ŵ, ``mu_prime`` is μ′."""

import re
import unicodedata
from collections.abc import Sequence

from ste_theory.notation.formula import Letter

_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "vartheta": "ϑ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Delta": "Δ",
    "Phi": "Φ",
    "Omega": "Ω",
}
_HAT = "\u0302"


def letter(name: str, index: str = "") -> Letter:
    r"""The letter that a name spells, with a subscript if one is given.

    >>> letter("v_star", "k"), letter("w_hat")
    (Letter(latex='v^{*}_{k}', text='v*_k'), Letter(latex='\\hat{w}', text='ŵ'))
    >>> letter("M_minus")
    Letter(latex='M_{-}', text='M₋')
    """
    first, *rest = name.split("_")
    latex, text = _base(first)
    raised, raised_text, lowered, lowered_text = "", "", "", ""
    for part in rest:
        match part:
            case "star":
                raised, raised_text = raised + "*", raised_text + "*"
            case "prime":
                raised, raised_text = raised + r"\prime", raised_text + "′"
            case "hat":
                latex, text = rf"\hat{{{latex}}}", text + _HAT
            case "minus":
                lowered, lowered_text = lowered + "-", lowered_text + "₋"
            case _:
                below = _base(part)
                lowered, lowered_text = lowered + below[0], lowered_text + "_" + below[1]
    if index:
        lowered, lowered_text = lowered + index, lowered_text + "_" + index
    mark = "'" if raised == r"\prime" else f"^{{{raised}}}" if raised else ""
    latex += mark + (f"_{{{lowered}}}" if lowered else "")
    return Letter(latex, unicodedata.normalize("NFC", text + raised_text + lowered_text))


def slug(name: str) -> str:
    """A name in words and letters as one word of ASCII, for labels and files.

    >>> slug("at θ = π"), slug("‖w‖ is large")
    ('at-theta-pi', 'w-is-large')
    """
    spelled = {character: f" {word} " for word, character in reversed(_GREEK.items())}
    ascii_text = unicodedata.normalize("NFKD", "".join(spelled.get(character, character) for character in name))
    plain = ascii_text.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def slugs(names: Sequence[str]) -> tuple[str, ...]:
    """The slug of each name, numbered where two would be the same.

    >>> slugs(["x > 0", "x < 0", "y"])
    ('x-0', 'x-0-2', 'y')
    """
    found: list[str] = []
    for name in names:
        plain = slug(name)
        taken = sum(slug(other) == plain for other in names[: len(found)])
        found.append(f"{plain}-{taken + 1}" if taken else plain)
    return tuple(found)


_COMMANDS = {
    "langle": "⟨",
    "rangle": "⟩",
    "partial": "∂",
    "parallel": "∥",
    "perp": "⊥",
    "sin": " sin",
    "cos": " cos",
} | _GREEK


def letter_of_latex(latex: str) -> Letter:
    r"""A name given as LaTeX, with its text.

    >>> letter_of_latex(r"\langle \mathbb{E}\,g_\mu, \hat w\rangle").text
    '⟨E g_μ, ŵ⟩'
    """
    text = re.sub(r"\\(?:mathbb|mathrm|mathbf)\{(\w+)\}", r"\1", latex).replace(r"\,", " ")
    text = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1" + _HAT, text)
    text = re.sub(r"\\([A-Za-z]+) ?", lambda match: _COMMANDS.get(match[1], match[1]), text)
    text = " ".join(re.sub(r"[{}^]", "", text).replace("-", "−").split()).replace("( ", "(")
    return Letter(latex, unicodedata.normalize("NFC", text))


def _base(name: str) -> tuple[str, str]:
    if name in _GREEK:
        return (r"\varphi" if name in ("phi", "varphi") else f"\\{name}"), _GREEK[name]
    return (name if len(name) == 1 else rf"\mathrm{{{name}}}"), name
