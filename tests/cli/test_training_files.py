"""The files of the commands that train networks, without a network."""

from pathlib import Path

import pytest

from ste_theory.cli.training import conduct
from ste_theory.model.errors import InvalidInput


def test_finished_runs_are_not_overwritten(tmp_path: Path) -> None:
    """Would have caught: a table of finished runs replaced by an empty one, for --json in place of --resume."""
    file = tmp_path / "table.json"
    file.write_text("hours of training")

    def begun() -> None:
        raise AssertionError("the study began")

    def run(json_file: Path | None, resume: Path | None) -> None:
        conduct(
            begun,  # type: ignore[arg-type]
            json_file=json_file,
            resume=resume,
            jobs=1,
            plot=None,
            render=str,
            draw=lambda path, results: None,
        )

    with pytest.raises(InvalidInput, match=f"{file} exists; name another file, or go on with --resume"):
        run(file, None)
    assert file.read_text() == "hours of training"
    for json_file, resume in ((None, file), (tmp_path / "new.json", None), (None, None)):
        with pytest.raises(AssertionError, match="the study began"):
            run(json_file, resume)
