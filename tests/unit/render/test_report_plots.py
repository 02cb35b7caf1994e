"""The plots of a report against the numbers they stand for, measured in the picture."""

import math
import re

import pytest

from ste_theory.claims.verdict import Verdict
from ste_theory.claims.witness import Figure
from ste_theory.render.graph import EVIDENCE
from ste_theory.render.report.document import _verdict_colours
from ste_theory.render.report.network import legend
from ste_theory.render.report.plots import agreement, digits, pulls

Running = tuple[tuple[int, float, float], ...]


def attributes(picture: str, element: str, kind: str) -> list[dict[str, str]]:
    """The attributes of all elements of a class, in order."""
    found = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in re.findall(rf"<{element}\b[^>]*>", picture)]
    return [one for one in found if kind in one.get("class", "").split()]


# Coordinates have one decimal, so each is off by 0.05 at most. A distance read off two of them, compared with a
# multiple of a unit that was read off two others, is off by 0.1 and that multiple of the unit's error: 0.2 at most.
SLACK = 0.3


def figure(*, error: float = 0.05, pull: float | None = None, running: Running = ()) -> Figure:
    """A figure with these fields, of the value 1."""
    return Figure("x", 1.0, 1.0, error, pull, running=running)


def test_the_cone_is_as_wide_as_it_says() -> None:
    """Would have caught: a cone of another width than ±σ/√n and ±2σ/√n, or around another value than the stated."""
    # σ = 0.05·√1600 = 2: the cone is ±0.2 at 100 samples and ±0.05 at 1600.
    running = ((100, 1.1, 0.2), (400, 0.9, 0.1), (1600, 1.0, 0.05))
    picture = agreement(figure(running=running))
    stated = float(attributes(picture, "line", "stated")[0]["y1"])
    dots = attributes(picture, "circle", "dot")
    unit = (float(dots[1]["cy"]) - float(dots[0]["cy"])) / (0.9 - 1.1)  # pixels per 1
    assert float(dots[2]["cy"]) == pytest.approx(stated, abs=0.1)
    for factor in (1, 2):
        (band,) = attributes(picture, "polygon", f"band-{factor}")
        points = [tuple(map(float, pair.split(","))) for pair in band["points"].split()]
        upper, lower = points[: len(points) // 2], points[len(points) // 2 :][::-1]
        for place, half in ((0, 0.2), (-1, 0.05)):
            assert upper[place][1] - stated == pytest.approx(factor * half * unit, abs=SLACK)
            assert lower[place][1] - stated == pytest.approx(-factor * half * unit, abs=SLACK)
        assert [upper[0][0], upper[-1][0]] == [float(dots[0]["cx"]), float(dots[2]["cx"])]
    stems = attributes(picture, "line", "stem")
    for stem, (_, value, error) in zip(stems, running, strict=True):
        assert float(stem["y1"]) - stated == pytest.approx((value - error - 1) * unit, abs=SLACK)
        assert float(stem["y2"]) - stated == pytest.approx((value + error - 1) * unit, abs=SLACK)


def test_no_bar_touches_the_frame() -> None:
    """Would have caught: the bars of the first points cut at the edge, as if they were shorter."""
    running = ((100, 9.0, 5.0), (400, -7.0, 2.0), (1600, 1.0, 0.05))
    stems = attributes(agreement(figure(running=running)), "line", "stem")
    heights = [float(stem["y1"]) - float(stem["y2"]) for stem in stems]
    assert all(12 < float(stem["y2"]) < float(stem["y1"]) < 184 for stem in stems)
    # As long as the errors are, 5 to 2; each end is rounded to a tenth.
    assert 2 * heights[0] == pytest.approx(5 * heights[1], abs=(2 + 5) * 2 * 0.05)


def test_pulls_stand_at_their_number_of_standard_errors() -> None:
    """Would have caught: a pull of the other sign, of another component, or a band of another width."""
    found = [-2.0, 1.0, 0.5]
    picture = pulls([figure(pull=pull) for pull in found])
    places = [float(dot["cx"]) for dot in attributes(picture, "circle", "dot")]
    unit = (places[1] - places[0]) / 3
    assert unit > 0
    zero = places[0] + 2 * unit
    assert places[2] == pytest.approx(zero + unit / 2, abs=0.2)
    for factor in (1, 2):
        (band,) = attributes(picture, "rect", f"band-{factor}")
        assert float(band["width"]) == pytest.approx(2 * factor * unit, abs=SLACK)
        assert float(band["x"]) == pytest.approx(zero - factor * unit, abs=SLACK)


def test_bars_are_as_long_as_the_digits_proved() -> None:
    """Would have caught: digits of the value in place of its error's, or a bar for none."""
    picture = digits([figure(error=1e-30), figure(error=1e-15), figure(error=2.0)])
    widths = [float(bar["width"]) for bar in attributes(picture, "rect", "bar")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.15)  # three times 0.05
    assert widths[2] == 0
    assert math.isclose(widths[0] / 30, widths[1] / 15, rel_tol=0.01)


def test_the_legend_is_that_of_the_colours() -> None:
    """Would have caught: a verdict that the legend does not have or names by another letter, colours typed twice."""
    shown, style = legend(), _verdict_colours()
    for verdict, look in EVIDENCE.items():
        assert f'v-{look.letter}">{look.letter}</span> {str(verdict).lower()}' in shown
        assert re.search(rf'b-{look.letter}"></rect></svg> documented as {str(verdict).lower()}<', shown)
        assert look.fill in style
        assert look.border in style
    assert set(EVIDENCE) == set(Verdict)
