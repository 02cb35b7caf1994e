"""Where claims come from: ours, and a user's folder."""

from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.model.errors import InvalidInput, UnknownName
from tests.unit.claims.fakes import by_id, claim

CLAIM = """
from ste_theory.claims.claim import Claim, Domain, Equation, PlantedError, Source, Statement
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import V

CLAIM = Claim(
    id="{id}", title="Mine", kind=Kind.IDENTITY,
    statement=Statement((Equation(Quantity.LOSS, V / 8),), "words"),
    domain=Domain("everywhere", "none"), source=Source("me", ""), problems=(),
    planted=(PlantedError("doubled", lambda s: s, WitnessKind.SAMPLING),),
)
"""


def corpus(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("root", [{}, {"__init__.py": ""}])
def test_a_users_folder_adds_its_claims(tmp_path: Path, root: dict[str, str]) -> None:
    """Would have caught: a folder without __init__.py refused (as it once was), or ours replaced by the user's."""
    files = {**root, "mine/__init__.py": "", "mine/first_claim.py": CLAIM.format(id="mine.first-claim")}
    found = registry.claims([corpus(tmp_path, files)])
    assert "mine.first-claim" in found
    assert set(registry.claims()) == set(found) - {"mine.first-claim"}
    assert list(found) == sorted(found)


def test_two_folders_with_equal_names_do_not_collide(tmp_path: Path) -> None:
    """Would have caught: the second folder's modules taken from the first's in sys.modules."""
    one = corpus(tmp_path / "one", {"mine/__init__.py": "", "mine/a.py": CLAIM.format(id="mine.a")})
    two = corpus(tmp_path / "two", {"mine/__init__.py": "", "mine/b.py": CLAIM.format(id="mine.b")})
    assert {"mine.a", "mine.b"} <= set(registry.claims([one, two]))
    three = corpus(tmp_path / "three", {"mine/__init__.py": "", "mine/a.py": CLAIM.format(id="mine.a")})
    with pytest.raises(InvalidInput, match=r"two files define the claim 'mine\.a'"):
        registry.claims([one, three])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"mine/a.py": CLAIM.format(id="mine.a")}, "mine holds Python files but no __init__.py"),
        ({"mine/__init__.py": "", "mine/a.py": CLAIM.format(id="mine.b")}, "defines the claim 'mine.b'"),
        ({"mine/__init__.py": "", "mine/a.py": "1 +"}, "does not run: SyntaxError"),
        ({"mine/__init__.py": "", "mine/a.py": "1 / 0"}, "does not run: ZeroDivisionError"),
        ({"mine/__init__.py": "import no_such_module", "mine/a.py": ""}, "No module named 'no_such_module'"),
        ({"mine/__init__.py": "1 / 0", "mine/a.py": ""}, "ZeroDivisionError"),
        ({"mine/__init__.py": "", "mine/a.py": "x = 1"}, "no file below it defines CLAIM"),
        ({"mine/__init__.py": "", "mine/a.py": CLAIM.format(id="mine")}, "InvalidInput: a claim id looks like"),
        ({}, "no file below it defines CLAIM"),
    ],
)
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """Would have caught: a folder left out in silence, or a traceback of the user's file in place of one line."""
    with pytest.raises(InvalidInput, match=message) as error:
        registry.claims([corpus(tmp_path, files)])
    assert "\n" not in str(error.value)


def test_a_repaired_folder_can_be_read_again(tmp_path: Path) -> None:
    """Would have caught: a half-imported package that stays in sys.modules."""
    corpus(tmp_path, {"mine/__init__.py": "", "mine/a.py": "1 / 0"})
    with pytest.raises(InvalidInput):
        registry.claims([tmp_path])
    corpus(tmp_path, {"mine/a.py": CLAIM.format(id="mine.a") + "# repaired, and longer than before\n"})
    assert "mine.a" in registry.claims([tmp_path])


def test_a_missing_folder(tmp_path: Path) -> None:
    """Would have caught: a misspelt folder taken for an empty one."""
    with pytest.raises(InvalidInput, match="not a folder"):
        registry.claims([tmp_path / "typo"])


AVAILABLE = by_id(*(claim(name) for name in ("yin2019.loss", "yin2019.relu", "yin2019.relu-bound", "yin20.other")))


def test_selecting_by_id_and_prefix() -> None:
    """Would have caught: yin2019.relu selecting relu-bound too, or yin20 selecting yin2019."""
    assert registry.select(AVAILABLE, []) == tuple(AVAILABLE)
    assert registry.select(AVAILABLE, ["yin2019.relu"]) == ("yin2019.relu",)
    assert registry.select(AVAILABLE, ["yin20"]) == ("yin20.other",)
    assert registry.select(AVAILABLE, ["yin2019.", "yin2019.loss"]) == (
        "yin2019.loss",
        "yin2019.relu",
        "yin2019.relu-bound",
    )


def test_an_unknown_id_suggests_the_nearest() -> None:
    """Would have caught: a bare 'not found', or a misspelt id verified as nothing at all."""
    with pytest.raises(UnknownName, match=r"no claim 'yin2019\.los'; did you mean yin2019\.loss"):
        registry.select(AVAILABLE, ["yin2019.los"])
    with pytest.raises(UnknownName, match="`ste-theory claims` lists them"):
        registry.select(AVAILABLE, ["qqqqqqqqqqqq"])
    with pytest.raises(UnknownName):
        registry.select(AVAILABLE, [""])


def test_our_witnesses_are_one_of_each_kind_in_order() -> None:
    """Would have caught: two files of one kind, or a table whose columns depend on file names."""
    kinds = [witness.kind for witness in registry.witnesses()]
    assert kinds == sorted(kinds, key=list(type(kinds[0])).index) if kinds else kinds == []
    assert len(set(kinds)) == len(kinds)


def test_our_claims_rest_on_claims_that_exist() -> None:
    """Would have caught: a misspelt foundation, or a circle, in the claims we publish."""
    from ste_theory.claims.graph import in_order

    claims = registry.claims()
    assert set(in_order(claims, claims)) == set(claims)
