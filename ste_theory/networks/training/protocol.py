"""How a network is trained: every number of it."""

import math
from dataclasses import dataclass

from ste_theory.model.errors import InvalidInput


@dataclass(frozen=True)
class Protocol:
    """Stochastic gradient descent with momentum on the cross-entropy, ``epochs`` times over the training images.

    The learning rate is divided by ten when each of the fractions ``drops`` of the epochs is over. ``augment`` shifts
    every training image by up to four pixels and mirrors half of them, anew each time it is seen (CIFAR-10's custom).

    Raises ``InvalidInput`` for numbers out of range.

    >>> Protocol(epochs=4, learning_rate=0.5).rate(1), Protocol(epochs=4, learning_rate=0.5).rate(3)
    (0.5, 0.005)
    """

    epochs: int
    learning_rate: float
    batch: int = 64
    momentum: float = 0.9
    weight_decay: float = 0.0
    drops: tuple[float, ...] = (0.5, 0.75)
    augment: bool = False

    def __post_init__(self) -> None:
        if self.epochs < 0 or self.batch < 2:
            raise InvalidInput(f"epochs must be 0 or more and batch 2 or more, got {self.epochs} and {self.batch}")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise InvalidInput(f"learning_rate must be a positive number, got {self.learning_rate}")
        if not 0 <= self.momentum < 1:
            raise InvalidInput(f"momentum must be from 0 to below 1, got {self.momentum}")
        if not (math.isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise InvalidInput(f"weight_decay must be 0 or more, got {self.weight_decay}")
        if not all(0 < drop < 1 for drop in self.drops):
            raise InvalidInput(f"drops are fractions of the epochs between 0 and 1, got {self.drops}")

    def rate(self, epoch: int) -> float:
        """The learning rate in an epoch; the first is 0."""
        passed: int = sum(epoch >= round(drop * self.epochs) for drop in self.drops)
        return float(self.learning_rate / 10**passed)
