"""The answer of ``experiment digits-quantized``."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.networks.experiments.digits_quantized import DigitsQuantized, Projected


def short(surrogate: str) -> str:
    """The name without the folder of the catalogue."""
    return surrogate.rpartition(".")[2].replace("_", "-")


def summary(study: "DigitsQuantized", runs: "Sequence[Projected]") -> str:
    """Loss, accuracy and how far apart the classes' features are, a line per run."""
    protocol = study.protocols[0]
    head = (
        f"LeNet-5 on {study.source.dataset}, {protocol.epochs} epochs, learning rate {protocol.learning_rate:g}; the "
        "surrogates of Long, Yin, Xin 2021 (experiment reconstructed from the abstract). Separation: variance of the "
        "class means of the last features over the variance within classes, held-out images; in 2-D: share of the "
        "variance that two principal components hold."
    )
    rows = [("bits", "surrogate", "seed", "training loss", "accuracy %", "separation", "in 2-D")]
    order = {name: number for number, name in enumerate(study.surrogates)}
    for run in sorted(runs, key=lambda run: (run.task.bits, order[run.task.surrogate], run.task.replicate)):
        cells = (f"{run.loss:.2e}", f"{run.accuracy:.2f}", f"{run.separation:.2f}", f"{100 * run.shown:.0f} %")
        rows.append((str(run.task.bits), short(run.task.surrogate), str(run.task.replicate), *cells))
    lines = [*textwrap.wrap(head, 80), "", *columns(rows, right=[0, 2, 3, 4, 5, 6], gap="  "), "", f"seed {study.root}"]
    return "\n".join(lines) + "\n"


def record(study: "DigitsQuantized", runs: "Sequence[Projected]") -> dict[str, Any]:
    """Settings and runs, the projections included, for JSON."""
    return {
        "schema": 1,
        "source": "Long, Yin, Xin 2021, reconstructed",
        "settings": study.to_json(),
        "runs": [
            {
                **vars(run.task),
                "loss": run.loss,
                "accuracy": run.accuracy,
                "separation": run.separation,
                "variance_shown": run.shown,
                "seconds": round(run.seconds, 2),
                "labels": run.labels.tolist(),
                "plane": [[round(float(x), 4) for x in point] for point in run.plane],
            }
            for run in runs
        ],
    }


def draw(path: Path, study: "DigitsQuantized", runs: "Sequence[Projected]") -> None:
    """The features of the first seed in two dimensions, a panel per bit width and surrogate, a colour per class."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    first = {(run.task.bits, run.task.surrogate): run for run in runs if run.task.replicate == 0}
    figure = Figure(figsize=(3.2 * len(study.surrogates), 3.1 * len(study.bits)), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(study.bits), len(study.surrogates), squeeze=False)
    for row, bits in zip(panels, study.bits, strict=True):
        for panel, surrogate in zip(row, study.surrogates, strict=True):
            panel.set(title=f"{short(surrogate)}, {bits} bits", xticks=[], yticks=[])
            if (run := first.get((bits, surrogate))) is not None:
                panel.scatter(*run.plane.T, c=run.labels, cmap="tab10", s=5)
                panel.set_xlabel(f"{run.accuracy:.2f} %", fontsize=8)
    figure.suptitle("last features, first two principal components (Long, Yin, Xin 2021, reconstructed)", fontsize=9)
    figure.savefig(path, dpi=130)
