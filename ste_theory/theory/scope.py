"""Which problems the float functions cover so far."""

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem


def require_binary(problem: Problem) -> None:
    """Raise ``InvalidInput`` unless the quantizer is σ(x) = 1{x > 0}.

    >>> from ste_theory.model import quantizers, surrogates
    >>> require_binary(Problem(quantizers.sign(), surrogates.relu()))
    Traceback (most recent call last):
    ...
    ste_theory.model.errors.InvalidInput: quantizer sign: closed forms exist for the binary activation only, so far
    """
    if not problem.quantizer.is_binary:
        raise InvalidInput(
            f"quantizer {problem.quantizer.name}: closed forms exist for the binary activation only, so far"
        )
