"""The spread of the price, in the ways that users give it."""

from __future__ import annotations

from . import _kernel
from ._words import CONVENTIONS, Convention, choice


def relative_sigma(
    iv: float, horizon_days: float, convention: Convention = "proportional"
) -> float:
    """Standard deviation of price over price, from an implied volatility and a horizon.

    Parameters
    ----------
    iv : float
        Implied volatility a year, as a decimal (0.8 is 80 %); 1e-6 to 100.
    horizon_days : float
        Days; 1e-6 to 36500. A year has 365.
    convention : {'proportional', 'lognormal-moment'}
        ``iv sqrt(T)``, or ``sqrt(exp(iv**2 T) - 1)``.

    Examples
    --------
    >>> import damm
    >>> damm.relative_sigma(0.8, 91.25)
    0.4
    """
    return _kernel.relative_sigma(
        iv, horizon_days, choice("convention", convention, CONVENTIONS)
    )


def spread_of(
    price: float,
    iv: float | None,
    horizon_days: float | None,
    sigma: float | None,
    relative: float | None,
    convention: Convention | None,
) -> float:
    if (iv is not None) + (sigma is not None) + (relative is not None) != 1:
        raise TypeError(
            "a curve takes its spread in exactly one way: iv= with horizon_days=, sigma=, or "
            "relative_sigma=."
        )
    if iv is not None:
        if horizon_days is None:
            raise TypeError("iv= needs horizon_days=.")
        return relative_sigma(iv, horizon_days, convention or "proportional")
    if horizon_days is not None or convention is not None:
        raise TypeError("horizon_days= and convention= belong to iv=.")
    if sigma is not None:
        # a price that is not positive is for the library to refuse, whatever the quotient
        return sigma / price if price > 0 else 1.0
    assert relative is not None
    return relative
