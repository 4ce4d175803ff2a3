"""What was replayed, and what arbitrage alone costs."""

from __future__ import annotations

from math import pi, sqrt

from .market import Market
from .text import claim, num, page, percent, signed, table

YEAR = 31_536_000
FEES = (0, 5, 30)
REFORMS = (None, 200, 50, 10)
# how far a normal walk gets beyond a level on average, in deviations of a step
BEYOND = 0.5826


def reforms(bps: int | None) -> tuple:
    return () if bps is None else ("--reform-bps", bps, "--thin-spread")


def records(all_markets: tuple[Market, ...]) -> str:
    """Section 1."""
    weeks, *days = all_markets
    rows = []
    for market in all_markets:
        told, of = market.alone("--fee-bps", 5), market.record
        rows.append([
            market.title, num(told.days, 0), f"{told.steps:,}", signed(told.move * 100, 1) + " %",
            percent(told.volatility, 0), percent(of.move(60), 0), percent(of.move(300), 0),
            percent(of.move(3600), 0), num(of.volume / told.days / 1e6, 1),
            percent(market.part("--fee-bps", 5, depth=1))])
    of = weeks.record
    implied = weeks.alone("--fee-bps", 5).volatility
    return page(
        "## What was replayed",
        "Records of two USDC/WETH pools with a fee of 5 bp: 23 days of minutes from 2022-07-19 to 08-10, and every swap of "
        "2022-01-05 (on Polygon) and of 2023-11-10 (on Ethereum). Volatility is the close, known the day after, of "
        "an index of 30-day "
        "implied volatility of ETH options. A is USDC, B is WETH. The minutes are those of zelos-alpha/demeter "
        "(MIT), the events those of zelos-alpha/demeter-fetch (Apache-2.0).",
        table(["record", "days", "steps", "price", "implied volatility", "moves of 1 min", "of 5 min", "of 1 h",
               "traded a day, million A", "part of 1 million A over all prices"], rows),
        "*Moves*: realised volatility a year from the squared moves of the recorded price over that interval. "
        + claim(of.move(60) < 0.95 * of.move(300) and abs(of.move(300) / of.move(3600) - 1) < 0.03,
                f"In the three weeks a minute's moves tell of {percent(of.move(60), 0)}, those of five minutes and of "
                "an hour of "
                f"{percent(of.move(3600), 0)}: the recorded pool follows its market with the delay that its fee allows. ")
        + claim(implied > 1.1 * of.move(3600),
                f"Implied volatility was {percent(implied, 0)} on average: the market moved less than options had "
                "priced, by "
                f"{percent(1 - of.move(3600) / implied, 0)}."),
        "**The pool**, where nothing else is said: 1,000,000 A, half of it A and half B at the first price; normal "
        "shape, k = 6, a horizon of 7 days, ticks of "
        "1 bp, funding `geometric-mean`, a fee of 5 bp as in the recorded pools, and a new curve when the price is "
        "200 bp away. All amounts are A a day for this "
        "million.",
        "| word | what it means here |\n|---|---|\n"
        "| **against holding** | worth at the end less what the deposit would be worth, over the days |\n"
        "| **LVR** | loss versus rebalancing: what all traders took at the market price of the step, before fees |\n"
        "| **against rebalancing** | fees less LVR: against somebody who holds the same B at every moment but traded "
        "it at the market price; the way that the "
        "price went is not in it |\n"
        "| **depth** | liquidity at the market price over that of a constant product of the same capital, on average "
        "over time |",
    )


def alone(all_markets: tuple[Market, ...]) -> str:
    """Section 2."""
    weeks, *days = all_markets
    return page(
        "## Arbitrage alone",
        "Nobody trades but arbitrageurs, at no cost but the fee, once a step.",
        *_losses(weeks), *_days(days), *_reforms(weeks))


def formula(loss: float, volatility: float, fee_bps: float) -> float:
    """What a fee leaves to arbitrageurs of a loss, each minute, if moves are normal with a volatility a year."""
    reach = BEYOND * volatility * sqrt(60 / YEAR)
    return loss * reach / (reach + fee_bps / 1e4)


def profit_by_moves(market: Market, realised: float, fee_bps: float) -> float:
    return formula(realised, market.record.move(60), fee_bps)


def _losses(weeks: Market) -> list[str]:
    rows, told = [], {fee: weeks.alone("--fee-bps", fee, fee=fee) for fee in FEES}
    for name in ("pool", "product"):
        for fee in FEES:
            of, days = getattr(told[fee], name), told[fee].days
            rows.append([
                ("tick pool" if name == "pool" else "constant product") + f", {fee} bp",
                num(of.loss / days), num(of.realised / days), num(of.predicted / days),
                num(of.loss / of.volume * 1e4, 1), num(of.profit / days),
                num(of.predicted_profit / days), num(profit_by_moves(weeks, of.realised, fee) / days),
                signed(of.kept / days), signed(of.gain / days)])
    free, five, thirty = (told[fee] for fee in FEES)
    pool, product = free.pool, free.product
    ratio = pool.realised / pool.predicted
    moved = (weeks.record.move(60) / free.volatility) ** 2
    volume = pool.loss / pool.volume
    normal = sqrt(pi / 8) * weeks.record.move(60) * sqrt(60 / YEAR)
    by_moves = [profit_by_moves(weeks, told[fee].pool.realised, fee) for fee in (5, 30)]
    return [
        "Three weeks, no reforms:",
        table(["venue, fee", "LVR", "by realised moves", "by implied volatility", "per volume, bp", "profit of arbitrage",
               "as predicted, implied", "as predicted, realised", "against rebalancing", "against holding"], rows),
        claim(abs(pool.loss / pool.realised - 1) < 0.005 and abs(product.loss / product.realised - 1) < 0.005,
              "- **What arbitrage takes is what the moves say.** Without a fee LVR is within "
              f"{percent(max(abs(pool.loss / pool.realised - 1), abs(product.loss / product.realised - 1)))} "
              "of `sum |dB/dp| (dR)^2 / 2` over the minutes, in both venues.")
        + "\n" + claim(abs(ratio / moved - 1) < 0.1,
              f"- **Implied volatility promised more.** LVR came to {percent(pool.loss / pool.predicted, 0)} of what "
              "it predicts. The squared ratio of realised (by the minute) to implied "
              f"volatility is {percent(moved, 0)}: that explains it.")
        + "\n" + claim(abs(volume / weeks.record.loss_per_volume - 1) < 0.02 and volume > 1.3 * normal,
              f"- **Loss per volume** is {num(volume * 1e4, 1)} bp, and half of `sum r^2 / sum |r|` over the minutes "
              f"is {num(weeks.record.loss_per_volume * 1e4, 1)} bp: as it must be. Normal moves of the same "
              f"variance would have cost {num(normal * 1e4, 1)} bp (`sigma sqrt(pi dt / 8)`); theirs have "
              f"{num(weeks.record.excess, 1)} times the fourth moment of normal ones.")
        + "\n" + claim(five.pool.profit > 1.1 * by_moves[0] and thirty.pool.profit > 1.5 * by_moves[1]
                       and abs(thirty.pool.predicted_profit / thirty.pool.profit - 1) < 0.1,
              "- **Fees protect less than the formula for normal moves says.** With the volatility that there was it "
              f"leaves {num(by_moves[0] / five.days)} A a day to arbitrage at 5 bp and "
              f"{num(by_moves[1] / thirty.days)} at 30 bp; it took "
              f"{num(five.pool.profit / five.days)} and {num(thirty.pool.profit / thirty.days)}. Moves came in "
              "bursts, and a burst passes a band of fees that a normal minute does not leave; on paths without "
              "bursts the formula is right (below). With implied volatility the prediction is "
              f"{percent(five.pool.predicted_profit / five.pool.profit - 1, 0)} too high at 5 bp and right at 30 bp "
              "by accident: two errors cancel.")
        + "\n" + claim(five.pool.loss > free.pool.loss and thirty.pool.loss > five.pool.loss
                       and all(told[fee].pool.kept < 0 for fee in FEES),
              f"- A fee does not lower LVR before fees ({num(free.pool.loss / free.days)} without, "
              f"{num(thirty.pool.loss / thirty.days)} at 30 bp): a band of fees skips small moves to and fro, and "
              "sees the longer ones, which here were larger than "
              "a minute's tell. It takes a part of it back. At no fee does arbitrage alone pay for itself.")
        + "\n" + claim(abs(five.depth / (five.pool.loss / five.product.loss) - 1) < 0.01,
              f"- **The tick pool loses as a constant product of its depth does.** It is {num(five.depth)} times as "
              f"deep and loses {num(five.pool.loss / five.product.loss)} times as much."),
    ]


def _days(days: list[Market]) -> list[str]:
    rows, right = [], True
    for market in days:
        for fee in (0, 5):
            told = market.alone("--fee-bps", fee, fee=fee)
            pool = told.pool
            if fee == 0:
                right = right and abs(pool.loss / pool.realised - 1) < 0.01
            rows.append([
                f"{market.title}, {fee} bp", num(told.depth), num(pool.loss), num(pool.realised),
                num(pool.predicted), num(pool.loss / pool.volume * 1e4, 1), num(pool.profit),
                signed(pool.kept), signed(pool.gain)])
    first, second = (market.alone("--fee-bps", 0, fee=0).pool for market in days)
    return [
        "Two days of events, a step a swap, no reforms:",
        table(["day, fee", "depth", "LVR", "by realised moves", "by implied volatility", "per volume, bp",
               "profit of arbitrage", "against rebalancing", "against holding"], rows),
        claim(right and first.realised < first.predicted and second.realised < second.predicted,
              f"The same holds there: moves say what arbitrage takes, and they were smaller than implied on both days "
              f"({percent(first.realised / first.predicted, 0)} and {percent(second.realised / second.predicted, 0)} "
              "of the predicted loss)."),
    ]


def _reforms(weeks: Market) -> list[str]:
    rows, told = [], {}
    for funding in ("geometric-mean", "full"):
        for bps in REFORMS:
            runs = [weeks.alone("--fee-bps", fee, "--funding", funding, *reforms(bps), fee=fee)
                    for fee in FEES]
            told[funding, bps] = runs
            days = runs[0].days
            rows.append([
                f"`{funding}`, " + ("never" if bps is None else f"at {bps} bp"),
                f"{runs[0].pool.reforms:,}", num(runs[0].depth), num(runs[0].pool.loss / days),
                *[signed(run.pool.kept / days) for run in runs],
                *[signed(run.pool.gain / days) for run in runs]])
    worst = max(abs(runs[0].pool.loss / runs[0].pool.realised - 1) for runs in told.values())
    never, base = told["geometric-mean", None][0], told["geometric-mean", 200][0]
    full, deep = told["full", None][0], told["full", 200][0]
    return [
        "With reforms, three weeks:",
        table(["funding, reforms", "reforms", "depth", "LVR without fee", "against rebalancing: 0 bp", "5 bp", "30 bp",
               "against holding: 0 bp", "5 bp", "30 bp"], rows),
        claim(worst < 0.01,
              "- **Reforms give arbitrage nothing that can be measured.** In none of these runs without fee is LVR "
              f"further than {percent(worst)} from what the moves say of the curve as it stood; with thousands of "
              "reforms, too. "
              "(Nobody here trades around a reform on purpose; what that would bring, [`damm audit "
              "--reforms`](audit.md) searches.)")
        + "\n" + claim(base.pool.loss > 1.05 * never.pool.loss and base.pool.gain < 1.3 * never.pool.gain
                       and (base.pool.gain - base.pool.kept) < (never.pool.gain - never.pool.kept),
              f"- A curve that follows the market is deeper where it goes: {num(base.depth)} instead of "
              f"{num(never.depth)} times, and LVR rises with it. Against holding it lost "
              f"{num(-base.pool.gain / base.days)} A a day instead of {num(-never.pool.gain / never.days)}: "
              "it sells on the way up and does not get back to where it was. That is the price's way and not a cost "
              "of each reform (*How sure is this?* tells it apart).")
        + "\n" + claim(1.8 < full.depth / never.depth < 2.3 and 1.8 < full.pool.loss / never.pool.loss < 2.3
                       and deep.pool.gain < 1.5 * full.pool.gain,
              "- Funding `full` offers all of the reserves, so depth and LVR double. With reforms it lost "
              f"{num(-deep.pool.gain / deep.days)} A a day against holding instead of "
              f"{num(-full.pool.gain / full.days)}."),
    ]
