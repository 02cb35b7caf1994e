"""The whole report as one HTML file: no network, no build step; style and behaviour stand in it."""

from collections.abc import Sequence
from importlib.resources import files

from ste_theory.claims.report import Report
from ste_theory.claims.stored import check_pages
from ste_theory.render.graph import EVIDENCE
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.claim import section
from ste_theory.render.report.front import count, front
from ste_theory.render.report.mathematics import linking
from ste_theory.render.report.shorthand import shortened, table

# Nothing may be loaded from anywhere, whatever a later version puts here.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def render(report: Report, name: str = "report", *, whole: bool = False, extra: Sequence[str] = ()) -> str:
    """The report as HTML; ``whole`` and ``extra`` as for ``front``.

    Raises ``InvalidInput`` (naming ``name``) for one whose claims and pages do not match.
    """
    check_pages(report, name)
    users: dict[str, tuple[str, ...]] = {}
    for claim in report.claims:
        for below in claim.rests_on:
            users[below] = (*users.get(below, ()), claim.id)
    names = ["", *(claim.id for claim in report.claims), ""]
    # As text: a browser makes elements of a page when it is asked for (behaviour.js). Escaped text holds no </script>.
    with linking(frozenset(report.pages)):
        sections = [section(claim, report, users, (names[n], names[n + 2])) for n, claim in enumerate(report.claims)]
    written, meanings = shortened(sections)
    pages = [
        tag("script", Html(page), type="text/html", data_page=claim.id)
        for claim, page in zip(report.claims, written, strict=True)
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"Straight-through estimators: {count(report)}"),
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(_own("style.css") + _verdict_colours())),
    )
    body = tag(
        "body",
        tag("a", "Skip to the claims", href="#claims", class_="skip"),
        tag("noscript", "The pages of the claims need JavaScript; nothing is loaded from anywhere."),
        tag("main", front(report, whole=whole, extra=extra), id="main"),
        tag("script", Html(table(meanings)), type="application/json", id="shorthand"),
        pages,
        tag("script", Html(_own("behaviour.js"))),
    )
    return "<!DOCTYPE html>\n" + tag("html", joined(head, body), lang="en") + "\n"


def _own(name: str) -> str:
    return files("ste_theory.render.report").joinpath(name).read_text(encoding="utf-8")


def _verdict_colours() -> str:
    """The colours of verdicts, from the table of the picture and its legend."""
    rules = []
    for look in EVIDENCE.values():
        rules.append(f".v-{look.letter}{{background:{look.fill};border-color:{look.border}}}")
        rules.append(f".f-{look.letter}{{fill:{look.fill}}}.b-{look.letter}{{stroke:{look.border}}}")
    return "\n".join(rules) + "\n"
