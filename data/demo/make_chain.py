#!/usr/bin/env python3
"""Writes chain.csv: a made-up chain of options on a coin that never existed.

    python3 data/demo/make_chain.py            # writes chain.csv beside this script
    python3 data/demo/make_chain.py --check    # exits 1 unless the file is what would be written

Standard library only: every run on the same C library writes the same bytes. Nothing in it comes from a
market.

Premiums are in coin: N(d1) - K/F N(d2) for a call, by Black-76 at a volatility that rises away from the
money and falls with time, rounded to 1e-6 as a venue rounds its marks; volatilities are rounded to 0.01
points. Bids and asks are multiples of 0.0005 around the mark; far from the money nobody bids.
"""
import datetime
import math
import pathlib
import sys

TIME = datetime.datetime(2024, 3, 1, 12, 0, 0)
EXPIRIES = [1, 3, 8, 29, 92, 183]  # days, at 08:00
SPOT = 2500.0
COLUMNS = (
    "timestamp,instrument_name,currency,option_type,strike,expiry_datetime,bid_price,ask_price,"
    "mark_price,futures_price,implied_volatility,index_price"
)


def above(x):
    return math.erfc(x / math.sqrt(2)) / 2


def premium(kind, forward, strike, deviation):
    d1 = math.log(forward / strike) / deviation + deviation / 2
    d2 = d1 - deviation
    if kind == "call":
        return above(-d1) - strike / forward * above(-d2)
    return strike / forward * above(d2) - above(d1)


def rows():
    yield COLUMNS
    for days in EXPIRIES:
        day = (TIME + datetime.timedelta(days=days)).date()
        expiry = datetime.datetime.combine(day, datetime.time(8))
        years = (expiry - TIME).total_seconds() / (365 * 86400)
        forward = round(SPOT * math.exp(0.04 * years), 2)
        level = 0.55 + 0.2 / (1 + 20 * years)
        step = 25 * max(1, round(0.25 * SPOT * level * math.sqrt(years) / 25))
        middle = round(forward / step)
        for place in range(middle - 9, middle + 10):
            strike = place * step
            z = math.log(strike / forward) / (level * math.sqrt(years))
            volatility = round(level * (1 - 0.03 * z + 0.02 * z * z), 4)
            for kind in ("call", "put"):
                mark = round(premium(kind, forward, strike, volatility * math.sqrt(years)), 6)
                ticks = mark / 0.0005
                bid = 0.0005 * math.floor(ticks - 0.5)
                ask = 0.0005 * math.ceil(ticks + 0.5)
                name = f"TOY-{expiry:%d%b%y}-{strike}-{kind[0].upper()}".upper()
                yield ",".join(
                    [f"{TIME:%Y-%m-%dT%H:%M:%S}+00:00", name, "TOY", kind, str(strike)]
                    + [f"{expiry:%Y-%m-%dT%H:%M:%S}+00:00", f"{bid:.4f}" if bid > 0 else ""]
                    + [f"{ask:.4f}", f"{mark:.6f}", f"{forward:.2f}", f"{volatility:.4f}", f"{SPOT:.2f}"]
                )


def main():
    path = pathlib.Path(__file__).with_name("chain.csv")
    text = "\n".join(rows()) + "\n"
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if path.read_text() == text else f"{path} is not what would be written")
    path.write_text(text)


main()
