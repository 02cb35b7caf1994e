"""``new claim``, ``cite``, ``env --json`` and completion: what a contributor meets first."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ste_theory.claims import registry
from ste_theory.cli.completion import claim_ids
from tests.cli.conftest import Command


def test_a_new_claim_verifies_as_it_is(command: Command, tmp_path: Path) -> None:
    """Would have caught: a scaffold whose imports or proof have gone out of date, or errors that nobody notices."""
    folder = tmp_path / "own claims"
    ended = command("new", "claim", "my-notes.first-one", "--out", str(folder))
    assert (ended.code, ended.err) == (0, "")
    assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*.py")) == [
        "my_notes/__init__.py",
        "my_notes/first_one.py",
    ]
    assert "--corpus" in ended.out.splitlines()[-1]
    ended = command("verify", "my-notes", "--corpus", str(folder), "--level", "quick", "--seed", "1", "--full")
    assert ended.code == 0
    assert "my-notes.first-one: CONFIRMED" in ended.out
    assert "4/4" in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines() if not line.startswith("again: "))


def test_a_new_claim_that_is_changed_into_a_false_one_is_not_confirmed(command: Command, tmp_path: Path) -> None:
    """Would have caught: a scaffold that would confirm anything."""
    command("new", "claim", "mine.wrong", "--out", str(tmp_path))
    file = tmp_path / "mine" / "wrong.py"
    file.write_text(file.read_text(encoding="utf-8").replace("right=2 * S", "right=5 * S"), encoding="utf-8")
    ended = command("verify", "mine", "--corpus", str(tmp_path), "--level", "quick", "--seed", "1")
    assert ended.code == 1
    assert "the two sums" in ended.out


@pytest.mark.parametrize(
    ("claim_id", "message"),
    [
        ("yin2019.loss", "already"),
        ("noname", "looks like folder.some-name"),
        ("a.b.c", "looks like"),
        ("A.b", "looks like"),
        ("../x.y", "looks like"),
        ("a.b_c", "looks like"),
    ],
)
def test_an_id_that_cannot_be_is_refused(command: Command, tmp_path: Path, claim_id: str, message: str) -> None:
    """Would have caught: a file outside of the folder, or an id that the registry would not accept."""
    ended = command("new", "claim", claim_id, "--out", str(tmp_path / "new"))
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert message in ended.err
    assert not (tmp_path / "new").exists()


def test_no_file_is_replaced(command: Command, tmp_path: Path) -> None:
    """Would have caught: an afternoon's work overwritten by a scaffold."""
    command("new", "claim", "mine.one", "--out", str(tmp_path))
    file = tmp_path / "mine" / "one.py"
    file.write_text("# mine", encoding="utf-8")
    assert command("new", "claim", "mine.one", "--out", str(tmp_path)).code == 2
    assert file.read_text(encoding="utf-8") == "# mine"
    assert command("new", "claim", "mine.two", "--out", str(tmp_path)).code == 0


def test_cite(command: Command) -> None:
    """Would have caught: an entry that names another version, or a paper's statement without its paper."""
    whole = command("cite").out
    assert whole.count("@") == 3
    of_relu = command("cite", "yin2019.relu").out
    assert "% yin2019.relu: Yin et al. 2019, Lemma 4" in of_relu
    assert "yin2019understanding" in of_relu
    assert "long2021" not in of_relu
    assert command("cite", "general.descent").out.count("@") == 1
    assert whole.count("{") == whole.count("}")
    title = Path(__file__).parents[2].joinpath("CITATION.cff").read_text(encoding="utf-8")
    assert "what is true about straight-through estimators, settled with evidence" in title
    assert "what is true about straight-through estimators, settled with evidence" in whole
    assert command("cite", "yin2019.nothing").code == 2


def test_env_as_json_says_the_same(command: Command) -> None:
    """Would have caught: two answers to one question."""
    found = json.loads(command("env", "--json").out)
    plain = dict(line.split(None, 1) for line in command("env").out.splitlines())
    assert found == plain
    assert {"ste-theory", "python", "numpy", "system", "blas"} <= set(found)


def test_the_shell_completes_all_claims_and_imports_none() -> None:
    """Would have caught: a claim missing after Tab, or two seconds of waiting for SymPy."""
    context = click.Context(click.Command("show"))
    parameter = click.Argument(["claim"])
    assert [item.value for item in claim_ids(context, parameter, "")] == sorted(registry.claims())
    assert next(item.value for item in claim_ids(context, parameter, "yin2019.rel")) == "yin2019.relu"
    script = (
        "import sys; from ste_theory.cli.completion import claim_ids\n"
        "claim_ids(None, None, ''); print('sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_bash_asks_for_completions() -> None:
    """Would have caught: a command that ignores the shell's question."""
    program = shutil.which("ste-theory", path=str(Path(sys.executable).parent))
    assert program is not None
    asked = {"_STE_THEORY_COMPLETE": "bash_complete", "COMP_WORDS": "ste-theory show yin2019.id", "COMP_CWORD": "2"}
    done = subprocess.run([program], env=asked, capture_output=True, text=True, check=False)
    assert "plain,yin2019.identity" in done.stdout.splitlines()
