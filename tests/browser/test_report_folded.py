"""Long tables of the report, which are folded."""

from dataclasses import replace

import pytest

from ste_theory.claims import registry
from ste_theory.claims.environment import environment
from ste_theory.claims.pages import with_pages
from ste_theory.claims.report import Report
from ste_theory.claims.verdict import Level
from ste_theory.render.report.document import render
from tests.browser.devtools import Page
from tests.unit.claims.runs import line


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page whose tables of sampled and of enclosed values are folded."""
    shown = line("yin2019.relu")
    witnesses = tuple(replace(one, figures=one.figures * 12) for one in shown.witnesses)
    run = Report(Level.QUICK, 1, environment(), (replace(shown, witnesses=witnesses),), 1.0)
    file = tmp_path_factory.mktemp("folded") / "index.html"
    file.write_text(render(with_pages(run, registry.claims())), encoding="utf-8")
    return file.as_uri()


def test_a_folded_table_scrolls_in_its_own_box(page: Page, folded: str) -> None:
    """Would have caught: a telephone that scrolls sideways once a table beside a plot is opened."""
    page.resize(390, 844)
    try:
        page.open(f"{folded}#yin2019.relu")
        assert page.run("document.querySelectorAll('details > template').length") >= 2
        page.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.wait("!document.querySelector('details > template')")
        assert page.run("document.documentElement.scrollWidth") <= 390
        assert page.run("document.querySelectorAll('details tbody tr').length") > 120
    finally:
        page.resize(1280, 900)


# What of the claims' pages is laid out with letters in it.
READ = (
    "[...document.querySelectorAll('section.claim :is(h3, h4)')]"
    ".filter(one => one.checkVisibility()).map(one => one.textContent)"
)


def test_on_paper_all_claims_are_a_digest_and_one_claim_is_whole(page: Page, folded: str) -> None:
    """Would have caught: a print of everything that takes a browser minutes, and a claim's page printed without its
    derivation."""
    whole = {"Statement", "Hypotheses", "Evidence", "Witnesses", "Sampling: pulls", "Derivation", "Again"}
    digest = {"Statement", "Hypotheses", "Symbols", "Evidence", "Witnesses"}
    notice = "document.querySelector('.paper').checkVisibility()"
    for place, printed, noticed in (("all", True, True), ("all", False, False), ("yin2019.relu", True, False)):
        page.open(f"{folded}#{place}")
        page.media(printed=printed)
        try:
            found = set(page.run(READ))
            assert page.run(notice) is noticed
        finally:
            page.media()
        if noticed:
            assert digest <= found <= {*digest, "Rests on"}
        else:
            assert whole <= found


def test_what_is_folded_is_not_printed_and_all_else_is(page: Page, folded: str) -> None:
    """Would have caught: elements of folded tables laid out for paper, parts of pages that are skipped there."""
    page.open(f"{folded}#all")
    assert page.run("document.querySelectorAll('details *').length") == 2 * page.run(
        "document.querySelectorAll('details').length"
    )
    page.media(printed=True)
    try:
        blocks = "[...document.querySelectorAll('.block')].map(b => getComputedStyle(b).contentVisibility)"
        assert set(page.run(blocks)) == {"visible"}
    finally:
        page.media()
    assert "rows are folded there too" in page.run("document.querySelector('#front').textContent")
