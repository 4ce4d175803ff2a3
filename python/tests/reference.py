"""Curves and swaps by the definitions, in 80 digits and tick by tick: nothing of the library.

The digits are so many because a mass is a plain difference of `erf` here, which at 12 standard
deviations loses 33 of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

mp.dps = 80
SLIVER = mpf(10) ** -9
COMPLETE, PRICE_LIMIT, EXHAUSTED = 0, 1, 2
Number = Any


@dataclass
class Piece:
    """A part of a tick, from one sold fraction to another, with one scale."""

    tick: int
    start: Number
    end: Number
    price: Number
    b: Number  # of a whole tick


@dataclass
class Fill:
    a: Number
    b: Number
    left: Number
    stop: int
    ticks: int
    tick: int
    fraction: Number
    price: Number
    condition: Number
    last_b: Number  # capacity in B of the tick where it ends


def cumulative(z: Number) -> Number:
    return (1 + mp.erf(z / mp.sqrt(2))) / 2


class Reference:
    """A pool on a curve; `swap` moves it, `quote` puts it back."""

    def __init__(
        self,
        *,
        price: float,
        relative_sigma: float,
        reserve_a: float,
        reserve_b: float,
        shape: str = "normal",
        half_width: float = 6.0,
        tick_width_bps: float = 1.0,
        funding: str = "geometric-mean",
        position: float | None = None,
    ) -> None:
        self.mu, s, k = mpf(price), mpf(relative_sigma), mpf(half_width)
        self.w = mpf(tick_width_bps) / 10000
        self.funding = funding
        self.liquidity = mp.sqrt(mpf(reserve_a) * mpf(reserve_b))
        log = shape == "log-normal"
        ends = (mp.expm1(-k * s), mp.expm1(k * s)) if log else (-k * s, k * s)
        self.upper = int(mp.ceil(ends[1] / self.w - SLIVER))
        self.lowest = int(mp.floor(ends[0] / self.w + SLIVER))
        while 1 + self.lowest * self.w <= 0:
            self.lowest += 1

        def z(tick: int) -> Number:
            u = 1 + tick * self.w
            if log:
                distance = mp.log(u) / s if u > 0 else -k
            else:
                distance = (u - 1) / s
            return max(-k, min(k, distance))

        edges = [z(i) for i in range(self.lowest, self.upper + 1)]
        if shape != "uniform":
            edges = [cumulative(edge) for edge in edges]
        masses = [b - a for a, b in zip(edges, edges[1:])]
        total = mp.fsum(masses)
        self.masses = [mass / total for mass in masses]
        self.form(self.mu if position is None else mpf(position), mpf(reserve_a), mpf(reserve_b))

    def form(self, coordinate: Number, reserve_a: Number, reserve_b: Number) -> None:
        """Scales both sides to the reserves, from where the pool stands."""
        self.reserve_a, self.reserve_b = reserve_a, reserve_b
        ticks = (coordinate - self.mu) / (self.mu * self.w)
        ticks = max(mpf(self.lowest), min(mpf(self.upper), ticks))
        self.tick = int(mp.floor(ticks))
        self.fraction = ticks - self.tick
        below, above = [], []
        for i, mass in enumerate(self.masses, self.lowest):
            p = self.mu * (1 + i * self.w)
            whole = Piece(i, mpf(0), mpf(1), p, self.liquidity * mass / mp.sqrt(p))
            if i < self.tick:
                below.append(whole)
            elif i > self.tick or self.fraction == 0:
                above.append(whole)
            else:
                below.append(Piece(i, mpf(0), self.fraction, p, whole.b))
                above.append(Piece(i, self.fraction, mpf(1), p, whole.b))
        offered_a = mp.fsum(t.b * t.price * (t.end - t.start) for t in below)
        offered_b = mp.fsum(t.b * (t.end - t.start) for t in above)
        for side, reserve, offered in ((below, reserve_a, offered_a), (above, reserve_b, offered_b)):
            scale = reserve / offered if offered else mpf(0)
            if self.funding == "geometric-mean":
                scale = min(mpf(1), scale)
            for piece in side:
                piece.b *= scale
        self.pieces = below + above

    def reform(self, price: float) -> None:
        x = self.price
        self.mu = mpf(price)
        self.form(x, self.reserve_a, self.reserve_b)

    @property
    def price(self) -> Number:
        return self.mu * (1 + (self.tick + self.fraction) * self.w)

    def quote(self, *arguments: Any, **named: Any) -> Fill:
        before = (self.tick, self.fraction, self.reserve_a, self.reserve_b)
        fill = self.swap(*arguments, **named)
        self.tick, self.fraction, self.reserve_a, self.reserve_b = before
        return fill

    def swap(
        self,
        side: str,
        amount: float | None = None,
        notional: float | None = None,
        limit: float | None = None,
        target: float | None = None,
    ) -> Fill:
        buying = side == "buy"
        fixes_a = notional is not None
        left = mpf(notional if fixes_a else amount or 0)
        bound = target if target is not None else limit
        at_bound = PRICE_LIMIT if target is None else COMPLETE
        in_ticks = None if bound is None else (mpf(bound) - self.mu) / (self.mu * self.w)
        here = self.tick + self.fraction
        a, b, crossed, stop, last = mpf(0), mpf(0), set(), EXHAUSTED, None
        passed = in_ticks is not None and (in_ticks <= here if buying else in_ticks >= here)
        if passed:
            stop = at_bound
        for piece in () if passed else self.pieces if buying else reversed(self.pieces):
            low, high = piece.tick + piece.start, piece.tick + piece.end
            if buying:
                low = max(low, here)
                end = high if in_ticks is None else min(high, in_ticks)
                part = end - low
            else:
                high = min(high, here)
                end = low if in_ticks is None else max(low, in_ticks)
                part = high - end
            if part > 0:
                last = piece
                gives_b = piece.b * part
                gives_a = gives_b * piece.price
                whole = gives_a if fixes_a else gives_b
                share = mpf(1)
                if target is None and whole >= left:
                    share, stop = left / whole, COMPLETE
                if gives_b > 0 and share > 0:
                    crossed.add(piece.tick)
                a, b = a + gives_a * share, b + gives_b * share
                left -= whole * share
                if share == 1:
                    here = end
                else:
                    here = low + part * share if buying else high - part * share
                if target is None and stop == COMPLETE:
                    break
            if in_ticks is not None and here == in_ticks:
                stop = at_bound
                break
        self.tick = int(mp.floor(here))
        self.fraction = here - self.tick
        self.reserve_a += a if buying else -a
        self.reserve_b += -b if buying else b
        condition = mpf(1)
        if last is not None and stop == COMPLETE and target is None:
            condition = last.price * b / a
            condition = max(1, 1 / condition if fixes_a else condition)
        return Fill(
            a, b, mpf(0) if target is not None else left, stop, len(crossed), self.tick,
            self.fraction, self.price, condition, last.b if last else mpf(0),
        )
