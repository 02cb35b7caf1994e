"""The smallest counterexamples, against the float program on samples and against smaller candidates."""

import numpy as np
import pytest

from ste_theory.claims import registry
from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled
from ste_theory.classification.network import hinge, outputs, preactivations, strongest_rival
from ste_theory.classification.questions import NOTHING_TO_DROP, QUESTIONS
from ste_theory.classification.second_layer import SecondLayer
from ste_theory.classification.smallest import Example, Question, plane_points, stuck
from ste_theory.model.surrogates import Surrogate, clipped_relu, identity, relu

LOSSY = [question for question in QUESTIONS if question.claim.endswith("zero-loss")]
IDS = [f"{question.claim}: {question.dropped}" for question in QUESTIONS]


def found(question: Question) -> Example:
    example = question.smallest()
    assert example is not None
    return example


def _surrogate(example: Example) -> Surrogate:
    return identity() if "identity" in example.dropped else clipped_relu() if "clipped" in example.dropped else relu()


def _sample(example: Example) -> Labelled:
    """The data of the example, or points outside the square with their mirror images, all of class 1."""
    if example.data:
        x = np.array([[float(a) for a in point.x] for point in example.data])
        return Labelled(np.concatenate([x, x]), np.array([p.y for p in example.data] + [1] * len(x)))
    drawn = np.random.default_rng(1).uniform(-4, 4, (20_000, 2))
    drawn = drawn[np.abs(drawn).max(axis=1) > 1]
    x = np.concatenate([drawn, -drawn])
    return Labelled(np.concatenate([x, x[:1]]), np.array([0] * len(x) + [1]))


def test_every_claim_has_a_question_or_a_reason() -> None:
    """Would have caught: a claim whose hypotheses nobody tried to drop."""
    claims = {name for name in registry.claims() if name.startswith("long2021.")}
    asked = {question.claim for question in QUESTIONS}
    assert asked | set(NOTHING_TO_DROP) == claims
    assert not asked & set(NOTHING_TO_DROP)


@pytest.mark.parametrize("question", LOSSY, ids=[question.dropped for question in LOSSY])
def test_the_float_program_agrees(question: Question) -> None:
    """Zero coarse gradient and positive loss on class 1 in NumPy. Would have caught: a cell that was missed, an exact
    program with an error of its own."""
    example = found(question)
    data, second = _sample(example), SecondLayer(np.array([[float(v) for v in row] for row in example.network.v]))
    w = np.array([[float(x) for x in row] for row in example.network.w])
    rows = np.arange(len(data.y)) < (len(example.data) or int((data.y == 0).sum()))
    x, y = data.x[rows], data.y[rows]
    hidden = preactivations(w, x)
    o = outputs(hidden, second, QuantizedReLU(example.network.bits))
    loss = hinge(o, y)
    pull = (second.matrix[y] - second.matrix[strongest_rival(o, y)[1]]) * (loss > 0)[:, None]
    gradient = (pull * _surrogate(example)(hidden)).T @ x
    # A sum of some 40 000 numbers below 8 that cancel in pairs, or are all 0.
    assert np.abs(gradient).max() < 1e-8
    assert loss.max() > 0


@pytest.mark.parametrize("question", QUESTIONS, ids=IDS)
def test_no_smaller_candidate_would_do(question: Question) -> None:
    """The first one in the order of size is returned, and that order is by neurons, then by the largest entry. Would
    have caught: a search that skips, or candidates that are not sorted."""
    example = found(question)
    sizes = []
    for number, (network, data) in enumerate(question.candidates(), 1):
        if number == example.looked:
            assert (network, data) == (example.network, example.data)
            break
        assert question.wrong(network, data) is None
        sizes.append((len(network.w), max(abs(x) for row in network.w for x in row)))
    assert sizes == sorted(sizes)


def test_nothing_is_found_where_no_hypothesis_is_dropped() -> None:
    """Would have caught: a test of candidates that says yes to anything (2 bits, v = ½, distinct directions)."""
    zero = LOSSY[0]
    kept = next(q for q in LOSSY if q.dropped.startswith("g′ = 0 on x < 0"))
    looked = 0
    for network, _ in kept.candidates():
        (a, b), (c, d) = network.w[0], network.w[1]
        if len(network.w) > 2 and a * d == b * c and a * c + b * d > 0:
            continue  # one direction twice
        looked += 1
        assert stuck(relu())(network, plane_points(network)) is None
    assert looked > 30
    assert zero.smallest(most=0) is None
