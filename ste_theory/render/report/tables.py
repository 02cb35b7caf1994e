"""Tables of a report."""

from collections.abc import Sequence

from ste_theory.render.markup import Child, Html, tag
from ste_theory.render.report.wording import number as printed

# Rows on about two screens.
LONG = 60


def table(
    caption: Child,
    header: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    numeric: Sequence[int] = (),
    groups: Sequence[Child] = (),
    titled: bool = False,
    name: str = "",
) -> Html:
    """A table with a caption; the first cell of a row is its heading. It scrolls by itself where it is too wide.

    ``groups`` are headings, one for each row; equal ones that follow each other stand once. A table that is ``titled``
    stands below a heading that says what the caption says; it is read out only. ``name`` is the caption as plain text,
    where it has formulas. One of more than ``LONG`` rows is folded, on paper too, and becomes elements when it is
    opened (behaviour.js): a browser would lay them out to print all pages, though nobody sees them.
    """
    head = tag("tr", (tag("th", cell, scope="col", class_=_class(n, numeric)) for n, cell in enumerate(header)))
    body, last = list[Html](), None
    for number, row in enumerate(rows):
        if groups and groups[number] != last:
            last = groups[number]
            body.append(tag("tr", tag("th", last, scope="rowgroup", colspan=str(len(header)), class_="group")))
        body.append(_row(row, numeric))
    shown = tag("caption", tag("span", caption, class_="spoken") if titled else caption)
    found = tag("table", shown, tag("thead", head), tag("tbody", body))
    scrolled = tag("div", found, class_="scroll", tabindex="0", role="region", aria_label=name or str(caption))
    if len(rows) <= LONG:
        return scrolled
    return tag("details", tag("summary", caption, f": {len(rows)} rows"), tag("template", scrolled), class_="folded")


def _row(row: Sequence[Child], numeric: Sequence[int]) -> Html:
    first, *rest = (printed(cell) if n in numeric and type(cell) is str else cell for n, cell in enumerate(row))
    return tag(
        "tr",
        tag("th", first, scope="row", class_=_class(0, numeric)),
        (tag("td", cell, class_=_class(number, numeric)) for number, cell in enumerate(rest, 1)),
    )


def _class(number: int, numeric: Sequence[int]) -> str | None:
    return "number" if number in numeric else None
