"""Three plots of what witnesses found: pulls, agreement against sample size, digits that balls prove."""

import math
from collections.abc import Sequence

from ste_theory.claims.witness import Figure
from ste_theory.render.figures import component, problem
from ste_theory.render.markup import Html, tag
from ste_theory.render.report.axes import Axis, horizontal, svg, vertical
from ste_theory.render.report.wording import lowered, said

ROW = 18.0
_LEFT, _WIDTH = 34.0, 420.0


def pulls(figures: Sequence[Figure]) -> Html:
    """(sampled − stated)/standard error of every component; for a true statement about normal."""
    shown = [figure.pull or 0.0 for figure in figures]
    reach = max(3.0, math.ceil(max(map(abs, shown)) + 0.5))
    height = len(figures) * ROW + 10
    axis = Axis(-reach, reach, _LEFT, _WIDTH - 10)
    bands = [
        tag(
            "rect",
            x=f"{axis.at(-z):.1f}",
            y="4",
            width=f"{axis.at(z) - axis.at(-z):.1f}",
            height=f"{height - 4:g}",
            class_=f"band band-{z}",
        )
        for z in (2, 1)
    ]
    marks = []
    for number, pull in enumerate(shown, 1):
        y = 4 + (number - 0.5) * ROW
        marks.append(tag("text", str(number), x=f"{_LEFT - 8:g}", y=f"{y + 4:.1f}", class_="tick end"))
        marks.append(
            tag("line", x1=f"{axis.at(0):.1f}", x2=f"{axis.at(pull):.1f}", y1=f"{y:.1f}", y2=f"{y:.1f}", class_="stem")
        )
        marks.append(tag("circle", cx=f"{axis.at(pull):.1f}", cy=f"{y:.1f}", r="4", class_="dot"))
    title = f"Pulls of {len(figures)} sampled components, the largest {max(map(abs, shown)):.1f} standard errors"
    return svg(_WIDTH, height + 42, title, bands, horizontal(axis, height, "pull, in standard errors", 4), marks)


def named(figure: Figure) -> str:
    """A component with its problem and its point, as text: no two of a claim have the same name."""
    used, place = problem(figure), f" at {figure.place}" if figure.place else ""
    return lowered(said(component(figure))) + (f" of {used}" if used else "") + said(place)


def agreement(figure: Figure) -> Html:
    """Running means against the number of samples, around the stated value with its cone ±σ/√n and ±2σ/√n."""
    counts = [samples for samples, _, _ in figure.running]
    # σ of one sample, from all of them.
    spread = figure.running[-1][2] * math.sqrt(counts[-1])
    width, height, left = 420.0, 230.0, 76.0
    x = Axis(counts[0], counts[-1], left + 8, width - 12, log=True)
    values = [
        edge
        for samples, value, error in figure.running
        for edge in (value - error, value + error, *_cone(figure.claimed, spread, samples, 2))
    ]
    # No bar or dot touches the frame.
    margin = 0.04 * (max(values) - min(values))
    y = Axis(min(values) - margin, max(values) + margin, height - 44, 10)
    cones = [_band(figure.claimed, spread, counts, factor, x, y) for factor in (2, 1)]
    line = tag(
        "line",
        x1=f"{left:g}",
        x2=f"{width - 12:g}",
        y1=f"{y.at(figure.claimed):.1f}",
        y2=f"{y.at(figure.claimed):.1f}",
        class_="stated",
    )
    marks = []
    for samples, value, error in figure.running:
        at = f"{x.at(samples):.1f}"
        marks.append(
            tag("line", x1=at, x2=at, y1=f"{y.at(value - error):.1f}", y2=f"{y.at(value + error):.1f}", class_="stem")
        )
        marks.append(tag("circle", cx=at, cy=f"{y.at(value):.1f}", r="3.5", class_="dot"))
    title = f"{named(figure)}: running means against the number of samples, with the cone ±σ/√n around the stated value"
    return svg(
        width,
        height,
        title,
        cones,
        vertical(y, left, width - 12),
        horizontal(x, height - 44, "samples", 10),
        [line],
        marks,
    )


def _cone(claimed: float, spread: float, samples: float, factor: int) -> tuple[float, float]:
    return claimed - factor * spread / math.sqrt(samples), claimed + factor * spread / math.sqrt(samples)


def _band(claimed: float, spread: float, counts: Sequence[int], factor: int, x: Axis, y: Axis) -> Html:
    grid = [counts[0] * (counts[-1] / counts[0]) ** (step / 40) for step in range(41)]
    lower, upper = zip(*(_cone(claimed, spread, samples, factor) for samples in grid), strict=True)
    ends = [*zip(grid, upper, strict=True), *zip(grid[::-1], lower[::-1], strict=True)]
    points = " ".join(f"{x.at(samples):.1f},{y.at(value):.1f}" for samples, value in ends)
    return tag("polygon", points=points, class_=f"band band-{factor}")


def proved_digits(figure: Figure) -> float:
    """How many decimal digits of the value the balls agree on: −log₁₀ of the residual's radius, relative unless the
    value may be zero."""
    return -math.log10(figure.error) if figure.error > 0 else math.inf


def digits(figures: Sequence[Figure]) -> Html:
    """The digits to which formula and defining integral are enclosed together."""
    shown = [proved_digits(figure) for figure in figures]
    most = max((number for number in shown if math.isfinite(number)), default=1.0)
    height = len(figures) * ROW + 10
    axis = Axis(0.0, max(most, 1.0), _LEFT, _WIDTH - 10)
    bars = []
    for number, count in enumerate(shown, 1):
        y = 4 + (number - 0.5) * ROW
        end = axis.at(count if math.isfinite(count) else axis.high)
        bars.append(tag("text", str(number), x=f"{_LEFT - 8:g}", y=f"{y + 4:.1f}", class_="tick end"))
        bars.append(
            tag("rect", x=f"{_LEFT:g}", y=f"{y - 5:.1f}", width=f"{max(end - _LEFT, 0):.1f}", height="10", class_="bar")
        )
    finite = [number for number in shown if math.isfinite(number)]
    title = f"Digits proved in {len(figures)} enclosures" + (f", at least {min(finite):.0f}" if finite else "")
    return svg(_WIDTH, height + 42, title, horizontal(axis, height, "digits", 4), bars)
