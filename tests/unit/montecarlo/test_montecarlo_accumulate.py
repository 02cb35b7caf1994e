"""Moments: against numpy.cov, in the fixed tree, in bounded memory."""

import tracemalloc

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Node, Partial, Tree, grow, merge, summarize
from ste_theory.montecarlo.blocks import block_inputs, block_size
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.program import columns


def random_point(m: int, n: int) -> Point:
    draw = np.random.default_rng(3)
    return Point(draw.normal(size=m), draw.normal(size=n), draw.normal(size=m), draw.normal(size=n))


def leaf(index: int) -> Node:
    return Node(0, index, Partial(2, np.array([float(index)]), np.array([[1.0]])))


@pytest.mark.parametrize(("m", "n", "blocks"), [(2, 3, 5), (20, 150, 11)])
def test_moments_equal_numpy_on_the_concatenated_samples(m: int, n: int, blocks: int) -> None:
    """Would have caught: a tile of the covariance that is missing, transposed or counted twice; merging without the
    term δδᵀn₁n₂/n; division by N instead of N − 1."""
    problem, point = Problem(quantizers.uniform_relu(2), surrogates.clipped_relu(3)), random_point(m, n)
    moments = estimate_moments(problem, point, samples=blocks * block_size(m, n), seed=5, stream=(7,))
    drawn = np.concatenate([columns(problem, point, block_inputs(m, n, 5, (7,), index)) for index in range(blocks)])
    covariance = np.cov(drawn, rowvar=False)
    size = np.sqrt(np.outer(np.diagonal(covariance), np.diagonal(covariance)))
    assert moments.samples == len(drawn)
    assert np.all(np.abs(moments.mean - drawn.mean(axis=0)) <= 1e-12 * np.abs(drawn).mean(axis=0))
    assert np.all(np.abs(moments.covariance - covariance) <= 1e-11 * size)
    assert np.array_equal(moments.covariance, moments.covariance.T)


def test_a_constant_column_is_exact() -> None:
    """Would have caught: the mean of equal numbers off by a rounding and a variance of 1e-33, which turns an exact
    assertion into a pull of size 1e8."""
    draw = np.random.default_rng(1)
    partials = []
    for _ in range(3):
        block = draw.standard_normal((2, 1000))
        block[0] = 0.1
        partials.append(summarize(block))
    total = merge(merge(partials[0], partials[1]), partials[2])
    assert total.mean[0] == 0.1
    assert np.all(total.comoment[0] == 0)
    assert np.all(total.comoment[:, 0] == 0)
    assert total.comoment[1, 1] > 0


@pytest.mark.parametrize("blocks", [1, 2, 3, 7, 8, 21])
@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 64])
def test_the_tree_does_not_depend_on_the_chunks(blocks: int, chunk: int) -> None:
    """Would have caught: leaves of one chunk merged with each other although the tree pairs them with neighbours."""
    whole = grow(leaf(index) for index in range(blocks))
    pieces = Tree()
    for start in range(0, blocks, chunk):
        part = grow((leaf(index) for index in range(start, min(start + chunk, blocks))), spine=False)
        for node in part.nodes:
            pieces.add(node)
        assert not part.prefixes
    assert [prefix.count for prefix in pieces.prefixes] == [2 << level for level in range(blocks.bit_length())]
    assert [prefix.mean for prefix in pieces.prefixes] == [prefix.mean for prefix in whole.prefixes]
    places = [(node.level, node.index) for node in whole.nodes]
    assert [(node.level, node.index) for node in pieces.nodes] == places
    assert [level for level, _ in places] == [bit for bit in reversed(range(8)) if blocks >> bit & 1]
    assert whole.total().comoment.tobytes() == pieces.total().comoment.tobytes()
    assert whole.total().count == 2 * blocks


def test_a_prefix_is_the_simulation_that_stops_there() -> None:
    """Would have caught: a running mean that leaves out a block, or belongs to other samples than the first ones."""
    problem, point = Problem(quantizers.binary(), surrogates.relu()), random_point(2, 3)
    size = block_size(2, 3)
    whole = estimate_moments(problem, point, samples=11 * size, seed=5, chunk_blocks=3)
    assert [prefix.samples for prefix in whole.prefixes] == [size, 2 * size, 4 * size, 8 * size]
    for prefix in whole.prefixes:
        alone = estimate_moments(problem, point, samples=prefix.samples, seed=5)
        assert prefix.mean.tobytes() == alone.mean.tobytes()
        assert prefix.covariance.tobytes() == alone.covariance.tobytes()
    assert not whole.prefixes[-1].prefixes


def test_the_tree_refuses_a_gap() -> None:
    """Would have caught: a lost or repeated chunk that silently changes the mean."""
    for index in (0, 2):
        with pytest.raises(ValueError, match="does not follow"):
            grow([leaf(0), leaf(index)])


@pytest.mark.parametrize(("m", "n", "samples", "limit_mb"), [(4, 8, 1_000_000, 12), (64, 256, 4096, 30)])
def test_memory_is_bounded(m: int, n: int, samples: int, limit_mb: int) -> None:
    """Would have caught: results or futures that pile up, inputs kept per chunk. The inputs alone would take 256 and
    537 MB, more than ten times the limit; four times the blocks may add two levels of the tree."""
    problem, point = Problem(quantizers.binary(), surrogates.relu()), random_point(m, n)
    assert samples * m * n * 8 > 10 * limit_mb * 2**20
    peaks = []
    for count in (samples // 4, samples):
        tracemalloc.start()
        estimate_moments(problem, point, samples=count, seed=1, threads=2)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < limit_mb * 2**20
    # Two threads happen to hold their scratch arrays at the same time, or not: one chunk's worth of tolerance.
    assert peaks[1] - peaks[0] < 3 * 2**20 + 2 * 8 * (m + n + 1) ** 2
