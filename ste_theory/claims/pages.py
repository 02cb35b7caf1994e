"""The pages of a run: statements, derivations and proofs of its claims, derived and re-checked for the reader."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ste_theory.claims.example import example
from ste_theory.claims.presentation import shown_document
from ste_theory.claims.report import Report
from ste_theory.claims.shown import Page

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


def with_pages(
    report: Report, available: "Mapping[str, Claim]", *, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """The report with a page for every claim in it."""
    pages = {}
    for number, entry in enumerate(report.claims, 1):
        progress(f"writing {number}/{len(report.claims)} {entry.id}")
        claim = available[entry.id]
        pages[entry.id] = Page(shown_document(claim, available=available), example(claim))
    return replace(report, pages=pages)
