"""What the letters in a claim's words mean, which no formula of it need contain: lines of its legend.

The two settings use some letters differently (V is a number in one, a matrix in the other), so each has its own words.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ste_theory.claims.legend import whole_legend
from ste_theory.model.quantities import Quantity


class Setting(StrEnum):
    """The model that a claim speaks of."""

    NETWORK = "two layers, Gaussian input"
    CLASSES = "classification of data from subspaces"


@dataclass(frozen=True)
class Spoken:
    """``letters: meaning`` is needed where ``pattern`` is found; ``unless`` is found where the words define them."""

    pattern: str
    letters: str
    meaning: str
    unless: str | None = None

    def needed(self, words: str) -> bool:
        """Whether the words use the letters without saying what they mean."""
        return bool(re.search(self.pattern, words)) and not (self.unless and re.search(self.unless, words))


def _alone(letter: str) -> str:
    """The letter where it is no part of a word or of a longer name."""
    return rf"(?<![A-Za-z_̃]){letter}(?![A-Za-z_′₀-₉₋₊⊥∥̃])"


_FORMAL = dict(whole_legend())


def _formal(letters: str, pattern: str) -> Spoken:
    """Letters of formulas, met in words."""
    return Spoken(pattern, letters, _FORMAL[letters])


_NETWORK = (
    _formal("V", _alone("V")),
    _formal("S", _alone("S") + r"(?!\*)"),
    _formal("D", r"(?<![A-Za-z])[AdqηvM·]?D(?![A-Za-z₊₋])"),
    _formal("m", _alone("m")),
    _formal("ρ", r"ρ(?!\*)"),
    _formal("ρ*", r"ρ\*"),
    _formal("θ", "θ"),
    _formal("ŵ", "ŵ"),
    _formal("û", "û"),
    Spoken(r"v\*|vᵀ|‖v‖|\bv\b", "v, v*", "weights of the second layer of student and teacher, in R^m"),
    Spoken(r"w\*|‖w|\bw\b", "w, w*", "weights of the first layer of student and teacher, in R^n"),
    Spoken("σ", "σ", "activation"),
    Spoken(_alone("n") + " [≥=]", "n", "number of columns of the input Z, the length of w"),
    Spoken(_alone("f") + "|∂f", "f", "population loss, E ½(y − y*)²"),
    Spoken(_alone("y") + r"\*|\(y − y", "y, y*", "outputs vᵀσ(Zw) of the student and v*ᵀσ(Zw*) of the teacher"),
    Spoken(r"\bZw|\bZ\b", "Z", "input of one sample: m rows of n independent standard normal numbers"),
    Spoken("∂ℓ", "ℓ", "loss ½(y − y*)² of one sample"),
    Spoken("f_N", "f_N", "mean of ½(y − y*)² over N samples"),
    Spoken("g_|g̃_", "g_μ", "coarse gradient of one sample in w, with the surrogate derivative μ′"),
    Spoken("g_id", "g_id", "g_μ with the identity, μ′ = 1"),
    Spoken("g_relu", "g_relu", "g_μ with the ReLU, μ′(x) = 1{x > 0}"),
    Spoken("g_crelu", "g_crelu", "g_μ with the clipped ReLU, μ′(x) = 1{0 < x < 1}"),
    Spoken(_alone("μ′"), "μ′", "surrogate derivative"),
    Spoken(_alone("M") + r"(?! *⊂)", "M", "response of the surrogate, M(x) = E μ′(xξ); M alone is M(ρ sinθ)"),
    Spoken(r"[μ(|]ξ|′\((?:x|ρ sinθ |ρ)ξ", "ξ", "standard normal"),
    Spoken(r"[η|·\-−)]A\b(?!\()|\bA ≠|\bA = 0|\bA vanish|\bA is", "A", "⟨E g_μ, ŵ⟩"),
    Spoken("b⊥", "b⊥", Quantity.TANGENTIAL_OVERLAP.meaning + "; sinθ·M/√(2π) for σ(x) = 1{x > 0}"),
    Spoken("b∥", "b∥", Quantity.RADIAL_OVERLAP.meaning),
    Spoken("a₀", "a₀", Quantity.SURROGATE_MEAN.meaning),
    Spoken("a₁", "a₁", Quantity.SURROGATE_ACTIVATION.meaning),
    Spoken("s₁", "s₁, s₁*", "E σ(ρa), E σ(ρ*a)"),
    Spoken("κ", "κ", Quantity.OVERLAP.meaning, "κ := |κ ="),
    Spoken("s₂", "s₂", Quantity.ACTIVATION_SQUARE.meaning),
    Spoken("M₋", "M₋", Quantity.NEGATIVE_HALF.meaning),
    Spoken(_alone("I"), "I, 1", "identity matrix, vector of ones"),
    Spoken(_alone("B") + "|B⁻¹", "B", "I + 11ᵀ"),
    Spoken(
        "v_θ", "v_θ", "B⁻¹((1 − 2θ/π)I + 11ᵀ)v*, the v with the least loss at the angle θ", r":= B⁻¹\(\(1 − 2θ/π\)v"
    ),
    Spoken("v_sp", "v_sp", "B⁻¹(11ᵀ − I)v*, v at the spurious minimum (θ = π)"),
    Spoken("ϰ(?!₀)", "ϰ", "1 − 2θ/π"),
    Spoken("ϰ₀", "ϰ₀", "−(1ᵀv*)²/((m+1)‖v*‖² − (1ᵀv*)²), the value of 1 − 2θ/π at the saddles"),
    Spoken("ψ", "ψ", "1 − 2θ/π − cosθ"),
    Spoken("[wv]ᵗ", "vᵗ, wᵗ", "v and w after t steps"),
    Spoken("[wvθf]⁰", "v⁰, w⁰, θ⁰, f⁰", "v, w, θ and f at the start"),
    Spoken("[(+]ca |(?<![a-z])ca [+−]", "c, s", "cosθ, sinθ"),
    Spoken("[dt]_[ik]", "d_k, t_k", "heights and thresholds of the steps of σ"),
    Spoken("τ_k", "τ_k", "t_k/ρ*"),
    Spoken(r"E g_relu = h/|E g_crelu = ½h", "h", "‖v‖² + (1ᵀv)² − (1ᵀv)(1ᵀv*) + vᵀv*", "h = "),
    Spoken("η", "η", "step size, η > 0"),
    Spoken("c_w", "c_w", "positive lower bound of ‖w‖"),
    Spoken("C_w", "C_w", "upper bound of ‖w‖"),
    Spoken("C_v", "C_v", "upper bound of ‖v‖"),
    Spoken("C₀", "C₀", "arctan(1/3)/π"),
    Spoken("M₀", "M₀", "positive lower bound of the response M"),
    Spoken("[wvθf∇]̃|g̃_μ", "ṽ, w̃, …", "the same for a second point", "Σ\\^"),
)

_CLASSES = (
    Spoken("V_[ir]|V₁", "V_i", "linear subspace of R^d in which the data of class i lie"),
    Spoken(r"P_[ir] ?[wWGT]|P_i with|P_i\)⁺|P_[ir]x|P₁|P₂", "P_i", "orthogonal projection to V_i"),
    Spoken(r"P_[ir]\(", "P_i(…)", "probability for data of class i"),
    Spoken(_alone("V") + "|v_", "V, v_ij", "weights of the second layer: of neuron j in the output i"),
    Spoken(_alone("W") + "|w_", "W, w_j", "weights of the first layer: row j is the neuron w_j"),
    Spoken(r"w_\{|w⁰_|wᵗ_", "w_{j,i}", "P_i w_j, the component of w_j that data of class i see"),
    Spoken("o_|" + _alone("o"), "o_i", "output i of the network"),
    Spoken("ξ", "ξ", "the class r ≠ y with the largest output, y the class of the data"),
    Spoken("ℓ", "ℓ", "loss of one data point, max{0, 1 − o_y + o_ξ}"),
    Spoken(_alone("f") + r"\(|f_i", "f, f_i", "mean loss over all data, over class i"),
    Spoken("h_|" + _alone("h"), "h_j", "⟨w_j, x⟩, the pre-activation of neuron j"),
    Spoken("g′", "g, g′", "surrogate and its derivative"),
    Spoken("δ|Δ(?=[M²(])|≤ Δ", "δ, Δ", "bounds of the surrogate derivative on x > 0"),
    Spoken("π_", "π_i", "share of class i in the data"),
    Spoken("p_max|p_min", "p_min, p_max", "bounds of the density of a class on m < |x| < M"),
    Spoken(r"\bM\b|ΔM|Δ²M", "m, M", "bounds of |x|: m < |x| < M"),
    Spoken("σ", "σ", "activation with b bits: ⌈x⌉, but at least 0 and at most 2^b − 1"),
    Spoken(
        r"\b\d?K\b|2K",
        "K",
        "p_max ω_{k−1} M^{k−1}: P_i(0 < ⟨u, x⟩ ≤ s) ≤ Ks for every unit vector u of V_i",
    ),
    Spoken(r"[ηs/]C\b|/\(ηC|\bC\b", "C", "δ/(2Kπ_i v_ij Δ²M²)"),
    Spoken("ω_", "ω_{k−1}", "volume of the unit ball of R^{k−1}, k the dimension of V_i"),
    Spoken("∇̃", "∇̃, ∇̃_{j,i}", "coarse gradient in W on the full population; its part in V_i for neuron j"),
    Spoken(r"\bR\b(?!\^)", "R", "upper bound of ‖wᵗ_{j,i}‖"),
    Spoken(r"\br₀", "r₀", "‖w⁰_{j,i}‖"),
    Spoken("η", "η", "step size, η > 0"),
    Spoken("ᵗ", "wᵗ, Wᵗ", "w and W after t steps; w⁰ at the start"),
    Spoken(r"\bα\b|cosα|sinα", "α", "smallest angle between the subspaces"),
    Spoken(r"\bb-bit|\bb = 1", "b", "number of bits of the activation, with the levels 0, ..., 2^b − 1"),
)


_SPOKEN: Mapping[Setting, tuple[Spoken, ...]] = {Setting.NETWORK: _NETWORK, Setting.CLASSES: _CLASSES}


def spoken(texts: Collection[str], setting: Setting, *, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """(letters, meaning) for what the words use, and for what these meanings use in turn; without lines whose letters
    are ``known`` already."""
    words, needed = "\n".join(texts), list[Spoken]()
    while more := [
        line for line in _SPOKEN[setting] if line not in needed and line.letters not in known and line.needed(words)
    ]:
        needed += more
        words = "\n".join([words, *(line.meaning for line in more)])
    yield from ((line.letters, line.meaning) for line in _SPOKEN[setting] if line in needed)
