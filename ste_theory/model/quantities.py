"""The quantities that statements speak of: each has one name, one definition and one printed form.

A statement, an observable of the simulation and a plane definition meet here and nowhere else.
"""

from enum import StrEnum


class Quantity(StrEnum):
    """A scalar that a statement gives a formula for. Vectors are given by components along ŵ, û and e ⊥ span(w, w*)."""

    LOSS = "loss"
    V_GRADIENT = "v_gradient"
    COARSE_RADIAL = "coarse_gradient.radial"
    COARSE_TANGENTIAL = "coarse_gradient.tangential"
    COARSE_ORTHOGONAL = "coarse_gradient.orthogonal"
    GRADIENT_RADIAL = "population_gradient.radial"
    GRADIENT_TANGENTIAL = "population_gradient.tangential"
    CORRELATION = "correlation"
    ACTIVATION_MEAN = "plane.s1"
    ACTIVATION_SQUARE = "plane.s2"
    TEACHER_MEAN = "plane.s1_star"
    TEACHER_SQUARE = "plane.s2_star"
    OVERLAP = "plane.kappa"
    SURROGATE_MEAN = "plane.a0"
    SURROGATE_ACTIVATION = "plane.a1"
    RADIAL_OVERLAP = "plane.b_parallel"
    TANGENTIAL_OVERLAP = "plane.b_perpendicular"
    NEGATIVE_HALF = "plane.m_minus"
    RESPONSE = "plane.response"

    @property
    def latex(self) -> str:
        """The printed form of the quantity."""
        return _LATEX[self]

    @property
    def meaning(self) -> str:
        """The definition in words and symbols."""
        return _MEANING[self]

    @property
    def is_component(self) -> bool:
        """Whether it is a component of a gradient in w, which a vector equation states as well."""
        return self.value.startswith(("coarse_gradient.", "population_gradient."))


_LATEX = {
    Quantity.LOSS: r"f",
    Quantity.V_GRADIENT: r"\partial f/\partial v_k",
    Quantity.COARSE_RADIAL: r"\langle \mathbb{E}\,g_\mu, \hat w\rangle",
    Quantity.COARSE_TANGENTIAL: r"\langle \mathbb{E}\,g_\mu, \hat u\rangle",
    Quantity.COARSE_ORTHOGONAL: r"\langle \mathbb{E}\,g_\mu, e\rangle",
    Quantity.GRADIENT_RADIAL: r"\langle \partial f/\partial w, \hat w\rangle",
    Quantity.GRADIENT_TANGENTIAL: r"\langle \partial f/\partial w, \hat u\rangle",
    Quantity.CORRELATION: r"\langle \mathbb{E}\,g_\mu, \partial f/\partial w\rangle",
    Quantity.ACTIVATION_MEAN: r"s_1",
    Quantity.ACTIVATION_SQUARE: r"s_2",
    Quantity.TEACHER_MEAN: r"s_1^*",
    Quantity.TEACHER_SQUARE: r"s_2^*",
    Quantity.OVERLAP: r"\kappa",
    Quantity.SURROGATE_MEAN: r"a_0",
    Quantity.SURROGATE_ACTIVATION: r"a_1",
    Quantity.RADIAL_OVERLAP: r"b_\parallel",
    Quantity.TANGENTIAL_OVERLAP: r"b_\perp",
    Quantity.NEGATIVE_HALF: r"M_-",
    Quantity.RESPONSE: r"M(\rho\sin\theta)",
}

_MEANING = {
    Quantity.LOSS: "f = E ½(vᵀσ(Zw) − v*ᵀσ(Zw*))², the population loss",
    Quantity.V_GRADIENT: "E[σ(⟨Z_k,w⟩)(y − y*)], component k of the gradient in v",
    Quantity.COARSE_RADIAL: "expected coarse gradient along ŵ = w/‖w‖",
    Quantity.COARSE_TANGENTIAL: "expected coarse gradient along û, the direction of (I − ŵŵᵀ)w*",
    Quantity.COARSE_ORTHOGONAL: "expected coarse gradient along a unit vector e orthogonal to w and w*",
    Quantity.GRADIENT_RADIAL: "population gradient in w along ŵ",
    Quantity.GRADIENT_TANGENTIAL: "population gradient in w along û",
    Quantity.CORRELATION: "inner product of the expected coarse gradient and the population gradient in w",
    Quantity.ACTIVATION_MEAN: "E σ(ρa)",
    Quantity.ACTIVATION_SQUARE: "E σ(ρa)²",
    Quantity.TEACHER_MEAN: "E σ(ρ*a)",
    Quantity.TEACHER_SQUARE: "E σ(ρ*a)²",
    Quantity.OVERLAP: "E[σ(ρa) σ(ρ*(a cosθ + b sinθ))]",
    Quantity.SURROGATE_MEAN: "E[a μ′(ρa)]",
    Quantity.SURROGATE_ACTIVATION: "E[a μ′(ρa) σ(ρa)]",
    Quantity.RADIAL_OVERLAP: "E[a μ′(ρa) σ(ρ*(a cosθ + b sinθ))]",
    Quantity.TANGENTIAL_OVERLAP: "E[b μ′(ρa) σ(ρ*(a cosθ + b sinθ))]",
    Quantity.NEGATIVE_HALF: "E[a μ′(ρa) 1{a < 0}]",
    Quantity.RESPONSE: "E μ′(ρ sinθ ξ)",
}
