"""What the tests of planted errors share: one run's context; simulations and enclosures are made once per process."""

import pytest

from ste_theory.claims import registry
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.claims.witness import Context, Witness

SEED = 20190107


@pytest.fixture(scope="session")
def context() -> Context:
    """The context of a run at the level quick; the false-alarm rate is that of a run over all claims."""
    found = registry.claims().values()
    total = sum(w.comparisons(claim, Level.QUICK) for w in registry.witnesses() for claim in found if w.applies(claim))
    return Context(Level.QUICK, SEED, 1e-6 / total)


@pytest.fixture(scope="session")
def witnesses() -> dict[WitnessKind, Witness]:
    """Every kind of evidence by its name."""
    return {witness.kind: witness for witness in registry.witnesses()}
