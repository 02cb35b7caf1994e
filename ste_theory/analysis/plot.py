"""A picture of a surrogate: μ′, its response M, and the correlation over angle and scale (binary quantizer)."""

from pathlib import Path

import numpy as np

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.response import response


class NoPlot(SteTheoryError):
    """The picture cannot be drawn here."""


def plot(surrogate: Surrogate, file: Path, max_scale: float = 10.0) -> None:
    """Write the picture in the format of the file's suffix. Raises ``NoPlot`` where matplotlib is missing."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise NoPlot("--plot needs matplotlib: pip install 'ste-theory[report]'") from None
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    left, middle, right = figure.subplots(1, 3)
    reach = 1.5 * max([2.0, *(abs(float(place)) for place in surrogate.breakpoints)])
    x = np.linspace(-reach, reach, 1201)
    left.plot(x, surrogate(x))
    left.set(title="surrogate derivative μ′(x)", xlabel="pre-activation x")
    scales = np.geomspace(max_scale / 1000, max_scale, 200)
    middle.semilogx(scales, np.asarray(response(surrogate, scales)))
    middle.axhline(0, color="black", linewidth=0.6)
    middle.set(title="response M(x) = E μ′(xξ)", xlabel="scale x = ‖w‖ sin θ")
    angles = np.linspace(0.01, np.pi - 0.01, 120)
    rho, theta = np.meshgrid(scales[::2], angles)
    sine = np.sin(theta)
    value = sine * np.asarray(response(surrogate, rho * sine)) / ((2 * np.pi) ** 1.5 * rho)
    shown = np.sign(value) * np.sqrt(np.abs(value) / np.abs(value).max())
    mesh = right.pcolormesh(rho, theta, shown, cmap="RdBu", vmin=-1, vmax=1, shading="auto", rasterized=True)
    right.set(xscale="log", title="correlation (root scale; red: uphill)", xlabel="‖w‖", ylabel="angle θ")
    figure.colorbar(mesh, ax=right)
    try:
        figure.savefig(file, dpi=130)
    except ValueError as error:
        raise NoPlot(f"{file}: {str(error).splitlines()[0]}") from None
