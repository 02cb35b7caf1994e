"""Every example of the documentation is run: Python as doctests, commands in this process, in an empty folder."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ste_theory.cli.main import main
from tests.documentation.pages import BESIDE, DOCS, PAGES, commands, fences, identifier, replaced

# Pages whose examples need more than this environment, and where they are run.
ELSEWHERE = {
    "read-a-surrogate.md": "needs PyTorch, snntorch: run by `make test-torch` (tests/networks/test_documentation.py)",
    "real-networks.md": "needs PyTorch: run for one epoch by `make test-torch` (tests/networks/test_documentation.py)",
    "complete-in-the-shell.md": "lines of a shell's own file: run by the shells below",
}
# Values with which a command ends in seconds: accuracy, samples and points alone make the difference.
LESS = {"long-simulations.md": {"--accuracy": "2e-2", "--samples": "20000", "--theta": "0.1:3.0:2"}}
# Commands that need a machine of their own.
CLUSTER = {"dask": "needs a Dask scheduler: tests/cluster starts one (`make test-cluster`)"}


@pytest.mark.parametrize("page", [page for page in (*PAGES, *BESIDE) if fences(page, "python")], ids=identifier)
def test_python_examples_do_what_they_say(page: Path) -> None:
    """Would have caught: an example that does not run, an output that changed."""
    if page.name in ELSEWHERE:
        pytest.skip(ELSEWHERE[page.name])
    source = "\n".join(fences(page, "python"))
    test = doctest.DocTestParser().get_doctest(source, {}, identifier(page), str(page), 0)
    assert test.examples, "a block without >>>: nothing would be run"
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=identifier)
def test_commands_end_well(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Would have caught: a command, an option or a claim that is not there any more."""
    if page.name in ELSEWHERE:
        pytest.skip(ELSEWHERE[page.name])
    monkeypatch.chdir(tmp_path)
    ran = 0
    for name, *arguments in (replaced(command, LESS.get(page.name, {})) for command in commands(page)):
        assert name == "ste-theory", f"not run: {name}"
        if CLUSTER.keys() & set(arguments):
            continue
        code = main(arguments)
        assert code == 0, f"{shlex.join(arguments)}: exit code {code}\n{capsys.readouterr().err}"
        assert capsys.readouterr().out
        ran += 1
    assert ran


SHELL_LINES = fences(DOCS / "how-to" / "complete-in-the-shell.md", "sh")[0].splitlines()
# What a shell answers to the Tab key after "ste-theory show yin2019.r", with the line of the page read before.
TAB = {
    "bash": (
        'COMP_WORDS=(ste-theory show yin2019.r); COMP_CWORD=2; COMP_LINE="ste-theory show yin2019.r"; '
        "$(complete -p ste-theory | sed -E 's/.*-F ([^ ]+) .*/\\1/') ste-theory; printf '%s\\n' \"${COMPREPLY[@]}\""
    ),
    "zsh": "(( ${+functions[_ste_theory_completion]} )) && COMP_WORDS='ste-theory show yin2019.r' COMP_CWORD=2 "
    "_STE_THEORY_COMPLETE=zsh_complete ste-theory",
    "fish": "complete --do-complete 'ste-theory show yin2019.r'",
}
# zsh completes only after this, which a user's file has.
BEFORE = {"zsh": "autoload -U compinit; compinit -u -D; "}


@pytest.mark.parametrize(("shell", "line"), list(zip(TAB, SHELL_LINES, strict=True)), ids=list(TAB))
def test_the_shell_completes_claims(shell: str, line: str, tmp_path: Path) -> None:
    """Would have caught: a line for a shell's file that the shell does not take, a list without the claims."""
    program = shutil.which(shell)
    place = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
    if program is None:
        # What is left to see without the shell: the line asks for a script, and the script asks for completions.
        asked = re.search(r"_STE_THEORY_COMPLETE=\w+_source ste-theory", line)
        assert asked
        done = subprocess.run(["sh", "-c", asked[0]], env=place, capture_output=True, text=True, check=True)
        assert f"_STE_THEORY_COMPLETE={shell}_complete" in done.stdout
        return
    text = f"{BEFORE.get(shell, '')}{line}\n{TAB[shell]}"
    done = subprocess.run([program, "-c", text], env=place, capture_output=True, text=True, check=False)
    offered = set(done.stdout.split())
    assert {"yin2019.relu", "yin2019.relu-bound", "yin2019.relu-limit-corrected"} <= offered, done.stdout + done.stderr
    assert "yin2019.identity" not in offered


def test_every_page_is_reached_and_every_link_is_there() -> None:
    """Would have caught: a page that no table of contents has, a link to a file that moved."""
    built = {"reference/gallery", "reference/commands", "reference/api"}
    listed = set(re.findall(r"^([\w/-]+)$", "\n".join(fences(DOCS / "index.md", r"\{toctree\}")), re.MULTILINE))
    there = {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES} - {"index"}
    assert listed == there | built
    for page in (*PAGES, *BESIDE):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            found = (page.parent / target).resolve()
            known = found.with_suffix("") in {DOCS.resolve() / name for name in built}
            assert known or found.is_file(), f"{identifier(page)}: {target}"
