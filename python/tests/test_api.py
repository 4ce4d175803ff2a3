"""Curves, pools, refusals, threads, and what the package says of itself."""

from __future__ import annotations

import copy
import gc
import importlib.metadata
import math
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import damm
from damm import _words
from damm._quote import FIELDS

GIVEN = dict(price=100.0, reserve_a=1000.0, reserve_b=10.0)


def test_three_ways_to_give_the_spread() -> None:
    relative = damm.relative_sigma(0.8, 7.0)
    assert relative == pytest.approx(0.8 * math.sqrt(7 / 365), rel=1e-15)
    by_iv = damm.Curve(**GIVEN, iv=0.8, horizon_days=7.0)
    by_relative = damm.Curve(**GIVEN, relative_sigma=relative)
    assert by_iv.relative_sigma == by_relative.relative_sigma == relative
    assert damm.Curve(**GIVEN, sigma=1.0).relative_sigma == 0.01
    moment = damm.Curve(**GIVEN, iv=0.8, horizon_days=7.0, convention="lognormal-moment")
    assert moment.relative_sigma == pytest.approx(math.sqrt(math.expm1(0.64 * 7 / 365)), rel=1e-14)


@pytest.mark.parametrize(
    "spread",
    [
        {},
        dict(sigma=1.0, relative_sigma=0.01),
        dict(iv=0.8, horizon_days=7.0, sigma=1.0),
        dict(iv=0.8),
        dict(horizon_days=7.0),
        dict(sigma=1.0, horizon_days=7.0),
        dict(sigma=1.0, convention="proportional"),
    ],
)
def test_the_spread_in_exactly_one_way(spread: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="=|exactly one way"):
        damm.Curve(**GIVEN, **spread)


def test_what_a_curve_knows(curve: damm.Curve) -> None:
    assert (curve.oracle_price, curve.price, curve.relative_sigma) == (100.0, 100.0, 0.01)
    assert (curve.lowest_tick, curve.upper_tick) == (-600, 600)
    assert (curve.half_width, curve.tick_width_bps) == (6.0, 1.0)
    assert (curve.shape, curve.funding) == ("normal", "geometric-mean")
    assert 4.98 < curve.offered_b < 4.981 and 497 < curve.offered_a < 498
    full = damm.Curve(**GIVEN, sigma=1.0, funding="full", position=101.0)
    assert full.price == 101.0 and full.offered_b <= 10 <= full.offered_b * (1 + 1e-15)
    # what is offered is what an order of any size gets
    assert curve.quote(side="buy", amount=1e99).amount_out == curve.offered_b
    with pytest.raises(AttributeError):
        curve.price = 3.0


def test_with_price_shares_the_table(curve: damm.Curve) -> None:
    other = curve.with_price(250.0, 500.0, 3.0)
    made = damm.Curve(price=250.0, reserve_a=500.0, reserve_b=3.0, relative_sigma=0.01)
    values = np.array([0.1, 1.0, 9.0])
    for side in ("buy", "sell"):
        for name, array in other.quote(side=side, amount=values).as_dict().items():
            np.testing.assert_array_equal(array, getattr(made.quote(side=side, amount=values), name))
    assert repr(other) == repr(made)
    assert curve.with_price(250.0, 500.0, 3.0, position=251.0).price == 251.0
    del curve
    gc.collect()
    assert other.quote(side="buy", amount=1.0).amount_out == 1


def test_quote_to_price(curve: damm.Curve) -> None:
    up = curve.quote_to_price(side="buy", price=101.0)
    assert up.price_after == 101.0 and up.stop == damm.Stop.COMPLETE and up.left == 0
    same = curve.quote(side="buy", amount=1e99, limit=101.0)
    assert (same.amount_in, same.amount_out) == (up.amount_in, up.amount_out)
    assert same.stop == damm.Stop.PRICE_LIMIT
    behind = curve.quote_to_price(side="sell", price=101.0)
    assert behind.amount_in == 0 and behind.stop == damm.Stop.COMPLETE
    assert behind.average_price == 0
    beyond = curve.quote_to_price(side="sell", price=1e-9)
    assert beyond.stop == damm.Stop.EXHAUSTED and beyond.tick_after == -600


def test_a_pool(curve: damm.Curve) -> None:
    pool = damm.Pool(curve)
    before = pool.curve()
    said = pool.quote(side="sell", notional=50.0, limit=99.0)
    assert said.as_dict() == curve.quote(side="sell", notional=50.0, limit=99.0).as_dict()
    done = pool.swap(side="sell", notional=50.0, limit=99.0)
    assert done.as_dict() == said.as_dict()
    assert pool.reserves == (1000.0 - done.amount_out, 10.0 + done.amount_in)
    assert pool.price == done.price_after and before.price == 100.0
    to = pool.quote_to_price(side="buy", price=100.5)
    assert pool.swap_to_price(side="buy", price=100.5).as_dict() == to.as_dict()
    assert pool.price == 100.5
    held = pool.reserves
    pool.reform(100.0)  # unchanged
    assert pool.price == 100.5 and pool.reserves == held
    pool.reform(100.25)
    assert (pool.oracle_price, pool.price, pool.reserves) == (100.25, 100.5, held)
    assert pool.curve().oracle_price == 100.25
    many = pool.quote(side="buy", amount=np.array([0.5, 1.0]), fields=("amount_in",))
    assert many.amount_in[1] == pool.swap(side="buy", amount=1).amount_in


def test_a_refused_swap_does_not_move_a_pool(curve: damm.Curve) -> None:
    pool = damm.Pool(curve)
    for order in (dict(amount=-1.0), dict(amount=math.nan), dict(notional=1.0, limit=-1.0)):
        with pytest.raises(damm.DammError):
            pool.swap(side="buy", **order)
    with pytest.raises(TypeError, match="single"):
        pool.swap(side="buy", amount=np.array([1.0]))
    with pytest.raises(damm.DammError):
        pool.swap_to_price(side="buy", price=0.0)
    with pytest.raises(damm.DammError):
        pool.reform(math.inf)
    assert pool.price == 100.0 and pool.reserves == (1000.0, 10.0) and pool.oracle_price == 100.0


CODE = damm.ErrorCode


@pytest.mark.parametrize(
    "changed, code, text",
    [
        (dict(price=-1.0), CODE.OUT_OF_RANGE, "price is -1.0, but it must be a number from"),
        (dict(price=0.0), CODE.OUT_OF_RANGE, "price is 0.0"),
        (dict(price=math.nan), CODE.OUT_OF_RANGE, "price is nan"),
        (dict(sigma=math.inf), CODE.OUT_OF_RANGE, "sigma over price is inf"),
        (dict(sigma=-1.0), CODE.OUT_OF_RANGE, "sigma over price is -0.01"),
        (dict(reserve_a=0.0), CODE.OUT_OF_RANGE, "reserve A is 0.0"),
        (dict(reserve_b=math.inf), CODE.OUT_OF_RANGE, "reserve B is inf"),
        (dict(half_width=33.0), CODE.OUT_OF_RANGE, "k is 33.0"),
        (dict(tick_width_bps=0.0), CODE.OUT_OF_RANGE, "tick width in basis points is 0.0"),
        (dict(position=0.0), CODE.OUT_OF_RANGE, "position is 0.0"),
        (dict(position=-0.0), CODE.OUT_OF_RANGE, "position is -0.0"),
        (dict(position=-5.0), CODE.OUT_OF_RANGE, "position is -5.0"),
        (dict(position=200.0), CODE.POSITION_OUTSIDE, "the position 200.0 lies outside the curve"),
        (dict(tick_width_bps=1e-4), CODE.TOO_MANY_TICKS, "the curve needs"),
        (dict(sigma=1e-6, half_width=1e-3, tick_width_bps=1e6), CODE.NO_TICKS, "no tick of"),
    ],
)
def test_refused_curves(changed: dict[str, Any], code: damm.ErrorCode, text: str) -> None:
    with pytest.raises(damm.DammError) as raised:
        damm.Curve(**{**GIVEN, "sigma": 1.0, **changed})
    assert raised.value.code == code and text in raised.value.text == str(raised.value)
    assert isinstance(raised.value, ValueError)


def test_refused_volatilities() -> None:
    with pytest.raises(damm.DammError, match="volatility is -0.8"):
        damm.Curve(**GIVEN, iv=-0.8, horizon_days=7.0)
    with pytest.raises(damm.DammError, match="horizon"):
        damm.relative_sigma(0.8, 0.0)


def test_refused_orders(curve: damm.Curve) -> None:
    def refused(text: str, **order: Any) -> None:
        with pytest.raises(damm.DammError, match=text) as raised:
            curve.quote(side="sell", **order)
        assert raised.value.code == CODE.OUT_OF_RANGE

    refused("^amount is -1.0", amount=-1.0)
    refused("^amount is 0.0", amount=0.0)
    refused("^notional is nan", notional=math.nan)
    refused("^amount 1 is inf", amount=[1.0, math.inf])
    refused("^notional 70 is 0.0", notional=np.append(np.ones(70), 0))
    refused("^limit is 0", amount=1.0, limit=0)
    refused("^limit is -2.0", amount=[1.0], limit=-2.0)
    refused("^limit is nan", amount=1.0, limit=math.nan)
    with pytest.raises(damm.DammError, match="price to swap to is 0.0"):
        curve.quote_to_price(side="buy", price=0.0)
    for order in (dict(), dict(amount=1.0, notional=1.0)):
        with pytest.raises(TypeError, match="notional="):
            curve.quote(side="buy", **order)
    with pytest.raises(TypeError):
        curve.quote(side="buy", amount=1.0, limit="100")


@pytest.mark.parametrize(
    "name, wrong, allowed",
    [
        ("shape", "lognormal", "'normal', 'log-normal', 'uniform'"),
        ("funding", None, "'geometric-mean', 'full'"),
    ],
)
def test_unknown_words(name: str, wrong: Any, allowed: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is {wrong!r}, but it must be one of {allowed}"):
        damm.Curve(**GIVEN, sigma=1.0, **{name: wrong})


@pytest.mark.parametrize("wrong", ["Buy", "", 0, None, ["buy"]])
def test_unknown_sides(curve: damm.Curve, wrong: Any) -> None:
    for call in (
        lambda: curve.quote(side=wrong, amount=1.0),
        lambda: curve.quote_to_price(side=wrong, price=101.0),
        lambda: damm.Pool(curve).swap(side=wrong, amount=1.0),
    ):
        with pytest.raises(ValueError, match="side is .*, but it must be one of 'buy', 'sell'"):
            call()


def test_errors_are_pickled() -> None:
    error = damm.DammError(4, "the position lies outside")
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (made.code, made.text) == (CODE.POSITION_OUTSIDE, "the position lies outside")


def test_representations(curve: damm.Curve) -> None:
    assert repr(curve).startswith(
        "Curve(oracle_price=100.0, relative_sigma=0.01, shape='normal', half_width=6.0")
    quote = curve.quote(side="buy", amount=1.0)
    assert "amount_in=100.12109282770146, amount_out=1.0, fee=0.0" in repr(quote)
    assert repr(curve.quote(side="buy", amount=[1.0], fields=["fee"])) == (
        "Quote(shape=(1,), fields=('fee',))")
    assert repr(damm.Pool(curve)) == (
        "Pool(oracle_price=100.0, price=100.0, holds 1000.0 A and 10.0 B)")


def test_threads_share_a_curve(curve: damm.Curve) -> None:
    values = np.linspace(1e-3, 6.0, 3000)
    alone = curve.quote(side="buy", amount=values)

    def work(_: int) -> bool:
        many = curve.quote(side="buy", amount=values)
        other = curve.with_price(100.0, 1000.0, 10.0)
        one = [other.quote(side="buy", amount=value) for value in values[:50]]
        return np.array_equal(many.amount_in, alone.amount_in) and all(
            q.amount_in == x for q, x in zip(one, alone.amount_in))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(32)))


def test_threads_take_turns_on_a_pool(curve: damm.Curve) -> None:
    pool = damm.Pool(curve)

    def work(_: int) -> None:
        for _ in range(100):
            pool.swap(side="buy", amount=1e-3)
            assert pool.quote(side="sell", amount=1e-3).amount_in == 1e-3
            pool.reform(100.0)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert pool.reserves[1] == pytest.approx(10.0 - 0.8, rel=1e-12)


def test_memory_is_given_back() -> None:
    """A curve of a million ticks holds 42 MB: fifty of them at once would be seen."""
    script = (
        "import damm, resource\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "def make(): return damm.Curve(price=1., relative_sigma=.08, reserve_a=1., reserve_b=1.,\n"
        "                              tick_width_bps=.01, shape='uniform')\n"
        "damm.Pool(make()).curve().with_price(2., 1., 1.)\n"
        "before = peak()\n"
        "for _ in range(20): damm.Pool(make()).curve().with_price(2., 1., 1.)\n"
        "print(peak() - before)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert int(told.stdout) < 100_000


def test_the_version_is_that_of_the_library(root: Path) -> None:
    header = (root / "Sources" / "CDAMM" / "include" / "damm.h").read_text(encoding="utf-8")
    found = re.search(r'#define DAMM_VERSION "(.*)"', header)
    assert found
    assert damm.__version__ == importlib.metadata.version("damm") == found.group(1)


def test_words_and_numbers_are_those_of_the_header(root: Path) -> None:
    header = (root / "Sources" / "CDAMM" / "include" / "damm.h").read_text(encoding="utf-8")
    numbers = {name: int(value) for name, value in re.findall(r"DAMM_(\w+) = (\d+)", header)}
    mine: dict[str, int] = {"OK": 0, "AMOUNT": _words.AMOUNT, "NOTIONAL": _words.NOTIONAL}
    for enum in (damm.ErrorCode, damm.Stop):
        mine |= {member.name: member.value for member in enum}
    for words in (_words.SIDES, _words.SHAPES, _words.FUNDINGS, _words.CONVENTIONS):
        mine |= {word.upper().replace("-", "_"): value for word, value in words.items()}
    assert mine == numbers
    struct = re.search(r"typedef struct \{([^}]*)\} damm_quotes;", header)
    assert struct and tuple(re.findall(r"\*(\w+)", struct.group(1))) == FIELDS
