"""Student's t at growing sizes, the error rate spent over the looks.

At look j = 1, 2, … at error rate δ/(j(j + 1)), whose sum over all looks is δ: by the union bound the radius holds at
every look at once, so one may stop at the first that is small enough. Assumed, not proved: that the mean of the
replicates is normal at each look.
"""

import math


def spent(error_rate: float, look: int) -> float:
    """δ/(j(j + 1)), what look j = 1, 2, … may use.

    >>> round(sum(spent(0.1, look) for look in range(1, 1000)), 4)
    0.0999
    """
    return error_rate / (look * (look + 1))


def student_quantile(error_rate: float, freedom: int) -> float:
    """t with P(|T| > t) = ``error_rate`` for Student's T with so many degrees of freedom.

    >>> round(student_quantile(0.05, 15), 3)
    2.131
    """
    from scipy.special import stdtrit

    return math.inf if freedom < 1 else -float(stdtrit(freedom, error_rate / 2))
