"""Every number of a quote against an independent implementation in 80 digits."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from mpmath import mpf
from reference import COMPLETE, Fill, Reference

import damm

CURVES: list[dict[str, Any]] = [
    dict(price=100.0, relative_sigma=0.01, reserve_a=1000.0, reserve_b=10.0),
    dict(price=100.0, relative_sigma=0.01, reserve_a=1000.0, reserve_b=10.0, funding="full"),
    dict(price=3000.0, relative_sigma=0.11, reserve_a=3e6, reserve_b=400.0, tick_width_bps=25.0),
    dict(
        price=2.5e-7, relative_sigma=0.02, reserve_a=31.0, reserve_b=7e9, half_width=12.0,
        tick_width_bps=5.0, funding="full", position=2.53e-7,
    ),
    dict(
        price=3000.0, relative_sigma=0.2, reserve_a=3e6, reserve_b=1000.0, shape="log-normal",
        tick_width_bps=40.0, position=2890.0,
    ),
    dict(
        price=1.0, relative_sigma=0.02, reserve_a=5.0, reserve_b=900.0, shape="log-normal",
        half_width=8.0, tick_width_bps=3.0, funding="full",
    ),
    dict(price=64000.0, relative_sigma=0.004, reserve_a=1e7, reserve_b=150.0, shape="uniform"),
    dict(
        price=64000.0, relative_sigma=0.03, reserve_a=1e4, reserve_b=150.0, shape="uniform",
        half_width=3.0, tick_width_bps=7.0, funding="full", position=63210.0,
    ),
    # wider than the price: ticks whose price would not be positive do not exist
    dict(price=40.0, relative_sigma=0.5, reserve_a=4e5, reserve_b=1e4, tick_width_bps=50.0),
]


def name(parameters: dict[str, Any]) -> str:
    return f"{parameters.get('shape', 'normal')}-{parameters['price']}"


def check(
    quote: damm.Quote, exact: Fill, side: str, value: float, curve: damm.Curve,
    tolerance: dict[str, float], target: bool = False,
) -> None:
    """Bounds as they are declared; integers and the stop are the same."""
    into, out = (exact.a, exact.b) if side == "buy" else (exact.b, exact.a)
    fixed = exact.stop == COMPLETE and not target
    bound = tolerance["amountFixed" if fixed else "amount"] * exact.condition
    for given, wanted in ((quote.amount_in, into), (quote.amount_out, out)):
        assert abs(mpf(float(given)) - wanted) <= bound * wanted
    assert quote.fee == 0
    if exact.b > 0:
        average = exact.a / exact.b
        assert abs(mpf(float(quote.average_price)) - average) <= (2 * bound + 2**-52) * average
    else:
        assert quote.average_price == 0
    assert quote.stop == exact.stop
    assert quote.ticks_crossed == exact.ticks
    assert abs(mpf(float(quote.left)) - exact.left) <= bound * value
    # Where an amount ends inside a tick is known to as many digits as the tick is large beside it.
    fills = exact.b / exact.last_b if exact.last_b else 0
    width = mpf(curve.oracle_price) * mpf(curve.tick_width_bps) / 10000 / exact.price
    place = tolerance["priceAfter"] * (1 + fills * width)
    assert abs(mpf(float(quote.price_after)) - exact.price) <= place * exact.price
    after = mpf(int(quote.tick_after)) + mpf(float(quote.fraction_after))
    assert abs(after - exact.tick - exact.fraction) <= place / width
    if place / width < exact.fraction < 1 - place / width:
        assert quote.tick_after == exact.tick


@pytest.mark.parametrize("parameters", CURVES, ids=name)
def test_quotes(parameters: dict[str, Any], seed: int, tolerance: dict[str, float]) -> None:
    print("DAMM_SEED", seed)
    rng = random.Random(f"{seed} {parameters}")
    curve = damm.Curve(**parameters)
    exact = Reference(**parameters)
    assert (curve.lowest_tick, curve.upper_tick) == (exact.lowest, exact.upper)
    seen: Counter[tuple[str, str, int]] = Counter()
    for side, offered_b, offered_a in (
        ("buy", curve.offered_b, exact.quote("buy", amount=1e99).a),
        ("sell", exact.quote("sell", amount=1e99).b, curve.offered_a),
    ):
        for kind, offered in (("amount", offered_b), ("notional", offered_a)):
            for _ in range(10):
                value = float(offered) * rng.choice(
                    [10 ** rng.uniform(-9, 0), rng.random(), 1 - 10 ** rng.uniform(-6, -1), 1.5])
                end = float(exact.price) * (1 + (1 if side == "buy" else -1)
                                            * curve.relative_sigma * rng.uniform(-0.2, 4))
                limit = end if end > 0 and rng.random() < 0.4 else None
                quote = curve.quote(side=side, limit=limit, **{kind: value})
                fill = exact.quote(side, limit=limit, **{kind: value})
                check(quote, fill, side, value, curve, tolerance)
                seen[side, kind, fill.stop] += 1
        for _ in range(4):
            end = float(exact.price) * (1 + (1 if side == "buy" else -1)
                                        * curve.relative_sigma * rng.uniform(-0.2, 7))
            target = max(end, 1e-12)
            quote = curve.quote_to_price(side=side, price=target)
            fill = exact.quote(side, target=target)
            check(quote, fill, side, 0.0, curve, tolerance, target=True)
    # not vacuous: all four kinds were filled
    for side in ("buy", "sell"):
        for kind in ("amount", "notional"):
            assert seen[side, kind, damm.Stop.COMPLETE] > 0


@pytest.mark.parametrize("parameters", CURVES[1:6:2], ids=name)
def test_pool(parameters: dict[str, Any], seed: int, tolerance: dict[str, float]) -> None:
    """Swaps across the place where the curve was formed, and a reform."""
    print("DAMM_SEED", seed)
    rng = random.Random(f"{seed} pool {parameters}")
    pool = damm.Pool(damm.Curve(**parameters))
    exact = Reference(**parameters)
    for step in range(16):
        side = rng.choice(["buy", "sell"])
        curve = pool.curve()
        offered = {
            "amount": curve.offered_b if side == "buy" else curve.offered_a / curve.price,
            "notional": curve.offered_b * curve.price if side == "buy" else curve.offered_a,
        }
        kind = rng.choice(["amount", "notional"])
        value = max(1e-9, offered[kind]) * rng.uniform(0.01, 0.5)
        said = pool.quote(side=side, **{kind: value})
        done = pool.swap(side=side, **{kind: value})
        assert said.as_dict() == done.as_dict()
        check(done, exact.swap(side, **{kind: value}), side, value, curve, tolerance)
        for held, wanted in zip(pool.reserves, (exact.reserve_a, exact.reserve_b)):
            assert abs(mpf(held) - wanted) <= 1e-14 * wanted
        if step == 8:
            price = pool.oracle_price * 1.003
            pool.reform(price)
            exact.reform(price)
            # from here on both start from the reserves that the pool holds
            exact.form(mpf(pool.price), *map(mpf, pool.reserves))
