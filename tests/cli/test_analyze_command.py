"""``analyze`` and ``compare``."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ste_theory import Point, Problem, correlation, quantizers, surrogates
from ste_theory.analysis import catalogue
from ste_theory.analysis.analyze import analyze
from ste_theory.analysis.multilevel import matched
from ste_theory.render.analysis import summary
from tests.cli.conftest import Command


def test_a_verdict_in_words_comes_first(command: Command) -> None:
    """Would have caught details before the answer, or a sound surrogate with exit code 1."""
    ended = command("analyze", "relu")
    assert ended.code == 0
    assert ended.out.splitlines()[0].startswith("Sound at every scale")


@pytest.mark.parametrize("arguments", [("larq.swish_sign",), ("identity", "--quantizer", "uniform_relu(2)")])
def test_answers_fit_in_80_columns(command: Command, arguments: tuple[str, ...]) -> None:
    """Would have caught a line that a terminal breaks anywhere, and 1.000000000000 for 1."""
    out = command("analyze", *arguments).out
    assert max(map(len, out.splitlines())) <= 80
    assert "000000" not in out.replace("0.00000", "")


@pytest.mark.parametrize("arguments", [("larq.swish_sign",), ("identity", "--quantizer", "uniform_relu(2)")])
def test_what_analyze_writes_is_checked_again(command: Command, arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Would have caught evidence that no other program can read, and a forged verdict that passes."""
    file = tmp_path / "analysis.json"
    command("analyze", *arguments, "--json", str(file))
    ended = command("check-certificate", str(file))
    assert (ended.code, ended.err) == (0, "")
    assert "valid" in ended.out
    document = json.loads(file.read_text(encoding="utf-8"))
    document["sound"] = "refuted" if document["sound"] == "proved" else "proved"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert command("check-certificate", str(file)).code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("relu",), ("in: g′ = 0 on x < 0", "1 ≤ g′ ≤ 1 for all x > 0 (proved")),
        (("long2021.log_tailed", "--bound", "4"), ("in on bounded pre-activations", "0.5 ≤ g′ ≤ 1 for 0 < x ≤ 4")),
        (("identity",), ("out: g′(-1)", "x = -1 shows it")),
    ],
)
def test_membership_in_the_class_of_the_classification_paper(
    command: Command, arguments: tuple[str, ...], says: tuple[str, ...]
) -> None:
    """Would have caught: δ of another B, a class without the label of the reconstruction, lines beyond the terminal."""
    ended = command("analyze", *arguments)
    words = " ".join(ended.out.split())
    assert all(text in words for text in says)
    assert "reconstructed" in words
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_members_are_named_below_the_table() -> None:
    """Would have caught: a table of the catalogue that leaves the class out, or calls everything a member."""
    shown = " ".join(
        summary([analyze(catalogue.surrogate(n)) for n in ("relu", "identity", "long2021.log_tailed")])[5:]
    )
    assert "reconstructed" in shown
    assert "in: relu; in on bounded pre-activations: long2021.log_tailed. The others are out." in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("tanh(x)",), 1),
        (("identity", "--quantizer", "uniform_relu(2)"), 1),
        (("cos(x^2)",), 3),
        (("1 - x^2/10", "--max-scale", "2"), 0),
        (("1 - x^2/10", "--max-scale", "4"), 1),
        (("1 + x*exp(x^2/1000)",), 1),
        (("1 + x*exp(x^2/1000)", "--max-scale", "22"), 0),
    ],
)
def test_exit_codes(command: Command, arguments: tuple[str, ...], code: int) -> None:
    """Would have caught an unsound surrogate that a script takes for a sound one. E[1 − x²ξ²/10] = 0 at
    x = √10; E|ξ|e^{x²ξ²/1000} is infinite from √500 on."""
    assert command("analyze", *arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("relu", "--all"),
        ("relu", "--quantizer", "nonsense"),
        ("relu", "--max-scale", "-1"),
        ("relu", "--bound", "0"),
        ("relu", "--set", "clip"),
        ("__import__('os')",),
        ("1 +",),
    ],
)
def test_bad_input_is_one_line(command: Command, arguments: tuple[str, ...]) -> None:
    """Would have caught a traceback, or a formula that is run."""
    ended = command("analyze", *arguments)
    assert ended.code == 2
    assert len(ended.err.strip().splitlines()) == 1
    assert not ended.out


def test_json_holds_the_certificate(command: Command, tmp_path: Path) -> None:
    """Would have caught a document without its evidence."""
    file = tmp_path / "relu.json"
    assert command("analyze", "relu", "--json", str(file)).code == 0
    document = json.loads(file.read_text())
    assert document["sound"] == "proved"
    assert document["certificate"]["regions"]
    ended = command("analyze", "relu", "--json", "-")
    assert json.loads(ended.out)["surrogate"] == document["surrogate"]


def test_all_prints_one_line_each(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught an entry of the catalogue left out."""
    monkeypatch.setattr(catalogue, "names", lambda: ("identity", "relu", "clipped_relu"))
    ended = command("analyze", "--all", "--jobs", "1")
    assert ended.code == 0
    assert [line.split()[:2] for line in ended.out.splitlines()[1:4]] == [
        ["identity", "proved"],
        ["relu", "proved"],
        ["clipped_relu", "proved"],
    ]


def test_a_missing_matplotlib_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Would have caught an import error shown as a defect of the program."""
    for name in ("matplotlib", "matplotlib.figure", "matplotlib.backends.backend_agg"):
        monkeypatch.setitem(sys.modules, name, None)
    ended = command("analyze", "relu", "--plot", str(tmp_path / "relu.png"))
    assert ended.code == 2
    assert "report" in ended.err


@pytest.mark.parametrize("arguments", [("1 - x^2/10",), ("bnn.hard_tanh", "--quantizer", "ternary(1/2)")])
def test_the_picture_is_drawn(command: Command, arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Would have caught a picture of the binary quantizer whatever the quantizer is, and a file that is no picture."""
    file = tmp_path / "picture.png"
    assert command("analyze", *arguments, "--plot", str(file)).code == 1
    assert file.read_bytes().startswith(b"\x89PNG")


def test_what_is_drawn_for_several_steps_is_the_correlation() -> None:
    """Would have caught a picture of another quantity: the floats of the theory say the same at v = v* = (1)."""
    problem = Problem(quantizers.parse("ternary(1/2)"), surrogates.get("bnn.hard_tanh"))
    scales, angles = np.array([0.4, 1.0, 3.0]), np.array([0.3, 1.5, 2.8])
    drawn = matched(problem, scales, angles)
    for row, theta in enumerate(angles):
        for column, rho in enumerate(scales):
            point = Point([1.0], [rho, 0.0], [1.0], [rho * np.cos(theta), rho * np.sin(theta)])
            # The midpoint rule on 3000 nodes, with jumps: half a step of 0.006 times the density, twice.
            assert drawn[row, column] == pytest.approx(correlation(problem, point), abs=5e-3)


def test_compare_recommends_with_a_reason(command: Command) -> None:
    """Would have caught a table without an answer."""
    ended = command("compare", "identity", "relu", "clipped_relu")
    assert ended.code == 0
    assert ended.out.split("\n\n")[-1].startswith("Use relu: proved sound, ")
    assert max(map(len, ended.out.splitlines())) <= 80


def test_compare_says_if_nothing_can_be_recommended(command: Command) -> None:
    """Would have caught the least bad surrogate sold as sound."""
    ended = command("compare", "tanh(x)", "x")
    assert ended.code == 1
    assert "No recommendation" in ended.out


def test_a_schedule_is_followed(command: Command) -> None:
    """Would have caught a schedule whose parameter does not reach the formula."""
    ended = command("compare", "1 - a*x^2", "--schedule", "a=0.01..1", "--max-scale", "2")
    assert ended.code == 1
    assert "refuted from" in ended.out


@pytest.mark.parametrize("option", ["--json", "--plot"])
def test_a_file_that_cannot_be_written_is_named_before_the_work(command: Command, option: str, tmp_path: Path) -> None:
    """Would have caught: an analysis that is lost, or printed, before its file is refused."""
    ended = command("analyze", "relu", option, str(tmp_path / "nowhere" / "a.png"))
    assert (ended.code, ended.out) == (2, "")
    assert "there is no folder" in ended.err
