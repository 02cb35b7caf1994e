/* Compares ste_formulas.c with certified values: cc -std=c99 ste_formulas.c ste_formulas_test.c -lm && ./a.out */
#include <math.h>
#include <stdio.h>

#include "ste_formulas.h"

static int wrong = 0;

/* An error is measured by |certified|, or by the sum of the absolute values of the formula's terms where the header
   says that they cancel. */
static void compare(const char *name, double computed, double certified, double scale)
{
    if (!(fabs(computed - certified) <= 1e-13 * scale)) {
        printf("%s: %.17g, certified %.17g\n", name, computed, certified);
        wrong += 1;
    }
}

int main(void)
{
    compare("yin2019_identity_coarse_gradient_radial", yin2019_identity_coarse_gradient_radial(1.15, 5.265625, 5.15625), 1.260402934458301984547, 1.2604);
    compare("yin2019_identity_coarse_gradient_radial", yin2019_identity_coarse_gradient_radial(0.56, 3.515625, 1.171875), 1.006430806798636895001, 1.00643);
    compare("yin2019_identity_coarse_gradient_radial", yin2019_identity_coarse_gradient_radial(2.6, 3.65625, 2.8125), 2.420083456428406323376, 2.42008);
    compare("yin2019_identity_coarse_gradient_radial", yin2019_identity_coarse_gradient_radial(1e-06, 5.265625, 5.15625), 0.04363431191993522221634, 0.0436343);
    compare("yin2019_identity_coarse_gradient_radial", yin2019_identity_coarse_gradient_radial(3.141591653589793, 5.265625, 5.15625), 4.157726578557652667338, 4.15773);
    compare("yin2019_identity_coarse_gradient_tangential", yin2019_identity_coarse_gradient_tangential(1.15, 5.15625), -1.877597533946729370248, 1.8776);
    compare("yin2019_identity_coarse_gradient_tangential", yin2019_identity_coarse_gradient_tangential(0.56, 1.171875), -0.2483351169331921882916, 0.248335);
    compare("yin2019_identity_coarse_gradient_tangential", yin2019_identity_coarse_gradient_tangential(2.6, 2.8125), -0.5784055110689674521428, 0.578406);
    compare("yin2019_identity_coarse_gradient_tangential", yin2019_identity_coarse_gradient_tangential(1e-06, 5.15625), -2.057046133319544311520e-6, 2.05705e-06);
    compare("yin2019_identity_coarse_gradient_tangential", yin2019_identity_coarse_gradient_tangential(3.141591653589793, 5.15625), -2.057046133858989627389e-6, 2.05705e-06);
    compare("yin2019_identity_coarse_gradient_orthogonal", yin2019_identity_coarse_gradient_orthogonal(), 0.0, 0);
    if (wrong == 0) {
        printf("11 certified values, all within 1e-13\n");
    }
    return wrong == 0 ? 0 : 1;
}
