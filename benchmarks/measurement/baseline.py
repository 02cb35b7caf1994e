"""The stored results of one run, and what is slower than they were: ratios to the peers, because those travel.

A time depends on the machine, a ratio within one run much less. A row is *flagged* if its median ratio fell below the
stored one by more than ``FACTOR``, or if it has no ratio any more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measurement.row import Row, from_json, to_json

FACTOR = 1.5


@dataclass(frozen=True)
class Benchmark:
    """The rows of one script, the first line of its documentation, the seconds that it took, and whether it was quick:
    as few rounds as possible."""

    title: str
    seconds: float
    rows: Sequence[Row]
    quick: bool = False


@dataclass(frozen=True)
class Stored:
    """Results by name of the script, with the machine and the versions they were measured on."""

    machine: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)

    def updated(self, other: "Stored", order: Sequence[str]) -> "Stored":
        """With the benchmarks of another run in place of these; those that ``order`` does not name are gone."""
        both = {**self.benchmarks, **other.benchmarks}
        return Stored(other.machine, other.libraries, {name: both[name] for name in order if name in both})


def load(path: Path) -> Stored:
    """What ``save`` wrote. Raises ``ValueError`` that names the file if it is not that."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        benchmarks = {
            name: Benchmark(part["title"], part["seconds"], from_json(part["rows"]), part["quick"])
            for name, part in found["benchmarks"].items()
        }
        return Stored(found["machine"], found["libraries"], benchmarks)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not the results of a run of benchmarks ({error})") from error


def save(path: Path, results: Stored) -> None:
    """The results as JSON."""
    benchmarks = {
        name: {"title": one.title, "seconds": round(one.seconds, 1), "quick": one.quick, "rows": to_json(one.rows)}
        for name, one in results.benchmarks.items()
    }
    document = {"machine": dict(results.machine), "libraries": dict(results.libraries), "benchmarks": benchmarks}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def flagged(now: Stored, then: Stored, factor: float = FACTOR) -> list[str]:
    """One line per row that is slower than stored by more than ``factor``, of the benchmarks that both have."""
    lines = []
    for name, stored in then.benchmarks.items():
        if name not in now.benchmarks:
            continue
        measured = {(row.case, row.contestant): row for row in now.benchmarks[name].rows}
        for row in stored.rows:
            if row.ratios is None:
                continue
            where = f"{name}, {row.case}, {row.contestant}"
            found = measured.get((row.case, row.contestant))
            if found is None or found.ratios is None:
                reason = "not run" if found is None else found.note or "not measured"
                lines.append(f"GONE {where}: {reason}; the stored ratio is {row.ratios.median:.3g}")
            elif found.ratios.median * factor < row.ratios.median:
                now_, then_ = found.ratios.median, row.ratios.median
                lines.append(f"SLOWER {where}: ratio {now_:.3g}, stored {then_:.3g}: {then_ / now_:.2g} times")
    return lines


def behind(results: Stored) -> list[str]:
    """One line per row in which a contestant takes less time than this package."""
    return [
        f"BEHIND {name}, {row.case}, {row.contestant}: {row.ratios.median:.3g}{f' ({row.note})' if row.note else ''}"
        for name, one in results.benchmarks.items()
        for row in one.rows
        if row.ratios is not None and row.ratios.median < 1 and not row.reference
    ]
