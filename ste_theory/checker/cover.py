"""Whether boxes cover a region exactly: in rational arithmetic, every point once but for common faces."""

from collections.abc import Sequence

from flint import fmpq

from ste_theory.checker.expression import Rejected

Box = tuple[tuple[fmpq, fmpq], ...]
MAX_STEPS = 5_000_000


def describe(box: Box) -> str:
    """[0, 1/2] × [1/3, 1]."""
    return " × ".join(f"[{lower}, {upper}]" for lower, upper in box)


def verify_cover(domain: Box, boxes: Sequence[Box], where: str) -> None:
    """Raises ``Rejected`` and names a region that is not covered, a box that leaves the domain, or two that overlap."""
    for number, box in enumerate(boxes):
        if any(lower >= upper for lower, upper in box):
            raise Rejected(f"{where}: box {number + 1}, {describe(box)}, is empty or flat")
        if any(lo < low or hi > high for (lo, hi), (low, high) in zip(box, domain, strict=True)):
            raise Rejected(f"{where}: box {number + 1}, {describe(box)}, leaves the domain {describe(domain)}")
    steps = 0
    left: list[tuple[Box, list[int]]] = [(domain, list(range(len(boxes))))]
    while left:
        region, inside = left.pop()
        steps += 1 + len(inside)
        if steps > MAX_STEPS:
            raise Rejected(f"{where}: the boxes are too fragmented to be compared with the domain")
        if not inside:
            raise Rejected(f"{where}: no box covers {describe(region)}")
        cut = _cut(region, [boxes[number] for number in inside])
        if cut is None:
            if len(inside) > 1:
                raise Rejected(f"{where}: boxes {inside[0] + 1} and {inside[1] + 1} overlap on {describe(region)}")
            continue
        axis, at = cut
        below, above = list(region), list(region)
        below[axis], above[axis] = (region[axis][0], at), (at, region[axis][1])
        left.append((tuple(above), [number for number in inside if boxes[number][axis][1] > at]))
        left.append((tuple(below), [number for number in inside if boxes[number][axis][0] < at]))


def _cut(region: Box, boxes: Sequence[Box]) -> tuple[int, fmpq] | None:
    """Where to divide a region: in the middle if boxes end there and none is cut, else at the median of the ends."""
    for axis, (lower, upper) in enumerate(region):
        middle = (lower + upper) / 2
        if any(middle in box[axis] for box in boxes) and not any(b[axis][0] < middle < b[axis][1] for b in boxes):
            return axis, middle
    for axis, (lower, upper) in enumerate(region):
        ends = sorted({end for box in boxes for end in box[axis] if lower < end < upper})
        if ends:
            return axis, ends[len(ends) // 2]
    return None
