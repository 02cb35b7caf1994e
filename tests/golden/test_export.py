"""The exports of short claims against files. To accept a change: STE_THEORY_UPDATE_GOLDEN=1, then read it."""

import os
from pathlib import Path

import pytest

from ste_theory import __version__
from ste_theory.claims import registry
from ste_theory.exchange import formats

FOLDER = Path(__file__).parent
CLAIM, REFUTED, PROOF = "yin2019.identity", "yin2019.relu-bound", "yin2019.relu-bound-corrected"
# Format, claim, file of the export, its golden file.
FILES = [
    ("latex", CLAIM, f"{CLAIM}.tex", f"{CLAIM}.tex"),
    ("markdown", CLAIM, f"{CLAIM}.md", f"{CLAIM}.md"),
    ("python", CLAIM, "ste_formulas.py", f"{CLAIM}.py.txt"),
    ("c", CLAIM, "ste_formulas.c", f"{CLAIM}.c"),
    ("c", CLAIM, "ste_formulas.h", f"{CLAIM}.h"),
    ("c", CLAIM, "ste_formulas_test.c", f"{CLAIM}_test.c"),
    # Not .ipynb, which ruff would lint.
    *(
        (form, claim, name.format(claim), f"{claim}{end}")
        for claim in (CLAIM, REFUTED, PROOF)
        for form, name, end in (
            ("html", "{}.html", ".html"),
            ("notebook", "{}.ipynb", ".ipynb.json"),
            ("lean", "SteTheory.lean", ".lean"),
            ("json", "claims.json", ".json"),
        )
    ),
]


def test_every_format_has_a_golden_file() -> None:
    """Would have caught: a new format that nobody reads."""
    assert {form for form, *_ in FILES} == set(formats.FORMATS)


@pytest.mark.parametrize(("form", "claim", "name", "golden"), FILES, ids=lambda one: one)
def test_the_export_of_a_claim_is_the_golden_file(form: str, claim: str, name: str, golden: str) -> None:
    """Would have caught: any change of a published derivation that nobody meant."""
    available = registry.claims()
    exported = formats.export(form, [available[claim]], available, lambda _: None)
    rendered = exported.files[name].replace(__version__, "VERSION")
    file = FOLDER / golden
    if os.environ.get("STE_THEORY_UPDATE_GOLDEN"):
        file.write_text(rendered, encoding="utf-8")
        pytest.fail(f"{file.name} is written: read the difference and run again without STE_THEORY_UPDATE_GOLDEN")
    assert rendered == file.read_text(encoding="utf-8")
