"""The letters of a claim's words."""

import re

import pytest

from ste_theory.claims import registry
from ste_theory.claims.presentation import shown
from ste_theory.claims.vocabulary import Setting, spoken

# A letter with its marks; what is raised (t, 0, t + 1, squares) is no part of the name.
LETTER = re.compile(
    r"(?<![A-Za-z_^{])([A-Za-zͰ-Ͽϰ-ϵℓ∇][̂̃]?[₀-₉⊥∥₋₊]*(?:_(?:\{[^}]*\}|\w+?(?![A-Za-z])))?[*′]*)[ᵗ⁰⁺¹]*(?![A-Za-z])"
)
# Everybody's: constants, operators, the article; indices, and arguments such as the x of σ(x).
COMMON = frozenset(
    [
        "π",
        "φ",
        "Φ",
        "E",
        "O",
        "a",
        "I",
        "d",
        "e",
        "i",
        "j",
        "k",
        "r",
        "s",
        "t",
        "x",
        "y",
        "z",
        "Σ",
        "Σ_i",
        "Σ_j",
        "Σ_k",
        "Σ_t",
    ]
)
# An output or a weight by another index.
ANOTHER_INDEX = {"_ξj": "_ij", "_yj": "_ij", "_rj": "_ij", "_r": "_i", "_y": "_i", "_ξ": "_i", "_j": "_k"}


def unexplained(words: str, symbols: str) -> set[str]:
    """Letters that no line of the symbols and no definition in the words themselves explains."""
    found = set()
    for letter in LETTER.findall(words):
        ending = re.search(r"_(?:[ξyr]j|[rξyj])$", letter)
        names = {letter} | ({letter[: ending.start()] + ANOTHER_INDEX[ending.group()]} if ending else set())
        explained = any(re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", symbols) for name in names)
        defined = re.search(r"(?<!\w)" + re.escape(letter) + "[²ᵗ⁰]* ?(?::=|=|∈)", words)
        if not (names & COMMON or explained or defined):
            found.add(letter)
    return found


# Said in the words themselves, without a sign of equality.
SAID = {
    "general.non-isotropic": {"λ", "Λ", "N"},  # "the eigenvalues of Σ, λ ≤ Λ"; N(0, Σ)
    "general.one-sided-iff-stationary": {"A"},  # "A μ′ that changes sign"
    "general.sampler-one-coordinate": {"A"},  # "A staircase"
    "general.sampler-strata": {"h_i", "x_i"},  # "a point x_i uniform on a cell of length h_i"
    "general.sampler-row-pairs": {"y_j"},
    "general.population-gradient": {"t_j", "d_j"},
    "general.sampler-one-row": {"v_i"},
    "general.sound-iff-positive-response": {"R"},  # "‖w‖ ≤ R"
    "long2021.decomposition": {"R"},  # R^d
    "long2021.decoupling": {"R"},
    "long2021.preconditioning": {"A"},
    "yin2019.convergence-descent": {"L"},
    "yin2019.lipschitz-corrected": {"s₀"},
}


@pytest.mark.parametrize("name", sorted(registry.claims()))
def test_every_letter_of_a_statement_is_explained(name: str) -> None:
    """Would have caught: B, w^t, b⊥, V_i, ξ, ℓ and π_i used in a statement whose table of symbols lacked them."""
    claim = registry.claims()[name]
    page = shown(
        claim,
        derivation=claim.derivation() if claim.derivation is not None else None,
        proof=claim.proof() if claim.proof is not None else None,
    )
    symbols = " ".join(letters for letters, _ in page.symbols)
    words = " ".join((page.words, page.domain, page.degenerate))
    assert unexplained(words, symbols) == SAID.get(name, set())
    letters = [letters for letters, _ in page.symbols]
    assert len(letters) == len(set(letters))  # none is explained twice


def test_a_letter_that_nobody_explains_is_found() -> None:
    """The check above can fail: a letter without a line, and one whose line is for another letter."""
    assert unexplained("Let v be least where Qᵗ falls", "w, w*") == {"v", "Q"}
    assert unexplained("B⁻¹v* and b⊥", "B v, v*") == {"b⊥"}
    assert unexplained("Q = v*, so Q falls", "v, v*") == set()


def test_words_of_one_setting_do_not_explain_the_other() -> None:
    """Would have caught: V as ‖v‖² in a claim about classes, or ξ as a normal variable there."""
    words = ("V ≥ 0, ξ = argmax o_r",)
    assert dict(spoken(words, Setting.CLASSES, known=()))["V, v_ij"].startswith("weights")
    assert "V" in dict(spoken(words, Setting.NETWORK, known=()))
    assert "V" not in dict(spoken(words, Setting.NETWORK, known={"V"}))
