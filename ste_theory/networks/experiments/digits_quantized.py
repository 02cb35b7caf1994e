"""LeNet-5 with quantized activations under the surrogates of the classification paper, and its features in a plane.

The experiment on images of Long, Yin, Xin 2021, reconstructed from the abstract: the digits by default, or MNIST.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ste_theory.networks import extra
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import build
from ste_theory.networks.experiments.source import images_for
from ste_theory.networks.experiments.study import Study, Task, common_settings
from ste_theory.networks.experiments.table1 import finite, number, task_of
from ste_theory.networks.training.descent import Seeds, descend, fresh
from ste_theory.networks.training.standing import measure

REVERSE, LOG = "long2021.reverse_exponential", "long2021.log_tailed"
SURROGATES = ("relu", REVERSE, LOG)


def formula(surrogate: str, bits: int) -> str:
    """The surrogate for b bits in the units of the network: with q = 2^b − 1 and the step α the paper's reverse
    exponential e^{−h/q} and log-tailed 1/(h − q + 1) at h = x/α; other names are passed on."""
    plain = Activation(bits)
    q, step = plain.levels, f"({plain.step!r})"
    match surrogate:
        case "long2021.reverse_exponential":
            return f"Piecewise((exp(-x/({q}*{step})), x > 0), (0, True))"
        case "long2021.log_tailed":
            return f"Piecewise((0, x <= 0), (1, x <= {q}*{step}), (1/(x/{step} - {q} + 1), True))"
    return surrogate


@dataclass(frozen=True)
class Projected:
    """One run: where it ended, and the 84 features before the last layer of the held-out images in two dimensions.

    ``plane`` (N, 2): their first two principal components; ``shown``: the share of their variance that these hold;
    ``separation``: the variance of the class means over the mean variance within classes, in all 84 dimensions.
    """

    task: Task
    loss: float
    accuracy: float
    plane: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]
    shown: float
    separation: float
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As JSON, places in the plane to four decimals; what is not finite is null."""
        return {
            **vars(self.task),
            "loss": finite(self.loss),
            "accuracy": self.accuracy,
            "separation": finite(self.separation),
            "variance_shown": self.shown,
            "seconds": round(self.seconds, 2),
            "labels": self.labels.tolist(),
            "plane": [[round(float(x), 4) for x in point] for point in self.plane],
        }


@dataclass(frozen=True)
class DigitsQuantized(Study):
    """Train LeNet-5 at every bit width with every surrogate from every seed, and look at its features."""

    experiment: ClassVar[str] = "digits-quantized"
    origin: ClassVar[str] = "Long, Yin, Xin 2021, reconstructed"

    def tasks(self) -> tuple[Task, ...]:
        """Seed by seed."""
        return tuple(
            Task("lenet5", bits, surrogate, replicate)
            for replicate in range(self.seeds)
            for bits in self.bits
            for surrogate in self.surrogates
        )

    def perform(self, task: Task, progress: Callable[[str], None] = lambda _: None) -> Projected:
        """One training run, on the threads that PyTorch has."""
        start = time.process_time()
        images = images_for(self.source, self.root, task.network)
        tensors, seeds = images.tensors(), Seeds.of(self.root, task.replicate)
        activation, protocol = Activation(task.bits, formula(task.surrogate, task.bits)), self.protocol(task.network)
        network = fresh(lambda: build(task.network, activation, images.channels, images.side), seeds.weights)

        def after_epoch(done: int, _: float) -> None:
            progress(f"{task.bits} bits {task.surrogate}: epoch {done} of {protocol.epochs}")

        descend(network, tensors[0], tensors[1], protocol, seeds.order, after_epoch)
        end = measure(network, tensors)
        found = features(network, tensors[2])
        labels = np.asarray(tensors[3].numpy(), dtype=np.int64)
        plane, shown = projection(found)
        apart, seconds = separation(found, labels), time.process_time() - start
        return Projected(task, end.loss, end.accuracy, plane, labels, shown, apart, seconds)

    @staticmethod
    def from_json(settings: Mapping[str, Any]) -> "DigitsQuantized":
        """The settings that ``to_json`` wrote."""
        return DigitsQuantized(**common_settings(settings))

    def result_from_json(self, run: Mapping[str, Any]) -> Projected:
        """A run that ``Projected.to_json`` wrote. Raises ``ValueError`` for places and labels that do not match."""
        plane, labels = np.array(run["plane"], dtype=np.float64), np.array(run["labels"], dtype=np.int64)
        if plane.shape != (len(labels), 2):
            raise ValueError("one place in the plane per label is needed")
        apart = run["separation"]
        return Projected(
            task_of(run),
            number(run["loss"]),
            number(run["accuracy"]),
            plane,
            labels,
            number(run["variance_shown"]),
            float("inf") if apart is None else number(apart),
            number(run["seconds"]),
        )


def features(network: Any, images: Any) -> npt.NDArray[np.float64]:
    """What the last linear layer of the network receives, (N, 84), in evaluation."""
    torch = extra.training_torch()
    network.eval()
    with torch.no_grad():
        parts = [network[:-1](images[start : start + 1000]) for start in range(0, len(images), 1000)]
    return np.asarray(torch.cat(parts).double().numpy(), dtype=np.float64)


def projection(found: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], float]:
    """The first two principal components (N, 2) and their share of the variance; each points where its largest
    coefficient is positive, so that the picture does not depend on the linear algebra library."""
    centred = found - found.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(axes[np.arange(2), np.abs(axes[:2]).argmax(axis=1)])
    total = float((sizes**2).sum())
    return centred @ (axes[:2] * signs[:, None]).T, float((sizes[:2] ** 2).sum()) / total if total else 0.0


def separation(found: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> float:
    """tr(covariance of the class means)/tr(mean covariance within classes), classes weighted by their size."""
    mean, within, between = found.mean(axis=0), 0.0, 0.0
    for label in np.unique(labels):
        part = found[labels == label]
        between += len(part) * float(((part.mean(axis=0) - mean) ** 2).sum())
        within += float(((part - part.mean(axis=0)) ** 2).sum())
    return between / within if within else float("inf")
