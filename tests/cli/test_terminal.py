"""Progress on standard error: a line that is overwritten on a terminal, a line every half minute in a log."""

import io
import time

import pytest

from ste_theory.cli.terminal import Progress, colour, remaining
from ste_theory.render.listing import render


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, as a list of one number that a test sets."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_time_left_is_that_of_this_run(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a rate that counts what a resumed run had before it began; none at all."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    with Progress() as progress:
        show = remaining(progress, "points")
        show(600, 1000)  # of an earlier run
        clock[0] += 10.0
        show(700, 1000)  # ten points a second: 300 in 30 s
    said = stream.getvalue()
    assert "600 of 1,000 points (60 %)\r" in said
    assert "700 of 1,000 points (70 %), 30.0 s left" in said


def test_a_log_has_a_line_every_half_minute_and_none_of_short_work(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: hours of work that a log says nothing about; a log full of carriage returns."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with Progress() as progress:
        for second in range(100):
            progress(f"second {second}")
            clock[0] += 1.0
    assert stream.getvalue() == "second 31\nsecond 62\nsecond 93\n"


@pytest.mark.parametrize(
    ("terminal", "variables", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": ""}, True),  # empty is unset, says no-color.org
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    terminal: bool, variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: escape sequences in a file or despite NO_COLOR; and none anywhere."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    shown = colour(Terminal() if terminal else io.StringIO())
    assert shown is coloured
    rows = [("yin2019.loss", "published", "CONFIRMED", "Lemma 1", "The loss")]
    assert ("\x1b[" in render(rows, colour=shown)) is coloured
