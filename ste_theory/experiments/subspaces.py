"""Networks trained on two planes at an angle: which surrogates reach zero loss, and after how many steps.

Cells of a grid of surrogates, bits and angles, and what they show. Reconstructed from the abstract of
Long, Yin, Xin 2021.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ste_theory.experiments.subspace_cells import Cell, Setting, cells
from ste_theory.experiments.subspace_findings import Finding, Neighbours, findings, neighbours


@dataclass(frozen=True)
class SubspaceExperiment:
    """The cells of the grid, those with other numbers of neurons, those with other v_ij; what they show."""

    grid: tuple[Cell, ...]
    neurons: tuple[Cell, ...]
    weights: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    neighbours: tuple[Neighbours, ...]
    seed: int

    @property
    def held(self) -> bool:
        """Whether no finding fails; what could not be tested does not."""
        return all(finding.held is not False for finding in self.findings)


def experiment(
    settings: Sequence[Setting],
    *,
    neurons: Sequence[Setting] = (),
    weights: Sequence[Setting] = (),
    seed: int,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> SubspaceExperiment:
    """Run all settings, in ``jobs`` processes; the cells do not depend on their number."""
    tasks = [*((s, seed, False) for s in (*settings, *neurons)), *((s, seed, True) for s in weights)]
    found = []
    for number, cell in enumerate(cells(tasks, jobs), 1):
        found.append(cell)
        done = cell.setting
        progress(f"{number}/{len(tasks)}: {done.surrogate}, b = {done.bits}, {done.angle:g}°, {done.neurons} neurons")
    first, last = len(settings), len(settings) + len(neurons)
    parts = tuple(found[:first]), tuple(found[first:last]), tuple(found[last:])
    return SubspaceExperiment(*parts, findings(*parts), neighbours(parts[0]), seed)
