"""The training experiments in words and columns of at most 80 characters."""

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.networks.experiments.instability import Instability
    from ste_theory.networks.experiments.results import Results
    from ste_theory.networks.experiments.summary import Minima, Ratio, Row, Spread
    from ste_theory.networks.training.protocol import Protocol

WIDTH, NAME = 80, 12


def table1(results: "Results") -> str:
    """Training loss and validation accuracy with their spread, beside the paper's figures."""
    from ste_theory.networks.experiments.published import DATA
    from ste_theory.networks.experiments.summary import compared, rows

    found = rows(results)
    lines = _heading(results)
    header = ("network", "bits", "surrogate", "training loss", "accuracy %", "paper loss", "%")
    cells = [header, *(_row(row) for row in found)]
    lines += ["", *columns(cells, right=[1, 3, 4, 5, 6]), ""]
    notes = [_spread_note(results)]
    names = results.study.surrogates
    for network in results.study.networks:
        for bits in results.study.bits:
            for other in names[1:]:
                ratio = compared(results, network, bits, names[0], other)
                if ratio is not None:
                    notes.append(f"{network}, {bits} bits: training loss of {names[0]} over {other}: {_ratio(ratio)}.")
    if any(row.published for row in found):
        which = ", ".join(f"{name} on {DATA[name]}" for name in results.study.networks)
        notes.append(f"paper: the figures that Yin et al. 2019 print, one run each, of {which}.")
    return _text(lines, notes, results)


def instability(results: "Results") -> str:
    """What each surrogate does from the minima, rate by rate, and whether it leaves them."""
    from ste_theory.networks.experiments.summary import minima

    study: Instability = results.study  # type: ignore[assignment]
    lines, notes = _heading(results), []
    for found in minima(results):
        lines += ["", *_minima(found, study)]
        notes += _verdicts(found, study)
    notes.append(
        f"×before: the loss over that of the minimum; ×beside: over the loss under {study.start} from there with the"
        " same batches, which removes what all share, such as the running means settling. left: the loss rises in every"
        " seed, and ×beside is above 1 by Student's test over the seeds (logarithms, one-sided, 1 % for all of them"
        " together by Holm's correction)."
    )
    notes.append(_spread_note(results))
    notes.append(
        "In theory (general.misspecified) every surrogate is stationary where the residual vanishes; where it does not,"
        " the identity surrogate drifts from the minimum, one-sided ones little or, for one bit, not at all."
    )
    return _text(lines, notes, results)


def _heading(results: "Results") -> list[str]:
    study, data = results.study, results.data
    shape = f"{data.side}×{data.side}"
    lines = [f"{study.source.dataset}: {data.training} training and {data.validation} validation images of {shape}"]
    if study.source.label_noise:
        lines.append(f"{100 * study.source.label_noise:g} % of the training labels drawn anew")
    for network in study.networks:
        lines += textwrap.wrap(f"{network}: {_protocol(study.protocol(network))}", WIDTH, subsequent_indent="  ")
    return lines


def _protocol(protocol: "Protocol") -> str:
    drops = ", ".join(f"{round(drop * protocol.epochs)}" for drop in protocol.drops)
    return (
        f"{protocol.epochs} epoch{'' if protocol.epochs == 1 else 's'} of batches of {protocol.batch}"
        f", learning rate {protocol.learning_rate:g}"
        + (f" (a tenth after epochs {drops})" if drops else "")
        + f", momentum {protocol.momentum:g}, weight decay {protocol.weight_decay:g}"
        + (", shifted and mirrored images" if protocol.augment else "")
    )


def _row(row: "Row") -> tuple[str, ...]:
    published = ("", "") if row.published is None else (f"{row.published.loss:.1e}", f"{row.published.accuracy:.2f}")
    name = row.surrogate if len(row.surrogate) <= NAME else row.surrogate[: NAME - 1] + "…"
    return (row.network, str(row.bits), name, _small(row.loss), _percent(row.accuracy), *published)


def _minima(found: "Minima", study: "Instability") -> list[str]:
    title = f"{found.network}, {found.bits} bits: minima of {study.start}, training loss {_small(found.loss)}"
    percents = (
        f"right on training images {_percent(found.training_accuracy)} %, validation {_percent(found.accuracy)} %"
    )
    norms = ", ".join(f"{name} {spread.mean:.2g}" for name, spread in found.gradients)
    lines = [
        *textwrap.wrap(title, WIDTH),
        percents,
        *textwrap.wrap(f"norm of the mean coarse gradient there: {norms}", WIDTH),
    ]
    cells = [("rate", "surrogate", "loss after", "×before", "×beside", "accuracy %", "moved", "")]
    for step in found.steps:
        name = step.surrogate if len(step.surrogate) <= NAME else step.surrogate[: NAME - 1] + "…"
        beside = "" if step.beside is None else f"{step.beside.mean:.3g}"
        last = "left" if step.leaves else ""
        loss, accuracy = _small(step.loss), _percent(step.accuracy)
        moved = f"{step.moved.mean:.1e}"
        cells.append((f"{step.rate:g}", name, loss, f"{step.rise.mean:.3g}", beside, accuracy, moved, last))
    return [*lines, *columns(cells, right=[2, 3, 4, 5, 6])]


def _verdicts(found: "Minima", study: "Instability") -> list[str]:
    said = []
    if found.loss.count < 2:
        return [f"{found.network}, {found.bits} bits: one seed, so no verdict on what leaves."]
    for name in study.surrogates:
        steps = [step for step in found.steps if step.surrogate == name and step.beside is not None]
        if not steps:
            continue
        leaving = [f"{step.rate:g}" for step in steps if step.leaves]
        staying = [f"{step.rate:g}" for step in steps if not step.leaves]
        text = f"{found.network}, {found.bits} bits: {name} "
        if leaving:
            text += f"leaves the minima at {', '.join(leaving)}"
        if staying:
            text += (", " if leaving else "") + f"is not shown to leave them at {', '.join(staying)}"
        said.append(text + ".")
    return said


def _small(spread: "Spread") -> str:
    if math.isnan(spread.deviation):
        return f"{spread.mean:.2e}"
    return f"{spread.mean:.2e} ± {spread.deviation:.0e}"


def _percent(spread: "Spread") -> str:
    return f"{spread.mean:.2f}" + ("" if math.isnan(spread.deviation) else f" ± {spread.deviation:.2f}")


def _ratio(ratio: "Ratio") -> str:
    return f"{ratio.mean:.3g}, above 1 in {ratio.above} of {ratio.count} seeds"


def _spread_note(results: "Results") -> str:
    seeds = results.study.seeds
    if seeds == 1:
        return "One seed: no spread is known."
    return f"±: standard deviation over {seeds} seeds; × and ratios: geometric means, seed by seed."


def _text(lines: Sequence[str], notes: Sequence[str], results: "Results") -> str:
    body = [line for note in notes for line in textwrap.wrap(note, WIDTH, break_on_hyphens=False)]
    if results.missing:
        body.append(f"{results.missing} of {len(results.study.tasks())} runs are missing")
    total = sum(run.seconds for run in results.runs)
    versions = ", ".join(f"{name} {version}" for name, version in results.environment.items())
    body.append(f"seed {results.study.root}, {total:.0f} s of processor time")
    body += textwrap.wrap(f"again, to the last digit, with {versions}: the same command and --seed", WIDTH)
    return "\n".join([*lines, "", *body]) + "\n"
