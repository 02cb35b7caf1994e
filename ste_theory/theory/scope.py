"""Which problems the formulas of the binary activation cover."""

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem


def require_binary(problem: Problem) -> None:
    """Raise ``InvalidInput`` unless student and teacher have the activation σ(x) = 1{x > 0}.

    >>> from ste_theory.model import quantizers, surrogates
    >>> require_binary(Problem(quantizers.sign(), surrogates.relu()))
    Traceback (most recent call last):
    ...
    ste_theory.model.errors.InvalidInput: quantizer sign: one step is described for the binary activation only, so far
    """
    if not problem.is_binary:
        other = problem.teacher if problem.quantizer.is_binary else problem.quantizer
        raise InvalidInput(f"quantizer {other.name}: one step is described for the binary activation only, so far")
