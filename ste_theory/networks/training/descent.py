"""Coarse gradient descent on a real network: batches, augmentation, steps."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.networks import extra
from ste_theory.networks.training.protocol import Protocol

SHIFT = 4  # pixels that augmentation shifts by, at most


@dataclass(frozen=True)
class Seeds:
    """What one run draws: the network's first weights, and the order of the images with their augmentation."""

    weights: int
    order: int

    @staticmethod
    def of(root: int, replicate: int) -> "Seeds":
        """Those of a replicate. Surrogates and bit widths share them, so that their difference is theirs alone."""
        drawn = np.random.SeedSequence(root, spawn_key=(1, replicate)).generate_state(2, np.uint64)
        return Seeds(int(drawn[0]), int(drawn[1]))


def split_seed(root: int) -> np.random.SeedSequence:
    """What draws the validation images: one split for all replicates of a root."""
    return np.random.SeedSequence(root, spawn_key=(0,))


def noise_seed(root: int) -> np.random.SeedSequence:
    """What draws the labels that are replaced, if any are."""
    return np.random.SeedSequence(root, spawn_key=(2,))


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch on one thread, and back: sums over several are taken in another order and differ in the last bits."""
    torch = extra.training_torch()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fresh(make: Callable[[], Any], seed: int) -> Any:
    """``make()`` with PyTorch's initial weights drawn from ``seed``; its global generator is as before afterwards."""
    torch = extra.training_torch()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def descend(
    network: Any,
    images: Any,
    labels: Any,
    protocol: Protocol,
    seed: int,
    after_epoch: Callable[[int, float], None] = lambda epoch, loss: None,
) -> None:
    """Train ``network`` in place, with new momentum; ``after_epoch`` gets the epochs done and their last mean loss.

    The mean loss is that of the batches as they were trained on, each before its step. The batches of an epoch are of
    nearly equal size, at most ``protocol.batch``: the normalization of a last batch of one image would be undefined.

    Raises ``InvalidInput`` for a single image.
    """
    torch = extra.training_torch()
    if len(labels) < 2:
        raise InvalidInput("batch normalization needs at least two training images")
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.SGD(
        network.parameters(),
        lr=protocol.learning_rate,
        momentum=protocol.momentum,
        weight_decay=protocol.weight_decay,
    )
    for epoch in range(protocol.epochs):
        for group in optimizer.param_groups:
            group["lr"] = protocol.rate(epoch)
        network.train()
        total = 0.0
        for chosen in batches(len(labels), protocol.batch, generator):
            batch = augmented(images[chosen], generator) if protocol.augment else images[chosen]
            loss = torch.nn.functional.cross_entropy(network(batch), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(chosen)
        after_epoch(epoch + 1, total / len(labels))


def batches(count: int, size: int, generator: Any) -> Any:
    """All indices in a drawn order, in parts of nearly equal length, at least two and at most ``size`` of them.

    Three images in parts of two would leave one alone: then the part has three.
    """
    torch = extra.training_torch()
    parts = min(-(-count // size), count // 2)
    return torch.randperm(count, generator=generator).tensor_split(parts)


def augmented(images: Any, generator: Any) -> Any:
    """Each image shifted by up to four pixels in both directions, zeros moving in, and mirrored with probability ½."""
    torch = extra.training_torch()
    count, _, side, _ = images.shape
    wide = torch.nn.functional.pad(images, (SHIFT,) * 4)
    down, right = torch.randint(0, 2 * SHIFT + 1, (2, count, 1), generator=generator)
    mirrored = torch.rand(count, 1, generator=generator) < 0.5
    places = torch.arange(side)
    rows, columns = down + places, right + torch.where(mirrored, side - 1 - places, places)
    return wide[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
