"""Coarse gradient descent on real networks: batches, steps, seeds, and measurements of where a network stands."""

import math
from typing import Any

import numpy as np
import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures import build
from ste_theory.networks.datasets.images import Dataset, Labelled
from ste_theory.networks.training.descent import Seeds, augmented, batches, descend, fresh, one_thread
from ste_theory.networks.training.protocol import Protocol
from ste_theory.networks.training.standing import coarse_gradient_norm, distance, measure, with_activation
from tests.networks.files import drawn

RELU = Activation(2, "relu")


def dataset() -> Dataset:
    """Few images with an easy pattern."""
    return Dataset("drawn", Labelled(*drawn(200, 28, 1, 1)), Labelled(*drawn(50, 28, 1, 2)))


def lenet(seed: int) -> Any:
    """LeNet-5 with weights of that seed."""
    return fresh(lambda: build("lenet5", RELU, 1, 28), seed)


@pytest.mark.torch
def test_training_lowers_the_loss_and_repeats_itself(torch: Any) -> None:
    """Would have caught: a step uphill, a surrogate that lets nothing through, seeds that do not fix the run."""
    tensors, protocol = dataset().tensors(), Protocol(epochs=3, learning_rate=0.05, batch=32)
    ends = []
    for _ in range(2):
        torch.rand(7)  # PyTorch's global state must not matter
        with one_thread():
            network = lenet(5)
            before = measure(network, tensors)
            losses: dict[int, float] = {}
            descend(network, tensors[0], tensors[1], protocol, 6, losses.__setitem__)
            ends.append(measure(network, tensors))
        # Ten classes: guessing costs log 10 ≈ 2.3.
        assert losses[3] < losses[1] < 2.6
        assert ends[-1].loss < 0.5 * before.loss
        assert ends[-1].accuracy > 50
    assert ends[0] == ends[1]


@pytest.mark.torch
def test_one_step_is_momentum_on_the_coarse_gradient(torch: Any) -> None:
    """Would have caught: weight decay or momentum that is not passed on, a learning rate that ignores its schedule.

    Two epochs of one batch: v₁ = g₁ + λw₀, w₁ = w₀ − ηv₁; v₂ = 0.9·v₁ + g₂ + λw₁, w₂ = w₁ − η′v₂. The images come in
    the same order, so what differs is the rounding of these lines in float32: 1e-4 of the step is 1000 times that.
    """
    images, labels, *_ = dataset().tensors()
    images, labels = images[:50], labels[:50]
    protocol = Protocol(epochs=2, learning_rate=0.1, batch=50, weight_decay=0.01, drops=(0.5,))
    network = lenet(1)
    weights = [each.detach().clone() for each in network.parameters()]
    copy = with_activation(network, RELU)
    velocity = [torch.zeros_like(each) for each in weights]
    generator = torch.Generator().manual_seed(3)
    for rate in (0.1, 0.01):
        copy.train()
        copy.zero_grad()
        (chosen,) = batches(50, 50, generator)
        torch.nn.functional.cross_entropy(copy(images[chosen]), labels[chosen]).backward()
        with torch.no_grad():
            for index, each in enumerate(copy.parameters()):
                velocity[index] = 0.9 * velocity[index] + each.grad + 0.01 * each
                each -= rate * velocity[index]
    descend(network, images, labels, protocol, 3)
    for start, expected, found in zip(weights, copy.parameters(), network.parameters(), strict=True):
        moved = (expected.detach() - start).norm()
        assert float((found.detach() - expected.detach()).norm()) <= 1e-4 * float(moved)


@pytest.mark.torch
@pytest.mark.parametrize(("count", "size"), [(200, 64), (65, 64), (3, 2), (2, 64), (64, 64)])
def test_batches_hold_every_image_once_and_never_one_alone(torch: Any, count: int, size: int) -> None:
    """Would have caught: images left out, or a last batch of one, whose normalization is undefined."""
    parts = batches(count, size, torch.Generator().manual_seed(1))
    assert sorted(torch.cat(list(parts)).tolist()) == list(range(count))
    assert min(map(len, parts)) >= 2
    assert max(map(len, parts)) <= max(size, 3)


@pytest.mark.torch
def test_a_single_image_is_refused(torch: Any) -> None:
    """Would have caught: PyTorch's own message about channels."""
    images, labels, *_ = dataset().tensors()
    with pytest.raises(InvalidInput, match="at least two training images"):
        descend(lenet(1), images[:1], labels[:1], Protocol(epochs=1, learning_rate=0.1), 1)


@pytest.mark.torch
def test_augmentation_shifts_and_mirrors(torch: Any) -> None:
    """Would have caught: rows for columns, one shift for all images, pixels that wrap around.

    Each result is one of the 2·81 shifts and mirrorings of its image, found by hand; among 60 draws both kinds and many
    shifts occur (no mirrored image at all has probability 2⁻⁶⁰).
    """
    images = torch.arange(1, 1 + 2 * 6 * 6, dtype=torch.float32).reshape(1, 2, 6, 6).repeat(60, 1, 1, 1)
    found = augmented(images, torch.Generator().manual_seed(1))
    wide = torch.nn.functional.pad(images[0], (4, 4, 4, 4))
    known = {
        (down, right, mirrored): shifted.flip(2) if mirrored else shifted
        for down in range(9)
        for right in range(9)
        for shifted in [wide[:, down : down + 6, right : right + 6]]
        for mirrored in (False, True)
    }
    seen = [next(key for key, value in known.items() if torch.equal(value, each)) for each in found]
    assert {mirrored for *_, mirrored in seen} == {False, True}
    assert len({key[:2] for key in seen}) > 20


@pytest.mark.torch
def test_another_surrogate_is_the_same_function(torch: Any) -> None:
    """Would have caught: a swap that changes the forward pass, the network it copies, or nothing at all."""
    tensors, network = dataset().tensors(), lenet(2)
    other = with_activation(network, Activation(2, "identity"))
    assert measure(network, tensors) == measure(other, tensors)
    assert distance(network, other) == 0
    norms = [coarse_gradient_norm(each, tensors[0], tensors[1], 64, 1) for each in (network, other)]
    assert norms[0] != norms[1]
    assert all(module.activation == RELU for module in network.modules() if hasattr(module, "activation"))


@pytest.mark.torch
def test_the_norm_of_the_coarse_gradient_is_that_of_the_batches_mean(torch: Any) -> None:
    """Would have caught: a sum for a mean, running statistics that it changes, gradients left behind.

    One batch of all images: the gradient is autograd's own of the mean loss. Sums over 200 images in another order:
    1e-4 in float32.
    """
    images, labels, *_ = dataset().tensors()
    network = lenet(3)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = coarse_gradient_norm(network, images, labels, 1000, 1)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(each.grad is None for each in network.parameters())
    network.train()
    torch.nn.functional.cross_entropy(network(images), labels).backward()
    expected = math.sqrt(sum(float(each.grad.square().sum()) for each in network.parameters()))
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.torch
def test_distance_is_relative(torch: Any) -> None:
    """Would have caught: a squared distance, or one relative to the other network."""
    network = lenet(4)
    other = with_activation(network, RELU)
    with torch.no_grad():
        for each in other.parameters():
            each *= 1.5
    assert distance(network, other) == pytest.approx(0.5, rel=1e-6)


@pytest.mark.torch
def test_images_are_scaled_by_the_training_images_alone(torch: Any) -> None:
    """Would have caught: statistics taken from what validates, and a division by 0 for constant images."""
    training, labels = drawn(100, 28, 1, 1)
    black = np.zeros((10, 1, 28, 28), dtype=np.uint8)
    found = Dataset("drawn", Labelled(training, labels), Labelled(black, labels[:10])).tensors()
    assert float(found[0].mean()) == pytest.approx(0, abs=1e-4)
    assert float(found[0].std()) == pytest.approx(1, abs=1e-4)
    assert float(found[2][0, 0, 0, 0]) == pytest.approx(-training.mean() / training.std(), rel=1e-5)
    flat = Dataset("flat", Labelled(black, labels[:10]), Labelled(black, labels[:10])).tensors()
    assert bool((flat[0] == 0).all())


def test_seeds_differ_by_replicate_and_root() -> None:
    """Would have caught: two replicates that are one run."""
    found = {Seeds.of(root, replicate) for root in (1, 2) for replicate in range(50)}
    assert len({seeds.weights for seeds in found} | {seeds.order for seeds in found}) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": -1},
        {"batch": 1},
        {"learning_rate": 0.0},
        {"learning_rate": math.nan},
        {"momentum": 1.0},
        {"weight_decay": -1.0},
        {"drops": (1.5,)},
    ],
)
def test_protocols_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    """Would have caught: a NaN that trains for an hour."""
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        Protocol(**{"epochs": 1, "learning_rate": 0.1, **wrong})
