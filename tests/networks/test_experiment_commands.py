"""``ste-theory experiment table1`` and ``instability``: what they print, keep, repeat and refuse."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ste_theory.cli.main import main
from ste_theory.networks.experiments.study import Task
from ste_theory.networks.experiments.table1 import Table1
from tests.networks.files import IDX, write_cifar10, write_mnist

SMALL = ("--network", "lenet5", "--bits", "2", "--epochs", "1", "--seed", "3", "--jobs", "1")
TABLE = ("experiment", "table1", *SMALL, "--seeds", "2", "--surrogate", "identity", "--surrogate", "relu")
Capture = pytest.CaptureFixture[str]


def figures(file: Path) -> list[dict[str, Any]]:
    """The runs of a file without their times."""
    runs = json.loads(file.read_text(encoding="utf-8"))["runs"]
    return [{key: value for key, value in run.items() if key != "seconds"} for run in runs]


def widest(out: str) -> int:
    """The length of the longest line but that with a file's name, which is as long as it is."""
    return max(len(line) for line in out.splitlines() if not line.startswith("saved to "))


@pytest.mark.torch
def test_the_digits_need_no_files(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: a default that needs a download, a table without its seed, spread or the paper's figures."""
    file = tmp_path / "table.json"
    assert main([*TABLE, "--json", str(file)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert widest(captured.out) <= 80
    assert captured.out.startswith("digits: 1437 training and 360 validation images of 8×8\n")
    assert "seed 3," in captured.out
    (row,) = [line for line in captured.out.splitlines() if line.startswith("lenet5     2 relu")]
    assert "±" in row
    assert row.endswith("5.1e-03 99.24")
    runs = figures(file)
    assert [(run["replicate"], run["surrogate"]) for run in runs] == [
        (0, "identity"),
        (0, "relu"),
        (1, "identity"),
        (1, "relu"),
    ]
    # Ten classes: guessing has loss 2.3 and is right in one of ten.
    assert all(run["loss"] < 1.5 and run["accuracy"] > 50 for run in runs)
    assert len({run["loss"] for run in runs}) == 4


@pytest.mark.torch
def test_mnist_in_two_processes_gives_the_same_figures(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: figures that depend on the number of processes or threads, or on PyTorch's global state."""
    write_mnist(tmp_path / "mnist", compressed=True)
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    source = ("--dataset", "mnist", "--data", str(tmp_path / "mnist"))
    for jobs, file in zip(("1", "2"), files, strict=True):
        assert main([*TABLE[:-2], *source, "--jobs", jobs, "--json", str(file)]) == 0
        torch.rand(3)
    assert figures(files[0]) == figures(files[1])
    assert torch.get_num_threads() == 1  # as the fixture left it
    assert "mnist: 40 training and 20 validation images of 28×28" in capsys.readouterr().out


@pytest.mark.torch
def test_cifar10_is_trained_on(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: colour images that no network takes, augmentation that is not on by default."""
    write_cifar10(tmp_path)
    source = ("--dataset", "cifar10", "--data", str(tmp_path), "--network", "resnet20", "--surrogate", "clipped_relu")
    rest = ("--bits", "4", "--epochs", "1", "--seeds", "1", "--seed", "1", "--jobs", "1")
    assert main(["experiment", "table1", *source, *rest]) == 0
    out = capsys.readouterr().out
    assert "cifar10: 100 training and 20 validation images of 32×32" in out
    assert "shifted and mirrored images" in " ".join(out.split())
    assert "resnet20    4 clipped_relu" in out


@pytest.mark.torch
def test_an_interrupted_table_goes_on_where_it_was(
    torch: Any, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: finished runs that are lost, repeated or different after Ctrl-C; an exit code of 0."""
    whole, part = tmp_path / "whole.json", tmp_path / "part.json"
    assert main([*TABLE, "--json", str(whole)]) == 0
    perform = Table1.perform
    seen: list[Task] = []

    def counted(self: Table1, task: Task, progress: Callable[[str], None]) -> Any:
        seen.append(task)
        return perform(self, task, progress)

    def interrupted(self: Table1, task: Task, progress: Callable[[str], None]) -> Any:
        if len(seen) == 3:
            raise KeyboardInterrupt
        return counted(self, task, progress)

    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(Table1, "perform", interrupted)
        assert main([*TABLE, "--json", str(part)]) == 130
    captured = capsys.readouterr()
    assert captured.err == f"ste-theory: interrupted after 3 of 4 runs; saved, go on with --resume {part}\n"
    assert "1 of 4 runs are missing" in captured.out
    assert figures(part) == figures(whole)[:3]
    seen.clear()
    with monkeypatch.context() as patch:
        patch.setattr(Table1, "perform", counted)
        assert main(["experiment", "table1", "--resume", str(part), "--jobs", "1"]) == 0
    assert [(task.replicate, task.surrogate) for task in seen] == [(1, "relu")]
    assert figures(part) == figures(whole)


@pytest.mark.torch
def test_instability_tells_the_paths_apart(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: a path that starts elsewhere, a surrogate under another's name, a rate that is ignored."""
    file, source = tmp_path / "left.json", tmp_path / "mnist"
    write_mnist(source)
    options = ("--rate", "1e-9", "--rate", "0.01", "--further", "2", "--seeds", "1")
    data = ("--dataset", "mnist", "--data", str(source))
    assert main(["experiment", "instability", *SMALL, *data, *options, "--json", str(file)]) == 0
    out = capsys.readouterr().out
    assert widest(out) <= 80
    (run,) = figures(file)
    paths = {(path["surrogate"], path["rate"]): path for path in run["paths"]}
    assert len(paths) == 6
    assert run["surrogate"] == "clipped_relu"
    for name in ("identity", "relu", "clipped_relu"):
        # 1e-9: four steps move the weights by less than 1e-6 of their norm, so the paths start where the minimum is.
        assert paths[name, 1e-9]["moved"] < 1e-6
        assert paths[name, 0.01]["moved"] > 1e-3
        assert len(paths[name, 0.01]["standings"]) == 2
    assert len({paths[name, 0.01]["moved"] for name in ("identity", "relu", "clipped_relu")}) == 3
    assert len(set(run["gradients"].values())) == 3
    assert "general.misspecified" in out


@pytest.mark.torch
def test_other_data_are_noticed_on_resuming(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: one table from two datasets."""
    source, file = tmp_path / "mnist", tmp_path / "table.json"
    write_mnist(source)
    data = ("--dataset", "mnist", "--data", str(source), "--seeds", "1", "--surrogate", "relu")
    assert main(["experiment", "table1", *SMALL, *data, "--json", str(file)]) == 0
    write_mnist(source, training=50)
    capsys.readouterr()
    assert main(["experiment", "table1", "--resume", str(file)]) == 2
    error = capsys.readouterr().err
    assert "the mnist images are not those of the finished runs" in error
    assert error.count("\n") == 1


@pytest.mark.torch
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--dataset", "mnist", "--data", "{folder}"), "truncated, the header announces 40 bytes and 30 follow it"),
        (("--dataset", "cifar10", "--data", "{folder}"), "there is no such file; CIFAR-10's binary version"),
        (("--dataset", "mnist", "--data", "{folder}/nowhere"), "there is no such folder"),
        (("--dataset", "mnist"), "name their folder with --data"),
        (("--data", "{folder}"), "name mnist or cifar10 for the files of a folder"),
        (("--surrogate", "relou"), "surrogate 'relou'"),
        (("--learning-rate", "nan"), "learning_rate must be a positive number"),
        (("--label-noise", "2"), "label_noise must be a fraction"),
        (("--bits", "9"), "--bits"),
        (("--resume", "{folder}/nothing.json"), "nothing.json: No such file"),
        (("--json", "{folder}/no/table.json"), "there is no folder"),
        (("--plot", "{folder}/table.txt"), "name a file that ends in"),
    ],
)
def test_mistakes_are_one_line(
    torch: Any, tmp_path: Path, capsys: Capture, arguments: tuple[str, ...], message: str
) -> None:
    """Would have caught: a traceback, or a mistake that is found after the training."""
    write_mnist(tmp_path)
    labels = tmp_path / IDX[1]
    labels.write_bytes(labels.read_bytes()[:-10])
    filled = [each.format(folder=tmp_path) for each in arguments]
    assert main(["experiment", "table1", *filled]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.torch
def test_options_that_the_file_answers_are_refused(torch: Any, tmp_path: Path, capsys: Capture) -> None:
    """Would have caught: --seeds 50 beside --resume, and five seeds in the table."""
    assert main(["experiment", "table1", "--resume", str(tmp_path / "x"), "--seeds", "50"]) == 2
    assert "--seeds comes from the file of --resume; leave it out." in capsys.readouterr().err


@pytest.mark.torch
def test_without_scikit_learn_the_other_way_is_named(
    torch: Any, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a ModuleNotFoundError, or advice that leaves a user with MNIST files out."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert main(["experiment", "table1", "--seed", "91"]) == 2
    assert capsys.readouterr().err == (
        'ste-theory: the handwritten digits come with scikit-learn: pip install "ste-theory[networks]",'
        " or name a folder of MNIST or CIFAR-10 files with --data\n"
    )


@pytest.mark.parametrize("name", ["table1", "instability"])
def test_without_torch_one_line_says_what_to_install(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a command that cannot even be listed, or a traceback."""
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(["experiment", name]) == 2
    assert (
        capsys.readouterr().err == 'ste-theory: training networks needs PyTorch: pip install "ste-theory[networks]"\n'
    )
