"""The same bits for every chunk size, number of threads and of BLAS threads; different bits for different seeds."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_generator, block_size
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.moments import Moments

PROBLEM = Problem(quantizers.uniform_relu(2), surrogates.from_formulas("tanh", ("1 - tanh(x)^2",)))
# 70 blocks: the tree is not complete, and 3 and 64 do not divide it. 171 columns: the covariance has several tiles.
SHAPES = {"small": (3, 5), "several tiles": (20, 150)}


def random_point(m: int, n: int) -> Point:
    draw = np.random.default_rng(3)
    return Point(draw.normal(size=m), draw.normal(size=n), draw.normal(size=m), draw.normal(size=n))


def digest(moments: Moments) -> str:
    return hashlib.sha256(moments.mean.tobytes() + moments.covariance.tobytes()).hexdigest()


def sample(shape: str, *, threads: int = 1, chunk_blocks: int | None = None, blocks: int = 70) -> Moments:
    m, n = SHAPES[shape]
    return estimate_moments(
        PROBLEM,
        random_point(m, n),
        samples=blocks * block_size(m, n),
        seed=2**70 + 1,
        score=True,
        threads=threads,
        chunk_blocks=chunk_blocks,
        stream=(4, 1),
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_chunks_and_threads_do_not_change_a_bit(shape: str) -> None:
    """Would have caught: merging in the order in which threads finish, scratch arrays shared between threads, a seed
    that depends on the chunk, products whose shape depends on the chunk."""
    expected = digest(sample(shape))
    for chunk_blocks in (1, 3, 64):
        for threads in (1, 2, 4):
            found = digest(sample(shape, threads=threads, chunk_blocks=chunk_blocks))
            assert found == expected, f"chunks of {chunk_blocks} blocks on {threads} threads"


def test_chunks_and_threads_do_not_change_a_bit_in_single_precision() -> None:
    """Would have caught: blocks whose size is that of double precision in one place, scratch shared between threads."""
    point = random_point(3, 5)
    digests = {
        digest(
            estimate_moments(
                PROBLEM, point, samples=150_000, seed=1, threads=threads, chunk_blocks=chunk, precision="single"
            )
        )
        for threads, chunk in ((1, None), (1, 1), (2, 3), (4, 1))
    }
    assert len(digests) == 1


def test_blas_threads_do_not_change_a_bit() -> None:
    """Would have caught: a matrix product large enough for the BLAS to split over its own threads (the product of the
    whole block's columns with themselves is, and its bits then depend on their number)."""
    code = (
        f"import runpy; space = runpy.run_path({__file__!r});"
        "print(space['digest'](space['sample']('several tiles', blocks=3)))"
    )
    digests = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OPENBLAS_NUM_THREADS": count, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for count in ("1", "2")
    ]
    assert digests[0] == digests[1]
    assert digests[0].strip() == digest(sample("several tiles", blocks=3))


def test_seeds_and_streams_differ() -> None:
    """Would have caught: blocks that repeat each other's numbers, a stream key or seed that is ignored."""
    keys = [(1, (), 0), (1, (), 1), (2, (), 0), (1, (0,), 0), (1, (1,), 0), (1, (0, 0), 0), (1 + 2**64, (), 0)]
    first = [float(block_generator(*key).standard_normal()) for key in keys]
    assert len(set(first)) == len(keys)
    assert first[0] == float(block_generator(*keys[0]).standard_normal())


def test_more_samples_begin_with_the_same_blocks() -> None:
    """Would have caught: block seeds that depend on the number of samples, so that a longer run cannot be compared."""
    short, long = sample("small", blocks=4), sample("small", blocks=8)
    rest = (long.mean * 8 - short.mean * 4) / 4
    assert np.all(short.mean != long.mean)
    assert np.all(np.abs(rest - short.mean) < 6 * short.standard_error * np.sqrt(2))
