"""The experiments' runs, their summaries and their file."""

import importlib.util
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.experiments.instability import Departure, Instability
from ste_theory.networks.experiments.instability import Path as Way
from ste_theory.networks.experiments.published import TABLE
from ste_theory.networks.experiments.results import Data, Results, read
from ste_theory.networks.experiments.source import Source
from ste_theory.networks.experiments.study import protocols_for
from ste_theory.networks.experiments.summary import compared, minima, ratio, rows, spread
from ste_theory.networks.experiments.table1 import Table1, Trained
from ste_theory.networks.training.standing import Standing
from ste_theory.render.json_text import dumps
from ste_theory.render.training import instability, table1

DATA = Data(100, 50, 1, 8, "0" * 64)
VERSIONS = {"torch": "2.13.0"}


def trained(study: Table1, losses: dict[tuple[int, str, int], float]) -> Results:
    """Results whose runs end with these losses, by bits, surrogate and replicate."""
    runs = tuple(
        Trained(task, losses[key], 100.0, 90.0 + task.replicate, (2.0, losses[key]), 1.5)
        for task in study.tasks()
        if (key := (task.bits, task.surrogate, task.replicate)) in losses
    )
    return Results(study, DATA, runs, VERSIONS)


STUDY = Table1(Source(), 7, bits=(2,), surrogates=("identity", "relu"), seeds=2)
LOSSES = {(2, "identity", 0): 0.4, (2, "identity", 1): 0.1, (2, "relu", 0): 0.1, (2, "relu", 1): 0.1}


def departure(study: Instability, replicate: int, after: dict[tuple[str, float], float]) -> Departure:
    """A run from a minimum of loss 0.01, whose paths end with these losses."""
    task = next(task for task in study.tasks() if task.replicate == replicate)
    ways = tuple(
        Way(name, rate, (Standing(0.5, 99.0, 95.0), Standing(loss, 98.0, 94.0)), 0.25)
        for (name, rate), loss in after.items()
    )
    return Departure(task, Standing(0.01, 100.0, 97.0), (("identity", 3.0), ("clipped_relu", 0.5)), ways, 2.0)


LEAVING = Instability(Source(), 7, bits=(2,), surrogates=("identity", "clipped_relu"), seeds=2, rates=(1e-5, 1e-3))
AFTER = [
    {
        ("identity", 1e-5): 0.02,
        ("clipped_relu", 1e-5): 0.03,
        ("identity", 1e-3): 0.9,
        ("clipped_relu", 1e-3): 0.008,
    },
    {
        ("identity", 1e-5): 0.02,
        ("clipped_relu", 1e-5): 0.01,
        ("identity", 1e-3): 0.4,
        ("clipped_relu", 1e-3): 0.0036,
    },
]


def departed() -> Results:
    """Both runs."""
    return Results(LEAVING, DATA, tuple(departure(LEAVING, n, after) for n, after in enumerate(AFTER)), VERSIONS)


def test_the_lines_of_the_table_are_means_over_seeds() -> None:
    """Would have caught: a spread with n for n − 1, another surrogate's runs, the paper's figures in another line."""
    identity, relu = rows(trained(STUDY, LOSSES))
    assert (identity.surrogate, identity.bits) == ("identity", 2)
    assert identity.loss.mean == pytest.approx(0.25)
    assert identity.loss.deviation == pytest.approx(0.3 / math.sqrt(2))
    assert relu.accuracy.mean == pytest.approx(90.5)
    assert (identity.published, relu.published) == (TABLE["lenet5", 2, "identity"], TABLE["lenet5", 2, "relu"])
    found = compared(trained(STUDY, LOSSES), "lenet5", 2, "identity", "relu")
    assert found is not None
    # √(4·1) = 2; the second pair is equal, and equal is not above.
    assert found.mean == pytest.approx(2.0)
    assert (found.above, found.count) == (1, 2)


def test_pairs_are_of_one_seed() -> None:
    """Would have caught: the loss of one seed over that of another, where an interruption left gaps."""
    losses = {key: loss for key, loss in LOSSES.items() if key not in ((2, "identity", 0), (2, "relu", 1))}
    assert compared(trained(STUDY, losses), "lenet5", 2, "identity", "relu") is None


def test_a_run_that_diverged_is_neither_hidden_nor_fatal() -> None:
    """Would have caught: a NaN that JSON refuses after hours of training, or that counts as a low loss."""
    results = trained(STUDY, {**LOSSES, (2, "identity", 0): math.nan})
    stored = json.loads(dumps(results.to_json()))
    assert stored["runs"][0]["loss"] is None
    assert "nan" in table1(results)
    assert ratio([math.nan, 1.0], [0.1, 0.1]).chance == 1


def test_spread_of_one_seed_is_unknown() -> None:
    """Would have caught: a spread of 0 for one seed, which reads as certainty."""
    assert math.isnan(spread([0.3]).deviation)
    results = trained(replace(STUDY, seeds=1), {key: loss for key, loss in LOSSES.items() if key[2] == 0})
    text = table1(results)
    assert "±" not in text
    assert "One seed" in text


def test_leaving_needs_a_rise_in_every_seed_and_more_than_the_other_surrogate() -> None:
    """Would have caught: a verdict from the mean, or one that every surrogate's ordinary fluctuation passes."""
    (found,) = minima(departed())
    steps = {(step.surrogate, step.rate): step for step in found.steps}
    slow, fast = steps["identity", 1e-5], steps["identity", 1e-3]
    assert slow.rise.above == slow.rise.count == 2
    assert not slow.leaves  # of the first seed clipped_relu ends higher
    assert fast.leaves
    assert fast.rise.mean == pytest.approx(60.0)
    assert fast.beside is not None
    assert fast.beside.mean == pytest.approx(math.sqrt(0.9 / 0.008 * 0.4 / 0.0036))
    assert not steps["clipped_relu", 1e-5].leaves
    text = " ".join(instability(departed()).split())
    assert "identity leaves the minima at 0.001, is not shown to leave them at 1e-05" in text


def test_exceeding_is_students_test() -> None:
    """Would have caught: a two-sided quantile, n for n − 1 degrees of freedom, a spread that is not divided by √n.

    Three logarithms 1, 2, 3 have t = 2/(1/√3) = 3.46; Student's tables give 6.965 for one-sided 1 % with two degrees of
    freedom and 4.541 with three. So 1, 2, 3 do not exceed, and 5, 6, 7 (t = 10.4) do; 1, 2, 3, 2 have t = 4.90.
    """

    def of(*logs: float) -> bool:
        return ratio([math.exp(each) for each in logs], [1.0] * len(logs)).chance <= 0.01

    assert not of(1, 2, 3)
    assert of(5, 6, 7)
    assert of(1, 2, 3, 2)
    assert not of(3, 4, 5)  # t = 6.93
    assert not of(-5, -6, -7)
    assert not of(5)
    assert ratio([2.0, 2.0], [1.0, 1.0]).chance == 0
    assert ratio([0.5, 0.5], [1.0, 1.0]).chance == 1


def test_what_leaves_is_decided_for_the_whole_table() -> None:
    """Three seeds with t = 10.4, P = 0.46 %: alone that is below 1 %, among twelve comparisons (0.083 % for the first)
    it is not. Would have caught: 1 % for each comparison, the comparisons of one network or rate as a table."""

    def leaving(rates: tuple[float, ...]) -> list[float]:
        study = replace(LEAVING, seeds=3, rates=rates)
        runs = []
        for seed in range(3):
            after = {("identity", rate): 0.02 for rate in rates} | {("clipped_relu", rate): 0.02 for rate in rates}
            after["identity", 1e-3] = 0.02 * math.exp(5 + seed)
            runs.append(departure(study, seed, after))
        (found,) = minima(Results(study, DATA, tuple(runs), VERSIONS))
        return [step.rate for step in found.steps if step.leaves]

    assert leaving((1e-3,)) == [1e-3]
    assert leaving((1e-5, 1e-3)) == [1e-3]
    assert leaving((1e-6, 1e-5, 1e-3)) == []
    assert leaving((1e-3, *(n * 1e-5 for n in range(1, 12)))) == []


def test_what_is_printed_fits_the_terminal() -> None:
    """Would have caught: lines beyond 80 columns, with the longest names and figures."""
    name = "Piecewise((0, x <= -1), (1 - x^2/4, x < 2), (0, True))"
    study = Table1(
        Source("cifar10", "there", 0.25),
        7,
        networks=("resnet20", "vgg11"),
        surrogates=("clipped_relu", name),
        seeds=2,
        protocols=protocols_for(("resnet20", "vgg11"), "cifar10"),
    )
    runs = tuple(Trained(task, 123.4, 10.0, 9.87 + task.replicate, (), 1e5) for task in study.tasks())
    text = table1(Results(study, DATA, runs, VERSIONS)) + instability(departed())
    assert max(map(len, text.splitlines())) <= 80
    assert "25 % of the training labels drawn anew" in text
    assert "1.0e-01" not in text
    assert "2.0e-02 90.92" in text  # the paper's VGG-11 at two bits, clipped ReLU


@pytest.mark.parametrize("kind", ["table1", "instability"])
def test_a_file_holds_everything(tmp_path: Path, kind: str) -> None:
    """Would have caught: a setting or a figure that is lost or rounded on the way through the file."""
    results = trained(STUDY, LOSSES) if kind == "table1" else departed()
    file = tmp_path / "results.json"
    file.write_text(dumps(results.to_json()), encoding="utf-8")
    found = read(file, kind)
    assert found.study == results.study
    assert found == results


def edited(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The content of a file with one entry replaced."""
    content: Any = json.loads(dumps(trained(STUDY, LOSSES).to_json()))
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(content)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("schema",), "ste-theory experiment instability", "no results of `experiment table1`, or damaged"),
        (("version",), 2, "version 2 of the format; this program reads 1"),
        (("runs", 0, "loss"), "low", "or damaged"),
        (("runs", 0, "surrogate"), "clipped_relu", "or damaged"),
        (("runs", 1), None, "or damaged"),
        (("settings", "seeds"), 0, "or damaged"),
        (("settings", "source", "dataset"), "imagenet", "or damaged"),
        (("settings", "protocols", 0, "epochs"), -1, "or damaged"),
        (("settings", "protocols", 0, "speed"), 1, "or damaged"),
        (("data", "sha256"), {}, "or damaged"),
    ],
)
def test_damaged_files_are_one_line(tmp_path: Path, path: tuple[str | int, ...], value: Any, message: str) -> None:
    """Would have caught: a traceback, or runs of another experiment that go into the means."""
    file = tmp_path / "results.json"
    file.write_text(json.dumps(edited(path, value)), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read(file, "table1")
    assert message in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\x00\xff", "[" * 100_000])
def test_foreign_files_are_one_line(tmp_path: Path, text: str) -> None:
    """Would have caught: a decoder's traceback."""
    file = tmp_path / "results.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(InvalidInput, match="no results of `experiment table1`, or damaged"):
        read(file, "table1")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": 0}, "at least one"),
        ({"networks": ("alexnet",)}, "network must be one of"),
        ({"bits": (2, 2)}, "named twice"),
        ({"bits": (9,)}, "bits must be an integer"),
        ({"surrogates": ("relou",)}, "surrogate 'relou'"),
        ({"networks": ("lenet5", "vgg11")}, "one protocol per network"),
    ],
)
def test_studies_that_mean_nothing_are_refused(changes: dict[str, Any], message: str) -> None:
    """Would have caught: a mistake found after the first network is trained."""
    with pytest.raises(InvalidInput, match=message):
        Table1(**{"source": Source(), "root": 1, **changes})


@pytest.mark.parametrize("wrong", [{"rates": ()}, {"rates": (0.0,)}, {"rates": (math.nan,)}, {"further": 0}])
def test_departures_that_go_nowhere_are_refused(wrong: dict[str, Any]) -> None:
    """Would have caught: a run that says that nothing left the minimum, because nothing moved."""
    with pytest.raises(InvalidInput, match="at least one further epoch"):
        Instability(**{"source": Source(), "root": 1, **wrong})


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="no matplotlib")
def test_pictures_have_a_curve_per_run(tmp_path: Path) -> None:
    """Would have caught: a picture that is empty, or that an unfinished experiment breaks."""
    from ste_theory.render.training_figure import draw_instability, draw_table1

    part = replace(departed(), runs=departed().runs[:1])
    for number, (draw, results) in enumerate(
        [(draw_table1, trained(STUDY, LOSSES)), (draw_instability, departed()), (draw_instability, part)]
    ):
        file = tmp_path / f"{number}.svg"
        draw(file, results)
        text = file.read_text(encoding="utf-8")
        names = ("identity", "relu") if draw is draw_table1 else ("identity", "clipped_relu")
        assert all(f">{name}<" in text for name in names)
    # A curve per surrogate, rate and run: two runs draw more than one.
    assert (tmp_path / "1.svg").stat().st_size > (tmp_path / "2.svg").stat().st_size


def test_the_paper_is_quoted_once_per_line_of_its_table() -> None:
    """Would have caught: a figure in the wrong place; checked against three cells read from the paper's table."""
    assert len(TABLE) == 18
    assert (TABLE["lenet5", 4, "clipped_relu"].loss, TABLE["lenet5", 4, "clipped_relu"].accuracy) == (8.8e-4, 99.24)
    assert (TABLE["resnet20", 2, "identity"].loss, TABLE["resnet20", 2, "identity"].accuracy) == (1.56, 46.52)
    assert (TABLE["vgg11", 4, "relu"].loss, TABLE["vgg11", 4, "relu"].accuracy) == (1.5e-3, 92.01)
