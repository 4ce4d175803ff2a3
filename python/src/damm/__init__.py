"""Quotes from a dynamic automated market maker, numpy in and numpy out.

Token A is the numeraire, token B the asset; a price is A per B, all amounts are in token units.

>>> import damm, numpy as np
>>> curve = damm.Curve(
...     price=3000.0, iv=0.8, horizon_days=7.0, reserve_a=3e6, reserve_b=1000.0)
>>> quote = curve.quote(side="buy", amount=np.array([1.0, 10.0, 100.0]))
>>> bool(np.all(quote.average_price > 3000.0))
True
"""

from . import _kernel
from ._curve import Curve
from ._errors import DammError, ErrorCode
from ._pool import Pool
from ._quote import Quote
from ._sigma import relative_sigma
from ._words import Convention, Funding, Shape, Side, Stop

__version__: str = _kernel.version()

__all__ = [
    "Convention",
    "Curve",
    "DammError",
    "ErrorCode",
    "Funding",
    "Pool",
    "Quote",
    "Shape",
    "Side",
    "Stop",
    "relative_sigma",
]
