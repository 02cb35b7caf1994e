"""Colours of a terminal, or none."""

from ste_theory.claims.report import ClaimReport
from ste_theory.claims.verdict import Verdict

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33}


def paint(text: str, *styles: str, colour: bool) -> str:
    """``text`` in the given styles where ``colour`` is on, else as it is.

    >>> paint("CONFIRMED", "green", colour=False)
    'CONFIRMED'
    """
    if not colour or not styles or not text:
        return text
    return f"\x1b[{';'.join(str(_CODES[style]) for style in styles)}m{text}\x1b[0m"


def styles_of(claim: ClaimReport) -> tuple[str, ...]:
    """Green as documented, yellow undecided, red and bold where somebody is wrong."""
    if Verdict.DISPUTED in (claim.verdict, claim.effective_verdict):
        return ("bold", "red")
    if claim.as_documented:
        return ("green",)
    undecided = claim.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN) or claim.verdict is claim.expected
    return ("yellow",) if undecided else ("bold", "red")
