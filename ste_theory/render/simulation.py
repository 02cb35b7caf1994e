"""The answer of ``simulate``: a short summary of every run. Its picture: ``simulation_plot``."""

import importlib.util
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ste_theory.model.errors import InvalidInput
from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.dynamics.checkpoint import Experiment
    from ste_theory.dynamics.outcome import Fraction
    from ste_theory.dynamics.portrait import Portrait
    from ste_theory.dynamics.rate import Rate
    from ste_theory.dynamics.run import Run

FORMATS, WIDTH = (".png", ".pdf", ".svg"), 80


@dataclass(frozen=True, eq=False)
class Shown:
    """One run and what is said about it; ``end`` holds loss, theta and rho of all starts where they stand."""

    name: str
    run: "Run"
    end: Mapping[str, Any]
    reached: "Mapping[Any, Fraction]"
    rate: "Rate | None"
    portrait: "Portrait | None"


def summary(experiment: "Experiment", shown: "Sequence[Shown]") -> str:
    """A column per surrogate, in blocks that fit the page, then what the rows mean."""
    settings, first = experiment.settings, shown[0].run
    count = len(first.state.v)
    kind = f"batches of {settings.batch}" if settings.batch else "expected dynamics"
    lines = [
        f"{experiment.quantizer} activation, {kind}, step size {settings.step_size:g}, {first.state.step} steps"
        f"{', w normalized' if settings.normalize else ''}",
        f"{count} start{'s' if count > 1 else ''} {_place(experiment.start)}, m = {first.teacher.m},"
        f" n = {first.teacher.n}",
        "",
    ]
    for block in _blocks(shown, single=count == 1):
        lines += [*block, ""]
    lines += [*_notes(experiment, shown, count), f"seed {settings.seed}"]
    return "\n".join(lines) + "\n"


def _blocks(shown: "Sequence[Shown]", *, single: bool) -> list[list[str]]:
    """As many columns side by side as fit."""
    rows = _rows(shown, single=single)

    def table(first: int, last: int) -> list[str]:
        cells = [("", *(item.name for item in shown[first:last]))]
        cells += [(label, *values[first:last]) for label, values in rows.items()]
        return columns(cells, right=list(range(1, last - first + 1)), gap="  ")

    blocks, first = [], 0
    while first < len(shown):
        last = len(shown)
        while last > first + 1 and max(map(len, table(first, last))) > WIDTH:
            last -= 1
        blocks.append(table(first, last))
        first = last
    return blocks


def _place(start: str) -> str:
    return {"near-spurious": "near the spurious minimum", "random": "at random"}.get(start, f"from {start}")


def _rows(shown: "Sequence[Shown]", *, single: bool) -> dict[str, list[str]]:
    of = "" if single else ", mean"
    rows: dict[str, list[str]] = {}
    for label, name in (("loss", "loss"), ("θ", "theta"), ("‖w‖", "rho")):
        before = [float(s.run.history.values[name][0].mean()) for s in shown]
        rows[f"{label}{of}: start"] = [f"{value:.6g}" for value in before]
        rows[f"{label}{of}: end"] = [f"{float(values.mean()):.6g}" for values in (s.end[name] for s in shown)]
    if any(s.rate for s in shown):
        rows["−d‖w‖/dt measured"] = [f"{s.rate.measured:.5g}" if s.rate else "" for s in shown]
        rows["−d‖w‖/dt predicted"] = [f"{s.rate.predicted:.5g}" if s.rate else "" for s in shown]
        rows["measured off by"] = [_off(s.rate) for s in shown]
    crossings = [s.run.state.crossings for s in shown]
    if single:
        firsts = [float(c.first[0]) for c in crossings]
        rows["w first reached 0"] = ["never" if math.isnan(step) else f"after {step:.2f} steps" for step in firsts]
        if any(c.count[0] for c in crossings):
            rows["loss there"] = [f"{c.before[0]:.4g} → {c.after[0]:.4g}" if c.count[0] else "" for c in crossings]
            rows["times w passed 0"] = [str(int(c.count[0])) for c in crossings]
        rows["converged to"] = [next(iter(s.reached)) for s in shown]
        return rows
    for outcome in dict.fromkeys(key for s in shown for key in s.reached):
        rows[str(outcome)] = [_fraction(s.reached.get(outcome)) for s in shown]
    rows["w reached 0 on the way"] = [f"{100 * float((c.count > 0).mean()):.4g} %" for c in crossings]
    return rows


def _off(rate: "Rate | None") -> str:
    """How far the measured rate is from the predicted one; a predicted rate of 0 has no percentage."""
    if rate is None or rate.predicted == 0:
        return ""
    return f"{100 * abs(rate.measured / rate.predicted - 1):.2f} %"


def _fraction(fraction: "Fraction | None") -> str:
    if fraction is None:
        return "0"
    return f"{100 * fraction.value:.2f} % [{100 * fraction.low:.2f}, {100 * fraction.high:.2f}]"


def _notes(experiment: "Experiment", shown: "Sequence[Shown]", count: int) -> list[str]:
    notes = []
    if any(s.rate for s in shown):
        which = "" if count == 1 else " (of the first start)"
        notes.append(
            f"−d‖w‖/dt{which}: slope over the last third of the way to 0, or of the run; predicted is"
            " −M₋·2(m−1)S*²/(m+1)², the rate at the spurious minimum (general.stationarity)."
        )
    if count > 1:
        notes.append("[ ]: 95 % interval of Wilson.")
    if any("undecided" in s.reached for s in shown):
        notes.append(f"undecided: at no fixed point yet after {shown[0].run.state.step} steps.")
    beside = sorted({str(kind) for s in shown for kind in s.reached if str(kind).startswith("stationary")})
    if beside:
        notes.append(f"{', '.join(beside)}: both expected gradients vanish there, the loss is not the least.")
    if any("w at 0" in s.reached for s in shown):
        notes.append("w at 0: ‖w‖ is held at 0, where the loss jumps; nothing has converged.")
    return [line for note in notes for line in textwrap.wrap(note, WIDTH, break_on_hyphens=False)]


def require_matplotlib(path: Path) -> None:
    """Raise ``InvalidInput`` now for a picture that cannot be drawn later."""
    if path.suffix.lower() not in FORMATS:
        raise InvalidInput(f"--plot {path}: name a file that ends in {', '.join(FORMATS)}")
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidInput("--plot needs matplotlib: install ste-theory[report]")
