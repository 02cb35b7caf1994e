"""``surrogates`` and ``quantizers``."""

import json

import pytest

from ste_theory.model.catalogue.index import ENTRIES, NAMES
from ste_theory.model.specification import FAMILIES
from ste_theory.model.surrogates import parse
from tests.cli.conftest import Command


def test_the_whole_catalogue_is_listed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught an entry left out, or lines wider than the terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    ended = command("surrogates")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert [line for line in lines[:-1] if not line.startswith(" ")] == list(NAMES)
    assert lines[-1] == f"{len(NAMES)} of {len(NAMES)} surrogates"
    assert max(map(len, lines)) <= 80


def test_a_pattern_chooses_and_json_is_complete(command: Command) -> None:
    """Would have caught a filter that is ignored, or JSON whose pieces do not read back."""
    records = json.loads(command("surrogates", "LARQ", "--json").out)
    assert {record["name"] for record in records} >= {name for name in NAMES if name.startswith("larq.")}
    for record in records:
        assert record["formula"] == ENTRIES[record["name"]].formula
        assert parse(record["pieces"]).pieces == ENTRIES[record["name"]].surrogate().pieces
    assert command("surrogates", "no such thing").code == 2


def test_quantizers_lists_families_and_shows_one(command: Command) -> None:
    """Would have caught a family that is not listed, or levels that are not the quantizer's."""
    out = command("quantizers").out
    assert all(family.syntax in out for family in FAMILIES)
    assert command("quantizers", "ternary(1/2)").out.splitlines() == ["-1 below -1/2", "0 above -1/2", "1 above 1/2"]
    ended = command("quantizers", "tern(1)")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
