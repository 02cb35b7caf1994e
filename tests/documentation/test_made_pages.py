"""The pages that are made from code: each maker runs, and its page names all there is."""

import dataclasses
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

import ste_theory
from ste_theory.claims import registry
from ste_theory.claims.origin import Origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure, WitnessResult
from ste_theory.cli.main import main, program
from tests.documentation.pages import DOCS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def maker(name: str) -> ModuleType:
    """The script in docs/ as a module."""
    found = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_errata_are_those_of_the_claims() -> None:
    """Would have caught: a refuted statement that the errata do not have, or word otherwise."""
    assert maker("errata_page").render() == (DOCS / "explanation" / "errata.md").read_text(encoding="utf-8")


def test_the_api_page_names_everything_public() -> None:
    """Would have caught: a public function without a place in the reference, an address or a module path in a type."""
    page = maker("api_pages").render()
    headings = set(re.findall(r"^### (.+)$", page.replace("\\", ""), re.MULTILINE))
    assert set(dir(ste_theory)) <= headings | {"quantizers", "surrogates", "__version__"}
    assert {"Analysis", "Estimate", "Gradient"} <= headings
    assert " -> Estimate" in page
    assert not re.search(r"0x[0-9a-f]{6}|numpy\._typing|fractions\.", page)


def test_the_page_of_commands_names_every_command_and_option() -> None:
    """Would have caught: a command of a group that is left out, an option without words, a code that is not said."""
    made = maker("command_pages")
    page = made.render()
    headings = set(re.findall(r"^##+ (.+)$", page, re.MULTILINE))
    assert {"verify", "experiment figure1", "new claim"} <= headings
    assert set(program.commands) <= headings
    for path, command in made.commands(program, ("ste-theory",)):
        section = page.split(f"{'#' * len(path)} {' '.join(path[1:])}\n")[1].split("\n#")[0]
        for option in command.params:
            if option.param_type_name == "option":
                assert option.opts[-1] in section, (path, option.name)
    assert all(f"\n| {code} | " in page for code in (0, 1, 2, 3, 70, 130, 141))


def test_the_gallery_has_every_surrogate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a surrogate that the analyzed table lacks, a plot that cannot be drawn. Two are drawn here."""
    pytest.importorskip("matplotlib")
    made = maker("gallery_page")
    known = made.verdicts()
    assert known.keys() == set(ste_theory.surrogates.names())
    two = dict(list(known.items())[:2])
    monkeypatch.setattr(made, "verdicts", lambda: two)
    page = made.write(tmp_path)
    assert all(f"**{sound}**: {why}" in page for sound, why in two.values())
    for file in re.findall(r"\]\((gallery/[^)]+)\)", page):
        assert "<svg" in (tmp_path / file).read_text(encoding="utf-8")
    assert len(list((tmp_path / "gallery").iterdir())) == 2


def small_report() -> Report:
    """A report with every field that there is."""
    figure = Figure("a", 1.0, 1.0, 0.1, 0.0, 0.1, "θ = 1", ((1, 1.0, 0.1),), ("1.0", "1.0"), against="the mean")
    catch = Catch("wrong", WitnessKind.PROOF, ((WitnessKind.PROOF, Outcome.PASS),), repaired=True)
    witnesses = (
        WitnessResult(WitnessKind.SAMPLING, Outcome.PASS, "fine", figures=(figure,)),
        WitnessResult(WitnessKind.PROOF, Outcome.FAIL, "no", certified=True, counterexample="θ = 1"),
        WitnessResult(WitnessKind.PLANTED, Outcome.PASS, "all", catches=(catch,)),
    )
    claim = ClaimReport(
        id="x.y",
        title="X|Y",
        kind="inequality",
        source="Z",
        statement="a",
        expected=Verdict.REFUTED,
        verdict=Verdict.REFUTED,
        effective_verdict=Verdict.REFUTED,
        rests_on=(),
        weakest_foundation=None,
        witnesses=witnesses,
        origin=Origin.PUBLISHED,
    )
    return Report(Level.QUICK, 1, {"python": "3"}, (claim,), 1.0)


def test_the_fields_of_results_are_those_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a field that was renamed or is not said, one that is said and is not there."""
    text = (DOCS / "reference" / "results.md").read_text(encoding="utf-8")
    said = {
        heading: {
            name
            for names in re.findall(r"^\| (`[^|]+) \|", part, re.MULTILINE)
            for name in re.findall(r"`(\w+)`", names)
        }
        for heading, _, part in (part.partition("\n") for part in text.split("\n## ")[1:])
    }
    made = small_report().to_json()
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "long2021.decoupling", "--level", "quick", "--seed", "1", "--report", "."]) == 0
    real = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {heading: set() for heading in said}
    for report in (made, real):
        found["The whole"] |= report.keys()
        for claim in report["claims"]:
            found["A claim"] |= claim.keys()
            for witness in claim["witnesses"]:
                found["A witness"] |= witness.keys()
                found["A figure"] |= {key for figure in witness.get("figures", ()) for key in figure}
                found["A planted error"] |= {key for catch in witness.get("catches", ()) for key in catch}
    assert found == said
    assert made["schema"] in text


def test_the_table_of_the_readme_is_made_from_a_report() -> None:
    """Would have caught: a table that says another verdict than the run, a row broken by a bar."""
    made = maker("readme_table")
    report = small_report()
    short = made.short(report)
    assert "**1 claims: 1 REFUTED; every verdict is the documented one.**" in short
    cells = ("X\\|Y (`x.y`)", "REFUTED", "S ✓ R ✗; sampled 1.00(10), would see 10%; a certified counterexample")
    assert f"| {' | '.join(cells)} | 1/1 repaired versions stand |" in short
    assert "REFUTED" in made.page(dataclasses.replace(report, seconds=2.0))


def test_the_readme_and_its_page_have_every_claim() -> None:
    """Would have caught: a table that is older than the claims. `make readme` makes both again."""
    known = registry.claims()
    page = (DOCS / "explanation" / "verdicts.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^ (\w+\.[\w-]+) +[A-Z]", page, re.MULTILINE))
    assert listed == known.keys()
    table = README.split("<!-- table: made by `make readme` -->")[1].split("<!-- end of table -->")[0]
    assert f"**{len(known)} claims: " in table
    refuted = {claim.id for claim in known.values() if claim.expected is Verdict.REFUTED}
    assert refuted == set(re.findall(r"`([\w.-]+)`\) \| REFUTED", table))


def test_the_picture_of_the_readme_can_be_read_on_black() -> None:
    """Would have caught: a picture that is not there, one without a background or words for those who do not see it."""
    ((words, file),) = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README)
    picture = (ROOT / file).read_text(encoding="utf-8")
    assert len(words) > 40
    assert "fill: #ffffff" in picture[:2000]
    assert Path(file).name in README.replace(file, "")  # the command that draws it
