"""A row of figures: what one contestant did in one case, and how it compares with this package in the same rounds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """The median of some runs with their whole range, and how many they were."""

    median: float
    low: float
    high: float
    runs: int


@dataclass(frozen=True)
class Row:
    """One contestant in one case.

    ``figures`` are in ``unit`` and ``None`` where nothing could be measured (``note`` says why). ``ratios`` are how
    many times as long as this package the contestant takes for the same work, taken round by round: above 1 the package
    is ahead. In a row about growth (``law``) the contestant is a law, and the ratio how much slower than measured that
    is. ``reference`` marks rows that are compared with nobody: this package itself, a bare generator.
    """

    case: str
    contestant: str
    unit: str
    figures: Figures | None
    ratios: Figures | None = None
    note: str = ""
    reference: bool = False
    law: bool = False


def to_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as JSON's objects."""
    return [asdict(row) for row in rows]


def from_json(found: Sequence[dict[str, object]]) -> list[Row]:
    """The rows that ``to_json`` wrote."""
    made = []
    for one in found:
        figures, ratios = (Figures(**part) if isinstance(part := one[name], dict) else None for name in _NESTED)
        rest = {key: value for key, value in one.items() if key not in _NESTED}
        made.append(Row(**rest, figures=figures, ratios=ratios))  # type: ignore[arg-type]
    return made


_NESTED = ("figures", "ratios")


def write(path: Path | None, rows: Sequence[Row]) -> None:
    """The rows into a file, if one is wanted."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(to_json(rows), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
