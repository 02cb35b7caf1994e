/* Formulas about straight-through estimators, written by ste-theory VERSION.

   theta     angle between w and w*, in radians
   V         vᵀv
   D         vᵀv* */

#ifndef STE_FORMULAS_H
#define STE_FORMULAS_H

#ifdef __cplusplus
extern "C" {
#endif

/* expected coarse gradient along ŵ = w/‖w‖.
   yin2019.identity (Yin et al. 2019, Lemma 7), binary activation, surrogate identity.
   Domain: σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.
   Written as derived. */
double yin2019_identity_coarse_gradient_radial(double theta, double V, double D);

/* expected coarse gradient along û, the direction of (I − ŵŵᵀ)w*.
   yin2019.identity (Yin et al. 2019, Lemma 7), binary activation, surrogate identity.
   Domain: σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.
   Written as derived. */
double yin2019_identity_coarse_gradient_tangential(double theta, double D);

/* expected coarse gradient along a unit vector e orthogonal to w and w*.
   yin2019.identity (Yin et al. 2019, Lemma 7), binary activation, surrogate identity.
   Domain: σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.
   Written as derived. */
double yin2019_identity_coarse_gradient_orthogonal(void);

#ifdef __cplusplus
}
#endif

#endif
