"""A claim as a Jupyter notebook: derived again, every step and sentence decided again, what comes out asserted."""

from typing import TYPE_CHECKING, Any

from ste_theory.render.markdown import displayed, prose
from ste_theory.render.sentence_cells import sentence_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ste_theory.claims.shown import ShownDocument
    from ste_theory.exchange.argued import ArguedSentence
    from ste_theory.exchange.exact import ExactClaim

_START = """import ste_theory as st
from ste_theory.calculus.derivation import Grade
from ste_theory.calculus.equality import exactly_equal
from ste_theory.claims import registry
from ste_theory.exchange.expressions import to_tree
from ste_theory.exchange.text import write
from ste_theory.model.quantities import Quantity

claim = registry.claims()["{id}"]
assert str(claim.expected) == "{expected}"
claim.title"""

_STATED = """# The formula of the statement, letter by letter as it is printed above.
quantity = Quantity("{quantity}")
stated = claim.statement.formula(quantity)
assert write(to_tree(stated)) == "{formula}"
stated"""

_DERIVE = """# Derived from the model now; the derivation is not told what is stated.
derivation = st.derive("{id}")
assert [str(part.quantity) for part in derivation.parts] == {quantities}
len(derivation.steps)"""

_PART = """part = derivation.part(Quantity("{quantity}"))
assert [step.rule.name for step in part.steps] == {rules}
for number, step in enumerate(part.steps, 1):
    check = step.recheck()  # decided from the two sides alone
    assert check.grade is Grade.EXACT, (number, step.rule.name, check.argument)
    print(number, step.rule.name, "-", check.argument)
part.result"""

_END = """assert exactly_equal(part.result, claim.statement.formula(Quantity("{quantity}"))) is True"""

_VERIFY = """# All witnesses of the level quick, planted errors included.
report = st.verify(["{id}"], level="quick", seed=1)
found = next(one for one in report.claims if one.id == "{id}")
assert found.verdict == "{expected}", found
print(report)"""


def notebook(
    document: "ShownDocument", exact: "ExactClaim", sentences: "Sequence[ArguedSentence]", *, version: str
) -> str:
    """The notebook's file (nbformat 4). Raises ``ImportError`` without the extra ``report``."""
    import nbformat

    v4: Any = nbformat.v4
    cells = _cells(document, exact, sentences)
    made = v4.new_notebook(
        cells=[
            (v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell)(text, id=f"cell-{n}")
            for n, (kind, text) in enumerate(cells)
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "ste_theory": {"version": version, "claim": exact.id},
        },
    )
    nbformat.validate(made)
    return f"{v4.writes(made)}\n"


def _cells(
    document: "ShownDocument", exact: "ExactClaim", sentences: "Sequence[ArguedSentence]"
) -> list[tuple[str, str]]:
    about = document.claim
    lines = [f"# {prose(about.title)}", f"`{about.id}`, {about.kind}. Source: {prose(about.source)}."]
    if exact.left_out:
        lines += [f"Left out: {line}." for line in exact.left_out]
    lines += [prose(about.words), f"*Domain.* {prose(about.domain)}"]
    lines += [displayed(equation.left, equation.right) for equation in about.equations]
    lines += [f"- **{prose(sentence.name)}**: {prose(sentence.words)}" for sentence in about.sentences]
    cells = [("markdown", "\n\n".join(lines)), ("code", _START.format(id=about.id, expected=about.expected))]
    for equation in exact.equations:
        cells.append(("code", _STATED.format(quantity=equation.quantity, formula=equation.formula)))
    if exact.derivation:
        quantities = [part.quantity for part in exact.derivation]
        cells += [("markdown", "## Derivation"), ("code", _DERIVE.format(id=about.id, quantities=quantities))]
    stated = {equation.quantity for equation in exact.equations}
    for part, shown in zip(exact.derivation, document.parts, strict=False):
        cells.append(("markdown", f"### ${shown.quantity.latex}$\n\n{prose(shown.meaning)}."))
        code = _PART.format(quantity=part.quantity, rules=[step.rule for step in part.steps])
        cells.append(("code", code))
        if part.quantity in stated:
            cells.append(("code", _END.format(quantity=part.quantity)))
    cells += sentence_cells(sentences)
    cells += [("markdown", "## Verdict"), ("code", _VERIFY.format(id=about.id, expected=about.expected))]
    return cells
