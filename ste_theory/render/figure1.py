"""The answer of ``experiment figure1``: a table and the picture."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.experiments.figure1 import Figure1


def summary(found: "Figure1") -> str:
    """A line per number of samples."""
    at = found.point
    direction = "E g" if found.direction == "expected" else "the mean g of the same samples"
    head = (
        f"{found.problem.quantizer.name} activation, {found.problem.surrogate.name}, m = {at.rows}, n = {at.n}: the "
        f"loss at w − η·d, d = {direction}, at {len(found.step_sizes)} step sizes η from 0 to "
        f"{found.step_sizes[-1]:.4g}. The population loss goes from {found.population[0]:.6g} to "
        f"{found.population.min():.6g}."
    )
    rows = [("samples", "rises", "largest rise", "from population", "loss: start", "end")]
    for curve in found.curves:
        ends = (f"{curve.losses[0]:.4f}", f"{curve.losses[-1]:.4f}")
        rows.append(
            (str(curve.samples), str(curve.rises), f"{100 * curve.steepest:.2g} %", f"{curve.distance:.4f}", *ends)
        )
    rises = sum(bool(x > 0) for x in (found.population[1:] - found.population[:-1]))
    rows.append(("population", str(rises), "", "", f"{found.population[0]:.4f}", f"{found.population[-1]:.4f}"))
    note = (
        "rises: how often the curve goes up from one step size to the next until the population loss is least; the "
        "largest as a part of the population curve's fall; from population: the largest distance from it. "
    )
    if found.enough is not None:
        note += (
            f"{found.enough:.3g} samples make it fall with probability 0.95 over five step sizes whose population "
            "losses are equally far apart (the bound of yin2019.finite-sample-loss; fewer do). "
        )
    note += f"Seed {found.seed}."
    parts = (textwrap.wrap(head, 80), [""], columns(rows, right=range(6), gap="  "), [""], textwrap.wrap(note, 80))
    return "\n".join(line for part in parts for line in part) + "\n"


def draw(path: Path, found: "Figure1") -> None:
    """A panel per number of samples, with the population loss along the same line."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    count = len(found.curves)
    width = min(count, 3)
    height = -(-count // width)
    # A figure of its own: no state of pyplot, no window system.
    figure = Figure(figsize=(3.6 * width + 0.4, 2.9 * height + 0.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = list(figure.subplots(height, width, squeeze=False, sharex=True, sharey=True).flat)
    for axis, curve in zip(axes, found.curves, strict=False):
        axis.plot(found.step_sizes, curve.population, color="0.35", linewidth=1.4, linestyle="--", label="population")
        axis.plot(found.step_sizes, curve.losses, color="C0", linewidth=1.1, drawstyle="steps-post", label="empirical")
        axis.set_title(
            f"{curve.samples:,} sample{'s' if curve.samples > 1 else ''}".replace(",", "\u202f"), fontsize=10
        )
        axis.grid(color="0.9", linewidth=0.6)
        axis.set_axisbelow(True)
        axis.margins(x=0)
    for axis in axes[count:]:
        axis.set_axis_off()
    for index, axis in enumerate(axes[:count]):
        axis.tick_params(labelbottom=index + width >= count)
        if index + width >= count:
            axis.set_xlabel("step size η")
        if index % width == 0:
            axis.set_ylabel("loss")
    axes[0].legend(fontsize="small", frameon=False)
    name = found.problem.surrogate.name
    figure.suptitle(f"Loss along the negative coarse gradient of {name}", fontsize=11)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "ste-theory"}):
        figure.savefig(path, dpi=130, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)


def record(found: "Figure1") -> dict[str, Any]:
    """Every curve, for JSON."""
    return {
        "schema": 1,
        "quantizer": found.problem.quantizer.name,
        "surrogate": found.problem.surrogate.name,
        "direction": found.direction,
        "seed": found.seed,
        "point": {name: getattr(found.point, name).tolist() for name in ("v", "w", "v_star", "w_star")},
        "step_sizes": found.step_sizes.tolist(),
        "population": found.population.tolist(),
        "enough": found.enough,
        "curves": [
            {
                "samples": curve.samples,
                "losses": curve.losses.tolist(),
                "population": curve.population.tolist(),
                "rises": curve.rises,
                "largest_rise": curve.steepest,
            }
            for curve in found.curves
        ],
    }
