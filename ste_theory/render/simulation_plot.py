"""The picture of ``simulate``: loss, angle and norm against steps, phase portraits, basin fractions."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ste_theory.render.simulation import Shown

DRAWN = 20  # starts drawn as curves
MANY = 40  # crossings of 0 in one run that are drawn as lines; more of them would cover the curves
_MARKS = {
    "global minimum": ("*", 11),
    "spurious minimum": ("s", 7),
    "saddle": ("X", 8),
    "stationary at 0": ("D", 6),
    "stationary at π": ("D", 6),
}
_ANGLES = ([0, math.pi / 4, math.pi / 2, 3 * math.pi / 4, math.pi], ["0", "π/4", "π/2", "3π/4", "π"])


def draw(path: Path, shown: "Sequence[Shown]") -> None:
    """Loss, angle, norm, phase portraits in (θ, D) with critical points and separatrix, and basin fractions."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-(len(shown) + 1) // 3)
    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "ste-theory",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with rc_context(style):
        # A figure of its own: no state of pyplot, no window system.
        figure = Figure(figsize=(4.2 * 3, 3.4 * (1 + rows)), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(1 + rows, 12)
        zero = _first_zero(shown)
        width = 4 if zero is None else 3
        axes = [figure.add_subplot(grid[0, first : first + width]) for first in range(0, 12, width)]
        if zero is not None:
            _before_zero(axes.pop(0), shown, zero)
        for axis, (name, label) in zip(axes, (("loss", "loss"), ("theta", "θ"), ("rho", "‖w‖")), strict=True):
            _against_steps(axis, shown, name, label)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), frameon=False)
        for index, item in enumerate(shown):
            _phase(figure.add_subplot(grid[1 + index // 3, 4 * (index % 3) : 4 * (index % 3) + 4]), item, f"C{index}")
        row, column = divmod(len(shown), 3)
        _basins(figure.add_subplot(grid[1 + row, 4 * column :]), shown)
        figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)


def _against_steps(axis: Any, shown: "Sequence[Shown]", name: str, label: str) -> None:
    for index, item in enumerate(shown):
        history, crossings = item.run.history, item.run.state.crossings
        curves = history.values[name][:, :DRAWN]
        single = curves.shape[1] == 1
        axis.plot(
            history.steps, curves, color=f"C{index}", linewidth=1.3 if single else 0.8, alpha=1 if single else 0.45
        )
        axis.plot([], [], color=f"C{index}", label=item.name)
        if single and not math.isnan(first := crossings.first[0]):
            axis.axvline(first, color=f"C{index}", linewidth=0.8, linestyle=":")
            if name == "rho":
                place = (first, axis.get_ylim()[1] / 2)
                axis.annotate("w passes 0", place, xytext=(4, 0), textcoords="offset points", fontsize="small")
        if single and name == "rho" and item.rate is not None and item.rate.predicted != 0:
            _predicted(axis, item)
    axis.set(xlabel="step", ylabel=label)
    axis.margins(x=0.01)
    if name == "theta":
        axis.set_ylim(-0.1, math.pi + 0.1)
        axis.set_yticks(*_ANGLES)
    else:
        axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))


def _first_zero(shown: "Sequence[Shown]") -> float | None:
    """When the first of single starts passes w = 0: the jumps there would hide how the loss fell before."""
    firsts = [float(first) for item in shown for first in item.run.state.crossings.first[:1]]
    single = all(len(item.run.state.v) == 1 for item in shown)
    return min((first for first in firsts if not math.isnan(first)), default=None) if single else None


def _before_zero(axis: Any, shown: "Sequence[Shown]", until: float) -> None:
    for index, item in enumerate(shown):
        steps, loss = item.run.history.steps, item.run.history.values["loss"][:, 0]
        axis.plot(steps[steps <= until], loss[steps <= until], color=f"C{index}", linewidth=1.3)
    axis.ticklabel_format(axis="y", useOffset=False)
    axis.margins(x=0.01)
    axis.set(xlabel="step", ylabel="loss before w passes 0")


def _predicted(axis: Any, item: "Shown") -> None:
    """The straight line of the predicted rate through the first record, down to 0."""
    assert item.rate is not None
    start, slope = float(item.run.history.values["rho"][0, 0]), item.rate.predicted * item.run.settings.step_size
    last = min(float(item.run.state.step), start / slope if slope > 0 else math.inf)
    (line,) = axis.plot([0, last], [start, start - slope * last], color="black", linewidth=0.9, linestyle=(0, (4, 3)))
    axis.legend([line], ["predicted"], fontsize="small", frameon=False, loc="center right")


def _phase(axis: Any, item: "Shown", colour: str) -> None:
    import numpy as np

    history, crossings = item.run.history, item.run.state.crossings
    drawn = min(DRAWN, history.values["D"].shape[1])
    for start in range(drawn):
        theta, D = _unbroken(history.values["theta"][:, start], history.values["D"][:, start])
        axis.plot(theta, D, color=colour, linewidth=1, alpha=0.6)
        if crossings.count[start] and drawn == 1:
            axis.plot(theta[np.isfinite(theta)][-1], D[np.isfinite(D)][-1], ".", color=colour)
    axis.plot(
        history.values["theta"][0, :drawn],
        history.values["D"][0, :drawn],
        "o",
        color=colour,
        markersize=4,
        # Above the marks of the critical points, near one of which a start may lie.
        zorder=4,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label="start",
    )
    axis.set(xlabel="θ", ylabel="D = vᵀv*", title=item.name, xlim=(-0.1, math.pi + 0.1))
    axis.set_xticks(*_ANGLES)
    reach = [float(x) for x in history.values["D"][0, :drawn]]
    if item.portrait is not None:
        reach += [point.D for point in item.portrait.fixed_points]
        for number, curve in enumerate(item.portrait.connections):
            axis.plot(*curve, color="0.55", linewidth=1, zorder=1, label="" if number else "from the saddle")
        for number, curve in enumerate(item.portrait.separatrix):
            axis.plot(*curve, color="0.15", linewidth=1, linestyle="--", zorder=1, label="" if number else "separatrix")
        for kind, (mark, size) in _MARKS.items():
            at = [(point.theta, point.D) for point in item.portrait.fixed_points if point.kind == kind]
            if at:
                axis.plot(*zip(*at, strict=True), mark, color="black", markersize=size, clip_on=False, label=kind)
    room = 0.25 * (max(reach) - min(reach) + 1e-3)
    axis.set_ylim(min(reach) - room, max(reach) + room)
    axis.legend(fontsize="x-small", loc="upper center", ncols=2, framealpha=0.85, handlelength=1.6)
    # Room for the legend above what is drawn.
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.3 * (high - low))


def _unbroken(theta: Any, D: Any) -> tuple[Any, Any]:
    """The curve with gaps where θ jumps because w passed 0: by more than a quarter turn in a record."""
    import numpy as np

    jumps = np.flatnonzero(np.abs(np.diff(theta)) > math.pi / 4) + 1
    return np.insert(theta, jumps, np.nan), np.insert(D, jumps, np.nan)


def _basins(axis: Any, shown: "Sequence[Shown]") -> None:
    outcomes = list(dict.fromkeys(key for item in shown for key in item.reached))
    width = 0.8 / len(shown)
    for index, item in enumerate(shown):
        for place, outcome in enumerate(outcomes):
            fraction = item.reached.get(outcome)
            if fraction is None:
                continue
            spread = [[max(fraction.value - fraction.low, 0.0)], [max(fraction.high - fraction.value, 0.0)]]
            error = None if fraction.total == 1 else spread
            axis.barh(
                place + index * width, fraction.value, width, color=f"C{index}", xerr=error,
                error_kw={"capsize": 2, "linewidth": 1},
            )  # fmt: skip
            axis.annotate(
                f"{100 * fraction.value:.1f} %", (min(fraction.high, 1.0), place + index * width), xytext=(4, 0),
                textcoords="offset points", va="center", fontsize="x-small",
            )  # fmt: skip
    centres = [place + 0.4 - width / 2 for place in range(len(outcomes))]
    steps = shown[0].run.state.step
    axis.set_yticks(centres, [_named(str(outcome), steps) for outcome in outcomes], fontsize="small")
    axis.invert_yaxis()
    single = len(shown[0].run.state.v) == 1
    axis.set(xlabel="where it ended" if single else "fraction of starts, 95 % interval", xlim=(0, 1.18))
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1.0])


def _named(outcome: str, steps: int) -> str:
    return f"undecided\nafter {steps} steps" if outcome == "undecided" else outcome.replace(" ", "\n", 1)
