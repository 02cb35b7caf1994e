"""The answer of ``experiment subspaces``: tables, findings, JSON, a picture."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.experiments.subspace_cells import Cell
    from ste_theory.experiments.subspace_findings import Finding, Neighbours
    from ste_theory.experiments.subspaces import SubspaceExperiment

NEVER = "—"
# Quartiles of fewer runs say nothing.
FEWEST = 8
MARKERS = "os^Dv*P"


def summary(found: "SubspaceExperiment") -> str:
    """Iterations to zero loss by surrogate, bits and angle; what did not reach it; neurons; v_ij; findings."""
    blocks = [textwrap.wrap(_how(found), 80), *_grid(found.grid)]
    if found.neurons:
        blocks.append(_neurons(found.neurons))
    if found.weights:
        blocks.append(_weights(found.weights))
    if found.neighbours:
        blocks.append(_neighbours(found.neighbours))
    lines = [line for finding in found.findings for line in _hanging(f"{_said(finding)}: {finding.words}")]
    blocks += [["findings, within the caps named", *lines], *_tests(found.findings), [f"seed {found.seed}"]]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _said(finding: "Finding") -> str:
    """What is said of a finding: a test that does not show an order does not show that there is none."""
    if finding.held is None:
        return "not looked at" if finding.level is None else "not tested"
    if finding.level is None:
        return "holds" if finding.held else "DOES NOT HOLD"
    return "shown" if finding.held else "NOT SHOWN"


def _tests(findings: Sequence["Finding"]) -> list[list[str]]:
    levels = {finding.level for finding in findings if finding.level is not None and finding.held is not None}
    if not levels:
        return []
    text = (
        "shown: in every row, by sign tests over pairs of runs with the same start (for the trend: over the signs of "
        f"their rank correlations with the angle), Holm's correction, level {max(levels):.0e} per finding"
    )
    return [textwrap.wrap(text, 80)]


def _neighbours(found: Sequence["Neighbours"]) -> list[str]:
    rows = [("angles", "longer at the smaller one", "shown in")]
    for each in found:
        shown = f"{each.shown} of {each.rows} rows"
        rows.append((f"{each.smaller:g}° and {each.larger:g}°", f"{each.longer} of {each.pairs} pairs of runs", shown))
    legend = "neighbouring angles, surrogates of the class, b ≥ 2 (tested as the findings are, all rows together)"
    return [*textwrap.wrap(legend, 80), *columns(rows, right=[0, 1, 2], gap="  ")]


def _how(found: "SubspaceExperiment") -> str:
    one = found.grid[0].setting
    runs = " or ".join(map(str, sorted({cell.setting.runs for cell in found.grid})))
    how = [
        f"Reconstructed setting of Long, Yin, Xin 2021: two planes of R⁴ at an angle, {one.directions} directions per",
        f"class, {one.neurons} neurons, v_ij = {one.weight:g}, η = {one.step:g}, {runs} runs per cell, at most",
        f"{one.cap} iterations.",
    ]
    how += [f"Each step on {one.batch} drawn points."] if one.batch else []
    how += [f"Noise of standard deviation {one.noise:g} in every step."] if one.noise else []
    how += ["Steps are multiplied by (P₁ + P₂)⁻¹."] if one.precondition else []
    return " ".join(how)


def _grid(cells: Sequence["Cell"]) -> list[list[str]]:
    cap = cells[0].setting.cap
    legend = f"median iterations to zero loss; k/n: only k of n runs; {NEVER}: no run within {cap} iterations"
    blocks = [[*textwrap.wrap(legend, 80), *_by_angle(cells, _iterations)]]
    if spread := _spread(cells):
        blocks.append(spread)
    rows = {_row(cell) for cell in cells if not cell.all_reached}
    if rows:
        chosen = [cell for cell in cells if _row(cell) in rows]
        blocks.append(["mean accuracy where some run did not reach zero loss", *_by_angle(chosen, _accuracy)])
        blocks.append(["longest ‖w_j‖ there, mean over runs", *_by_angle(chosen, lambda cell: f"{cell.longest:.1f}")])
    return blocks


def _spread(cells: Sequence["Cell"]) -> list[str]:
    """How far the runs of a cell lie apart, at the smallest and the largest angle."""
    angles = sorted({cell.setting.angle for cell in cells})
    ends = list(dict.fromkeys((angles[0], angles[-1])))
    chosen = [cell for cell in cells if cell.setting.angle in ends and cell.all_reached]
    if not chosen or cells[0].setting.runs < FEWEST:
        return []
    legend = (
        "iterations of the middle half of the runs (quartiles); they also depend on η, on ‖w⁰‖ and on how many "
        "directions there are: see docs/explanation/classification.md"
    )
    return [*textwrap.wrap(legend, 80), *_by_angle(chosen, _quartiles)]


def _quartiles(cell: "Cell") -> str:
    low, _, high = quantiles(cell.iterations, n=4, method="inclusive")
    return f"{low:.0f} to {high:.0f}"


def _neurons(cells: Sequence["Cell"]) -> list[str]:
    rows = [("neurons", "surrogate", "bits", "angle", "iterations", f"within {cells[0].setting.cap}")]
    for cell in cells:
        s = cell.setting
        reached = f"{cell.reached} of {s.runs} runs"
        rows.append((str(s.neurons), s.surrogate, str(s.bits), f"{s.angle:g}°", _iterations(cell), reached))
    return columns(rows, right=[0, 2, 3, 4], gap="  ")


def _weights(cells: Sequence["Cell"]) -> list[str]:
    rows = [("v_ij", "neurons", "runs")]
    rows += [(f"{c.setting.weight:g}", str(c.setting.neurons), f"{c.unfelt}/{c.setting.runs}") for c in cells]
    legend = (
        f"runs that met, within {cells[0].setting.cap} iterations, a positive loss without any right-class coarse "
        "gradient (ReLU, 2 bits, 90°)"
    )
    return [*textwrap.wrap(legend, 80), *columns(rows, right=[0, 1, 2], gap="  ")]


def _row(cell: "Cell") -> tuple[int, str]:
    return cell.setting.bits, cell.setting.surrogate


def _hanging(text: str) -> list[str]:
    return textwrap.wrap(text, 80, initial_indent="  ", subsequent_indent="    ")


def _iterations(cell: "Cell") -> str:
    if cell.median is not None:
        return f"{cell.median:.0f}"
    return f"{cell.reached}/{len(cell.iterations)}" if cell.reached else NEVER


def _accuracy(cell: "Cell") -> str:
    return f"{cell.accuracy:.3f}"


def _by_angle(cells: Sequence["Cell"], show: "Callable[[Cell], str]") -> list[str]:
    angles = sorted({cell.setting.angle for cell in cells})
    rows = [("bits", "surrogate", *(f"{angle:g}°" for angle in angles))]
    for bits, surrogate in dict.fromkeys(map(_row, cells)):
        found = {cell.setting.angle: cell for cell in cells if _row(cell) == (bits, surrogate)}
        rows.append((str(bits), surrogate, *(show(found[angle]) if angle in found else "" for angle in angles)))
    return columns(rows, right=[0, *range(2, 2 + len(angles))], gap="  ")


def record(found: "SubspaceExperiment") -> dict[str, Any]:
    """Everything, for JSON."""
    return {
        "schema": 1,
        "source": "Long, Yin, Xin 2021, reconstructed",
        "seed": found.seed,
        **{name: [asdict(cell) for cell in getattr(found, name)] for name in ("grid", "neurons", "weights")},
        **{name: [asdict(each) for each in getattr(found, name)] for name in ("findings", "neighbours")},
    }


def draw(path: Path, found: "SubspaceExperiment") -> None:
    """Iterations against the angle, one line per surrogate and bits; cells that did not reach zero loss at the cap."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    cap = found.grid[0].setting.cap
    names = list(dict.fromkeys(cell.setting.surrogate for cell in found.grid))
    widths = list(dict.fromkeys(cell.setting.bits for cell in found.grid))
    for bits, surrogate in dict.fromkeys(map(_row, found.grid)):
        row = [cell for cell in found.grid if _row(cell) == (bits, surrogate)]
        row.sort(key=lambda cell: cell.setting.angle)
        values = [cell.median if cell.median is not None else cap for cell in row]
        line = "-" if all(cell.all_reached for cell in row) else ":"
        marker = "x" if line == ":" else MARKERS[widths.index(bits) % len(MARKERS)]
        angles = [cell.setting.angle for cell in row]
        colour, label = f"C{names.index(surrogate)}", f"{surrogate}, b = {bits}"
        axes.semilogy(angles, values, linestyle=line, marker=marker, color=colour, label=label, markersize=4)
    axes.axhline(cap, color="black", linewidth=0.6)
    axes.set(
        xlabel="smallest angle between the planes, degrees",
        ylabel=f"median iterations to zero loss (cap {cap}: crosses)",
        title="Long, Yin, Xin 2021, reconstructed setting",
    )
    axes.legend(fontsize=7, ncol=2)
    figure.savefig(path, dpi=130)
