"""Rules of algebra: equal closed forms, and undefined functions replaced by given ones."""

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal
from ste_theory.model.symbols import StandardNormal


def whole(expression: sp.Expr) -> list[sp.Expr]:
    """The whole expression as the only target."""
    return [expression]


def equality(left: sp.Expr, right: sp.Expr, argument: str) -> Check:
    """A check by exact rewriting, with its three answers."""
    answer = exactly_equal(left, right)
    grade = {True: Grade.EXACT, False: Grade.WRONG, None: Grade.UNKNOWN}[answer]
    return Check(grade, argument if answer else f"{argument}: {'different' if answer is False else 'undecided'}")


def _rewrite(node: sp.Expr, options: Options) -> sp.Expr | None:
    target: sp.Expr = options["transform"](node)
    return target


def _verify(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    return equality(node, new, "the difference vanishes identically as a rational function of its generators")


ALGEBRA = Rule(
    name="algebra",
    says="Rearrangement of a closed form.",
    targets=whole,
    rewrite=_rewrite,
    verify=_verify,
)


def _specialize(node: sp.Expr, options: Options) -> sp.Expr | None:
    function, body = options["function"], options["body"]
    result: sp.Expr = node.replace(function, body)
    return result


def _verify_special(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Substitute once more, occurrence by occurrence, innermost first."""
    function, body = options["function"], options["body"]
    probe = sp.Dummy("probe", real=True)
    own = body(probe).free_symbols - {probe}
    if any(isinstance(letter, StandardNormal) or node.has(letter) for letter in own) or node.has(sp.Derivative):
        return Check(Grade.UNKNOWN, "a body with letters that mean something already, or a derivative of the function")
    current = node
    while True:
        occurrences = [place for place in sp.postorder_traversal(current) if getattr(place, "func", None) == function]
        if not occurrences:
            break
        current = current.xreplace({occurrences[0]: body(*occurrences[0].args)})
    same = current == new
    return Check(Grade.EXACT if same else Grade.WRONG, "every occurrence of the function is replaced by its definition")


SPECIALIZE = Rule(
    name="specialize",
    says="An undefined function is replaced by a given one; what held for every function holds for it.",
    targets=whole,
    rewrite=_specialize,
    verify=_verify_special,
)
