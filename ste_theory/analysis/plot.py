"""A picture of a surrogate: μ′, its response M, and the correlation over angle and scale."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ste_theory.analysis.analyze import single_step
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import Staircase, binary
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.response import response

Array = npt.NDArray[np.float64]


class NoPlot(SteTheoryError):
    """The picture cannot be drawn here."""


def plot(surrogate: Surrogate, file: Path, max_scale: float = 10.0, quantizer: Staircase | None = None) -> None:
    """Write the picture in the format of the file's suffix. Raises ``NoPlot`` where matplotlib is missing.

    The correlation is that of one row with v = v*, times ‖w‖, which takes the size of the steps out; with several
    steps ‖w*‖ = ‖w‖.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise NoPlot("--plot needs matplotlib: pip install 'ste-theory[report]'") from None
    quantizer = binary() if quantizer is None else quantizer
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(surrogate.name if len(surrogate.name) < 90 else f"{surrogate.name[:88]}…", fontsize=11)
    left, middle, right = figure.subplots(1, 3)
    reach = 1.5 * max([2.0, *(abs(float(place)) for place in (*surrogate.breakpoints, *quantizer.thresholds))])
    x = _cut(np.linspace(-reach, reach, 1201), surrogate)
    left.plot(x, surrogate(x))
    for place in quantizer.thresholds:
        left.axvline(float(place), color="grey", linewidth=0.6, linestyle=":")
    left.set(title="surrogate derivative μ′(x)", xlabel="pre-activation x (dotted: steps)")
    scales = np.geomspace(max_scale / 1000, max_scale, 120)
    middle.semilogx(scales, np.asarray(response(surrogate, scales)))
    middle.axhline(0, color="black", linewidth=0.6)
    middle.set(title="response M(x) = E μ′(xξ)", xlabel="scale x = ‖w‖ sin θ")
    angles = np.linspace(0.01, np.pi - 0.01, 90)
    value = _correlation(surrogate, quantizer, scales, angles)
    shown = np.sign(value) * np.sqrt(np.abs(value) / (np.abs(value).max() or 1.0))
    mesh = right.pcolormesh(scales, angles, shown, cmap="RdBu", vmin=-1, vmax=1, shading="gouraud", rasterized=True)
    if value.min() < 0 < value.max():
        right.contour(scales, angles, value, levels=[0.0], colors="black", linewidths=0.8)
    right.set(xscale="log", title="‖w‖ · correlation, v = v* (red: uphill)", xlabel="‖w‖", ylabel="angle θ")
    right.set_yticks([0, np.pi / 2, np.pi], ["0", "π/2", "π"])
    right.set_ylim(0, np.pi)
    bar = figure.colorbar(mesh, ax=right, ticks=[-1, 0, 1])
    bar.set_label("root scale, of the largest")
    try:
        figure.savefig(file, dpi=130)
    except ValueError as error:
        raise NoPlot(f"{file}: {str(error).splitlines()[0]}") from None


def _cut(x: Array, surrogate: Surrogate) -> Array:
    """Points on both sides of each breakpoint, so that a jump is drawn upright."""
    places = np.array([float(place) for place in surrogate.breakpoints])
    beside = np.concatenate([np.nextafter(places, -np.inf), np.nextafter(places, np.inf)])
    return np.sort(np.concatenate([x, beside]))


def _correlation(surrogate: Surrogate, quantizer: Staircase, scales: Array, angles: Array) -> Array:
    """ρ·⟨E g, ∂f/∂w⟩ with v = v* = (1), a row for each angle."""
    if single_step(quantizer):
        rho, theta = np.meshgrid(scales, angles)
        sine = np.sin(theta)
        cube = float(quantizer.heights[0]) ** 3
        return np.asarray(cube * sine * np.asarray(response(surrogate, rho * sine)) / (2 * np.pi) ** 1.5)
    from ste_theory.analysis.multilevel import matched

    return matched(Problem(quantizer, surrogate), scales, angles) * scales
