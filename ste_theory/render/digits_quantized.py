"""The answer of ``experiment digits-quantized``."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.networks.experiments.results import Results


def short(surrogate: str) -> str:
    """The name without the folder of the catalogue."""
    return surrogate.rpartition(".")[2].replace("_", "-")


def summary(results: "Results") -> str:
    """Loss, accuracy and how far apart the classes' features are, a line per run."""
    study, runs = results.study, results.runs
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
    if results.missing:
        lines.append(f"{results.missing} of {len(study.tasks())} runs are missing")
    return "\n".join(lines) + "\n"


def draw(path: Path, results: "Results") -> None:
    """The features of the first seed in two dimensions, a panel per bit width and surrogate, a colour per class whose
    number stands at the mean of its features."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patheffects import withStroke

    study, runs = results.study, results.runs
    first = {(run.task.bits, run.task.surrogate): run for run in runs if run.task.replicate == 0}
    figure = Figure(figsize=(3.2 * len(study.surrogates), 3.3 * len(study.bits) + 0.4), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(study.bits), len(study.surrogates), squeeze=False)
    for row, bits in zip(panels, study.bits, strict=True):
        for panel, surrogate in zip(row, study.surrogates, strict=True):
            panel.set_title(f"{short(surrogate)}, {bits} bits", fontsize=9)
            panel.set(xticks=[], yticks=[])
            if (run := first.get((bits, surrogate))) is None:
                panel.set_xlabel("not finished", fontsize=8)
                continue
            panel.set_aspect("equal", adjustable="datalim")
            panel.scatter(*run.plane.T, c=run.labels, cmap="tab10", vmin=-0.5, vmax=9.5, s=5)
            for label in sorted(set(run.labels.tolist())):
                x, y = run.plane[run.labels == label].mean(axis=0)
                words = panel.text(x, y, str(label), ha="center", va="center", fontsize=9, weight="bold")
                words.set_gid(f"{short(surrogate)}-{bits}-class-{label}")
                words.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
            panel.set_xlabel(
                f"accuracy {run.accuracy:.1f} %, separation {run.separation:.1f}\n"
                f"{100 * run.shown:.0f} % of the variance in this plane",
                fontsize=8,
            )
    figure.suptitle(
        f"Last features of LeNet-5 on held-out images ({study.source.dataset}), first two principal components\n"
        "Long, Yin, Xin 2021, reconstructed",
        fontsize=9,
    )
    figure.savefig(path, dpi=130)
