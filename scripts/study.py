#!/usr/bin/env python3
"""Writes docs/study.md and its charts: what a tick pool would have earned on recorded flow.

    python3 scripts/study.py --binary .build/release/damm --data ../shared/data --out docs

Every figure is of a replay that it runs, or of the record itself; every sentence that judges them is checked, and the
script stops at one that does not hold. The same binary and data give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from studylib import arbitrage, chance, flow, pictures, settings  # noqa: E402
from studylib.market import BASE, Market, markets  # noqa: E402
from studylib.replays import Replays  # noqa: E402
from studylib.text import claim, num, page, percent, signed  # noqa: E402

NEEDED = ("dvol-daily/eth_dvol_daily.csv", "eth-pool-minute-2022", "eth-pool-swaps", "eth-hourly-2024")


def summary(all_markets: tuple[Market, ...]) -> str:
    weeks = all_markets[0]
    of = flow.venues(weeks)
    base, days = of["base"], of["base"].days
    alone, free = weeks.alone(*BASE), weeks.alone("--fee-bps", 0, fee=0)
    told = {name: chance.mean_and_error(values) for name, values in chance.days(weeks).items()}
    gain, kept = told["tick pool against holding"], told["tick pool against rebalancing"]
    behind = flow.mark_outs(weeks)[2][0] - flow.mark_outs(weeks)[0][0]
    later = (base.pool.kept - behind * base.pool.flow_volume) / days
    there = (of["deep"].recorded["fees"] - free.product.realised * base.depth) / days
    reforms = weeks.shared("--fee-bps", 5, "--funding", "geometric-mean", "--reform-bps", 10)
    fixed = weeks.shared(*settings.FOLLOW, volatility=("--iv", round(alone.volatility, 6)))
    real = weeks.shared(*settings.FOLLOW)
    return page(
        "## In short",
        "Good:",
        claim(abs(free.pool.loss / free.pool.realised - 1) < 0.005,
              "- The replay does what it should: arbitrage without a fee takes what the moves of the price say, "
              f"within {percent(abs(free.pool.loss / free.pool.realised - 1))}, and a constant product with its part "
              "of the flow does against holding nearly what a position in the recorded pool did.")
        + "\n" + claim(base.pool.kept > 0 and base.pool.gain > 0,
              "- With its part of the flow at the recorded pool's fee of 5 bp a million A would have made "
              f"{signed(base.pool.gain / days)} A a day against holding in the three weeks "
              f"({signed(base.pool.gain / days * 365 / 1e6 * 100, 1)} % a year), and {signed(base.pool.kept / days)} "
              "against rebalancing.")
        + "\n" + claim(base.depth > 4.5,
              f"- It needs less capital: {num(base.depth)} times the depth of a constant product over all prices, and "
              "its traders found the slippage of the recorded pool.")
        + "\n" + claim(abs(reforms.pool.kept / reforms.depth / (base.pool.kept / base.depth) - 1) < 0.05,
              f"- Reforms cost nothing that can be measured against rebalancing, with {reforms.pool.reforms:,} of "
              f"them as with {base.pool.reforms}."),
        "Bad:",
        claim(gain[0] < gain[1] and kept[0] < 2 * kept[1] and there < 0,
              f"- None of these gains is certain: {signed(gain[0])} ± {num(gain[1])} A a day against holding, "
              f"{signed(kept[0])} ± {num(kept[1])} against rebalancing. Nor is any difference to the constant product "
              f"or to the recorded pool, in which a position as deep made {signed(there)} against rebalancing.")
        + "\n" + claim(later < 0,
              "- Recorded traders know something. At the price of five minutes later the gain against rebalancing "
              f"turns into about {signed(later)} A a day; the recorded pool's own providers lost to rebalancing in "
              "these weeks, too.")
        + "\n" + claim(alone.pool.kept < 0,
              f"- Arbitrage alone loses at every fee: {num(-alone.pool.kept / days)} A a day at 5 bp. The pool lives "
              "from other traders, and who competes for them decides.")
        + "\n" + claim(abs(base.pool.loss / base.depth / of["product"].product.loss - 1) < 0.01,
              "- The curve is leverage, not an edge: for each unit of depth it loses what a constant product loses, "
              "and earns a little less.")
        + "\n" + claim(abs(real.pool.kept - fixed.pool.kept) / days < 25,
              f"- The real volatility did not pay: {signed(real.pool.kept / days)} A a day against rebalancing, "
              f"{signed(fixed.pool.kept / days)} with a constant of the same mean. Skewed fees, fees by volatility "
              "and surges earned what a flat fee of the same average does.")
        + "\n- Several markets on one pool multiply income and loss alike, and in a trend the limits of health turn "
          "their trade away.",
    )


def study(binary: Path, data: Path) -> dict[str, str]:
    """All files, by name."""
    replays = Replays(binary)
    all_markets = markets(replays, data)
    weeks = all_markets[0]
    files = pictures.pictures(all_markets)
    files["study.md"] = page(
        "# What a tick pool would have earned",
        "Three weeks of minutes and two days of events of real pools, run through a tick pool with the implied "
        "volatility of the time: beside holding, beside a constant product, and beside a position in the recorded "
        "pool "
        "([replay.md](replay.md) says what happens in a replay and what its figures mean). `make study` writes this "
        "page again, from records that are no part of this project: only figures of what came of them are shown. "
        "Each sentence that judges a figure is checked by the script, which stops where one no longer holds.",
        summary(all_markets),
        "![Worth against holding](study-worth.svg)",
        arbitrage.records(all_markets), arbitrage.alone(all_markets), flow.flow(all_markets),
        flow.break_even(all_markets), settings.volatility(weeks, data), settings.reforms(weeks),
        settings.shared(weeks), chance.certainty(all_markets), chance.limits())
    print(f"{len(replays.known)} replays", file=sys.stderr)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True, help="the command damm")
    parser.add_argument("--data", type=Path, required=True, help="the folder of records")
    parser.add_argument("--out", type=Path, required=True, help="where the page goes")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file would change")
    options = parser.parse_args()
    missing = [name for name in NEEDED if not (options.data / name).exists()]
    if missing:
        raise SystemExit(f"The study needs market data that is no part of this project: {options.data} has no "
                         f"{', '.join(missing)}.")
    files = study(options.binary, options.data)
    for name, text in sorted(files.items()):
        path = options.out / name
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{path} is not what the study makes; make study writes it again.")


if __name__ == "__main__":
    main()
