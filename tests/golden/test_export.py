"""The exports of one short claim against files. To accept a change: STE_THEORY_UPDATE_GOLDEN=1, then read it."""

import os
from pathlib import Path

import pytest

from ste_theory import __version__
from ste_theory.claims import registry
from ste_theory.exchange import formats

FOLDER = Path(__file__).parent
CLAIM = "yin2019.identity"
# Format → the file of the claim, and its golden file.
FILES = {
    "latex": (f"{CLAIM}.tex", f"{CLAIM}.tex"),
    "markdown": (f"{CLAIM}.md", f"{CLAIM}.md"),
    "html": (f"{CLAIM}.html", f"{CLAIM}.html"),
    "notebook": (f"{CLAIM}.ipynb", f"{CLAIM}.ipynb.json"),  # not .ipynb, which ruff would lint
    "python": ("ste_formulas.py", f"{CLAIM}.py.txt"),
    "c": ("ste_formulas.c", f"{CLAIM}.c"),
    "lean": ("SteTheory.lean", f"{CLAIM}.lean"),
    "json": ("claims.json", f"{CLAIM}.json"),
}


@pytest.mark.parametrize("form", formats.FORMATS)
def test_the_export_of_a_claim_is_the_golden_file(form: str) -> None:
    """Would have caught: any change of a published derivation that nobody meant."""
    available = registry.claims()
    name, golden = FILES[form]
    exported = formats.export(form, [available[CLAIM]], available, lambda _: None)
    rendered = exported.files[name].replace(__version__, "VERSION")
    file = FOLDER / golden
    if os.environ.get("STE_THEORY_UPDATE_GOLDEN"):
        file.write_text(rendered, encoding="utf-8")
        pytest.fail(f"{file.name} is written: read the difference and run again without STE_THEORY_UPDATE_GOLDEN")
    assert rendered == file.read_text(encoding="utf-8")
