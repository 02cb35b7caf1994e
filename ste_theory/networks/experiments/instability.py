"""Instability: from a good minimum, a tiny learning rate under each surrogate in turn."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import build
from ste_theory.networks.experiments.source import images_for
from ste_theory.networks.experiments.study import Study, Task, common_settings
from ste_theory.networks.experiments.table1 import finite, number, task_of
from ste_theory.networks.training.descent import Seeds, descend, fresh
from ste_theory.networks.training.standing import (
    Standing,
    coarse_gradient_norm,
    distance,
    measure,
    with_activation,
)


@dataclass(frozen=True)
class Path:
    """Where a surrogate leads from the minimum at a learning rate: the standing after each epoch.

    ``moved`` is ‖W′ − W‖/‖W‖ over all weights at the end.
    """

    surrogate: str
    rate: float
    standings: tuple[Standing, ...]
    moved: float


@dataclass(frozen=True)
class Departure:
    """One minimum: where it is, the norm of each surrogate's coarse gradient there, and the paths from it."""

    task: Task
    start: Standing
    gradients: tuple[tuple[str, float], ...]
    paths: tuple[Path, ...]
    seconds: float

    def path(self, surrogate: str, rate: float) -> Path:
        """The path of a surrogate at a learning rate. Raises ``KeyError`` if it was not taken."""
        for path in self.paths:
            if (path.surrogate, path.rate) == (surrogate, rate):
                return path
        raise KeyError((surrogate, rate))

    def to_json(self) -> dict[str, Any]:
        """As JSON; what is not finite is null."""
        paths = [
            {
                "surrogate": path.surrogate,
                "rate": path.rate,
                "standings": [_standing_to_json(standing) for standing in path.standings],
                "moved": finite(path.moved),
            }
            for path in self.paths
        ]
        return {
            **vars(self.task),
            "start": _standing_to_json(self.start),
            "gradients": {name: finite(norm) for name, norm in self.gradients},
            "paths": paths,
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True)
class Instability(Study):
    """Train with the surrogate ``start``, then go on from there with each surrogate and each of ``rates``.

    The minimum is one for ``start``. Every path begins at the same weights and running means, with new momentum, and
    sees the same batches; its learning rate is constant for ``further`` epochs.

    Raises ``InvalidInput`` for rates that are not positive, and for no further epoch.
    """

    experiment: ClassVar[str] = "instability"

    start: str = "clipped_relu"
    rates: tuple[float, ...] = (1e-4,)
    further: int = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        for bits in self.bits:
            Activation(bits, self.start)
        if self.further < 1 or not self.rates or not all(math.isfinite(rate) and rate > 0 for rate in self.rates):
            raise InvalidInput("at least one further epoch and one positive learning rate are needed")

    def tasks(self) -> tuple[Task, ...]:
        """Seed by seed."""
        return tuple(
            Task(network, bits, self.start, replicate)
            for network in self.networks
            for replicate in range(self.seeds)
            for bits in self.bits
        )

    def perform(self, task: Task, progress: Callable[[str], None] = lambda _: None) -> Departure:
        """One minimum and all paths from it, on the threads that PyTorch has."""
        begun = time.process_time()
        images = images_for(self.source, self.root, task.network)
        tensors, seeds = images.tensors(), Seeds.of(self.root, task.replicate)
        activation, protocol = Activation(task.bits, task.surrogate), self.protocol(task.network)
        network = fresh(lambda: build(task.network, activation, images.channels, images.side), seeds.weights)
        label = f"{task.network} {task.bits} bits"

        def trained(done: int, _: float) -> None:
            progress(f"{label}: {self.start}, epoch {done} of {protocol.epochs}")

        descend(network, tensors[0], tensors[1], protocol, seeds.order, trained)
        start = measure(network, tensors)
        # Another order than that of the training: the next seed of the same draw.
        order = (seeds.order + 1) % 2**64
        gradients, paths = [], []
        for name in self.surrogates:
            there = with_activation(network, Activation(task.bits, name))
            norm = coarse_gradient_norm(there, tensors[0], tensors[1], protocol.batch, order)
            gradients.append((name, norm))
        for rate in self.rates:
            for name in self.surrogates:
                left = with_activation(network, Activation(task.bits, name))
                slow = replace(protocol, epochs=self.further, learning_rate=rate, drops=())
                passed: list[Standing] = []

                def after(done: int, _: float, left: Any = left, passed: Any = passed, name: str = name) -> None:
                    passed.append(measure(left, tensors))
                    progress(f"{label}: {name} from there, epoch {done} of {self.further}")

                descend(left, tensors[0], tensors[1], slow, order, after)
                paths.append(Path(name, rate, tuple(passed), distance(network, left)))
        return Departure(task, start, tuple(gradients), tuple(paths), time.process_time() - begun)

    @staticmethod
    def from_json(settings: Mapping[str, Any]) -> "Instability":
        """The settings that ``to_json`` wrote."""
        return Instability(
            **common_settings(settings),
            start=str(settings["start"]),
            rates=tuple(map(number, settings["rates"])),
            further=int(settings["further"]),
        )

    def result_from_json(self, run: Mapping[str, Any]) -> Departure:
        """A run that ``Departure.to_json`` wrote."""
        paths = tuple(
            Path(
                str(path["surrogate"]),
                number(path["rate"]),
                tuple(map(_standing, path["standings"])),
                number(path["moved"]),
            )
            for path in run["paths"]
        )
        gradients = tuple((str(name), number(norm)) for name, norm in run["gradients"].items())
        return Departure(task_of(run), _standing(run["start"]), gradients, paths, number(run["seconds"]))


def _standing_to_json(standing: Standing) -> dict[str, float | None]:
    return {name: finite(value) for name, value in asdict(standing).items()}


def _standing(content: Mapping[str, Any]) -> Standing:
    return Standing(*(number(content[name]) for name in ("loss", "training_accuracy", "accuracy")))
