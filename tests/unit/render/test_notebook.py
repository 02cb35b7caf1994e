"""What a notebook shows of results."""

from xml.etree import ElementTree

import ste_theory as st
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Verdict, WitnessKind
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.estimate import estimate_coarse_gradient
from tests.unit.claims.fakes import result


def test_a_report_is_a_table() -> None:
    """Would have caught: a page of dataclass fields, a disputed claim below the others, text taken for markup."""
    confirmed, disputed = Verdict.CONFIRMED, Verdict.DISPUTED
    title, witnesses = "At θ = π & <more>", (result(WitnessKind.PROOF),)
    good = ClaimReport("a.b", title, "limit", "S", "f", confirmed, confirmed, confirmed, (), None, ())
    bad = ClaimReport("a.c", "T", "limit", "S", "f", confirmed, disputed, disputed, (), None, witnesses)
    found = Report(Level.QUICK, 7, {}, (good, bad), 1.0)._repr_html_()
    root = ElementTree.fromstring(f"<div>{found}</div>")
    rows = ["".join("".join(row.itertext()).split()) for row in root.iter("tr")]
    assert rows[1].startswith("a.cDISPUTED")
    assert rows[2].startswith("a.bCONFIRMED")
    assert rows[2].endswith("Atθ=π&<more>")
    assert "1 not as documented; level quick, seed 7" in found


def test_an_estimate_is_a_table_with_errors() -> None:
    """Would have caught: an array printed with all its digits and no error."""
    problem = Problem(st.quantizers.binary(), st.surrogates.relu())
    found = estimate_coarse_gradient(problem, Point([1.0], [2.0, 0.0], [1.0], [0.0, 1.0]), samples=20_000, seed=3)
    root = ElementTree.fromstring(f"<div>{found._repr_html_()}</div>")
    rows = [[cell.text for cell in row] for row in root.iter("tr")]
    assert [row[0] for row in rows] == ["component", "v[0]", "w[0]", "w[1]"]
    assert all("(" in str(row[1]) for row in rows[1:])
    assert f"{found.samples} samples, seed 3" in found._repr_html_()


def test_a_derivation_is_a_chain_of_formulas() -> None:
    """Would have caught: a derivation without its rules, or a display that LaTeX cannot read."""
    derivation = st.derive("yin2019.identity-correlation")
    found = derivation._repr_latex_()
    assert found.count("$$") == 2 * len(derivation.parts)
    assert found.count(r"\begin{aligned}") == found.count(r"\end{aligned}") == len(derivation.parts)
    assert all(rf"\text{{{step.rule.name}}}" in found for step in derivation.steps)
    assert found.count("{") == found.count("}")
