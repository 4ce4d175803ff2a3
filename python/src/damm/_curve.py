"""Curves, and quotes on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _kernel
from ._quote import ALL, FIELDS, Floats, Quote, block_for_one, check_arrays, layout_of
from ._sigma import spread_of
from ._words import (
    AMOUNT,
    FUNDINGS,
    NOTIONAL,
    SHAPES,
    SIDES,
    Convention,
    Funding,
    Shape,
    Side,
    choice,
    coordinate,
)

_FLOAT64 = np.dtype(np.float64)


def values_of(amounts: npt.ArrayLike) -> Floats:
    """Contiguous float64: the array itself if it is so, a copy if not."""
    values: npt.NDArray[Any] = np.asarray(amounts, order="C")
    if values.dtype is not _FLOAT64:
        values = values.astype(_FLOAT64, order="C", casting="same_kind", copy=False)
    return values


def fixed_by(
    amount: npt.ArrayLike | None, notional: npt.ArrayLike | None
) -> tuple[int, npt.ArrayLike]:
    if notional is None:
        if amount is not None:
            return AMOUNT, amount
        raise TypeError("an order needs amount= (of B) or notional= (of A).")
    if amount is not None:
        raise TypeError("an order takes amount= or notional=, not both.")
    return NOTIONAL, notional


class Curve:
    """Liquidity over ticks around an oracle price, and where the pool stands on it.

    A curve never changes; any number of threads may quote on it at the same time, and the
    interpreter lock is free while long arrays are computed. Give the spread of the price in exactly
    one way: `iv` with `horizon_days`, `sigma`, or `relative_sigma`.

    Parameters
    ----------
    price : float
        Oracle price, A per B; 1e-30 to 1e30.
    reserve_a, reserve_b : float
        Reserves in token units; 1e-30 to 1e30.
    iv : float, optional
        Implied volatility a year, as a decimal; 1e-6 to 100.
    horizon_days : float, optional
        Horizon of `iv` in days; 1e-6 to 36500.
    sigma : float, optional
        Standard deviation in price units.
    relative_sigma : float, optional
        Standard deviation over price; 1e-9 to 1e3.
    shape : {'normal', 'log-normal', 'uniform'}
        Density of the liquidity.
    half_width : float
        In standard deviations; 1e-3 to 32.
    tick_width_bps : float
        In basis points of the oracle price; 1e-6 to 1e6.
    funding : {'geometric-mean', 'full'}
        Whether a balanced start offers half of the reserves or all of them.
    convention : {'proportional', 'lognormal-moment'}, optional
        How `iv` becomes a standard deviation; the first by default.
    position : float, optional
        Price coordinate where the pool stands, inside the curve; the oracle price by default.

    Raises
    ------
    DammError
        For a value outside its domain, a position outside the curve, or a curve of no or more than
        2**21 ticks.
    TypeError
        If the spread is given in no way or in more than one.

    Examples
    --------
    >>> import damm
    >>> c = damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)
    >>> c.lowest_tick, c.upper_tick
    (-600, 600)
    >>> q = c.quote(side="buy", amount=1.0)
    >>> print(q.amount_in, q.ticks_crossed)
    100.12109282770146 26
    """

    __slots__ = (
        "_handle",
        "_known",
        "_oracle_price",
        "_relative_sigma",
        "_half_width",
        "_tick_width_bps",
        "_shape",
        "_funding",
    )

    _handle: _kernel.CurveHandle
    _known: tuple[int, int, float, float, float] | None
    _oracle_price: float
    _relative_sigma: float
    _half_width: float
    _tick_width_bps: float
    _shape: Shape
    _funding: Funding

    def __init__(
        self,
        *,
        price: float,
        reserve_a: float,
        reserve_b: float,
        iv: float | None = None,
        horizon_days: float | None = None,
        sigma: float | None = None,
        relative_sigma: float | None = None,
        shape: Shape = "normal",
        half_width: float = 6.0,
        tick_width_bps: float = 1.0,
        funding: Funding = "geometric-mean",
        convention: Convention | None = None,
        position: float | None = None,
    ) -> None:
        spread = spread_of(price, iv, horizon_days, sigma, relative_sigma, convention)
        handle = _kernel.curve_create(
            price,
            spread,
            reserve_a,
            reserve_b,
            half_width,
            tick_width_bps,
            coordinate("position", position),
            choice("shape", shape, SHAPES),
            choice("funding", funding, FUNDINGS),
        )
        self._oracle_price = float(price)
        self._relative_sigma = float(spread)
        self._half_width = float(half_width)
        self._tick_width_bps = float(tick_width_bps)
        self._shape = shape
        self._funding = funding
        self._handle = handle
        self._known = None

    @property
    def _state(self) -> tuple[int, int, float, float, float]:
        state = self._known
        if state is None:
            state = self._known = _kernel.curve_state(self._handle)
        return state

    def _like(self, handle: _kernel.CurveHandle, oracle_price: float) -> "Curve":
        made = Curve.__new__(Curve)
        made._oracle_price = oracle_price
        made._relative_sigma = self._relative_sigma
        made._half_width = self._half_width
        made._tick_width_bps = self._tick_width_bps
        made._shape = self._shape
        made._funding = self._funding
        made._handle = handle
        made._known = None
        return made

    def with_price(
        self, price: float, reserve_a: float, reserve_b: float, *, position: float | None = None
    ) -> "Curve":
        """A curve on the same table: another oracle price, other reserves.

        The table depends on the relative sigma only, so the cost is independent of the number of
        ticks.

        Parameters
        ----------
        price : float
            Oracle price, A per B; 1e-30 to 1e30.
        reserve_a, reserve_b : float
            Reserves in token units; 1e-30 to 1e30.
        position : float, optional
            Price coordinate where the pool stands; the new oracle price by default.

        Raises
        ------
        DammError
            For a value outside its domain, or a position outside the curve.
        """
        handle = _kernel.curve_share(
            self._handle, price, reserve_a, reserve_b, coordinate("position", position)
        )
        return self._like(handle, float(price))

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
        """What orders would do, each by itself from where the pool stands.

        A C-contiguous float64 array is read where it is, without a copy; anything else that converts
        to float64 without losing its kind is converted.

        Parameters
        ----------
        side : {'buy', 'sell'}
            Buy takes B and pays A; sell the other way.
        amount : array_like, optional
            Amounts of B in token units, 1e-100 to 1e100: received when buying, paid when selling.
        notional : array_like, optional
            Amounts of A instead: paid when buying, received when selling.
        limit : float, optional
            A price coordinate that no order passes, A per B.
        fields : iterable of str, optional
            The fields wanted; all by default. Only these are written: on long arrays, two fields
            cost less memory and time than ten. All that are asked for are computed at once.
        out : Quote or mapping of str to array, optional
            Where to write: an earlier quote of the same shape, whose arrays get new numbers and
            which is returned; or arrays by the names of fields, contiguous, in the shape of the
            amounts, of float64 (`tick_after`, `ticks_crossed`: int64; `stop`: int32). Excludes
            `fields`.

        Returns
        -------
        Quote
            Fields in the shape of the amounts; numpy scalars for a single amount.

        Raises
        ------
        DammError
            For an amount or limit outside its domain; nothing is written then.

        Examples
        --------
        >>> import damm, numpy as np
        >>> c = damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)
        >>> q = c.quote(side="buy", notional=np.array([[100.0], [1e6]]), limit=101.0)
        >>> q.stop == damm.Stop.PRICE_LIMIT
        array([[False],
               [ True]])
        >>> c.quote(side="sell", amount=2.0, fields=("amount_out", "left"))
        Quote(amount_out=199.4779323867707, left=0.0)
        """
        fixed, given = fixed_by(amount, notional)
        values = values_of(given)
        try:
            which = SIDES[side]
        except (KeyError, TypeError):
            which = choice("side", side, SIDES)
        stop = 0.0 if limit is None else coordinate("limit", limit)
        if out is not None:
            if fields is not None:
                raise TypeError("a quote takes fields= or out=, not both.")
            return self._quote_into(out, which, fixed, values, stop)
        layout = ALL if fields is None else layout_of(tuple(fields))
        block = np.empty((layout.count, values.size))
        try:
            _kernel.quote_block(self._handle, which, fixed, values, stop, block, layout.mask)
        except BufferError:  # an address that is no multiple of 8
            values = values.copy()
            _kernel.quote_block(self._handle, which, fixed, values, stop, block, layout.mask)
        return Quote(block, values.shape, layout)

    def _quote_into(
        self,
        out: Quote | Mapping[str, npt.NDArray[Any]],
        side: int,
        fixed: int,
        values: Floats,
        limit: float,
    ) -> Quote:
        if not values.flags.aligned:
            values = values.copy()
        if not isinstance(out, Quote):
            layout, arrays = check_arrays(out, values.shape), dict(out)
            out = Quote(None, values.shape, layout, arrays)
        elif out._shape != values.shape:
            raise ValueError(f"out has shape {out._shape}, but must have {values.shape}.")
        block = out._block
        if block is not None:
            _kernel.quote_block(
                self._handle, side, fixed, values, limit, block, out._layout.mask
            )
            if not out._shape:
                out._arrays = None  # scalars, which are copies
            return out
        rows = map((out._arrays or {}).get, FIELDS)
        try:
            _kernel.quote_arrays(self._handle, side, fixed, values, limit, *rows)
        except BufferError:
            raise ValueError("the arrays of out must be aligned.") from None
        return out

    def quote_to_price(self, *, side: Side, price: float) -> Quote:
        """What an order of any size to a price would do; `left` is 0.

        Parameters
        ----------
        side : {'buy', 'sell'}
            Buy to go up, sell to go down. A price already passed is reached with nothing filled.
        price : float
            Price coordinate to go to, A per B.

        Examples
        --------
        >>> import damm
        >>> c = damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)
        >>> print(c.quote_to_price(side="buy", price=101.0).price_after)
        101.0
        """
        block = block_for_one()
        _kernel.quote_to_price(self._handle, choice("side", side, SIDES), price, block)
        return Quote(block, (), ALL)

    @property
    def oracle_price(self) -> float:
        """Oracle price, A per B."""
        return self._oracle_price

    @property
    def relative_sigma(self) -> float:
        """Standard deviation of price over price, at which every exact value is meant."""
        return self._relative_sigma

    @property
    def half_width(self) -> float:
        """Half width in standard deviations."""
        return self._half_width

    @property
    def tick_width_bps(self) -> float:
        """Tick width in basis points of the oracle price."""
        return self._tick_width_bps

    @property
    def shape(self) -> Shape:
        """Density of the liquidity."""
        return self._shape

    @property
    def funding(self) -> Funding:
        """How much of the reserves was placed on offer."""
        return self._funding

    @property
    def lowest_tick(self) -> int:
        """Index of the lowest tick; tick ``i`` begins at ``oracle_price (1 + i width)``."""
        return self._state[0]

    @property
    def upper_tick(self) -> int:
        """One past the index of the highest tick."""
        return self._state[1]

    @property
    def price(self) -> float:
        """Where the pool stands, as a price coordinate, A per B."""
        return self._state[2]

    @property
    def offered_a(self) -> float:
        """A that the curve still gives to sellers, in token units."""
        return self._state[3]

    @property
    def offered_b(self) -> float:
        """B that the curve still gives to buyers, in token units."""
        return self._state[4]

    def __repr__(self) -> str:
        return (
            f"Curve(oracle_price={self._oracle_price}, relative_sigma={self._relative_sigma}, "
            f"shape={self._shape!r}, half_width={self._half_width}, "
            f"tick_width_bps={self._tick_width_bps}, funding={self._funding!r}, "
            f"price={self.price}, ticks {self.lowest_tick} to {self.upper_tick}, "
            f"offers {self.offered_a} A and {self.offered_b} B)"
        )
