"""Start an experiment, or go on with one: the runs that are missing, and the results after each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

import ste_theory
from ste_theory.model.errors import InvalidInput
from ste_theory.networks import extra
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import build
from ste_theory.networks.experiments.results import Data, Results
from ste_theory.networks.experiments.source import images_for
from ste_theory.networks.experiments.study import Study
from ste_theory.networks.experiments.workers import performed


def begin(study: Study) -> Results:
    """No runs yet. What could stop a run is found now: missing extras, damaged files, images that are too small.

    Raises ``MissingExtra`` and ``InvalidInput``.
    """
    return Results(study, _data(study), (), environment())


def resume(found: Results) -> Results:
    """The same runs, if the data are still the same.

    Raises ``InvalidInput`` if they are not, and what ``begin`` raises.
    """
    data = _data(found.study)
    if data != found.data:
        raise InvalidInput(
            f"the {found.study.source.dataset} images are not those of the finished runs (their checksums differ):"
            " start again, without --resume"
        )
    return found


def remaining(results: Results, *, jobs: int, progress: Callable[[str], None] = lambda _: None) -> Iterator[Results]:
    """The results after each further run, until none is missing."""
    tasks = results.study.tasks()
    place = {task: index for index, task in enumerate(tasks)}
    done = {run.task for run in results.runs}
    for run in performed(results.study, [task for task in tasks if task not in done], jobs=jobs, progress=progress):
        runs: tuple[Any, ...] = tuple(sorted((*results.runs, run), key=lambda each: place[each.task]))
        results = replace(results, runs=runs)
        yield results


def environment() -> Mapping[str, str]:
    """What the last digits depend on: versions, and the instructions that PyTorch uses on this processor."""
    torch = extra.training_torch()
    return {
        "ste-theory": ste_theory.__version__,
        "numpy": np.__version__,
        "torch": str(torch.__version__),
        "processor": str(torch.backends.cpu.get_cpu_capability()),
    }


def _data(study: Study) -> Data:
    torch = extra.training_torch()
    found = study.source.read(study.root)
    for name in study.networks:
        images = images_for(study.source, study.root, name)
        with torch.device("meta"):  # shapes alone, no weights
            build(name, Activation(study.bits[0]), images.channels, images.side)
    return Data(len(found.training), len(found.validation), found.channels, found.side, found.digest)
