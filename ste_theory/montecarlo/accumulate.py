"""Count, mean and co-moments of the columns, merged in a binary tree whose shape depends on the number of blocks only.

A leaf is one block. Node (level, index) covers the blocks [index·2^level, (index + 1)·2^level) and is the merge of its
two children; the nodes left over when the number of blocks is no power of two are merged from the right.
Floating-point addition is not associative, but a fixed tree is a fixed expression: whoever computes its parts, the
result has the same bits.

A tree that receives its leaves in order keeps at most one node per level, log₂(number of blocks) + 1 in all, of 8k²
bytes each: 25 MB for k = 321 columns and 10⁹ blocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.blocks import UNSPLIT
from ste_theory.montecarlo.program import Matrix

TILE = 64


@dataclass(frozen=True, eq=False)
class Partial:
    """Moments of some samples: their number, mean (k,) and co-moments Σ (x − mean)(x − mean)ᵀ (k, k)."""

    count: int
    mean: Vector
    comoment: Matrix


@dataclass(frozen=True, eq=False)
class Node:
    """A complete subtree: its place in the tree and the moments of its blocks."""

    level: int
    index: int
    partial: Partial


def summarize(columns: Matrix) -> Partial:
    """The moments of one block of shape (k, B); ``columns`` is used as scratch.

    The first sample is subtracted first. So a column that is constant over the block has exactly that mean and exactly
    zero co-moments, and merging keeps it so: zero variance is a fact about the samples, not a matter of rounding.
    """
    first = columns[:, 0].copy()
    columns -= first[:, None]
    shift = columns.mean(axis=1, dtype=np.float64)
    columns -= shift[:, None]
    return Partial(columns.shape[1], first + shift, _gram(columns))


def _gram(x: Matrix) -> Matrix:
    """x xᵀ from small products: a large one would be split over BLAS threads, and its bits depend on their number."""
    width, size = x.shape
    tiles = -(-width // TILE)
    edges = [width * tile // tiles for tile in range(tiles + 1)]
    step = size
    while (-(-width // tiles)) ** 2 * step > UNSPLIT:
        step //= 2
    # For x @ x.T itself NumPy takes the slower symmetric product, with a threshold for threads of its own.
    copy = x.copy()
    result = np.zeros((width, width))
    for row, (top, bottom) in enumerate(pairwise(edges)):
        for left, right in pairwise(edges[row:]):
            block = result[top:bottom, left:right]
            for start in range(0, size, step):
                block += x[top:bottom, start : start + step] @ copy[left:right, start : start + step].T
            if left == top:
                block[:] = np.triu(block) + np.triu(block, 1).T
            else:
                result[left:right, top:bottom] = block.T
    return result


def merge(left: Partial, right: Partial) -> Partial:
    """The moments of both sets of samples together (Chan, Golub and LeVeque, COMPSTAT 1982, equation 2.1).

    mean = mean₁ + δ n₂/n,   comoment = comoment₁ + comoment₂ + δδᵀ n₁n₂/n,   δ = mean₂ − mean₁, n = n₁ + n₂.
    """
    count = left.count + right.count
    difference = right.mean - left.mean
    comoment = np.outer(difference, difference)
    comoment *= left.count * right.count / count
    comoment += left.comoment
    comoment += right.comoment
    return Partial(count, left.mean + difference * (right.count / count), comoment)


@dataclass
class Tree:
    """The part of the tree seen so far: complete subtrees, adjacent and from left to right.

    ``prefixes`` are the moments of the first 1, 2, 4, … blocks: the nodes along the left edge of the tree, for nothing.
    A tree that is a part of another one leaves its left edge (``spine``) to that one, which then sees all of them.
    ``groups`` keeps the means of all complete subtrees of one ``level``: independent observations of equal variance.
    """

    nodes: list[Node] = field(default_factory=list)
    prefixes: list[Partial] = field(default_factory=list)
    spine: bool = True
    level: int | None = None
    groups: list[Vector] = field(default_factory=list)

    @property
    def blocks(self) -> int:
        """How many blocks it covers."""
        return (self.nodes[-1].index + 1) << self.nodes[-1].level if self.nodes else 0

    def add(self, node: Node) -> None:
        """Append the next subtree; siblings merge as soon as both are there, whatever chunk they came from.

        Raises ``ValueError`` if ``node`` is not the right neighbour of what is there.
        """
        if self.nodes:
            last = self.nodes[-1]
            if (last.index + 1) << last.level != node.index << node.level:
                raise ValueError(f"subtree ({node.level}, {node.index}) does not follow ({last.level}, {last.index})")
        if self.level is not None and node.level > self.level:
            raise ValueError(f"a subtree of level {node.level} hides the groups of level {self.level}")
        self._keep(node)
        while (
            self.nodes and node.index % 2 == 1 and self.nodes[-1].level == node.level and (self.spine or node.index > 1)
        ):
            left = self.nodes.pop()
            node = Node(node.level + 1, node.index // 2, merge(left.partial, node.partial))
            self._keep(node)
        self.nodes.append(node)
        if self.spine and node.index == 0:
            self.prefixes.append(node.partial)

    def _keep(self, node: Node) -> None:
        if node.level == self.level:
            self.groups.append(node.partial.mean)

    def total(self) -> Partial:
        """The moments of all blocks; the leftover subtrees are merged from the right, smallest first."""
        return reduce(lambda right, left: merge(left, right), [node.partial for node in reversed(self.nodes)])


def grow(nodes: Iterable[Node], *, spine: bool = True) -> Tree:
    """The tree of the given subtrees, left to right."""
    tree = Tree(spine=spine)
    for node in nodes:
        tree.add(node)
    return tree
