"""Where the claims stand in the picture of their dependencies: in layers from left to right, foundations first.

The method of Sugiyama, Tagawa and Toda (1981): layers by the longest way to a foundation; edges that pass a layer get a
place in it; the order in a layer follows the mean place of the neighbours; then everything is drawn towards its
neighbours as far as the order allows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_HEIGHT, PASSING_HEIGHT, GAP = 40.0, 2.0, 8.0
NODE_WIDTH, LAYER_GAP, MARGIN = 252.0, 64.0, 16.0
SWEEPS = 24

Edge = tuple[str, str]
_Place = str | tuple[str, str, int]  # a claim, or an edge in a layer that it passes


@dataclass(frozen=True)
class Placed:
    """Left upper corners of the claims, the points through which each edge goes, and the size of the whole."""

    nodes: Mapping[str, tuple[float, float]]
    edges: Mapping[Edge, tuple[tuple[float, float], ...]]
    width: float
    height: float


def placed(nodes: Sequence[str], edges: Sequence[Edge]) -> Placed:
    """The picture of ``nodes``; an edge (a, b) says that a rests on b, and is drawn from b to a. No circles."""
    layer = _layers(nodes, edges)
    columns: list[list[_Place]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for node in nodes:
        columns[layer[node]].append(node)
    chains: dict[Edge, list[_Place]] = {}
    for above, below in edges:
        passing: list[_Place] = [(above, below, level) for level in range(layer[below] + 1, layer[above])]
        for level, place in enumerate(passing, layer[below] + 1):
            columns[level].append(place)
        chains[above, below] = [below, *passing, above]
    left: dict[_Place, list[_Place]] = {}
    right: dict[_Place, list[_Place]] = {}
    for chain in chains.values():
        for one, two in pairwise(chain):
            right.setdefault(one, []).append(two)
            left.setdefault(two, []).append(one)
    _order(columns, left, right)
    middle = _heights(columns, left, right)
    corner = {node: (MARGIN + layer[node] * (NODE_WIDTH + LAYER_GAP), middle[node] - NODE_HEIGHT / 2) for node in nodes}
    drawn = {edge: tuple(_points(chain, layer, middle)) for edge, chain in chains.items()}
    width = 2 * MARGIN + len(columns) * NODE_WIDTH + (len(columns) - 1) * LAYER_GAP
    height = max((y for y in middle.values()), default=0.0) + NODE_HEIGHT / 2 + MARGIN
    return Placed(corner, drawn, width, height)


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    below: dict[str, list[str]] = {node: [] for node in nodes}
    for above, under in edges:
        below[above].append(under)
    found: dict[str, int] = {}

    def depth(node: str) -> int:
        if node not in found:
            found[node] = 1 + max((depth(under) for under in below[node]), default=-1)
        return found[node]

    for node in nodes:
        depth(node)
    return found


def _order(
    columns: list[list[_Place]], left: Mapping[_Place, list[_Place]], right: Mapping[_Place, list[_Place]]
) -> None:
    """Sort every layer by the mean place of the neighbours, in turn of those on its left and on its right."""
    for sweep in range(SWEEPS):
        neighbours, order = (left, columns) if sweep % 2 == 0 else (right, columns[::-1])
        for before, column in pairwise(order):
            rank = {place: number / max(len(before), 1) for number, place in enumerate(before)}
            own = {place: number / max(len(column), 1) for number, place in enumerate(column)}
            mean = {
                place: _mean([rank[n] for n in neighbours.get(place, []) if n in rank], own[place]) for place in column
            }
            column.sort(key=lambda place: mean[place])


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _heights(
    columns: list[list[_Place]], left: Mapping[_Place, list[_Place]], right: Mapping[_Place, list[_Place]]
) -> dict[_Place, float]:
    """The middle of every place: near its neighbours, in the order of its layer, none over another."""
    middle: dict[_Place, float] = {}
    for column in columns:
        _spread(column, {place: middle.get(place, 0.0) for place in column}, middle)
    for _ in range(SWEEPS):
        for column in (*columns, *columns[::-1]):
            wanted = {
                place: _mean([middle[n] for n in (*left.get(place, ()), *right.get(place, ()))], middle[place])
                for place in column
            }
            _spread(column, wanted, middle)
    top = min((y - _size(place) / 2 for place, y in middle.items()), default=0.0)
    return {place: y - top + MARGIN for place, y in middle.items()}


def _spread(column: Sequence[_Place], wanted: Mapping[_Place, float], middle: dict[_Place, float]) -> None:
    """Each place where it is wanted, pushed down by those above it, then the whole layer moved to the mean wish."""
    reached = float("-inf")
    for place in column:
        middle[place] = max(wanted[place], reached + _size(place) / 2)
        reached = middle[place] + _size(place) / 2 + GAP
    shift = _mean([wanted[place] - middle[place] for place in column], 0.0)
    for place in column:
        middle[place] += shift


def _size(place: _Place) -> float:
    return NODE_HEIGHT if isinstance(place, str) else PASSING_HEIGHT


def _points(
    chain: Sequence[_Place], layer: Mapping[str, int], middle: Mapping[_Place, float]
) -> list[tuple[float, float]]:
    found = []
    for number, place in enumerate(chain):
        level = layer[place] if isinstance(place, str) else place[2]
        x = MARGIN + level * (NODE_WIDTH + LAYER_GAP)
        if number > 0:
            found.append((x, middle[place]))
        if number < len(chain) - 1:
            found.append((x + NODE_WIDTH, middle[place]))
    return found
