"""Every example of the documentation is run: Python as doctests, commands in this process, in an empty folder."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from ste_theory.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "build" not in path.parts)
# Pages whose examples are not run here, and why.
ELSEWHERE = {
    "read-a-surrogate.md": "needs the extra torch; tests/networks reads the same surrogates",
    "complete-in-the-shell.md": "changes the shell; tests/cli asks for the completions",
    "real-networks.md": "trains networks for hours; tests/networks runs the same commands on less",
    "long-simulations.md": "takes hours; tests/cli runs the same commands with fewer samples",
}


def fences(page: Path, language: str) -> list[str]:
    """What stands in the fences of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """The commands of a page, comments cut off."""
    lines = [line for block in fences(page, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if shlex.split(line, comments=True)]


def identifier(page: Path) -> str:
    return str(page.relative_to(DOCS))


@pytest.mark.parametrize("page", [page for page in PAGES if fences(page, "python")], ids=identifier)
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
    for name, *arguments in commands(page):
        assert name == "ste-theory", f"not run: {name}"
        code = main(arguments)
        assert code == 0, f"{shlex.join(arguments)}: exit code {code}\n{capsys.readouterr().err}"
        assert capsys.readouterr().out


def test_the_errata_are_those_of_the_claims() -> None:
    """Would have caught: a refuted statement that the errata do not have, or word otherwise."""
    namespace: dict[str, object] = {"__name__": "errata_page", "__file__": str(DOCS / "errata_page.py")}
    exec(compile((DOCS / "errata_page.py").read_text(encoding="utf-8"), "errata_page.py", "exec"), namespace)
    render = namespace["render"]
    assert callable(render)
    assert render() == (DOCS / "explanation" / "errata.md").read_text(encoding="utf-8")


def test_every_page_is_reached_and_every_link_is_there() -> None:
    """Would have caught: a page that no table of contents has, a link to a file that moved."""
    built = {"reference/gallery", "reference/api"}
    listed = set(re.findall(r"^([\w/-]+)$", "\n".join(fences(DOCS / "index.md", r"\{toctree\}")), re.MULTILINE))
    there = {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES} - {"index"}
    assert listed == there | built
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            found = (page.parent / target).resolve()
            known = str(found.relative_to(DOCS.resolve()).with_suffix("")) in built
            assert known or found.is_file(), f"{identifier(page)}: {target}"
