"""``export``: every claim with its label, steps and rules; documents that TeX accepts; errors before the work."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.presentation import shown_document
from ste_theory.claims.verdict import Verdict
from ste_theory.cli.main import main
from ste_theory.notation.letters import slugs
from ste_theory.notation.prose import capitalized, spans
from ste_theory.notation.unicode import columns
from ste_theory.render import latex, markdown
from ste_theory.render.statement import render_text
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import by_id, claim

# One worker writes all claims for all tests of this file.
pytestmark = pytest.mark.xdist_group("export")


def export(folder: Path, form: str, *claims: str) -> Path:
    assert main(["export", *claims, "--format", form, "--out", str(folder)]) == 0
    return folder


CLAIMS = list(registry.claims().values())
# Every fourth and two that are refuted; `make test-slow` exports all.
SOME = [
    one for number, one in enumerate(CLAIMS) if number % 4 == 0 or one.id in {"yin2019.origin", "yin2019.lipschitz"}
]
EACH = [one if one in SOME else pytest.param(one, marks=pytest.mark.slow) for one in CLAIMS]


def wanted(request: pytest.FixtureRequest) -> list[str]:
    """The claims that this run exports."""
    asks_for_all = any(item.get_closest_marker("slow") for item in request.session.items if item.path == request.path)
    return [one.id for one in (CLAIMS if asks_for_all else SOME)]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The claims as LaTeX."""
    return export(tmp_path_factory.mktemp("latex"), "latex", *wanted(request))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The claims as Markdown."""
    return export(tmp_path_factory.mktemp("markdown"), "markdown", *wanted(request))


def defined(fragment: str) -> dict[str, str]:
    """The numbers that a fragment defines."""
    return dict(re.findall(r"^\\stedefine\{([^}]*)\}\{(.*)\}$", fragment, re.MULTILINE))


def expanded(fragment: str) -> str:
    """The fragment with every number in the place of its macro, as TeX reads it."""
    numbers = defined(fragment)
    return re.sub(r"\\stenumber\{([^}]*)\}", lambda found: numbers[found[1]], fragment)


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.id)
def test_every_number_of_a_sentence_is_a_macro(one: Claim, articles: Path) -> None:
    """Would have caught: a number that an author must type again, a macro that nothing uses or defines."""
    fragment = (articles / f"{one.id}.tex").read_text()
    used = set(re.findall(r"\\stenumber\{([^}]*)\}", fragment))
    assert used <= defined(fragment).keys()
    words = [one.statement.words, one.domain.words, one.domain.degenerate]
    for place, text in zip(("words", "domain", "degenerate"), words, strict=True):
        plain = " ".join(span.text for span in spans(text) if not span.is_formula)
        plain = re.sub(r"\w+\.[\w-]+", "", plain)  # ids of claims, with a year in them
        numbers = [defined(fragment)[name] for name in sorted(used) if name.startswith(f"{one.id}:{place}-")]
        assert sorted(numbers) == sorted(re.findall(r"(?<![\w-])\d+(?![\w-])", plain))
    # The values of a counterexample, which no formula of the statement has.
    if one.expected is Verdict.REFUTED:
        assert any("-at-" in name for name in used)


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.id)
def test_latex_has_label_steps_and_rules(one: Claim, articles: Path) -> None:
    """Would have caught: a claim without a label, a step left out, a rule without its statement."""
    text = expanded((articles / f"{one.id}.tex").read_text())
    assert text.count(rf"\label{{{one.id}}}") == 1
    assert rf"\input{{{one.id}}}" in (articles / "article.tex").read_text()
    assert "documentclass" not in text
    steps = one.derivation().steps if one.derivation else ()
    assert text.count(r"\item ") == text.count(r"\emph{Rule:}") == text.count(r"{\footnotesize ") == len(steps)
    for step in steps:
        heading = rf"\item \textbf{{{latex.prose(capitalized(step.rule.name))}.}} {latex.prose(step.reason)}"
        assert heading in text
        assert rf"\emph{{Rule:}} {latex.prose(step.rule.says)}" in text
    for other in one.rests_on:
        assert rf"\steclaim{{{other}}}" in text
    labels = re.findall(r"\\label\{([^}]*)\}", text)
    assert len(set(labels)) == len(labels)
    names = slugs([sentence.name for sentence in one.statement.sentences])
    for sentence, name in zip(one.statement.sentences, names, strict=True):
        assert rf"\label{{{one.id}:{name}}}" in text
        assert rf"(\ref{{{one.id}:{name}}})" in text
        assert latex.prose(capitalized(sentence.words.rstrip("."))) in text
    for lemma in one.proof().lemmas if one.proof else ():
        assert rf"\paragraph{{{latex.prose(capitalized('lemma, ' + lemma.name))}.}}" in text
    assert ("False as printed" in text) == (one.expected is Verdict.REFUTED)
    assert latex.prose(str(one.source)) in text
    assert latex.prose(one.source.remark) in text


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.id)
def test_markdown_has_steps_rules_and_links(one: Claim, pages: Path) -> None:
    """Would have caught: a page without its steps, a link to a page that is not there, a formula left open."""
    text = (pages / f"{one.id}.md").read_text()
    assert f"({one.id}.md)" in (pages / "index.md").read_text()
    steps = one.derivation().steps if one.derivation else ()
    assert re.findall(r"^\*\*(\d+)\. ", text, re.MULTILINE) == [str(number + 1) for number in range(len(steps))]
    for step in steps:
        assert f"{markdown.prose(step.reason)} *Rule:* {markdown.prose(step.rule.says)}" in text
    assert text.count(r"\begin{aligned}") == text.count(r"\end{aligned}") == text.count("$$\n\\begin")
    for sentence in one.statement.sentences:
        assert text.count(f"**{markdown.prose(capitalized(sentence.name))}.**") == 1
        assert text.count(f"**{markdown.prose(capitalized(sentence.name))}:**") == 1
    for lemma in one.proof().lemmas if one.proof else ():
        assert f"**{markdown.prose(capitalized('lemma, ' + lemma.name))}.**" in text
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (pages / target).is_file()
    assert markdown.prose(one.source.remark) in text


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.id)
def test_show_has_every_sentence_in_eighty_columns(one: Claim) -> None:
    """Would have caught: a sentence or a lemma left out, a formula that nothing prints, a line that wraps."""
    document = shown_document(one)
    text = render_text(document)
    assert [line for line in text.splitlines() if columns(line) > 80] == []
    words = " ".join(text.split())
    for sentence in (*one.statement.sentences, *(one.proof().lemmas if one.proof else ())):
        assert " ".join(f"{sentence.name}: {sentence.words}".split()) in words
    assert "nan" not in words.split()
    assert "nothing is said about it" not in words
    for letters, _ in document.claim.symbols:
        assert letters
    if one.expected is Verdict.REFUTED:
        assert "As printed; documented verdict REFUTED" in text
        assert "Counterexample: " in words


def run_tex(program: str, file: Path) -> str:
    """The log of the second of two runs, both of which must succeed."""
    for _ in range(2):
        done = subprocess.run(
            [program, "-interaction=nonstopmode", "-halt-on-error", file.name],
            cwd=file.parent,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]
    return file.with_suffix(".log").read_text(encoding="utf-8", errors="replace")


def check_log(log: str) -> None:
    assert "undefined" not in log
    assert "multiply defined" not in log
    assert "Missing character" not in log
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0.0) <= 10, log
    # A display that no page holds, or a table longer than one.
    too_high = [float(height) for height in re.findall(r"Overfull \\vbox \(([\d.]+)pt", log)]
    assert max(too_high, default=0.0) <= 10, log


@pytest.mark.tex
def test_the_article_compiles(articles: Path, pdflatex: str, tmp_path: Path) -> None:
    """Would have caught: an undefined command, a reference to nothing, a formula that runs out of the page."""
    place = tmp_path / "article"
    shutil.copytree(articles, place)
    check_log(run_tex(pdflatex, place / "article.tex"))
    assert (place / "article.pdf").stat().st_size > 100_000


@pytest.mark.tex
@pytest.mark.slow
def test_the_article_of_all_claims_compiles(pdflatex: str, tmp_path: Path) -> None:
    """Would have caught: a reference or a formula of a claim that the shorter article above leaves out."""
    place = export(tmp_path / "article", "latex")
    text = (place / "article.tex").read_text()
    assert [one.id for one in CLAIMS if rf"\input{{{one.id}}}" not in text] == []
    check_log(run_tex(pdflatex, place / "article.tex"))


@pytest.mark.tex
@pytest.mark.slow
def test_a_fragment_compiles_in_any_article(articles: Path, pdflatex: str, tmp_path: Path) -> None:
    """Would have caught: a fragment that needs our preamble or the other claims."""
    for one in CLAIMS:
        place = tmp_path / one.id
        place.mkdir()
        shutil.copy(articles / f"{one.id}.tex", place)
        (place / "main.tex").write_text(
            "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n"
            f"See \\ref{{{one.id}}}.\n\\input{{{one.id}}}\n\\end{{document}}\n"
        )
        check_log(run_tex(pdflatex, place / "main.tex"))


@pytest.mark.tex
def test_the_check_of_a_log_sees_what_it_looks_for(pdflatex: str, tmp_path: Path) -> None:
    """Would have caught: a pattern that TeX's words do not match."""
    file = tmp_path / "main.tex"
    wide = r"\hbox to 500pt{a\hfil b}"
    high = r"\vbox to 2000pt{a\vfil b}"
    for body in (rf"\par\noindent{wide}", high, r"\ref{nothing}", r"\label{a}\label{a}"):
        file.write_text(f"\\documentclass{{article}}\n\\begin{{document}}\nx {body}\n\\end{{document}}\n")
        log = run_tex(pdflatex, file)
        with pytest.raises(AssertionError):
            check_log(log)


def test_files_are_replaced_and_others_left_alone(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: the rest of a longer old file behind a new one, drafts left behind, a folder emptied."""
    install(by_id(claim("a.top"), claim("b.base")), ())
    (tmp_path / "a.top.tex").write_text("x" * 100_000)
    (tmp_path / "notes.txt").write_text("mine")
    ended = command("export", "a", "--format", "latex", "--out", str(tmp_path))
    assert (ended.code, ended.err) == (0, "")
    assert "xxx" not in (tmp_path / "a.top.tex").read_text()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.top.tex", "article.tex", "notes.txt"]
    deeper = tmp_path / "new" / "folder"
    assert command("export", "a", "--format", "markdown", "--out", str(deeper)).code == 0
    assert sorted(file.name for file in deeper.iterdir()) == ["a.top.md", "index.md"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "word", "--out", "x"], "'word' is not one of"),
        (["--out", "x"], "Missing option '--format'"),
        (["--format", "latex"], "Missing option '--out'"),
        (["c.none", "--format", "latex", "--out", "x"], "no claim 'c.none'"),
        (["--format", "latex", "--out", "{file}"], "{file}: is a file"),
        (["--format", "latex", "--out", "{file}/below"], "{file}"),
        (["--format", "latex", "--out", "/proc/ste_theory"], "/proc/ste_theory"),
    ],
)
def test_wrong_usage_is_one_line(
    install: Install, command: Command, tmp_path: Path, arguments: list[str], words: str
) -> None:
    """Would have caught: a traceback, or a minute's work before a folder turns out to be unwritable."""

    def derive() -> None:
        raise AssertionError("derived before the folder was looked at")

    install(by_id(claim("a.top", derivation=derive)), ())  # type: ignore[arg-type]
    file = tmp_path / "file"
    file.write_text("")
    ended = command("export", *(word.replace("{file}", str(file)) for word in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("ste-theory: ")
    assert words.replace("{file}", str(file)) in ended.err
    assert ended.err.count("\n") == 1
