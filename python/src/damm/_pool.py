"""Pools: curves that move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy.typing as npt

from . import _kernel
from ._curve import Curve, fixed_by, values_of
from ._quote import ALL, Quote, block_for_one
from ._words import SIDES, Side, choice, coordinate


def _single(amount: float | None, notional: float | None) -> tuple[int, float]:
    fixed, value = fixed_by(amount, notional)
    values = values_of(value)
    if values.ndim:
        raise TypeError("a swap takes a single amount: the pool moves between two.")
    return fixed, float(values)


class Pool:
    """A pool that starts as a curve; it moves with swaps and follows oracle prices.

    Quotes and swaps on one pool from several threads take turns; reform it from one thread only.

    Parameters
    ----------
    curve : Curve
        Where it starts; with the reserves that the curve was formed with.

    Examples
    --------
    >>> import damm
    >>> pool = damm.Pool(damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0))
    >>> q = pool.swap(side="buy", amount=1.0)
    >>> print(pool.reserves[1], pool.price == q.price_after)
    9.0 True
    >>> pool.reform(101.0)
    >>> print(pool.price == q.price_after)
    True
    """

    __slots__ = ("_handle", "_start", "_oracle_price")

    def __init__(self, curve: Curve) -> None:
        self._handle = _kernel.pool_create(curve._handle)
        self._start = curve
        self._oracle_price = curve._oracle_price

    def curve(self) -> Curve:
        """The pool as it stands now, as a curve: a snapshot that no swap changes."""
        return self._start._like(_kernel.pool_curve(self._handle), self._oracle_price)

    def quote(
        self,
        *,
        side: Side,
        amount: npt.ArrayLike | None = None,
        notional: npt.ArrayLike | None = None,
        limit: float | None = None,
        fields: Iterable[str] | None = None,
        out: Quote | Mapping[str, npt.NDArray[Any]] | None = None,
    ) -> Quote:
        """What orders would do, each by itself: as `Curve.quote`."""
        return self.curve().quote(
            side=side, amount=amount, notional=notional, limit=limit, fields=fields, out=out
        )

    def quote_to_price(self, *, side: Side, price: float) -> Quote:
        """What an order to a price would do: as `Curve.quote_to_price`."""
        return self.curve().quote_to_price(side=side, price=price)

    def swap(
        self,
        *,
        side: Side,
        amount: float | None = None,
        notional: float | None = None,
        limit: float | None = None,
    ) -> Quote:
        """Carries an order out: the numbers of `quote`, and the pool moves.

        Parameters are those of `quote`, for a single order.

        Raises
        ------
        DammError
            For a value outside its domain; the pool has not moved then.
        """
        fixed, value = _single(amount, notional)
        which = choice("side", side, SIDES)
        block = block_for_one()
        _kernel.pool_swap(
            self._handle, which, fixed, value, coordinate("limit", limit), block
        )
        return Quote(block, (), ALL)

    def swap_to_price(self, *, side: Side, price: float) -> Quote:
        """Carries out an order of any size to a price: the numbers of `quote_to_price`."""
        block = block_for_one()
        _kernel.pool_swap_to_price(self._handle, choice("side", side, SIDES), price, block)
        return Quote(block, (), ALL)

    def reform(self, price: float) -> None:
        """Forms the curve anew around an oracle price, A per B.

        The price coordinate stays, clamped to the new curve; the depth follows from the reserves.
        An unchanged price changes nothing.

        Raises
        ------
        DammError
            For a price outside 1e-30 to 1e30; nothing has changed then.
        """
        _kernel.pool_reform(self._handle, price)
        self._oracle_price = float(price)

    @property
    def reserves(self) -> tuple[float, float]:
        """A and B that the pool holds, in token units."""
        return _kernel.pool_reserves(self._handle)

    @property
    def oracle_price(self) -> float:
        """Oracle price of the last forming, A per B."""
        return self._oracle_price

    @property
    def price(self) -> float:
        """Where the pool stands, as a price coordinate, A per B."""
        return self.curve().price

    def __repr__(self) -> str:
        a, b = self.reserves
        return f"Pool(oracle_price={self._oracle_price}, price={self.price}, holds {a} A and {b} B)"
