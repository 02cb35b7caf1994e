"""Pictures of the training experiments."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ste_theory.networks.experiments.instability import Instability
    from ste_theory.networks.experiments.results import Results


def draw_table1(path: Path, results: "Results") -> None:
    """Training loss by epoch, as it was trained on: a panel per network and bit width, a colour per surrogate."""
    study = results.study
    panels = [(network, bits) for network in study.networks for bits in study.bits]
    figure, axes = _figure(len(panels), 1)
    for axis, (network, bits) in zip(axes[:, 0], panels, strict=True):
        for index, surrogate in enumerate(study.surrogates):
            key = (network, bits, surrogate)
            runs = [run for run in results.runs if (run.task.network, run.task.bits, run.task.surrogate) == key]
            for run in runs:
                axis.plot(range(1, len(run.batch_losses) + 1), run.batch_losses, color=f"C{index}", linewidth=0.8)
            axis.plot([], [], color=f"C{index}", label=surrogate)
        axis.set(yscale="log", xlabel="epoch", ylabel="training loss", title=f"{network}, {bits} bits")
        axis.legend(fontsize="small")
    _save(figure, path)


def draw_instability(path: Path, results: "Results") -> None:
    """Training loss by epoch after the minimum: a row per network and bit width, a column per learning rate."""
    study: Instability = results.study  # type: ignore[assignment]
    panels = [(network, bits) for network in study.networks for bits in study.bits]
    figure, axes = _figure(len(panels), len(study.rates))
    for row, (network, bits) in zip(axes, panels, strict=True):
        runs = [run for run in results.runs if (run.task.network, run.task.bits) == (network, bits)]
        for axis, rate in zip(row, study.rates, strict=True):
            for index, surrogate in enumerate(study.surrogates):
                for run in runs:
                    losses = [run.start.loss, *(each.loss for each in run.path(surrogate, rate).standings)]
                    axis.plot(range(len(losses)), losses, color=f"C{index}", linewidth=0.8)
                axis.plot([], [], color=f"C{index}", label=surrogate)
            axis.set(yscale="log", xlabel="epoch", ylabel="training loss")
            axis.set_title(f"{network}, {bits} bits, learning rate {rate:g}", fontsize="small")
            axis.legend(fontsize="small")
    _save(figure, path)


def _figure(height: int, width: int) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # A figure of its own: no state of pyplot, no window system.
    figure = Figure(figsize=(4.2 * width, 3.4 * height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(height, width, squeeze=False)


def _save(figure: Any, path: Path) -> None:
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "ste-theory"}):
        figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
