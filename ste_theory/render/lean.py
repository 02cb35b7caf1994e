"""The statement of each claim in Lean 4 with Mathlib, every proof a ``sorry``: where a formal proof could start.

The model is written down in full (rows of iid standard normals, the program's own sums), so that a theorem says what
the claim says and not an abbreviation of it. Nothing here has been seen by Lean.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ste_theory.exchange.text import read
from ste_theory.exchange.tree import NotWritten, names
from ste_theory.render.lean_lines import folded
from ste_theory.render.lean_model import MODEL
from ste_theory.render.lean_terms import LETTERS, STAIRCASE, Terms

if TYPE_CHECKING:
    from ste_theory.exchange.exact import ExactClaim, ExactEquation, ExactSentence

_MEAN2 = "∫ b, ∫ a, {0} ∂normal ∂normal"
# The left side of an equation, with σ and μ' as arguments.
_QUANTITIES: Mapping[str, str] = {
    "loss": "N.loss σ",
    "v_gradient": "N.v_gradient σ k",
    "coarse_gradient.radial": "N.coarse σ μ' N.wHat",
    "coarse_gradient.tangential": "N.coarse σ μ' N.uHat",
    "coarse_gradient.orthogonal": "N.coarse σ μ' e",
    "population_gradient.radial": "N.slope σ N.wHat",
    "population_gradient.tangential": "N.slope σ N.uHat",
    "correlation": "N.correlation σ μ'",
    "plane.s1": "∫ a, σ (N.rho * a) ∂normal",
    "plane.s2": "∫ a, σ (N.rho * a) ^ 2 ∂normal",
    "plane.s1_star": "∫ a, σ (N.rho_star * a) ∂normal",
    "plane.s2_star": "∫ a, σ (N.rho_star * a) ^ 2 ∂normal",
    "plane.kappa": _MEAN2.format("σ (N.rho * a) * σ (N.teacher a b)"),
    "plane.a0": "∫ a, a * μ' (N.rho * a) ∂normal",
    "plane.a1": "∫ a, a * μ' (N.rho * a) * σ (N.rho * a) ∂normal",
    "plane.b_parallel": _MEAN2.format("a * μ' (N.rho * a) * σ (N.teacher a b)"),
    "plane.b_perpendicular": _MEAN2.format("b * μ' (N.rho * a) * σ (N.teacher a b)"),
    "plane.m_minus": "∫ a, a * μ' (N.rho * a) * indicator (-a) ∂normal",
    "plane.response": "∫ x, μ' (N.rho * Real.sin N.theta * x) ∂normal",
}
_RESERVED = {"at", "by", "def", "do", "else", "end", "from", "fun", "have", "if", "in", "let", "then", "where", "with"}


_SEEN = """
A starting point for formal proofs, not compiled: no Lean has read this file. Its tests read the theorems with a small
reader of their own, which resolves every name, gives every term a type, and computes at one place the functions defined
here, the right sides of equations and both sides of sentences, to compare them with SciPy's and with the claim's own
formulas; left sides, the network and hypotheses are only read, and universe levels, instances, coercions and changes of
Mathlib are left to Lean. Every proof is sorry: nothing here is proved."""
_EXPANDED = """
Theorems named after sentences are about expanded expressions: where a sentence speaks of the loss or of a gradient,
there the closed form stands, in N.V, N.S, N.D, ... and not N.loss, N.slope, N.coarse. A proof proves the relation
between these expressions; that they are the loss and the gradients is what the theorems named after quantities say,
here and in the files of the claims that a claim rests on ("Uses")."""


def source(claims: "Sequence[ExactClaim]", *, version: str) -> tuple[str, tuple[str, ...]]:
    """The file, and one line for everything that has no Lean words, with the reason."""
    about = f"Statements about straight-through estimators, written by ste-theory {version}.\n{_SEEN}"
    if any(claim.sentences for claim in claims):
        about += "\n" + _EXPANDED
    blocks, left_out = [f"/- {about} -/", MODEL], list[str]()
    for claim in claims:
        said = [f"{claim.id}: {claim.title}", f"Source: {claim.source}. Documented verdict: {claim.expected}."]
        said += [f"Domain: {claim.domain}", claim.words]
        if claim.sentences and claim.statement_uses + claim.proof_uses:
            said.append(f"Uses: {', '.join(dict.fromkeys(claim.statement_uses + claim.proof_uses))}.")
        theorems = []
        for equation in claim.equations:
            try:
                theorems.append(_equation(claim, equation))
            except NotWritten as error:
                left_out.append(f"{claim.id}: {equation.quantity}: {error}")
        taken: set[str] = set()
        for sentence in claim.sentences:
            try:
                theorems.append(_sentence(claim, sentence, taken))
            except NotWritten as error:
                left_out.append(f"{claim.id}: {sentence.name}: {error}")
        left_out += [f"{claim.id}: {line}" for line in claim.left_out]
        blocks.append("/-! " + _comment("\n".join(said)) + " -/")
        blocks += theorems
    if left_out:
        blocks.append("/- Left out:\n" + _comment("\n".join(left_out)) + " -/")
    return "\n\n".join([*blocks, "end SteTheory"]) + "\n", tuple(left_out)


def _comment(text: str) -> str:
    return text.replace("-/", "- /").replace("/-", "/ -")


# What words have in a name of Lean's: letters that are none of its own spelled out, all others as _.
_SPELLED = str.maketrans(
    {"ᵀ": "T", "⁻": "_minus_", "λ": "lambda", "Π": "Pi", "Σ": "Sigma"}
    | {power: str(digit) for digit, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
)
_FOREIGN = re.compile("[^A-Za-z0-9_\u0391-\u03fb\u2100-\u214f\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a]+")


def identifier(text: str) -> str:
    """The text as a name that Lean takes.

    >>> identifier("yin2019.relu-bound_‖v‖² ≤ C")
    'yin2019_relu_bound_v_2_C'
    """
    spelled = text.replace("⁻¹", "_inverse_").translate(_SPELLED)
    return re.sub("_+", "_", _FOREIGN.sub("_", spelled)).strip("_") or "statement"


def _equation(claim: "ExactClaim", equation: "ExactEquation") -> str:
    formula = read(equation.formula)
    right = Terms({}).text(formula)
    # Of the whole claim: a component that is 0 is so for every staircase as well.
    steps = any(names(read(one.formula)) & STAIRCASE for one in claim.equations)
    binders = ["{m n : ℕ} (N : Network m n)", *_functions(claim, steps=steps), *_network(claim)]
    if not claim.setting.spurious:
        binders.append("(hθ : 0 < N.theta) (hθ' : N.theta < Real.pi)")
    if equation.quantity == "v_gradient":
        binders.append("(k : Fin m)")
    if equation.quantity == "coarse_gradient.orthogonal":
        binders.append("(e : Fin n → ℝ) (he : dot e N.w = 0) (he' : dot e N.wStar = 0)")
    name = identifier(f"{claim.id}_{equation.quantity}")
    left = _QUANTITIES[equation.quantity]
    _two_sides(left, right)
    lines = [f"/-- {_comment(equation.meaning)} -/", f"theorem {name}", *(f"    {one}" for one in binders)]
    return folded("\n".join([*lines[:-1], f"{lines[-1]} :", f"    ({left}) =", f"      {right} := by", "  sorry"]))


def _two_sides(left: str, right: str) -> None:
    """An equation of one text with itself is no theorem: its formulas were reduced when they were made."""
    if left == right:
        raise NotWritten("both sides are reduced to one text, and that these are equal does not say what the words say")


def _functions(claim: "ExactClaim", *, steps: bool = False) -> list[str]:
    """σ and μ' with what they are, or what is needed of them: integrability. ``steps``: σ is any staircase, of which
    the claim's setting has one."""
    found = ["(σ μ' : ℝ → ℝ)"]
    one = Terms({"x": "x"})
    if steps:
        found += [
            "{J : ℕ} (c_0 : ℝ) (d t : Fin J → ℝ)",
            "(hσ : σ = fun x => c_0 + ∑ i : Fin J, d i * indicator (x - t i))",
        ]
    elif claim.setting.activation:
        found.append(f"(hσ : σ = fun x => {one.text(read(claim.setting.activation))})")
    else:
        found.append("(hσ : Measurable σ) (hσ' : ∃ C, ∀ x, |σ x| ≤ C)")
    if claim.setting.surrogate:
        found.append(f"(hμ : ∀ᵐ x ∂(volume : Measure ℝ), μ' x = {one.text(read(claim.setting.surrogate))})")
    else:
        found.append("(hμ : Measurable μ') (hμ' : ∃ (C : ℝ) (d : ℕ), ∀ x, |μ' x| ≤ C * (1 + |x|) ^ d)")
    return found


def _network(claim: "ExactClaim") -> list[str]:
    found = ["(hT : N.rho_star = 1)"] if claim.setting.unit_teacher else []
    if claim.setting.spurious:
        found += ["(hθ : N.theta = Real.pi)", "(hv : ∀ i, N.v i = 2 * N.S_star / ((m : ℝ) + 1) - N.vStar i)"]
    return found


def _sentence(claim: "ExactClaim", sentence: "ExactSentence", taken: set[str]) -> str:
    letters: dict[str, str] = {}
    for one in (*sentence.constants, *sentence.variables):
        letters[one.letter] = one.letter + (
            "'" if one.letter in _RESERVED or one.letter in ("σ", "N", "m", "n") else ""
        )
    writer = Terms(letters)
    trees = [
        read(part) for relation in (*sentence.hypotheses, sentence.relation) for part in (relation.left, relation.right)
    ]
    trees += [read(end) for one in (*sentence.constants, *sentence.variables) for end in (one.lower, one.upper)]
    # A letter of the sentence hides that of the model.
    about = any(names(tree) & (set(LETTERS) - {"pi", *letters}) for tree in trees)
    parts = [f"∃ {writer.ranged(one, ' ∧ ')}" for one in sentence.constants]
    if about:
        parts += ["∀ (m n : ℕ) (N : Network m n),", *(f"∀ {one}," for one in _network(claim))]
    parts += [f"∀ {writer.ranged(one, ' → ')}" for one in sentence.variables]
    parts += [f"{writer.relation(hypothesis)} →" for hypothesis in sentence.hypotheses]
    _two_sides(*(writer.text(read(side)) for side in (sentence.relation.left, sentence.relation.right)))
    parts.append(writer.relation(sentence.relation))
    name = identifier(f"{claim.id}_{sentence.name}")
    while name in taken:
        name += "'"
    taken.add(name)
    needs = any(function in part for part in parts for function in ("σ ", "μ' "))
    binder = "".join(f"\n    {one}" for one in _functions(claim)) if needs else ""
    false = "" if claim.expected == "CONFIRMED" else " As printed; it is false, so prove the negation."
    words = f"/-- {_comment(sentence.words.rstrip('.'))}.{false} -/"
    body = "\n    ".join(parts)
    return f"{words}\n" + folded(f"theorem {name}{binder} :\n    {body} := by\n  sorry")
