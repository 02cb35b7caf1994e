"""The sentences of a claim as cells of a notebook: established or refuted again, and looked at with exact numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.render.markdown import prose

if TYPE_CHECKING:
    from ste_theory.exchange.argued import ArguedSentence

Cells = list[tuple[str, str]]

_START = """from fractions import Fraction

from ste_theory.calculus.identity import identical
from ste_theory.checker import check
from ste_theory.checks.facts import check_cases, check_decomposition
from ste_theory.checks.places import admitted, holds, in_ranges, sums
from ste_theory.checks.proof import Refutation, evaluate, refute
from ste_theory.claims.certify import certifier
from ste_theory.claims.verdict import Level
from ste_theory.exchange.expressions import to_expression
from ste_theory.exchange.text import read
from ste_theory.rigorous.balls import Truth, radius
from ste_theory.rigorous.translate import real_value

proof = claim.proof()
sentences = {{one.name: one for one in (*proof.lemmas, *claim.statement.sentences)}}
assert list(sentences) == {names}
established = {{}}  # what later sentences may rest on


def place(sentence, numbers):
    \"\"\"The letters of a sentence with exact numbers, written as text.\"\"\"
    used = {{letter for side in (sentence.left, sentence.right) for letter in side.free_symbols}}
    used |= {{letter for one in sentence.hypotheses for letter in one.expression.free_symbols}}
    for one in (*sentence.constants, *sentence.variables):
        used |= one.symbol.free_symbols | one.lower.free_symbols | one.upper.free_symbols
    letters = {{write(to_tree(letter)): letter for letter in used}}
    return {{letters[name]: to_expression(read(text), {{}}) for name, text in numbers.items() if name in letters}}


def sides(sentence, values):
    \"\"\"Both sides in balls, printed.\"\"\"
    left, right = (real_value(side, values) for side in (sentence.left, sentence.right))
    print(left, f"should be {{sentence.relation}}", right)
    return left, right"""

_STATED = """sentence, how = sentences["{name}"], proof.justifications["{name}"]
assert type(how).__name__ == "{method}\""""
_TEXT = """assert write(to_tree(sentence.left)) == "{left}"
assert str(sentence.relation) == "{sign}"
assert write(to_tree(sentence.right)) == "{right}\""""

# What decides a sentence, by the kind of its justification.
_METHODS = {
    "Identity": """# Decided by exact algebra from the two sides alone.
assert identical(sentence.left, sentence.right) or exactly_equal(sentence.left, sentence.right) is True""",
    "Decomposition": """# left − right is a sum of products that are not negative; raises NotEstablished otherwise.
check_decomposition(sentence, how, established)""",
    "Cases": """# Its range is covered by those of lemmas; raises NotEstablished otherwise.
check_cases(sentence, how, established)""",
    "Search": """# Searched again in balls over its whole range; the independent checker rejects a wrong certificate.
(found,) = [one for one in certifier().certificates(claim, Level.QUICK, lambda _: None) if one.sentence == "{name}"]
assert found.document is not None, found.detail
print(check(found.document).boxes, "boxes")""",
    "Evaluation": """# Two numbers that balls tell apart; raises NotEstablished otherwise.
evaluate(sentence)""",
}
_PLACE = """# At one place of its domain, in exact numbers.
values = place(sentence, {numbers})
assert in_ranges(sentence, values) and admitted(sentence, values) is Truth.YES
left, right = sides(sentence, values)
assert left - right > 0 or ("{sign}" != ">" and (left - right).contains(0) and radius(left - right) < 1e-30)"""
_EQUAL = """# At one place of its domain, in exact numbers.
values = place(sentence, {numbers})
assert in_ranges(sentence, values) and admitted(sentence, values) is Truth.YES
left, right = sides(sentence, values)
assert (left - right).contains(0) and radius(left - right) < 1e-30"""
_REFUTED = """# The counterexample as it is printed above.
assert {{write(to_tree(letter)): write(to_tree(value)) for letter, value in how.values}} == {numbers}
assert how.weights == {weights}
chosen = dict(how.values) | (sums(*how.weights) if how.weights is not None else {{}})
for letter, value in chosen.items():
    print(letter, "=", value)
exact = [side.subs(chosen, simultaneous=True) for side in (sentence.left, sentence.right)]
print("left:", exact[0])
print("right:", exact[1])
for constant in {constants}:
    constants = {{one.symbol: to_expression(read(constant), {{}}) for one in sentence.constants}}
    values = constants | {{letter: value.subs(constants) for letter, value in chosen.items()}}
    assert in_ranges(sentence, values) and admitted(sentence, values) is Truth.YES
    left, right = sides(sentence, values)
    assert holds(sentence, values) is Truth.NO"""
_DECIDED = """# Decided at the counterexample{every}: nothing but a certified refutation passes here.
try:
    refute(sentence, how)
except Refutation as found:
    print(found)
else:
    raise AssertionError("not refuted")"""
# Values of the constants of a sentence "there is a constant ...", at which its counterexample is shown.
_CONSTANTS = ("1", "1000")


def sentence_cells(found: "Sequence[ArguedSentence]") -> Cells:
    """A cell that starts, and for each sentence its words and a cell; none where there is no sentence."""
    if not found:
        return []
    cells: Cells = [("markdown", "## Sentences"), ("code", _START.format(names=[one.name for one in found]))]
    for one in found:
        kind = "lemma" if one.is_lemma else "sentence"
        said = f"### {prose(one.name)} ({kind})\n\n{prose(one.words)}."
        if one.because:
            said += f"\n\n*{'Counterexample' if one.method == 'Counterexample' else 'Because'}:* {prose(one.because)}."
        if one.method == "Counterexample":
            chosen = [f"`{letter} = {text}`" for letter, text in one.numbers.items()]
            chosen += [f"`(v, v_star) = {one.weights}`"] if one.weights else []
            said += f"\n\nAt {', '.join(chosen)}" + (
                f", for every `{'`, `'.join(one.constants)}`." if one.constants else "."
            )
        cells += [("markdown", said), ("code", _cell(one))]
    return cells


def _cell(one: "ArguedSentence") -> str:
    parts = [_STATED.format(name=one.name, method=one.method)]
    if one.left:
        parts.append(_TEXT.format(left=one.left, sign=one.sign, right=one.right))
    if one.method == "Counterexample":
        constants = _CONSTANTS if one.constants else ("0",)
        parts.append(_REFUTED.format(numbers=dict(one.numbers), weights=one.weights or None, constants=constants))
        parts.append(_DECIDED.format(every=f", for every {', '.join(one.constants)}" if one.constants else ""))
        return "\n".join(parts)
    if one.numbers:
        parts.append((_EQUAL if one.sign == "=" else _PLACE).format(numbers=dict(one.numbers), sign=one.sign))
    parts.append(_METHODS[one.method].format(name=one.name))
    parts.append(f'established["{one.name}"] = sentence')
    return "\n".join(parts)
