"""Exact formulas as terms of Lean 4 with Mathlib."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from ste_theory.exchange.text import read
from ste_theory.exchange.tree import Name, Node, NotWritten, Number, Tree, inverted, is_negative, names, negated

if TYPE_CHECKING:
    from ste_theory.exchange.exact import ExactRange, ExactRelation

LETTERS = {name: f"N.{name}" for name in ("rho", "rho_star", "theta", "V", "S", "D", "V_star", "S_star")}
LETTERS |= {"m": "(m : ℝ)", "pi": "Real.pi"}  # the letters of a sentence hide those of the model
_FUNCTIONS = {
    **{name: f"Real.{name}" for name in ["exp", "log", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh"]},
    **{name: name for name in ("erf", "erfc", "indicator", "density", "distribution", "sigma", "mu_prime")},
    "asin": "Real.arcsin",
    "acos": "Real.arccos",
    "atan": "Real.arctan",
    "gamma": "Real.Gamma",
}
_FUNCTIONS |= {"sigma": "σ", "mu_prime": "μ'", "orthant": "orthant", "p": "clippedP", "q": "clippedQ"}
# The letters of a staircase with any number J of steps.
STAIRCASE = frozenset({"c_0", "d", "t"})
_STEPS = frozenset({"i", "j"})
_SIGNS = {"=": "=", "≥": "≥", ">": ">"}
_COMPARISONS = {"less": "<", "at_most": "≤", "more": ">", "at_least": "≥", "equal": "=", "unequal": "≠"}


class Terms:
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
            case Name(name) if name in LETTERS:
                return LETTERS[name]
            case Name("c_0"):
                return "c_0"
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
            case Node("item", (Name(name), Name(step))) if name in ("d", "t") and self.letters.get(step) == step:
                return f"({name} {step})"
            case Node("sum_over_steps", (inner, Name(step))) if step in _STEPS:
                return f"(∑ {step} : Fin J, {self._inside(step).text(inner)})"
            case Node("integral", (inner, Name(letter), lower, upper)):
                ends = f"{self.text(lower)}..{self.text(upper)}"
                return f"(∫ {letter} in {ends}, {self._inside(letter).text(inner)})"
            case Node("iterated", (_, quantity, letters, step, start, Number(count))):
                return self._iterated(quantity, _list(letters), _list(step), _list(start), count)
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

    def _inside(self, *bound: str) -> "Terms":
        return Terms({**self.letters, **{name: name for name in bound}})

    def _iterated(
        self, quantity: Tree, letters: list[Tree], step: list[Tree], start: list[Tree], count: Fraction
    ) -> str:
        """The quantity of the state s after ``count`` steps: every letter is a coordinate of s."""
        state = f"s : Fin {len(letters)} → ℝ"
        places = {letter.name: f"(s {place})" for place, letter in enumerate(letters) if isinstance(letter, Name)}
        inside = Terms({**self.letters, **places})
        moved, first = (", ".join(map(of.text, parts)) for of, parts in ((inside, step), (self, start)))
        return f"((fun {state} => {inside.text(quantity)}) ((fun {state} => ![{moved}])^[{count}] ![{first}]))"

    def _mean(self, inner: Tree) -> str:
        bound = sorted(names(inner) & {"a", "b", "xi"} - set(self.letters))
        if not bound:
            raise NotWritten("a mean over no plane coordinate")
        text = self._inside(*bound).text(inner)
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


def _list(tree: Tree) -> list[Tree]:
    if not isinstance(tree, Node) or tree.head != "list":
        raise NotWritten("an iteration without its letters")
    return list(tree.arguments)
