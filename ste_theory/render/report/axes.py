"""Axes of a small plot in SVG: from numbers to places, with ticks at round numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ste_theory.render.markup import Html, tag


@dataclass(frozen=True)
class Axis:
    """Maps [low, high] to the pixels from ``start`` to ``stop``; ``log`` for an axis of powers of ten."""

    low: float
    high: float
    start: float
    stop: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; those outside lie on the edge."""
        low, high, x = (
            (math.log10(v) for v in (self.low, self.high, value)) if self.log else (self.low, self.high, value)
        )
        share = 0.5 if high == low else min(max((x - low) / (high - low), 0.0), 1.0)
        return self.start + share * (self.stop - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Round numbers inside the range, about ``count``."""
        if self.log:
            powers = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            return [10.0**power for power in powers]
        if self.high <= self.low:
            return [self.low]
        rough = (self.high - self.low) / count
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def horizontal(axis: Axis, y: float, label: str, top: float) -> list[Html]:
    """Ticks, faint lines up to ``top`` and the label below a horizontal axis."""
    found = []
    for value in axis.ticks():
        x = f"{axis.at(value):.1f}"
        found.append(tag("line", x1=x, x2=x, y1=f"{top:.1f}", y2=f"{y:.1f}", class_="grid"))
        found.append(tag("text", written(value), x=x, y=f"{y + 15:.1f}", class_="tick middle"))
    middle = f"{(axis.start + axis.stop) / 2:.1f}"
    return [*found, tag("text", label, x=middle, y=f"{y + 32:.1f}", class_="axis middle")]


def vertical(axis: Axis, x: float, right: float) -> list[Html]:
    """Ticks left of a vertical axis and faint lines to ``right``."""
    found = []
    for value in axis.ticks():
        y = axis.at(value)
        found.append(tag("line", x1=f"{x:.1f}", x2=f"{right:.1f}", y1=f"{y:.1f}", y2=f"{y:.1f}", class_="grid"))
        found.append(tag("text", written(value), x=f"{x - 6:.1f}", y=f"{y + 4:.1f}", class_="tick end"))
    return found


def svg(width: float, height: float, title: str, *inside: Sequence[Html]) -> Html:
    """A picture with a title; the table beside it says the same in numbers."""
    return tag(
        "svg",
        tag("title", title),
        *inside,
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_label=title,
        class_="plot",
    )


def written(value: float) -> str:
    """A round number, short.

    >>> written(0.30000000000000004), written(1e4), written(-2.0), written(0.0)
    ('0.3', '10⁴', '−2', '0')
    """
    if value != 0 and (abs(value) >= 1e4 or abs(value) < 1e-4):
        power = math.floor(math.log10(abs(value)) + 1e-9)
        head = value / 10.0**power
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return (f"{head:g}·" if abs(head - 1) > 1e-9 else "").replace("-", "−") + f"10{raised}"
    return f"{value:.6g}".replace("-", "−")
