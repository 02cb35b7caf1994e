"""Tables of a report."""

from collections.abc import Sequence

from ste_theory.render.markup import Child, Html, tag


def table(
    caption: str, header: Sequence[Child], rows: Sequence[Sequence[Child]], *, numeric: Sequence[int] = ()
) -> Html:
    """A table with a caption; the first cell of a row is its heading. It scrolls by itself where it is too wide."""
    head = tag("tr", (tag("th", cell, scope="col", class_=_class(n, numeric)) for n, cell in enumerate(header)))
    body = (
        tag(
            "tr",
            (
                tag("th", cell, scope="row", class_=_class(n, numeric))
                if n == 0
                else tag("td", cell, class_=_class(n, numeric))
                for n, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    found = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body))
    return tag("div", found, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _class(number: int, numeric: Sequence[int]) -> str | None:
    return "number" if number in numeric else None
