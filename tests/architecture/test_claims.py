"""Every claim is complete: a domain with its edges, a source, a derivation, a known id; every witness asserts
something."""

import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.verdict import REQUIRED, Level, Verdict, WitnessKind

IDS = tuple(registry.claims())

# The names that users and other claims may rely on.
NAMES = {
    "general": [
        "plane-reduction",
        "coarse-gradient",
        "population-loss",
        "population-gradient",
        "binary-gradients",
        "correlation",
        "sound-iff-positive-response",
        "stationarity",
        "one-sided-iff-stationary",
        "descent",
        "sample-size",
        "non-isotropic",
        "misspecified",
        "half-stable-minimum",
        "sampler-in-plane",
        "sampler-one-row",
        "sampler-one-coordinate",
        "sampler-row-pairs",
        "sampler-antithetic",
        "sampler-orthogonal",
        "sampler-control-variates",
        "sampler-strata",
        "sampler-sobol",
    ],
    "yin2019": [
        "loss",
        "gradient",
        "critical-points",
        "critical-points-corrected",
        "origin",
        "origin-corrected",
        "lipschitz",
        "lipschitz-corrected",
        "relu",
        "relu-correlation",
        "relu-bound",
        "relu-bound-corrected",
        "relu-limit",
        "relu-limit-corrected",
        "convergence",
        "convergence-corrected",
        "convergence-descent",
        "convergence-bounded",
        "convergence-limits",
        "convergence-norm-lost",
        "convergence-normalized",
        "convergence-identity",
        "convergence-at-pi",
        "identity",
        "identity-stationarity",
        "identity-correlation",
        "identity-blowup",
        "clipped-relu",
        "clipped-relu-closed-form",
        "clipped-relu-correlation",
        "finite-sample-loss",
    ],
    "long2021": [
        "decomposition",
        "decoupling",
        "norm-growth",
        "summability",
        "zero-gradient-zero-loss",
        "convergence",
        "one-bit-impossible",
        "second-layer-sharp",
        "identity-fails",
        "preconditioning",
        "at-an-angle",
        "hypotheses",
    ],
}


@pytest.mark.parametrize("claim_id", IDS)
def test_the_id_is_one_of_the_contract(claim_id: str) -> None:
    """Would have caught a renamed claim: other people's commands and links would break."""
    folder, _, name = claim_id.partition(".")
    assert name in NAMES[folder]


@pytest.mark.parametrize("claim_id", IDS)
def test_a_claim_says_where_it_holds_and_where_it_comes_from(claim_id: str) -> None:
    """Would have caught a claim without its degenerate cases, its source or its derivation."""
    claim = registry.claims()[claim_id]
    for text in (claim.title, claim.statement.words, claim.domain.words, claim.domain.degenerate, claim.source.work):
        assert text.strip()
        assert text == text.strip()
    assert claim.source.statement or claim.source.remark
    assert (claim.derivation is not None) == bool(claim.statement.equations)
    assert (claim.proof is not None) == bool(claim.statement.sentences)
    assert claim.problems
    assert len(claim.planted) >= 7
    quantities = [equation.quantity for equation in claim.statement.equations]
    assert len(set(quantities)) == len(quantities), "a quantity is stated twice"
    assert set(claim.rests_on) <= set(IDS)
    assert not any(equation.formula.has(sp.Float) for equation in claim.statement.equations)
    assert not any(sentence.difference.has(sp.Float) for sentence in claim.statement.sentences)


@pytest.mark.parametrize("claim_id", IDS)
def test_a_false_statement_has_its_correction(claim_id: str) -> None:
    """Would have caught a refuted statement that is left standing, or a correction of what is not false."""
    claims = registry.claims()
    claim = claims[claim_id]
    corrections = [other for other in claims.values() if other.corrects == claim_id]
    assert len(corrections) == (1 if claim.expected is Verdict.REFUTED else 0)
    if claim.corrects is not None:
        assert claims[claim.corrects].expected is Verdict.REFUTED
        assert claim.id == f"{claim.corrects}-corrected"


@pytest.mark.parametrize("claim_id", [name for name in IDS if registry.claims()[name].proof is not None])
def test_a_proof_speaks_of_every_sentence_that_it_establishes(claim_id: str) -> None:
    """Would have caught a sentence without a justification, and a justification of nothing."""
    claim = registry.claims()[claim_id]
    assert claim.proof is not None
    proof = claim.proof()
    names = [sentence.name for sentence in (*proof.lemmas, *claim.statement.sentences)]
    assert len(set(names)) == len(names)
    assert set(proof.justifications) == set(names)


@pytest.mark.parametrize("claim_id", IDS)
def test_every_required_witness_applies(claim_id: str) -> None:
    """Would have caught a claim that no run could ever confirm, because a required witness has nothing to look at."""
    claim = registry.claims()[claim_id]
    applying = {witness.kind for witness in registry.witnesses() if witness.applies(claim)}
    for level in Level:
        if claim.expected is Verdict.REFUTED:
            assert {WitnessKind.PROOF, WitnessKind.PLANTED} <= applying
        else:
            assert set(REQUIRED[claim.kind][level]) <= applying
        for witness in registry.witnesses():
            counted = witness.comparisons(claim, level)
            assert (counted > 0) == (witness.kind is WitnessKind.SAMPLING and witness.applies(claim))
