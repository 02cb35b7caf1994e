"""The exports of one short claim against files. To accept a change: STE_THEORY_UPDATE_GOLDEN=1, then read it."""

import os
from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.claims.presentation import shown_document
from ste_theory.render import latex, markdown

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("ending", ["tex", "md"])
def test_the_export_of_a_claim_is_the_golden_file(ending: str) -> None:
    """Would have caught: any change of a published derivation that nobody meant."""
    document = shown_document(registry.claims()["yin2019.identity"])
    rendered = latex.fragment(document) if ending == "tex" else markdown.page(document, ["general.plane-reduction"])
    file = FOLDER / f"yin2019.identity.{ending}"
    if os.environ.get("STE_THEORY_UPDATE_GOLDEN"):
        file.write_text(rendered, encoding="utf-8")
        pytest.fail(f"{file.name} is written: read the difference and run again without STE_THEORY_UPDATE_GOLDEN")
    assert rendered == file.read_text(encoding="utf-8")
