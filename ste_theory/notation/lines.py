"""Where to break a long formula: at the outermost sums first, in few and full lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

# Prices: a break inside brackets, per bracket; one more line; overfull text as wide as a line; an empty line.
_DEPTH, _LINE, _OVERFULL, _EMPTY = 3.0, 1.0, 1000.0, 3.0
_DEEPEST = 4


@dataclass(frozen=True)
class Piece:
    """Text that stays together, and its width."""

    text: str
    width: float


@dataclass(frozen=True)
class Break:
    """A place where a new line may start, inside ``depth`` brackets; the new line begins with ``start``."""

    depth: int
    start: str = ""


@dataclass(frozen=True)
class Line:
    """One line and its indentation, counted in steps; the first line has none."""

    indent: int
    text: str


Items = Sequence[Piece | Break]


def broken(items: Items, *, width: float, step: float, lead: float = 0.0) -> tuple[Line, ...]:
    """The pieces in lines of at most ``width``; ``lead`` of the first one is taken, further ones are indented by steps.

    Among all ways to break, the one with the least price is chosen: few lines, few breaks inside brackets, full
    lines. Where nothing fits, the line is too long.
    """
    ends = list(accumulate((item.width if isinstance(item, Piece) else 0.0 for item in items), initial=0.0))
    if lead + ends[-1] <= width:
        return (Line(0, _text(items)),)
    places = [0, *(number for number, item in enumerate(items) if isinstance(item, Break)), len(items)]
    least: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(places)):
        last = stop == len(places) - 1
        least.append(
            min(
                (least[start][0] + _price(items, places[start], places[stop], ends, width, step, lead, last), start)
                for start in range(stop)
            )
        )
    chosen, stop = [], len(places) - 1
    while stop > 0:
        start = least[stop][1]
        chosen.append((places[start], places[stop]))
        stop = start
    return tuple(
        Line(_indent(items[start]) if start else 0, _start(items[start]) + _text(items[start:stop]).lstrip())
        for start, stop in reversed(chosen)
    )


def _price(
    items: Items, start: int, stop: int, ends: Sequence[float], width: float, step: float, lead: float, last: bool
) -> float:
    item = items[start]
    room = width - (step * _indent(item) if start else lead)
    used = ends[stop] - ends[start]
    price = _LINE + (_DEPTH * item.depth if start and isinstance(item, Break) else 0.0)
    if used > room:
        return price + _OVERFULL * (used - room) / width
    return price if last else price + _EMPTY * ((room - used) / width) ** 2


def _indent(item: Piece | Break) -> int:
    return 1 + min(item.depth, _DEEPEST) if isinstance(item, Break) else 0


def _start(item: Piece | Break) -> str:
    return item.start if isinstance(item, Break) else ""


def _text(items: Items) -> str:
    return "".join(item.text for item in items if isinstance(item, Piece))
