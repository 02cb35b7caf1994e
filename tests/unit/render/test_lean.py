"""The statements for Lean: every theorem is read, every name is known, every term has a type."""

import re

import pytest

from ste_theory.claims import registry
from ste_theory.exchange.exact import exact
from ste_theory.render import lean, lean_lines
from ste_theory.render.lean_model import MODEL as MODEL_TEXT
from tests.unit.render.lean_terms import FIELDS, IDENTIFIER, MATHLIB, MODEL, NotLean, Reader

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


def sides(theorem: str) -> tuple[str, str]:
    """What stands before and after the last = that is in no bracket."""
    text, depth, place = " ".join(theorem.removesuffix(":= by\n  sorry").split()), 0, -1
    for column, letter in enumerate(text):
        depth += (letter in "(") - (letter in ")")
        if depth == 0 and text[column : column + 3] == " = ":
            place = column
    return text[:place], text[place + 3 :]


def test_no_theorem_says_that_something_is_itself(text: str) -> None:
    """Would have caught: (0 : ℝ) = (0 : ℝ) below words about a gradient, because SymPy had reduced both sides."""
    assert sum(bool(sides(one)[1]) for one in theorems(text)) > 250
    for one in theorems(text):
        left, right = sides(one)
        assert not left.endswith(f" {right}"), one


def test_the_sides_of_an_equation_are_found() -> None:
    """Would have caught: a check that no theorem fails."""
    left, right = sides("theorem t :\n    ∀ x : ℝ,\n    (x = x) →\n    (0 : ℝ) =\n      (0 : ℝ) := by\n  sorry")
    assert right == "(0 : ℝ)"
    assert left.endswith(f" {right}")


def test_an_equation_of_one_text_is_left_out_with_its_reason() -> None:
    """Would have caught: a sentence that vanishes in silence."""
    text, left_out = lean.source(
        [exact(registry.claims()["yin2019.lipschitz-corrected"], derivation=False)], version="0"
    )
    (line,) = [one for one in left_out if "the gradient in v" in one]
    assert "both sides are reduced to one text" in line
    assert line in text


def test_nothing_else_is_left_out() -> None:
    """Would have caught: staircases, iterated steps and the integrals of the clipped ReLU without Lean words."""
    _, left_out = lean.source([exact(one, derivation=False) for one in registry.claims().values()], version="0")
    assert left_out
    assert [one for one in left_out if "both sides are reduced to one text" not in one] == []


def test_a_staircase_is_any_staircase() -> None:
    """Would have caught: a theorem about every staircase with the one of its first instance as hypothesis."""
    found, _ = lean.source([exact(registry.claims()["general.population-loss"], derivation=False)], version="0")
    (one,) = theorems(found)
    assert "(hσ : σ = fun x => c_0 + ∑ i : Fin J, d i * indicator (x - t i))" in one
    assert one.count("(hσ") == 1


def test_files_with_sentences_say_what_their_theorems_are_about() -> None:
    """Would have caught: a proof about polynomials taken for one about the loss."""
    known = registry.claims()
    with_sentences, _ = lean.source([exact(known["yin2019.lipschitz-corrected"], derivation=False)], version="0")
    without, _ = lean.source([exact(known["yin2019.identity"], derivation=False)], version="0")
    assert "not N.loss, N.slope, N.coarse" in with_sentences
    assert "not N.loss, N.slope, N.coarse" not in without
    assert "Uses: yin2019.gradient" in with_sentences


def test_lines_are_short(text: str) -> None:
    """Would have caught: a theorem on one line of twenty-eight thousand letters."""
    code = re.sub(r"/-.*?-/", "", text, flags=re.DOTALL)
    assert max(map(len, code.splitlines())) <= 200


def test_a_broken_line_has_the_same_words() -> None:
    """Would have caught: an operator lost where a line ends."""
    line = "    " + " + ".join(f"(x_{n} * (y / {n}))" for n in range(60)) + " := by"
    found = lean_lines.folded(line)
    assert found.split() == line.split()
    assert max(map(len, found.splitlines())) <= lean_lines.ROOM
    assert all(one.endswith(" +") for one in found.splitlines()[:-1])


def test_the_model_defines_what_the_theorems_use() -> None:
    """Would have caught: a definition that the reader knows and the file lacks, a name that Mathlib does not have."""
    defined = set(re.findall(r"^def (\w+)", MODEL_TEXT, re.MULTILINE)) | set(
        re.findall(r"^  (\w+) : ", MODEL_TEXT, re.MULTILINE)
    )
    assert MODEL.keys() | FIELDS.keys() <= defined
    code = re.sub(r"/-.*?-/", "", MODEL_TEXT, flags=re.DOTALL)
    for left, right in ("()", "{}", "⟨⟩"):
        assert code.count(left) == code.count(right)
    for name in re.findall(rf"{IDENTIFIER.pattern}(?:\.{IDENTIFIER.pattern})*", code):
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
        "theorem the_rate_of_vᵀv : ∀ x : ℝ, x > (0 : ℝ) := by sorry",
        "theorem the_rate_of_v_² : ∀ x : ℝ, x > (0 : ℝ) := by sorry",
        "theorem B_¹v : ∀ x : ℝ, x > (0 : ℝ) := by sorry",
        "theorem the_λ : ∀ x : ℝ, x > (0 : ℝ) := by sorry",
        "theorem t {J : ℕ} (d : Fin J → ℝ) : (∑ i : Fin J, d) > (0 : ℝ) := by sorry",
        "theorem t {J : ℕ} (d : Fin J → ℝ) : (∑ i : Fin J, (d i)) > (d i) := by sorry",
        "theorem t {m : ℕ} (d : Fin J → ℝ) : (∑ i : Fin J, (d i)) > (0 : ℝ) := by sorry",
        "theorem t : (∫ x in (0 : ℝ), x) > (0 : ℝ) := by sorry",
        "theorem t : (∫ x in (0 : ℝ)..(1 : ℝ), y) > (0 : ℝ) := by sorry",
        "theorem t : ((fun s : Fin 2 → ℝ => (s 2)) ![(0 : ℝ), (1 : ℝ)]) > (0 : ℝ) := by sorry",
        "theorem t : ((fun s : Fin 2 → ℝ => (s 1)) ![(0 : ℝ)]) > (0 : ℝ) := by sorry",
        "theorem t : ((fun s : Fin 1 → ℝ => (s 0))^[3] ![(0 : ℝ)]) > (0 : ℝ) := by sorry",
        "theorem ₀x : ∀ x : ℝ, x > (0 : ℝ) := by sorry",
    ],
)
def test_the_reader_sees_what_is_wrong(wrong: str) -> None:
    """Would have caught: a reader that takes everything."""
    with pytest.raises(NotLean):
        Reader(wrong).theorem()
