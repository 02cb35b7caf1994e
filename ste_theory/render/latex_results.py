r"""What a run of ``verify`` found, as macros of a claim: ``\stenumber{id:sampling-1-pull}`` and its like.

Figures are numbered within their witness as the report lists them.
"""

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from ste_theory.render.latex_numbers import number
from ste_theory.render.tex import escaped

if TYPE_CHECKING:
    from ste_theory.claims.report import ClaimReport, Report
    from ste_theory.claims.witness import Figure


def results(report: "Report", claim: "ClaimReport") -> Mapping[str, str]:
    """Names and numbers: seed, level, verdict, and for each witness its outcome, assertions, and figures.

    A figure has its value, the claimed one, the (standard) error, and where there are such the pull, the smallest
    relative error that it would have seen and all digits that balls prove.
    """
    found = {"run-seed": str(report.seed), "run-level": str(report.level), "verdict": str(claim.verdict)}
    tried, caught = claim.planted
    found |= {"planted-tried": str(tried), "planted-caught": str(caught)}
    for result in claim.witnesses:
        found |= {f"{result.kind}-outcome": str(result.outcome), f"{result.kind}-assertions": str(result.assertions)}
        for place, figure in enumerate(result.figures, 1):
            found |= {f"{result.kind}-{place}-{name}": text for name, text in _figure(figure).items()}
    return {f"{claim.id}:{name}": escaped(text) if text.isalpha() else text for name, text in found.items()}


def _figure(figure: "Figure") -> dict[str, str]:
    numbers = {
        "value": figure.value,
        "claimed": figure.claimed,
        "error": figure.error,
        "detectable": figure.detectable,
    }
    found = {name: number(value) for name, value in numbers.items() if value is not None and isfinite(value)}
    if figure.pull is not None and isfinite(figure.pull):
        found["pull"] = rf"\ensuremath{{{figure.pull:+.2f}}}"
    if figure.digits is not None:
        found["digits"] = _all_digits(figure.digits[0])
    return found


def _all_digits(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    power = rf"\cdot 10^{{{int(exponent)}}}" if exponent else ""
    return rf"\ensuremath{{{mantissa}{power}}}"


def legend(claim: "ClaimReport") -> list[str]:
    """One comment per figure: what its macros are about."""
    return [
        f"% {claim.id}:{result.kind}-{place}: {' '.join(f'{figure.label} {figure.place}'.split())}"
        for result in claim.witnesses
        for place, figure in enumerate(result.figures, 1)
    ]
