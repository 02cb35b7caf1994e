"""Where a network stands: its loss and accuracy, how far it has moved, and the coarse gradient there."""

import copy
import math
from dataclasses import dataclass
from typing import Any

from ste_theory.networks import extra
from ste_theory.networks.activation import Activation
from ste_theory.networks.training.descent import batches

_AT_ONCE = 1000  # images evaluated at a time


@dataclass(frozen=True)
class Standing:
    """Mean cross-entropy over the training images, and the percentages classified right."""

    loss: float
    training_accuracy: float
    accuracy: float


def measure(network: Any, tensors: tuple[Any, Any, Any, Any]) -> Standing:
    """``network`` evaluated with the running means and variances of its batch normalization, on unaltered images."""
    images, labels, held_images, held_labels = tensors
    loss, right = _evaluate(network, images, labels)
    _, held_right = _evaluate(network, held_images, held_labels)
    return Standing(loss, 100 * right, 100 * held_right)


def _evaluate(network: Any, images: Any, labels: Any) -> tuple[float, float]:
    torch = extra.training_torch()
    network.eval()
    loss, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(labels), _AT_ONCE):
            wanted = labels[start : start + _AT_ONCE]
            scores = network(images[start : start + _AT_ONCE])
            loss += float(torch.nn.functional.cross_entropy(scores.double(), wanted, reduction="sum"))
            right += int((scores.argmax(1) == wanted).sum())
    return loss / len(labels), right / len(labels)


def with_activation(network: Any, activation: Activation) -> Any:
    """A copy of the network with this activation throughout: the same function if only the surrogate differs."""
    found = copy.deepcopy(network)
    for module in found.modules():
        if hasattr(module, "activation"):
            module.activation = activation
    return found


def distance(network: Any, other: Any) -> float:
    """‖W′ − W‖/‖W‖ over all weights of ``network`` (W) and ``other`` (W′)."""
    pairs = list(zip(network.parameters(), other.parameters(), strict=True))
    moved = sum(float((b.detach().double() - a.detach().double()).square().sum()) for a, b in pairs)
    return math.sqrt(moved / sum(float(a.detach().double().square().sum()) for a, _ in pairs))


def coarse_gradient_norm(network: Any, images: Any, labels: Any, batch: int, seed: int) -> float:
    """‖g‖, the mean coarse gradient over the batches of one epoch as training sees them: what the first steps follow.

    The network is left as it is.
    """
    torch = extra.training_torch()
    still = copy.deepcopy(network)
    still.train()
    still.zero_grad()
    for chosen in batches(len(labels), batch, torch.Generator().manual_seed(seed)):
        loss = torch.nn.functional.cross_entropy(still(images[chosen]), labels[chosen], reduction="sum")
        (loss / len(labels)).backward()
    return math.sqrt(sum(float(p.grad.double().square().sum()) for p in still.parameters() if p.grad is not None))
