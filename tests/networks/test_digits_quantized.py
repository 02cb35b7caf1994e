"""LeNet-5 under the surrogates of the classification paper: units, features, the command."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ste_theory.model import surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import Activation
from ste_theory.networks.experiments.digits_quantized import (
    LOG,
    REVERSE,
    DigitsQuantized,
    Projected,
    formula,
    projection,
    separation,
)
from ste_theory.networks.experiments.results import Data, Results, read
from ste_theory.networks.experiments.source import Source
from ste_theory.networks.experiments.study import Task
from ste_theory.render.digits_quantized import draw


@pytest.mark.parametrize("bits", [2, 4])
@pytest.mark.parametrize("name", [REVERSE, LOG])
def test_surrogates_are_those_of_the_paper_in_units_of_the_step(name: str, bits: int) -> None:
    """μ′(αh) equals the catalogue's with q = 2^b − 1 at h, to rounding. Would have caught: a tail that begins at q, not
    at qα."""
    activation = Activation(bits, formula(name, bits))
    h = np.linspace(-2, 3 * activation.levels, 400)
    expected = surrogates.get(name, q=activation.levels)(h)
    assert np.allclose(activation.derivative(h * activation.step), expected, rtol=1e-12, atol=0)
    assert formula("relu", bits) == "relu"


def test_projection_and_separation_by_hand() -> None:
    """Two classes along the first axis. Would have caught: a projection that is not centred, other axes."""
    found = np.array([[3.0, 1, 0], [3, -1, 0], [-3, 1, 0], [-3, -1, 0]])
    plane, shown = projection(found + 7)
    assert np.allclose(plane, found[:, :2])
    assert shown == pytest.approx(1)
    assert separation(found, np.array([0, 0, 1, 1])) == pytest.approx(9)
    assert separation(found, np.array([0, 1, 0, 1])) == pytest.approx(1 / 9)
    assert separation(found[:2] * [1, 0, 0], np.array([0, 1])) == float("inf")


def test_the_picture_has_a_panel_per_run(tmp_path: Path) -> None:
    """Would have caught: runs of another seed in the panels, a panel without its accuracy."""
    pytest.importorskip("matplotlib")
    study = DigitsQuantized(Source(), 1, bits=(2,), surrogates=("relu", LOG), seeds=2)
    plane, labels = np.zeros((3, 2)), np.arange(3)
    runs = [Projected(task, 0.5, 10.0 + task.replicate, plane, labels, 0.5, 2.0, 1.0) for task in study.tasks()]
    file = tmp_path / "plane.svg"
    draw(file, Results(study, Data(3, 3, 1, 8, ""), tuple(runs), {}))
    drawn = file.read_text()
    assert "log-tailed, 2 bits" in drawn
    assert drawn.count("accuracy 10.0 %") == 2
    assert "accuracy 11.0 %" not in drawn
    assert "reconstructed" in drawn
    assert all(drawn.count(f'-class-{label}"') == 2 for label in labels)


@pytest.mark.torch
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Would have caught: a network that does not learn, features of another layer, a table beyond the terminal."""
    from ste_theory.cli.main import main

    file = tmp_path / "runs.json"
    arguments = ["experiment", "digits-quantized", "--bits", "2", "--epochs", "2", "--seed", "1", "--jobs", "1"]
    assert main([*arguments, "--json", str(file)]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "reconstructed" in shown
    content = json.loads(file.read_text())
    assert content["source"] == "Long, Yin, Xin 2021, reconstructed"
    assert [run["surrogate"] for run in content["runs"]] == ["relu", REVERSE, LOG]
    for run in content["runs"]:
        assert run["accuracy"] > 50  # ten classes: 10 % by chance
        assert run["separation"] > 0.5
        assert np.asarray(run["plane"]).shape == (len(run["labels"]), 2)


def test_the_file_reads_back(tmp_path: Path) -> None:
    """Would have caught: an infinite separation that is no JSON, a place without its label, the label of the paper
    lost."""
    study = DigitsQuantized(Source(), 1, bits=(2,), surrogates=("relu",), seeds=2)
    apart = (2.5, float("inf"))
    runs = tuple(
        Projected(task, 0.25, 97.5, np.array([[0.5, -1.25]]), np.array([3]), 0.5, separation, 1.0)
        for task, separation in zip(study.tasks(), apart, strict=True)
    )
    results, file = Results(study, Data(3, 3, 1, 8, "0"), runs, {}), tmp_path / "runs.json"
    content = results.to_json()
    assert content["source"].endswith("reconstructed")
    file.write_text(json.dumps(content, allow_nan=False))
    again = read(file, "digits-quantized")
    assert again.study == study
    assert again.to_json() == content
    assert [run.separation for run in again.runs] == list(apart)
    content["runs"][0]["labels"] = [3, 4]
    file.write_text(json.dumps(content))
    with pytest.raises(InvalidInput, match="digits-quantized") as caught:
        read(file, "digits-quantized")
    assert "\n" not in str(caught.value)


@pytest.mark.torch
def test_an_interrupted_experiment_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Would have caught: finished runs that are trained again, or a file that is not that of the whole experiment."""
    from ste_theory.cli.main import main

    perform, seen = DigitsQuantized.perform, list[str]()

    def interrupted(self: DigitsQuantized, task: Task, progress: Any = None) -> Projected:
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(task.surrogate)
        return perform(self, task)

    settings = ["--bits", "2", "--epochs", "1", "--surrogate", "relu", "--surrogate", LOG, "--seed", "1", "--jobs", "1"]
    part, whole = tmp_path / "part.json", tmp_path / "whole.json"
    with monkeypatch.context() as patch:
        patch.setattr(DigitsQuantized, "perform", interrupted)
        assert main(["experiment", "digits-quantized", *settings, "--json", str(part)]) == 130
    captured = capsys.readouterr()
    assert f"go on with --resume {part}" in captured.err
    assert "1 of 2 runs are missing" in captured.out
    assert main(["experiment", "digits-quantized", "--resume", str(part), "--jobs", "1"]) == 0
    assert main(["experiment", "digits-quantized", *settings, "--json", str(whole)]) == 0
    one, two = ([{**run, "seconds": 0} for run in json.loads(file.read_text())["runs"]] for file in (part, whole))
    assert one == two
    assert main(["experiment", "digits-quantized", "--resume", str(part), "--epochs", "2"]) == 2
    assert "--epochs comes from the file" in capsys.readouterr().err


@pytest.mark.torch
def test_features_are_what_the_last_layer_receives(torch: Any) -> None:
    """The last layer applied to them gives the scores. Would have caught: features before the activation."""
    from ste_theory.networks.architectures import build
    from ste_theory.networks.experiments.digits_quantized import features

    network = build("lenet5", Activation(2, "relu"), 1, 16)
    images = torch.rand(5, 1, 16, 16, generator=torch.Generator().manual_seed(1))
    found = features(network, images)
    assert found.shape == (5, 84)
    scores = network(images).detach().double().numpy()
    weight, bias = (p.detach().double().numpy() for p in network[-1].parameters())
    assert np.allclose(found @ weight.T + bias, scores, atol=1e-5)
