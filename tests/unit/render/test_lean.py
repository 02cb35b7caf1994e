"""The statements for Lean: every theorem is read, every name is known, every term has a type."""

import re

import pytest

from ste_theory.claims import registry
from ste_theory.exchange.exact import exact
from ste_theory.render import lean
from tests.unit.render.lean_terms import FIELDS, MATHLIB, MODEL, NotLean, Reader

# What the model needs of Mathlib beside the functions of the theorems.
WORDS = {
    *(
        "import",
        "Mathlib",
        "open",
        "scoped",
        "BigOperators",
        "noncomputable",
        "section",
        "namespace",
        "end",
        "variable",
    ),
    *("def", "structure", "where", "fun", "if", "then", "else", "in", "deriv", "MeasureTheory", "ProbabilityTheory"),
    *("Measure", "Measure.pi", "gaussianReal", "Set.Iic", "Fin", "Network", "SteTheory"),
}


def theorems(text: str) -> list[str]:
    """The theorems of a file, without comments."""
    code = re.sub(r"/-.*?-/", "", text, flags=re.DOTALL).strip().removesuffix("end SteTheory")
    return [f"theorem {part.strip()}" for part in re.split(r"^theorem ", code, flags=re.MULTILINE)[1:]]


@pytest.fixture(scope="module")
def text() -> str:
    """All claims."""
    found, _ = lean.source([exact(one, derivation=False) for one in registry.claims().values()], version="0")
    return found


def test_every_theorem_is_read(text: str) -> None:
    """Would have caught: a letter that is bound nowhere, a function without its argument, a number for a statement."""
    found = theorems(text)
    assert len(found) > 250
    names = [Reader(one).theorem() for one in found]
    assert len(set(names)) == len(names)
    assert all(one.endswith(":= by\n  sorry") for one in found)


def test_no_network_is_introduced_that_nothing_is_said_of(text: str) -> None:
    """Would have caught: "for every network" before a sentence whose own S hides that of the network."""
    for one in theorems(text):
        if "∀ (m n : ℕ) (N : Network m n)" in one:
            assert re.search(r"\bN\.\w|\(m : ℝ\)", one), one


def test_the_model_defines_what_the_theorems_use() -> None:
    """Would have caught: a definition that the reader knows and the file lacks, a name that Mathlib does not have."""
    defined = set(re.findall(r"^def (\w+)", lean.MODEL, re.MULTILINE)) | set(
        re.findall(r"^  (\w+) : ", lean.MODEL, re.MULTILINE)
    )
    assert MODEL.keys() | FIELDS.keys() <= defined
    code = re.sub(r"/-.*?-/", "", lean.MODEL, flags=re.DOTALL)
    for left, right in ("()", "{}", "⟨⟩"):
        assert code.count(left) == code.count(right)
    for name in re.findall(r"[^\W\d][\w']*(?:\.[^\W\d][\w']*)*", code):
        head, _, field = name.partition(".")
        local = len(name) == 1 or name in ("μ'", "w_ne", "wStar_ne", "vStar_ne")
        assert local or name in WORDS | defined | MATHLIB.keys() or (head == "N" and field in defined), name


@pytest.mark.parametrize(
    "wrong",
    [
        "theorem t : ∀ x : ℝ, x + y > (0 : ℝ) := by sorry",
        "theorem t : ∀ x : ℝ, (Real.sin) > x := by sorry",
        "theorem t : ∀ x : ℝ, (Real.sine x) > x := by sorry",
        "theorem t : ∀ x : ℝ, (Real.sin x x) > x := by sorry",
        "theorem t : ∀ x : ℝ, x + (1 : ℝ) := by sorry",
        "theorem t : ∀ x : ℝ, ((x > (0 : ℝ)) := by sorry",
        "theorem t (N : Network m n) : N.V > (0 : ℝ) := by sorry",
        "theorem t {m n : ℕ} (N : Network m n) : N.rhoo > (0 : ℝ) := by sorry",
        "theorem t {m n : ℕ} (N : Network m n) : N.v > (0 : ℝ) := by sorry",
        "theorem t : ∀ x : ℝ, (if x then x else x) = x := by sorry",
        "theorem t : ∀ x : ℝ, (∫ a, a * x) = x := by sorry",
        "theorem t : ∀ x : ℝ, x > (0 : ℝ) := by",
        "theorem t : ∀ x : ℝ, |x > (0 : ℝ) := by sorry",
    ],
)
def test_the_reader_sees_what_is_wrong(wrong: str) -> None:
    """Would have caught: a reader that takes everything."""
    with pytest.raises(NotLean):
        Reader(wrong).theorem()
