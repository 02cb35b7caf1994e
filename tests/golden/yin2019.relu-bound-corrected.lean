/- Statements about straight-through estimators, written by ste-theory VERSION.

A starting point for formal proofs, not compiled: no Lean has read this file. Its tests read the theorems with a small
reader of their own, which resolves every name, gives every term a type, and computes at one place the functions defined
here, the right sides of equations and both sides of sentences, to compare them with SciPy's and with the claim's own
formulas; left sides, the network and hypotheses are only read, and universe levels, instances, coercions and changes of
Mathlib are left to Lean. Every proof is sorry: nothing here is proved.

Theorems named after sentences are about expanded expressions: where a sentence speaks of the loss or of a gradient,
there the closed form stands, in N.V, N.S, N.D, ... and not N.loss, N.slope, N.coarse. A proof proves the relation
between these expressions; that they are the loss and the gradients is what the theorems named after quantities say,
here and in the files of the claims that a claim rests on ("Uses"). -/

import Mathlib

open MeasureTheory ProbabilityTheory
open scoped BigOperators

noncomputable section

namespace SteTheory

/-- N(0, 1). -/
def normal : Measure ℝ := gaussianReal 0 1

/-- The law of the input: m rows of n independent standard normals. -/
def input (m n : ℕ) : Measure (Fin m → Fin n → ℝ) :=
  Measure.pi fun _ => Measure.pi fun _ => normal

/-- ⟨x, y⟩ -/
def dot {n : ℕ} (x y : Fin n → ℝ) : ℝ := ∑ i, x i * y i

/-- ‖x‖ -/
def len {n : ℕ} (x : Fin n → ℝ) : ℝ := Real.sqrt (dot x x)

/-- 1{x > 0} -/
def indicator (x : ℝ) : ℝ := if 0 < x then 1 else 0

/-- The density and the distribution function of N(0, 1). -/
def density (x : ℝ) : ℝ := Real.exp (-(x ^ 2) / 2) / Real.sqrt (2 * Real.pi)
def distribution (x : ℝ) : ℝ := ∫ t in Set.Iic x, density t

/-- The error functions. -/
def erf (x : ℝ) : ℝ := 2 / Real.sqrt Real.pi * ∫ t in (0 : ℝ)..x, Real.exp (-(t ^ 2))
def erfc (x : ℝ) : ℝ := 1 - erf x

/-- P(a > h, a cosθ + b sinθ > k). -/
def orthant (h k θ : ℝ) : ℝ :=
  ∫ b, ∫ a, indicator (a - h) * indicator (a * Real.cos θ + b * Real.sin θ - k) ∂normal ∂normal

/-- The integrals p(θ, ρ) and q(θ, ρ) of the clipped ReLU, with ξ(x) = ∫_0^x r² e^(-r²/2) dr. -/
def clippedIntegral (x : ℝ) : ℝ := ∫ r in (0 : ℝ)..x, r ^ 2 * Real.exp (-(r ^ 2) / 2)
def clippedP (θ ρ : ℝ) : ℝ :=
  (∫ t in (θ - Real.pi / 2)..(Real.pi / 2), Real.cos t * clippedIntegral (1 / (ρ * Real.cos t))) / (2 * Real.pi)
def clippedQ (θ ρ : ℝ) : ℝ :=
  (∫ t in (θ - Real.pi / 2)..(Real.pi / 2), Real.sin t * clippedIntegral (1 / (ρ * Real.cos t))) / (2 * Real.pi)

/-- A network of two linear layers, its teacher, and the direction û of the part of w* orthogonal to w. -/
structure Network (m n : ℕ) where
  v : Fin m → ℝ
  w : Fin n → ℝ
  vStar : Fin m → ℝ
  wStar : Fin n → ℝ
  w_ne : w ≠ 0
  wStar_ne : wStar ≠ 0
  vStar_ne : vStar ≠ 0

namespace Network

variable {m n : ℕ} (N : Network m n) (σ μ' : ℝ → ℝ)

def rho : ℝ := len N.w
def rho_star : ℝ := len N.wStar
def theta : ℝ := Real.arccos (dot N.w N.wStar / (N.rho * N.rho_star))
def V : ℝ := dot N.v N.v
def S : ℝ := ∑ i, N.v i
def D : ℝ := dot N.v N.vStar
def V_star : ℝ := dot N.vStar N.vStar
def S_star : ℝ := ∑ i, N.vStar i

/-- y − y* on the input Z. -/
def residual (Z : Fin m → Fin n → ℝ) : ℝ :=
  (∑ i, N.v i * σ (dot (Z i) N.w)) - ∑ i, N.vStar i * σ (dot (Z i) N.wStar)

/-- f = E ½(y − y*)² -/
def loss : ℝ := ∫ Z, (N.residual σ Z) ^ 2 / 2 ∂(input m n)

/-- E[σ(⟨Z_k, w⟩)(y − y*)] -/
def v_gradient (k : Fin m) : ℝ := ∫ Z, σ (dot (Z k) N.w) * N.residual σ Z ∂(input m n)

/-- ⟨E g_μ, e⟩ for a fixed direction e, with g_μ = Zᵀ(μ'(Zw) ⊙ v)(y − y*). -/
def coarse (e : Fin n → ℝ) : ℝ :=
  ∫ Z, (∑ i, μ' (dot (Z i) N.w) * N.v i * dot (Z i) e) * N.residual σ Z ∂(input m n)

/-- ŵ, and û where 0 < θ < π. -/
def wHat : Fin n → ℝ := fun i => N.w i / N.rho
def uHat : Fin n → ℝ := fun i =>
  (N.wStar i / N.rho_star - Real.cos N.theta * N.wHat i) / Real.sin N.theta

/-- The loss with w replaced by x, and its derivative at w in the direction e. -/
def lossAt (x : Fin n → ℝ) : ℝ :=
  ∫ Z, ((∑ i, N.v i * σ (dot (Z i) x)) - ∑ i, N.vStar i * σ (dot (Z i) N.wStar)) ^ 2 / 2 ∂(input m n)
def slope (e : Fin n → ℝ) : ℝ := deriv (fun t : ℝ => N.lossAt σ fun i => N.w i + t * e i) 0

/-- ⟨E g_μ, ∂f/∂w⟩, both in the plane of ŵ and û. -/
def correlation : ℝ :=
  N.coarse σ μ' N.wHat * N.slope σ N.wHat + N.coarse σ μ' N.uHat * N.slope σ N.uHat

/-- The teacher's coordinate of a row whose coordinates along ŵ and û are a and b. -/
def teacher (a b : ℝ) : ℝ := N.rho_star * (a * Real.cos N.theta + b * Real.sin N.theta)

end Network


/-! yin2019.relu-bound-corrected: The ReLU coarse gradient is bounded by descent where ‖v‖ and ‖w‖ are
Source: this project. Documented verdict: CONFIRMED.
Domain: σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π, ‖v‖ ≤ C_v, ‖w‖ ≤ C_w.
If ‖v‖ ≤ C_v and ‖w‖ ≤ C_w then ‖E g_relu‖² ≤ A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩) with A = max{(2/π)C_v²/(1 − 2(1 − 2/π)²), √(π/2) C_w}.
Uses: yin2019.relu, yin2019.gradient, yin2019.relu-correlation. -/

/-- A(‖∂f/∂v‖² + ⟨E g_relu, ∂f/∂w⟩) ≥ ‖E g_relu‖² for ‖v‖ ≤ C_v, ‖w‖ ≤ C_w and every A not below the constant. -/
theorem yin2019_relu_bound_corrected_the_bound :
    ∀ (m n : ℕ) (N : Network m n),
    ∀ (hT : N.rho_star = 1),
    ∀ C_v : ℝ, (Real.sqrt N.V) ≤ C_v →
    ∀ C_w : ℝ, N.rho ≤ C_w →
    ∀ A : ℝ,
      (max (((1 / 2) : ℝ) * (Real.sqrt (2 : ℝ)) * (Real.sqrt Real.pi) * C_w) ((2 : ℝ) * (C_v ^ 2) / Real.pi /
          ((1 : ℝ) - ((2 : ℝ) * (((1 : ℝ) - ((2 : ℝ) / Real.pi)) ^ 2))))) ≤ A →
    (A *
        ((((1 / 8) : ℝ) * (Real.sqrt (2 : ℝ)) * (N.D ^ 2) * (Real.sin N.theta) / (Real.pi ^ ((3 : ℝ) / 2)) /
            N.rho) + (((1 / 4) : ℝ) * N.D * N.theta / Real.pi) - (((1 / 8) : ℝ) * N.D) +
          (((1 / 16) : ℝ) * (N.S ^ 2) * (m : ℝ)) + (((1 / 8) : ℝ) * (N.S ^ 2)) -
          (((1 / 8) : ℝ) * N.S * N.S_star * (m : ℝ)) + (((1 / 4) : ℝ) * N.S * N.S_star * N.theta / Real.pi) -
          (((1 / 4) : ℝ) * N.S * N.S_star) + (((1 / 16) : ℝ) * (N.S_star ^ 2) * (m : ℝ)) -
          (((1 / 4) : ℝ) * (N.S_star ^ 2) * N.theta / Real.pi) + (((1 / 8) : ℝ) * (N.S_star ^ 2)) +
          (((1 / 16) : ℝ) * N.V) + (((1 / 4) : ℝ) * N.V_star * (N.theta ^ 2) / (Real.pi ^ 2)) -
          (((1 / 4) : ℝ) * N.V_star * N.theta / Real.pi) + (((1 / 16) : ℝ) * N.V_star))) ≥
      (((1 / 8) : ℝ) *
        (((N.D ^ 2) * ((Real.sin N.theta) ^ 2)) +
          ((((2 : ℝ) * N.D * N.theta / Real.pi) +
              (N.D * (-((2 : ℝ) * N.theta / Real.pi) - (Real.cos N.theta) + (1 : ℝ))) - N.D + (N.S ^ 2) -
              (N.S * N.S_star) + N.V) ^ 2)) / Real.pi) := by
  sorry

/-- where ∂f/∂v = 0 and θ = π/2 the quotient of both sides is √(π/2)‖w‖. -/
theorem yin2019_relu_bound_corrected_sharp_in_the_bound_of_w :
    ∀ (m n : ℕ) (N : Network m n),
    ∀ (hT : N.rho_star = 1),
    (((1 / 8) : ℝ) *
        (((N.S_star ^ 4) / (((m : ℝ) + (1 : ℝ)) ^ 2)) +
          ((((N.S_star ^ 2) * ((m : ℝ) ^ 2) / (((m : ℝ) + (1 : ℝ)) ^ 2)) +
              ((m : ℝ) * (N.S_star ^ 2) / (((m : ℝ) ^ 2) + ((2 : ℝ) * (m : ℝ)) + (1 : ℝ))) -
              ((N.S_star ^ 2) * (m : ℝ) / ((m : ℝ) + (1 : ℝ)))) ^ 2)) / Real.pi) =
      (((1 / 2) : ℝ) * (Real.sqrt (2 : ℝ)) * (Real.sqrt Real.pi) * N.rho *
        ((((1 / 8) : ℝ) * (Real.sqrt (2 : ℝ)) * (N.S_star ^ 4) / (Real.pi ^ ((3 : ℝ) / 2)) / N.rho /
            (((m : ℝ) + (1 : ℝ)) ^ 2)) +
          (((1 / 16) : ℝ) * (N.S_star ^ 2) * ((m : ℝ) ^ 3) / (((m : ℝ) + (1 : ℝ)) ^ 2)) -
          (((1 / 8) : ℝ) * (N.S_star ^ 2) * ((m : ℝ) ^ 2) / ((m : ℝ) + (1 : ℝ))) +
          (((1 / 8) : ℝ) * (N.S_star ^ 2) * ((m : ℝ) ^ 2) / (((m : ℝ) + (1 : ℝ)) ^ 2)) +
          (((1 / 16) : ℝ) * (N.S_star ^ 2) * (m : ℝ)) +
          (((1 / 16) : ℝ) * (N.S_star ^ 2) * (m : ℝ) / (((m : ℝ) ^ 2) + ((2 : ℝ) * (m : ℝ)) + (1 : ℝ))) -
          (((1 / 8) : ℝ) * (N.S_star ^ 2) * (m : ℝ) / ((m : ℝ) + (1 : ℝ))))) := by
  sorry

end SteTheory
