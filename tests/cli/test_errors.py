"""Every error is one line on standard error with the right exit code; nothing heavy is imported for help."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ste_theory.cli import main as module
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import all_witnesses, by_id, claim

CLAIMS = by_id(claim("a.top"), claim("a.other"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "a.tpo"], "no claim 'a.tpo'; did you mean a.top"),
        (["show", "a"], "'a' is the prefix of 2 claims"),
        (["show"], "Missing argument 'CLAIM'"),
        (["why", "zzzz"], "no claim 'zzzz'"),
        (["replay", "a.top"], "Missing option '--seed'"),
        (["replay", "a.top", "--seed", "x"], "'x' is not a whole number"),
        (["verify", "--seed", "-1"], "'-1' is not a whole number from 0"),
        (["verify", "--seed", str(2**64)], "is not a whole number from 0"),
        (["verify", "--level", "quickest"], "'quickest' is not one of"),
        (["verify", "--jobs", "0"], "0 is not in the range"),
        (["verify", "--jobs", "many"], "'many' is not a valid int"),
        (["verify", "--sed", "1"], "--seed"),
        (["verfy"], "No such command 'verfy'"),
        (["why", "a.top", "--json", "no-such-file"], "no-such-file: No such file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    install: Install, command: Command, arguments: list[str], words: str
) -> None:
    """Would have caught: a usage text of ten lines, a traceback, or an error that does not say what to do."""
    install(CLAIMS, all_witnesses())
    ended = command(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("ste-theory: ")
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_a_corpus_that_is_missing(command: Command, tmp_path: Path) -> None:
    """Would have caught: a misspelt corpus verified as ours alone."""
    ended = command("verify", "--corpus", str(tmp_path / "typo"))
    assert (ended.code, ended.out) == (2, "")
    assert "not a folder" in ended.err


def broken(*_: object, **__: object) -> None:
    raise AssertionError("two\nlines")


def test_a_defect_is_one_line_and_exit_code_70(
    install: Install, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a traceback in front of a user, or a defect that exits with 1 like a wrong verdict."""
    install(CLAIMS, all_witnesses())
    monkeypatch.setattr("ste_theory.claims.registry.select", broken)
    monkeypatch.delenv(module.TRACEBACK, raising=False)
    ended = command("claims")
    assert (ended.code, ended.out) == (70, "")
    assert ended.err == (
        "ste-theory: AssertionError: two lines: this is a defect of ste-theory; rerun with STE_THEORY_TRACEBACK=1"
        " and report it\n"
    )


def test_ctrl_c_outside_a_run_is_quiet(install: Install, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a traceback for Ctrl-C while claims are loaded."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    install(CLAIMS, all_witnesses())
    monkeypatch.setattr("ste_theory.claims.registry.select", interrupt)
    assert command("claims") == type(command("--version"))(130, "", "ste-theory: interrupted\n")


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """This Python, without the folder of the tests on its path."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_traceback_is_there_when_asked_for() -> None:
    """Would have caught: a message that promises a traceback nobody can get."""
    program = (
        "import sys; from ste_theory.claims import registry; registry.claims = lambda corpus: 1 // 0;"
        "from ste_theory.cli.main import main; sys.exit(main(['claims']))"
    )
    loud = python("-c", program, STE_THEORY_TRACEBACK="1")
    assert loud.returncode == 70
    assert "Traceback" in loud.stderr
    assert "registry.claims = lambda" in loud.stderr or "<lambda>" in loud.stderr
    quiet = python("-c", program, STE_THEORY_TRACEBACK="")
    assert (quiet.returncode, quiet.stderr.count("\n")) == (70, 1)


@pytest.mark.parametrize(
    "arguments", [["--help"], [], ["verify", "--help"], ["show", "-h"], ["experiment"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Would have caught: an import of SymPy that makes every --help wait half a second."""
    program = (
        "import sys; import ste_theory, ste_theory.cli.main as m; code = m.main(sys.argv[1:]);"
        "heavy = {'sympy', 'scipy', 'matplotlib', 'flint', 'numpy', 'hypothesis', 'mpmath', 'rich'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr); sys.exit(code)"
    )
    done = python("-c", program, *arguments)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert "ste-theory" in done.stdout


def test_rendering_imports_neither_sympy_nor_flint() -> None:
    """Would have caught: a renderer that computes."""
    program = (
        "import sys, pkgutil, importlib, ste_theory.render as r;"
        "[importlib.import_module(f'ste_theory.render.{m.name}') for m in pkgutil.iter_modules(r.__path__)];"
        "print(sorted({'sympy', 'flint', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    assert python("-c", program).stdout == "[]\n"


def test_python_m_ste_theory_is_the_command() -> None:
    """Would have caught: a package that cannot be run, or another program name in its messages."""
    done = python("-m", "ste_theory", "verfy")
    assert done.returncode == 2
    assert done.stderr.startswith("ste-theory: No such command 'verfy'")


@pytest.mark.parametrize("arguments", [["--help"], ["env"], ["claims"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    """Would have caught: a BrokenPipeError under `ste-theory claims | head -1`."""
    program = "import sys; from ste_theory.cli.main import main; sys.exit(main(sys.argv[1:]))"
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, *arguments],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
