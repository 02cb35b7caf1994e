"""The answer of ``simulate``: a short summary of every run, and a picture of them."""

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

FORMATS = (".png", ".pdf", ".svg")
DRAWN = 20  # starts drawn as curves
_MARKS = {"global minimum": "*", "spurious minimum": "s", "saddle": "X", "stationary at π": "D"}


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
    """A column per surrogate, then what the rows mean."""
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
    rows = [("", *(item.name for item in shown))]
    for label, values in _rows(shown, single=count == 1).items():
        rows.append((label, *values))
    lines += columns(rows, right=list(range(1, len(shown) + 1)), gap="  ")
    lines += ["", *_notes(experiment, shown, count), f"seed {settings.seed}"]
    return "\n".join(lines) + "\n"


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
        rows["at the spurious minimum"] = [f"{s.rate.predicted:.5g}" if s.rate else "" for s in shown]
    crossings = [s.run.state.crossings for s in shown]
    if single:
        rows["w first reached 0"] = ["never" if math.isnan(c.first[0]) else f"step {c.first[0]:.2f}" for c in crossings]
        if any(c.count[0] for c in crossings):
            rows["loss there"] = [f"{c.before[0]:.4g} → {c.after[0]:.4g}" if c.count[0] else "" for c in crossings]
            rows["times w passed 0"] = [str(int(c.count[0])) for c in crossings]
        rows["converged to"] = [next(iter(s.reached)) for s in shown]
        return rows
    for outcome in dict.fromkeys(key for s in shown for key in s.reached):
        rows[str(outcome)] = [_fraction(s.reached.get(outcome)) for s in shown]
    rows["w reached 0 on the way"] = [f"{100 * float((c.count > 0).mean()):.4g} %" for c in crossings]
    return rows


def _fraction(fraction: "Fraction | None") -> str:
    if fraction is None:
        return "0"
    return f"{100 * fraction.value:.2f} % [{100 * fraction.low:.2f}, {100 * fraction.high:.2f}]"


def _notes(experiment: "Experiment", shown: "Sequence[Shown]", count: int) -> list[str]:
    notes = []
    if any(s.rate for s in shown):
        which = "" if count == 1 else " (of the first start)"
        notes.append(
            f"−d‖w‖/dt{which}: slope over the last third of the way to 0, or of the run; below it −M₋·2(m−1)S*²/(m+1)²,"
            " the rate at the spurious minimum (general.stationarity)."
        )
    if count > 1:
        notes.append("[ ]: 95 % interval of Wilson.")
    if any("undecided" in s.reached for s in shown):
        known = "" if shown[0].run.problem.is_binary else "; of this activation the global minimum alone is known"
        notes.append(f"undecided: at no fixed point yet after {shown[0].run.state.step} steps{known}.")
    if any("w at 0" in s.reached for s in shown):
        notes.append("w at 0: ‖w‖ is held at 0, where the loss jumps; nothing has converged.")
    return [line for note in notes for line in textwrap.wrap(note, 80, break_on_hyphens=False)]


def require_matplotlib(path: Path) -> None:
    """Raise ``InvalidInput`` now for a picture that cannot be drawn later."""
    if path.suffix.lower() not in FORMATS:
        raise InvalidInput(f"--plot {path}: name a file that ends in {', '.join(FORMATS)}")
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidInput("--plot needs matplotlib: install ste-theory[report]")


def draw(path: Path, shown: "Sequence[Shown]") -> None:
    """Loss, angle, norm, phase portraits in (θ, D) with critical points and separatrix, and basin fractions."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # A figure of its own: no state of pyplot, no window system.
    figure = Figure(figsize=(4.2 * 3, 3.4 * (1 + -(-(len(shown) + 1) // 3))), layout="constrained")
    FigureCanvasAgg(figure)
    height = 1 + -(-(len(shown) + 1) // 3)
    axes = figure.subplots(height, 3, squeeze=False)
    for axis, (name, label) in zip(axes[0], (("loss", "loss"), ("theta", "θ"), ("rho", "‖w‖")), strict=True):
        for index, item in enumerate(shown):
            history = item.run.history
            curves = history.values[name][:, :DRAWN]
            axis.plot(history.steps, curves, color=f"C{index}", linewidth=1, alpha=1 if curves.shape[1] == 1 else 0.5)
            axis.plot([], [], color=f"C{index}", label=item.name)
            for first in item.run.state.crossings.first[:DRAWN]:
                if not math.isnan(first):
                    axis.axvline(first, color=f"C{index}", linewidth=0.6, linestyle=":")
        axis.set(xlabel="step", ylabel=label)
    axes[0][0].legend(fontsize="small")
    places = list(axes[1:].flat)
    for index, item in enumerate(shown):
        _phase(places[index], item, f"C{index}")
    _basins(places[len(shown)], shown)
    for axis in places[len(shown) + 1 :]:
        axis.set_axis_off()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "ste-theory"}):
        figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)


def _phase(axis: Any, item: Shown, colour: str) -> None:
    values = item.run.history.values
    axis.plot(values["theta"][:, :DRAWN], values["D"][:, :DRAWN], color=colour, linewidth=1, alpha=0.6)
    axis.plot(values["theta"][0, :DRAWN], values["D"][0, :DRAWN], "o", color=colour, markersize=3)
    axis.set(xlabel="θ", ylabel="D = vᵀv*", title=item.name, xlim=(-0.1, math.pi + 0.1))
    if item.portrait is None:
        return
    reach = [point.D for point in item.portrait.fixed_points] + [float(x) for x in values["D"][0, :DRAWN]]
    room = 0.25 * (max(reach) - min(reach) + 1e-3)
    axis.set_ylim(min(reach) - room, max(reach) + room)
    for curve in item.portrait.connections:
        axis.plot(*curve, color="0.5", linewidth=0.8)
    for curve in item.portrait.separatrix:
        axis.plot(*curve, color="0.2", linewidth=0.8, linestyle="--")
    for point in item.portrait.fixed_points:
        axis.plot(point.theta, point.D, _MARKS[point.kind], color="black", markersize=6, label=point.kind)
    axis.legend(fontsize="x-small")


def _basins(axis: Any, shown: "Sequence[Shown]") -> None:
    outcomes = list(dict.fromkeys(key for item in shown for key in item.reached))
    width = 0.8 / len(shown)
    for index, item in enumerate(shown):
        for place, outcome in enumerate(outcomes):
            fraction = item.reached.get(outcome)
            if fraction is None:
                continue
            if fraction.total == 1:
                axis.bar(place + index * width, 1.0, width, color=f"C{index}")
                continue
            error = [[max(fraction.value - fraction.low, 0.0)], [max(fraction.high - fraction.value, 0.0)]]
            axis.bar(place + index * width, fraction.value, width, color=f"C{index}", yerr=error)
    centres = [place + 0.4 - width / 2 for place in range(len(outcomes))]
    axis.set_xticks(centres, [str(outcome) for outcome in outcomes], rotation=20, fontsize="x-small")
    axis.set(ylabel="fraction of starts", ylim=(0, 1.05))
