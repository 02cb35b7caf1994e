/* Written by ste-theory VERSION. */

#include "ste_formulas.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

double yin2019_identity_coarse_gradient_radial(double theta, double V, double D)
{
    return (
        sqrt(2.0) * (-D * cos(theta) + V) / (2.0 * sqrt(PI))
    );
}

double yin2019_identity_coarse_gradient_tangential(double theta, double D)
{
    return (
        -sqrt(2.0) * D * sin(theta) / (2.0 * sqrt(PI))
    );
}

double yin2019_identity_coarse_gradient_orthogonal(void)
{
    return (
        0.0
    );
}
