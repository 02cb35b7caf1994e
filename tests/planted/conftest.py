"""What the tests of planted errors share: one run's context; simulations and enclosures are made once per process."""

from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.claims.witness import Context, Witness

SEED = 20190107
# A claim of each kind, and one of six problems. The others are slow tests: `verify --level quick`, a part of `.ci/run`,
# plants their errors.
SHORT = {
    "general.half-stable-minimum",
    "general.sampler-antithetic",
    "general.stationarity",
    "long2021.summability",
    "yin2019.convergence",
    "yin2019.convergence-limits",
    "yin2019.identity",
    "yin2019.loss",
    "yin2019.relu-bound",
}


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests about one claim or rule run in one process (`--dist loadgroup`): they share simulations and derivations.

    The rule of algebra, of which most steps are, and all claims but a few are for the slow tests.
    """
    for item in items:
        subject = getattr(item, "callspec", None)
        if subject is not None and item.path.parent == Path(__file__).parent:
            for name in {"claim_id", "name"} & set(subject.params):
                # What uses a rule is found in all derivations: in one process.
                group = "rules" if item.path.name == "test_rules.py" else f"planted {subject.params[name]}"
                item.add_marker(pytest.mark.xdist_group(group))
            if subject.params.get("claim_id", "yin2019.loss") not in SHORT or subject.params.get("name") == "algebra":
                item.add_marker(pytest.mark.slow)
