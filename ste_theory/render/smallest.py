"""The answer of ``experiment smallest-counterexamples``."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ste_theory.classification.smallest import Example, Question


def _rows(rows: Sequence[Sequence[object]]) -> str:
    return "; ".join("(" + ", ".join(map(str, row)) + ")" for row in rows)


def summary(found: "Sequence[Example | Question]") -> str:
    """Per claim and hypothesis the rows of W and V, the data, what happens, how many were looked at."""
    from ste_theory.classification.questions import NOTHING_TO_DROP

    head = (
        "The smallest counterexample to each claim (Long, Yin, Xin 2021, reconstructed) with one hypothesis dropped: "
        "fewest neurons, then smallest integers, decided in rational arithmetic. Rows are neurons, seen from class 1."
    )
    lines = textwrap.wrap(head, 80)
    for item in found:
        lines += ["", *textwrap.wrap(f"{item.claim} without: {item.dropped}", 80, subsequent_indent="  ")]
        network = getattr(item, "network", None)
        if network is None:
            lines.append("  none found")
            continue
        words = [f"{len(network.w)} neurons, W = {_rows(network.w)}", f"V = {_rows(network.v)}", f"b = {network.bits}"]
        data = getattr(item, "data", ())
        if data:
            points = ", ".join(
                f"{_rows([point.x])} of class {point.y + 1}" + (f" with the weight {point.p}" if point.p != 1 else "")
                for point in data
            )
            words.append(f"data {points}")
        said = f"{getattr(item, 'says', '')}; {getattr(item, 'looked', 0)} looked at"
        for text in ("; ".join(words), said):
            lines += textwrap.wrap(text, 80, initial_indent="  ", subsequent_indent="    ")
    for claim, reason in NOTHING_TO_DROP.items():
        lines += ["", *textwrap.wrap(f"{claim}: no hypothesis to drop; {reason}", 80, subsequent_indent="  ")]
    return "\n".join(lines) + "\n"


def record(found: "Sequence[Example | Question]") -> dict[str, Any]:
    """Everything, for JSON; fractions as text."""
    from ste_theory.classification.questions import NOTHING_TO_DROP

    entries = []
    for item in found:
        network = getattr(item, "network", None)
        entry: dict[str, Any] = {"claim": item.claim, "dropped": item.dropped, "found": network is not None}
        if network is not None:
            entry |= {
                "w": [[str(x) for x in row] for row in network.w],
                "v": [[str(x) for x in row] for row in network.v],
                "bits": network.bits,
                "data": [[[str(x) for x in point.x], point.y, str(point.p)] for point in getattr(item, "data", ())],
                "says": getattr(item, "says", ""),
                "looked": getattr(item, "looked", 0),
            }
        entries.append(entry)
    return {
        "schema": 1,
        "source": "Long, Yin, Xin 2021, reconstructed",
        "examples": entries,
        "nothing_to_drop": dict(NOTHING_TO_DROP),
    }
