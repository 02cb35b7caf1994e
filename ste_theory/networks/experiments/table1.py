"""Table 1: training loss and validation accuracy per network, bit width and surrogate."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import build
from ste_theory.networks.experiments.source import images_for
from ste_theory.networks.experiments.study import Study, Task, common_settings
from ste_theory.networks.training.descent import Seeds, descend, fresh
from ste_theory.networks.training.standing import measure


@dataclass(frozen=True)
class Trained:
    """What one run ended with.

    ``batch_losses`` has one entry per epoch: the mean over its batches as trained on. ``seconds`` is processor time.
    """

    task: Task
    loss: float
    training_accuracy: float
    accuracy: float
    batch_losses: tuple[float, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As JSON, which has no NaN: a loss that is none is null."""
        return {
            **vars(self.task),
            "loss": finite(self.loss),
            "training_accuracy": self.training_accuracy,
            "accuracy": self.accuracy,
            "batch_losses": [finite(loss) for loss in self.batch_losses],
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True)
class Table1(Study):
    """Train every network with every bit width and surrogate from every seed."""

    experiment: ClassVar[str] = "table1"

    def tasks(self) -> tuple[Task, ...]:
        """Seed by seed."""
        return tuple(
            Task(network, bits, surrogate, replicate)
            for network in self.networks
            for replicate in range(self.seeds)
            for bits in self.bits
            for surrogate in self.surrogates
        )

    def perform(self, task: Task, progress: Callable[[str], None] = lambda _: None) -> Trained:
        """One training run, on the threads that PyTorch has."""
        start, losses = time.process_time(), []
        images = images_for(self.source, self.root, task.network)
        tensors, seeds = images.tensors(), Seeds.of(self.root, task.replicate)
        activation, protocol = Activation(task.bits, task.surrogate), self.protocol(task.network)
        network = fresh(lambda: build(task.network, activation, images.channels, images.side), seeds.weights)

        def after_epoch(done: int, loss: float) -> None:
            losses.append(loss)
            progress(f"{task.network} {task.bits} bits {task.surrogate}: epoch {done} of {protocol.epochs}")

        descend(network, tensors[0], tensors[1], protocol, seeds.order, after_epoch)
        end = measure(network, tensors)
        seconds = time.process_time() - start
        return Trained(task, end.loss, end.training_accuracy, end.accuracy, tuple(losses), seconds)

    @staticmethod
    def from_json(settings: Mapping[str, Any]) -> "Table1":
        """The settings that ``to_json`` wrote."""
        return Table1(**common_settings(settings))

    def result_from_json(self, run: Mapping[str, Any]) -> Trained:
        """A run that ``Trained.to_json`` wrote."""
        return Trained(
            task_of(run),
            number(run["loss"]),
            number(run["training_accuracy"]),
            number(run["accuracy"]),
            tuple(map(number, run["batch_losses"])),
            number(run["seconds"]),
        )


def task_of(run: Mapping[str, Any]) -> Task:
    """The task that a stored run answers."""
    return Task(str(run["network"]), int(run["bits"]), str(run["surrogate"]), int(run["replicate"]))


def finite(value: float) -> float | None:
    """The value, or ``None`` where it is NaN or infinite."""
    return value if math.isfinite(value) else None


def number(value: Any) -> float:
    """The number that JSON holds; null is NaN. Raises ``TypeError`` for anything else."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"not a number: {value!r}")
    return float(value)
