#!/usr/bin/env python3
"""Writes pool-day.csv: one synthetic day of a concentrated-liquidity USDC/WETH pool.

    python3 data/demo/make_demo.py            # writes pool-day.csv beside this script
    python3 data/demo/make_demo.py --check    # exits 1 unless the file is what would be written

Standard library only, seeded: every run on the same C library writes the same bytes (exp and log of
another may differ in the last place). Nothing in it comes from a market.

The price follows a geometric Brownian motion, one step a swap. The pool holds constant liquidity L
between mints and burns, and each swap moves its root price to the next point of the path:

    S' (sqrtPriceX96) an integer,  P = (S / 2^96)^2 = raw WETH per raw USDC
    amount0 = L 2^96 (1/S' - 1/S)  USDC, amount1 = L (S' - S) / 2^96  WETH, + = into the pool

in exact integers, what goes in rounded up and raised by the fee, what goes out rounded down.
current_tick is the largest t with 1.0001^t <= P, from 60 digits.
"""
import datetime
import math
import pathlib
import random
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

SEED = 20240229
SWAPS = 2000
START = datetime.datetime(2024, 2, 29)
PRICE = 2500.0  # USDC per WETH
VOLATILITY = 0.65  # a year
FEE = Fraction(5, 10_000)
LIQUIDITY = 1_500_000_000_000_000_000  # sqrt(raw USDC * raw WETH)
EVENTS = {250: "MINT", 700: "MINT", 1100: "BURN", 1101: "COLLECT", 1600: "MINT", 1900: "BURN"}
Q96 = 1 << 96
getcontext().prec = 60
LN_Q96 = Decimal(Q96).ln()
LN_TICK = Decimal("1.0001").ln()
COLUMNS = (
    "block_number,block_timestamp,tx_type,transaction_hash,pool_tx_index,pool_log_index,"
    "proxy_log_index,sender,receipt,amount0,amount1,total_liquidity,total_liquidity_delta,"
    "sqrtPriceX96,current_tick,position_id,tick_lower,tick_upper,liquidity"
).split(",")


def root_of_price(price):
    """sqrtPriceX96 of a price in USDC per WETH, to the integer below."""
    raw = Fraction(10) ** 12 / Fraction(price)
    return math.isqrt(raw.numerator * Q96 * Q96 // raw.denominator)


def tick_of(root):
    """The largest t with 1.0001^t <= (root / 2^96)^2, by logarithms of 60 digits."""
    ticks = 2 * (Decimal(root).ln() - LN_Q96) / LN_TICK
    # A root that is an integer is never this close to a tick by chance.
    assert abs(ticks - round(ticks)) > Decimal("1e-40")
    return math.floor(ticks)


def swap(root, target, liquidity):
    """Amounts of a swap that moves the root price, positive into the pool."""
    exact0 = Fraction(liquidity * Q96, target) - Fraction(liquidity * Q96, root)
    exact1 = Fraction(liquidity * (target - root), Q96)

    def amount(exact):
        return math.ceil(exact / (1 - FEE)) if exact > 0 else -math.floor(-exact)

    return amount(exact0), amount(exact1)


def rows():
    rng = random.Random(SEED)
    price, root, liquidity = PRICE, root_of_price(PRICE), LIQUIDITY
    seconds = iter(sorted(rng.randrange(86400) for _ in range(SWAPS + len(EVENTS))))
    deviation = VOLATILITY * math.sqrt(1 / 365 / SWAPS)
    done = 0
    while done < SWAPS:
        second = next(seconds)
        time = START + datetime.timedelta(seconds=second)
        row = dict.fromkeys(COLUMNS, "")
        row.update(
            block_number=19_000_000 + second // 12, block_timestamp=time,
            pool_tx_index=rng.randrange(200), pool_log_index=rng.randrange(500),
            total_liquidity_delta=0)
        kind = EVENTS.pop(done, None)
        if kind:
            tick = tick_of(root)
            change = 0 if kind == "COLLECT" else LIQUIDITY // 20 * (1 if kind == "MINT" else -1)
            liquidity += change
            lower, upper = (tick - 600) // 10 * 10, (tick + 600) // 10 * 10
            row.update(
                tx_type=kind, amount0=rng.randrange(10**9, 10**11),
                amount1=rng.randrange(10**18, 10**20), total_liquidity_delta=change,
                tick_lower=f"{lower}.0", tick_upper=f"{upper}.0", liquidity=abs(change) or "")
        else:
            # The mean of the price stays where it is: -deviation^2 / 2 in the logarithm.
            price *= math.exp(rng.gauss(-deviation * deviation / 2, deviation))
            target = root_of_price(price)
            amount0, amount1 = swap(root, target, liquidity)
            root, done = target, done + 1
            row.update(tx_type="SWAP", amount0=amount0, amount1=amount1)
        row.update(
            total_liquidity=liquidity, sqrtPriceX96=root, current_tick=f"{tick_of(root)}.0")
        yield row


def main():
    lines = [",".join(COLUMNS)]
    lines += [",".join(str(row[name]) for name in COLUMNS) for row in rows()]
    text = "\n".join(lines) + "\n"
    path = pathlib.Path(__file__).with_name("pool-day.csv")
    if "--check" in sys.argv[1:]:
        sys.exit(0 if path.read_text() == text else f"{path} is not what this script writes")
    path.write_text(text)


if __name__ == "__main__":
    main()
