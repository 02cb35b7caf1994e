"""From blocks to moments: the task that a chunk of blocks is, and the loop that merges the chunks' results in order."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Node, Partial, Tree, grow, summarize
from ste_theory.montecarlo.blocks import (
    PILOT,
    Precision,
    block_generator,
    block_inputs,
    block_size,
    fill_columns,
    workspace,
)
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.program import Baseline
from ste_theory.montecarlo.samplers.sampler import PROGRAM, block_columns, sampler

Progress = Callable[[int, int], None]
LONGEST_CHUNK = 16  # blocks; an interruption waits for the chunks under way, well under a second


@dataclass(frozen=True)
class Task:
    """Called with a range of block numbers, returns the subtrees that cover it. Holds only what identifies the work."""

    problem: Problem
    point: Point
    seed: int
    stream: tuple[int, ...]
    score: bool = False
    baseline: Baseline = 0.0
    sampler: str = PROGRAM
    precision: Precision = "double"

    @property
    def samples_per_block(self) -> int:
        """Samples of the program, or replicates of another sampler, in one block."""
        if self.sampler == PROGRAM:
            return block_size(self.point.m, self.point.n, self.precision)
        return sampler(self.sampler).per_block

    def __call__(self, blocks: range) -> tuple[Node, ...]:
        """The moments of the blocks, as the complete subtrees of the fixed tree that lie in the range.

        Those along the left edge of the tree are not merged, so that who merges them sees every prefix.
        """
        return tuple(grow(self._leaves(blocks), spine=False).nodes)

    def _leaves(self, blocks: range) -> Iterator[Node]:
        if self.sampler != PROGRAM:
            for index in blocks:
                columns = block_columns(self.sampler, self.problem, self.point, self.seed, self.stream, index)
                yield Node(0, index, summarize(columns))
            return
        work = workspace(self.point, score=self.score, precision=self.precision)
        for index in blocks:
            draw = block_generator(self.seed, self.stream, index)
            columns = fill_columns(self.problem, self.point, draw, work, self.baseline)
            yield Node(0, index, summarize(columns))


def pilot_baseline(problem: Problem, point: Point, seed: int, stream: tuple[int, ...]) -> tuple[float, ...]:
    """The means of ℓ − ℓ_{−i} over one block of its own: the constants β_i of the score, independent of the samples."""
    z = block_inputs(point.rows, point.n, seed, stream, PILOT, size=block_size(point.m, point.n))
    rows = problem.quantizer(z @ point.w) * point.padded.v - problem.teacher(z @ point.w_star) * point.v_star
    shares = rows * rows.sum(axis=1)[:, None] - 0.5 * rows**2
    return tuple(float(mean) for mean in shares.mean(axis=0))


def run_blocks(
    task: Task,
    blocks: int,
    executor: Executor,
    *,
    chunk_blocks: int | None = None,
    progress: Progress | None = None,
    tree: Tree | None = None,
    keep: Callable[[Tree], None] | None = None,
) -> Partial:
    """The moments of blocks 0 … ``blocks`` − 1: the ``total`` of ``run_tree``."""
    return run_tree(task, blocks, executor, chunk_blocks=chunk_blocks, progress=progress, tree=tree, keep=keep).total()


def run_tree(
    task: Task,
    blocks: int,
    executor: Executor,
    *,
    chunk_blocks: int | None = None,
    progress: Progress | None = None,
    tree: Tree | None = None,
    keep: Callable[[Tree], None] | None = None,
) -> Tree:
    """The tree of blocks 0 … ``blocks`` − 1 with its prefixes, bit-identical for every executor and ``chunk_blocks``.

    ``tree`` is where to go on from (empty by default); it is extended. ``progress`` is called with (samples done,
    samples in all) after each chunk, ``keep`` with the tree so far, both in this thread. Memory: one result per chunk
    in flight and one subtree per level, whatever the number of blocks. An exception, KeyboardInterrupt included, closes
    the executor and propagates.
    """
    if not 1 <= blocks < PILOT:
        raise InvalidInput(f"samples needs {blocks} blocks; from 1 to {PILOT - 1} are possible")
    tree = Tree() if tree is None else tree
    # Short chunks also for few blocks, so that threads share them evenly.
    step = chunk_blocks or min(LONGEST_CHUNK, max(1, blocks // 16))
    if tree.level is not None:
        step = 1 << min(tree.level, step.bit_length() - 1)
    size = task.samples_per_block
    with closing(executor.run(task, _chunks(tree.blocks, blocks, step))) as results:
        for nodes in results:
            for node in nodes:
                tree.add(node)
            if keep:
                keep(tree)
            if progress:
                progress(tree.blocks * size, blocks * size)
    return tree


def _chunks(start: int, end: int, step: int) -> Iterator[range]:
    """Ranges of ``step`` blocks from a multiple of ``step`` to the next."""
    while start < end:
        stop = min((start // step + 1) * step, end)
        yield range(start, stop)
        start = stop
