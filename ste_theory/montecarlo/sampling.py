"""From blocks to moments: the task that a chunk of blocks is, and the loop that merges the chunks' results in order."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Node, Partial, Tree, grow, summarize
from ste_theory.montecarlo.blocks import PILOT, block_generator, block_size, fill_columns, workspace
from ste_theory.montecarlo.executors import Executor

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
    baseline: float = 0.0

    def __call__(self, blocks: range) -> tuple[Node, ...]:
        """The moments of the blocks, as the complete subtrees of the fixed tree that lie in the range."""
        return tuple(grow(self._leaves(blocks)).nodes)

    def _leaves(self, blocks: range) -> Iterator[Node]:
        work = workspace(self.point, score=self.score)
        for index in blocks:
            draw = block_generator(self.seed, self.stream, index)
            columns = fill_columns(self.problem, self.point, draw, work, self.baseline)
            yield Node(0, index, summarize(columns))


def pilot_loss(problem: Problem, point: Point, seed: int, stream: tuple[int, ...]) -> float:
    """The mean loss over one block of its own: a baseline β for the score, independent of the samples."""
    moments = summarize(
        fill_columns(problem, point, block_generator(seed, stream, PILOT), workspace(point, score=False))
    )
    return float(moments.mean[-1])


def run_blocks(
    task: Task, blocks: int, executor: Executor, *, chunk_blocks: int | None = None, progress: Progress | None = None
) -> Partial:
    """The moments of blocks 0 … ``blocks`` − 1, bit-identical for every executor and every ``chunk_blocks``.

    ``progress`` is called with (samples done, samples in all) after each chunk, in this thread. Memory: one result per
    chunk in flight and one subtree per level, whatever the number of blocks. An exception, KeyboardInterrupt included,
    closes the executor and propagates.
    """
    if not 1 <= blocks < PILOT:
        raise InvalidInput(f"samples needs {blocks} blocks; from 1 to {PILOT - 1} are possible")
    # Short chunks also for few blocks, so that threads share them evenly.
    step = chunk_blocks or min(LONGEST_CHUNK, max(1, blocks // 16))
    chunks = (range(start, min(start + step, blocks)) for start in range(0, blocks, step))
    size = block_size(task.point.m, task.point.n)
    tree, done = Tree(), 0
    with closing(executor.run(task, chunks)) as results:
        for nodes in results:
            for node in nodes:
                tree.add(node)
                done += size << node.level
            if progress:
                progress(done, blocks * size)
    return tree.total()
