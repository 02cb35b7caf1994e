"""What an estimate promises, or assumes: a radius, a probability, the argument, and what has to be true for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guarantee:
    """Every component is within ``radius`` of its expectation, all together with probability ``confidence``.

    ``sampler`` is what was drawn, ``draws`` how many evaluations it took, ``rests_on`` the claims by which its
    expectation is the program's (none for the program itself). ``rule`` names the bound and ``assumption`` what has to
    be true for it beside independent samples. ``finite_sample`` is false where that is a limit theorem: then the radius
    is not guaranteed, and what prints it says that it is assumed.
    """

    sampler: str
    radius: float
    confidence: float
    rule: str
    assumption: str
    finite_sample: bool
    draws: int
    rests_on: tuple[str, ...] = ()
