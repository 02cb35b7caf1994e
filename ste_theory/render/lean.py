"""The statement of each claim in Lean 4 with Mathlib, every proof a ``sorry``: where a formal proof could start.

The model is written down in full (rows of iid standard normals, the program's own sums), so that a theorem says what
the claim says and not an abbreviation of it. Nothing here has been seen by Lean.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ste_theory.exchange.text import read
from ste_theory.exchange.tree import Name, Node, NotWritten, Number, Tree, inverted, is_negative, names, negated
from ste_theory.render.lean_lines import folded
from ste_theory.render.lean_model import MODEL

if TYPE_CHECKING:
    from ste_theory.exchange.exact import ExactClaim, ExactEquation, ExactRange, ExactRelation, ExactSentence

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
_LETTERS = {name: f"N.{name}" for name in ("rho", "rho_star", "theta", "V", "S", "D", "V_star", "S_star")}
_LETTERS |= {"m": "(m : ℝ)", "pi": "Real.pi"}  # the letters of a sentence hide those of the model
_FUNCTIONS = {
    **{name: f"Real.{name}" for name in ["exp", "log", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh"]},
    **{name: name for name in ("erf", "erfc", "indicator", "density", "distribution", "sigma", "mu_prime")},
    "asin": "Real.arcsin",
    "acos": "Real.arccos",
    "atan": "Real.arctan",
    "gamma": "Real.Gamma",
}
_FUNCTIONS |= {"sigma": "σ", "mu_prime": "μ'"}
_SIGNS = {"=": "=", "≥": "≥", ">": ">"}
_COMPARISONS = {"less": "<", "at_most": "≤", "more": ">", "at_least": "≥", "equal": "=", "unequal": "≠"}
_RESERVED = {"at", "by", "def", "do", "else", "end", "from", "fun", "have", "if", "in", "let", "then", "where", "with"}


_SEEN = """
A starting point for formal proofs, not compiled: no Lean has read this file. Its tests read the theorems with a small
reader of their own, which resolves every name and gives every term a type; universe levels, instances, coercions and
changes of Mathlib are left to Lean. Every proof is sorry: nothing here is proved."""
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


def _identifier(text: str) -> str:
    spelled = text.replace("⁻¹", "_inverse_").translate(_SPELLED)
    return re.sub("_+", "_", _FOREIGN.sub("_", spelled)).strip("_") or "statement"


def _equation(claim: "ExactClaim", equation: "ExactEquation") -> str:
    right = _Lean({}).text(read(equation.formula))
    binders = ["{m n : ℕ} (N : Network m n)", *_functions(claim), *_network(claim)]
    if not claim.setting.spurious:
        binders.append("(hθ : 0 < N.theta) (hθ' : N.theta < Real.pi)")
    if equation.quantity == "v_gradient":
        binders.append("(k : Fin m)")
    if equation.quantity == "coarse_gradient.orthogonal":
        binders.append("(e : Fin n → ℝ) (he : dot e N.w = 0) (he' : dot e N.wStar = 0)")
    name = _identifier(f"{claim.id}_{equation.quantity}")
    left = _QUANTITIES[equation.quantity]
    _two_sides(left, right)
    lines = [f"/-- {_comment(equation.meaning)} -/", f"theorem {name}", *(f"    {one}" for one in binders)]
    return folded("\n".join([*lines[:-1], f"{lines[-1]} :", f"    ({left}) =", f"      {right} := by", "  sorry"]))


def _two_sides(left: str, right: str) -> None:
    """An equation of one text with itself is no theorem: its formulas were reduced when they were made."""
    if left == right:
        raise NotWritten("both sides are reduced to one text, and that these are equal does not say what the words say")


def _functions(claim: "ExactClaim") -> list[str]:
    """σ and μ' with what they are, or what is needed of them: integrability."""
    found = ["(σ μ' : ℝ → ℝ)"]
    one = _Lean({"x": "x"})
    if claim.setting.activation:
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
    writer = _Lean(letters)
    trees = [
        read(part) for relation in (*sentence.hypotheses, sentence.relation) for part in (relation.left, relation.right)
    ]
    trees += [read(end) for one in (*sentence.constants, *sentence.variables) for end in (one.lower, one.upper)]
    # A letter of the sentence hides that of the model.
    about = any(names(tree) & (set(_LETTERS) - {"pi", *letters}) for tree in trees)
    parts = [f"∃ {writer.ranged(one, ' ∧ ')}" for one in sentence.constants]
    if about:
        parts += ["∀ (m n : ℕ) (N : Network m n),", *(f"∀ {one}," for one in _network(claim))]
    parts += [f"∀ {writer.ranged(one, ' → ')}" for one in sentence.variables]
    parts += [f"{writer.relation(hypothesis)} →" for hypothesis in sentence.hypotheses]
    _two_sides(*(writer.text(read(side)) for side in (sentence.relation.left, sentence.relation.right)))
    parts.append(writer.relation(sentence.relation))
    name = _identifier(f"{claim.id}_{sentence.name}")
    while name in taken:
        name += "'"
    taken.add(name)
    needs = any(function in part for part in parts for function in ("σ ", "μ' "))
    binder = "".join(f"\n    {one}" for one in _functions(claim)) if needs else ""
    false = "" if claim.expected == "CONFIRMED" else " As printed; it is false, so prove the negation."
    words = f"/-- {_comment(sentence.words.rstrip('.'))}.{false} -/"
    body = "\n    ".join(parts)
    return f"{words}\n" + folded(f"theorem {name}{binder} :\n    {body} := by\n  sorry")


class _Lean:
    """Trees as Lean terms; ``letters`` are the variables of a sentence by the names they have in Lean."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self.letters = letters

    def ranged(self, one: "ExactRange", joint: str) -> str:
        letter = self.letters[one.letter]
        ends = []
        if one.lower != "-infinity":
            ends.append(f"{self.text(read(one.lower))} ≤ {letter}")
        if one.upper != "infinity":
            ends.append(f"{letter} ≤ {self.text(read(one.upper))}")
        return f"{letter} : ℝ, " + "".join(end + joint for end in ends).rstrip()

    def relation(self, one: "ExactRelation") -> str:
        return f"{self.text(read(one.left))} {_SIGNS[one.sign]} {self.text(read(one.right))}"

    def text(self, tree: Tree) -> str:
        match tree:
            case Number(value):
                return _number(value)
            case Name(name) if name in self.letters:
                return self.letters[name]
            case Name(name) if name in _LETTERS:
                return _LETTERS[name]
            case Name("infinity"):
                raise NotWritten("infinity is no real number")
            case Name(name):
                raise NotWritten(f"no meaning for the letter {name}")
            case Node("sum", terms):
                text = ""
                for term in terms:
                    minus = is_negative(term)
                    text += (" - " if minus else " + ") + self.text(negated(term) if minus else term)
                return f"({'-' + text[3:] if text.startswith(' - ') else text[3:]})"
            case Node("product", factors):
                return self._product(tree, factors)
            case Node("power", (base, Number(exponent))):
                return self._power(base, exponent)
            case Node("power", (base, exponent)):
                return f"({self.text(base)} ^ {self.text(exponent)})"
            case Node("item", (Name(name), Name("k"))) if name in ("v", "v_star"):
                return "N.v k" if name == "v" else "N.vStar k"
            case Node("abs", (inner,)):
                return f"|{self.text(inner)}|"
            case Node(("min" | "max") as head, (first, *rest)):
                text = self.text(first)
                for other in rest:
                    text = f"({head} {text} {self.text(other)})"
                return text
            case Node(("sec" | "csc") as head, (inner,)):
                return f"(1 / Real.{'cos' if head == 'sec' else 'sin'} {self.text(inner)})"
            case Node("mean", (inner,)):
                return self._mean(inner)
            case Node("cases", parts):
                return self._cases(parts)
            case Node(head, arguments) if head in _FUNCTIONS:
                return f"({_FUNCTIONS[head]} {' '.join(self.text(one) for one in arguments)})"
            case Node(head, _):
                raise NotWritten(f"no Lean words for {head}")

    def _product(self, tree: Tree, factors: tuple[Tree, ...]) -> str:
        if is_negative(tree):
            return f"(-{self.text(negated(tree))})"
        above = [self.text(factor) for factor in factors if inverted(factor) is None]
        below = [self.text(under) for under in map(inverted, factors) if under is not None]
        return f"({' / '.join([' * '.join(above) or '1', *below])})"

    def _power(self, base: Tree, exponent: Fraction) -> str:
        if exponent == Fraction(1, 2):
            return f"(Real.sqrt {self.text(base)})"
        if exponent < 0:
            return f"(1 / {self._power(base, -exponent)})"
        if exponent.denominator == 1:
            return f"({self.text(base)} ^ {exponent.numerator})"
        return f"({self.text(base)} ^ (({exponent.numerator} : ℝ) / {exponent.denominator}))"

    def _mean(self, inner: Tree) -> str:
        bound = sorted(names(inner) & {"a", "b", "xi"} - set(self.letters))
        if not bound:
            raise NotWritten("a mean over no plane coordinate")
        text = _Lean({**self.letters, **{name: name for name in bound}}).text(inner)
        for name in bound:
            text = f"∫ {name}, {text} ∂normal"
        return f"({text})"

    def _cases(self, parts: tuple[Tree, ...]) -> str:
        text = "0"
        for value, condition in reversed(list(zip(parts[::2], parts[1::2], strict=True))):
            written = self.text(value)
            text = (
                written
                if condition == Name("true")
                else f"(if {self._condition(condition)} then {written} else {text})"
            )
        return text

    def _condition(self, tree: Tree) -> str:
        match tree:
            case Node(head, (left, right)) if head in _COMPARISONS:
                return f"{self.text(left)} {_COMPARISONS[head]} {self.text(right)}"
            case Node(("all" | "any") as head, parts):
                return "(" + (" ∧ " if head == "all" else " ∨ ").join(map(self._condition, parts)) + ")"
            case Node("not", (inner,)):
                return f"¬({self._condition(inner)})"
        raise NotWritten("no Lean words for a condition of this kind")


def _number(value: Fraction) -> str:
    text = str(abs(value.numerator)) if value.denominator == 1 else f"({abs(value.numerator)} / {value.denominator})"
    return f"({text} : ℝ)" if value >= 0 else f"(-{text} : ℝ)"
