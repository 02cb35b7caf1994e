"""The pages of a report in shorthand."""

import json

from ste_theory.render.report.shorthand import shortened, table, written_out

PAGES = [
    "<section class='claim'><h2>x &lt; y</h2><mi>x</mi> and <mi>x</mi></section>",
    "<section class='claim'><mo form='prefix'>(</mo><mi>x</mi><mo form='prefix'>(</mo><mi>x</mi></section>",
] * 3


def test_pages_are_shorter_and_come_back_as_they_were() -> None:
    """Would have caught: a megabyte of the same brackets, an element that comes back as another one."""
    short, meanings = shortened(PAGES)
    assert [written_out(page, meanings) for page in short] == PAGES
    assert sum(map(len, short)) < sum(map(len, PAGES)) / 3


def test_the_table_cannot_end_its_script() -> None:
    """Would have caught: </script> as the meaning of a character, which would end the table."""
    _, meanings = shortened(["<b></script>"] * 9)
    assert "<" not in table(meanings)
    assert json.loads(table(meanings)) == meanings


def test_a_page_with_private_characters_stays_as_it_is() -> None:
    """Would have caught: a character of a claim that is taken for shorthand."""
    pages = [*PAGES, "\ue000"]
    assert shortened(pages) == (pages, [])
    assert written_out(pages[-1], []) == "\ue000"
