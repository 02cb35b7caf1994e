"""Sentences with formulas in Unicode as text with formulas in LaTeX."""

import re

import pytest

from ste_theory.claims import registry
from ste_theory.notation.prose import spans


def cut(sentence: str) -> str:
    return "".join(f"${span.text}$" if span.is_formula else span.text for span in spans(sentence))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At θ = π a step shrinks ‖w‖.", r"At $\theta = \pi$ a step shrinks $\lVert w\rVert$."),
        ("Integrate over b at fixed a.", "Integrate over $b$ at fixed $a$."),
        ("Yin et al. 2019, Lemmas 5 and 8", "Yin et al. 2019, Lemmas 5 and 8"),
        ("n ≥ 2, w ≠ 0", r"$n \geq 2$, $w \neq 0$"),
        ("is 0 (θ = 0) or a₁", r"is 0 ($\theta = 0$) or $a_{1}$"),
        ("⟨E g_μ, ∂f/∂w⟩ ≥ 0", r"$\langle \mathbb{E} g_{\mu}, \partial f/\partial w\rangle \geq 0$"),
        ("E g_relu and clipped_relu", r"$\mathbb{E} g_{\mathrm{relu}}$ and clipped_relu"),
        ("v*ᵀ(I+11ᵀ)v*", r"$v^{*\top}(I+\mathbf{1}\mathbf{1}^{\top})v^{*}$"),
        ("Σ v*_i² = V*", r"$\textstyle\sum v^{*}_{i}{}^{2} = V^{*}$"),
        ("1/(2√(2π))", r"$1/(2\sqrt{2\pi})$"),
        # Two indices, one of them Greek; a vector of ones at the end; an article before a remark.
        ("−(v_yj − v_ξj)", r"$-(v_{yj} - v_{\xi j})$"),
        ("(1ᵀv*/m)1 and V1", r"$(\mathbf{1}^{\top}v^{*}/m)\mathbf{1}$ and $V\mathbf{1}$"),
        ("a saddle or a (local) minimizer", "a saddle or a (local) minimizer"),
        ("off by 1e-20", r"off by $10^{-20}$"),
        ("e^{−r²/2} for r", r"$e^{-r^{2}/2}$ for $r$"),
        ("At θ ∈ {0, π} ∂f/∂w is", r"At $\theta \in {\lbrace 0, \pi \rbrace}$ $\partial f/\partial w$ is"),
        ("it (that is, w) stays", "it (that is, $w$) stays"),
        ("ca + sb = −a", "$ca + sb = -a$"),
        ("‖ṽ − w̃‖ ≤ ϰ₀", r"$\lVert \tilde{v} - \tilde{w}\rVert \leq \varkappa_{0}$"),
        ("A = max{1, 2}, the max of both", r"$A = \max {\lbrace 1, 2\rbrace}$, the max of both"),
        ("the ReLU's too", "the ReLU's too"),
        ("at most mCN", "at most $mCN$"),
        ("norms of v_{rj} and v_ij x", r"norms of $v_{rj}$ and $v_{ij} x$"),
        ("r + ηa for the push", r"$r + \eta a$ for the push"),
        ("with −A for A, as √2π A stays", r"with $-A$ for $A$, as $\sqrt{2}\pi A$ stays"),
        ("A ≤ Q := ½C", r"$A \leq Q := \tfrac{1}{2}C$"),
        ("radius 1e-04 to 6e-06", r"radius $10^{-4}$ to $6 \cdot 10^{-6}$"),
        ("", ""),
    ],
)
def test_formulas_are_found_in_sentences(sentence: str, expected: str) -> None:
    """Would have caught: the article taken for a, a year set as a formula, a bracket torn from its partner."""
    assert cut(sentence) == expected


def sentences() -> set[str]:
    found = set()
    for claim in registry.claims().values():
        found |= {claim.title, claim.statement.words, claim.domain.words, claim.domain.degenerate, str(claim.source)}
        for step in claim.derivation().steps if claim.derivation else ():
            found |= {step.rule.says, step.reason}
        proof = claim.proof() if claim.proof else None
        for sentence in (*claim.statement.sentences, *(proof.lemmas if proof else ())):
            found |= {sentence.name, sentence.words}
        if proof is not None:
            found |= {proof.conclusion, *(how.because for how in proof.justifications.values())}
    return found


def test_no_sentence_of_ours_leaves_what_tex_cannot_read() -> None:
    """Would have caught: a sign without LaTeX, an unmatched brace, two superscripts on one letter."""
    for sentence in sentences():
        for span in spans(sentence):
            assert span.text.count("{") == span.text.count("}") or not span.is_formula, sentence
            assert not re.search(r"\^\{[^{}]*\}(_\{[^{}]*\})?\^", span.text), sentence
            assert span.is_formula or all(sign.isascii() or sign in "–—’′" for sign in span.text), sentence
            assert not span.is_formula or span.text.isascii(), sentence
