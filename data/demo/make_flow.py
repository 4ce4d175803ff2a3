#!/usr/bin/env python3
"""Writes the examples of docs/data.md: a file of each format that a replay reads. No row comes from a market.

    python3 make_flow.py            writes the files
    python3 make_flow.py --check    compares what is there with what would be written
"""

import math
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
START = datetime(2024, 3, 1)


def path(rng, steps, seconds, volatility, price=2500.0):
    deviation = volatility * math.sqrt(seconds / 31_536_000)
    prices = [price]
    for _ in range(steps):
        prices.append(prices[-1] * math.exp(deviation * rng.gauss(0, 1) - deviation**2 / 2))
    return prices


def minutes(rng):
    yield "timestamp,netAmount0,netAmount1,closeTick,inAmount0,inAmount1,currentLiquidity"
    prices = path(rng, 120, 60, 0.65)
    for minute in range(120):
        # two minutes are missing, as in exports of real pools
        if minute in (40, 41):
            continue
        tick = math.floor(math.log(1e12 / prices[minute + 1]) / math.log(1.0001))
        bought, sold = rng.randrange(10**11), rng.randrange(4 * 10**19)
        out0 = int(sold * prices[minute + 1] / 1e12 * 0.9995)
        out1 = int(bought * 1e12 / prices[minute + 1] * 0.9995)
        time = START + timedelta(minutes=minute)
        yield f"{time},{bought - out0},{sold - out1},{tick},{bought},{sold},{1_500_000_000_000_000_000}"


def candles(rng):
    yield "timestamp,open,high,low,close,volume"
    prices = path(rng, 48 * 60, 60, 0.65)
    for hour in range(48):
        part = prices[60 * hour : 60 * hour + 61]
        yield (
            f"{START + timedelta(hours=hour)}+00:00,{part[0]:.2f},{max(part):.2f},{min(part):.2f},"
            f"{part[-1]:.2f},{rng.uniform(500, 5000):.4f}"
        )


def hourly(rng):
    yield "timestamp,iv_dvol"
    for hour in range(48):
        yield f"{START + timedelta(hours=hour)},{65 + 5 * math.sin(hour / 9) + rng.uniform(-1, 1):.2f}"


def daily(rng):
    yield "date,symbol,open,high,low,close"
    rows = []
    last = 64.0
    for day in range(30):
        close = last + rng.uniform(-3, 3)
        high, low = max(last, close) + rng.random(), min(last, close) - rng.random()
        date = (START + timedelta(days=day - 20)).date()
        rows.append(f"{date},TOY,{last:.2f},{high:.2f},{low:.2f},{close:.2f}")
        last = close
    yield from reversed(rows)


def prices(rng):
    yield "time,price,volatility,volume_in_a,volume_in_b"
    for step, price in enumerate(path(rng, 96, 900, 0.65)):
        yield (
            f"{START + timedelta(minutes=15 * step)},{price:.4f},{0.65 + rng.uniform(-0.02, 0.02):.4f},"
            f"{rng.uniform(0, 200_000):.2f},{rng.uniform(0, 80):.5f}"
        )


def volatilities(rng):
    yield "time,volatility"
    for step in range(12):
        yield f"{START + timedelta(hours=8 * step)},{0.65 + rng.uniform(-0.05, 0.05):.4f}"


def orders(rng):
    yield "time,side,kind,value,limit"
    time = START
    for _ in range(40):
        time += timedelta(seconds=rng.randrange(1, 900))
        side = rng.choice(["buy", "sell"])
        kind = rng.choice(["amount", "notional"])
        value = rng.uniform(0.1, 20) * (1 if kind == "amount" else 2500)
        limit = rng.choice(["", "", "2600" if side == "buy" else "2400"])
        yield f"{time},{side},{kind},{value:.4f},{limit}"


FILES = {
    "pool-minutes.csv": minutes,
    "candles.csv": candles,
    "volatility-hourly.csv": hourly,
    "volatility-daily.csv": daily,
    "prices.csv": prices,
    "volatilities.csv": volatilities,
    "order-flow.csv": orders,
}

failed = False
for name, make in FILES.items():
    text = "\n".join(make(random.Random(name))) + "\n"
    if "--check" in sys.argv[1:]:
        if (HERE / name).read_text() != text:
            print(f"{name} is not what this script writes")
            failed = True
    else:
        (HERE / name).write_text(text)
sys.exit(failed)
