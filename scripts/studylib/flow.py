"""With recorded flow: what comes, what it brings, and which fee makes the pool even."""

from __future__ import annotations

from functools import cache
from math import sqrt

from .market import BASE, REFORM, Market
from .replays import Result, crossing
from .text import claim, num, page, percent, signed, table

HORIZONS = ((0, "at once"), (60, "1 min"), (300, "5 min"), (900, "15 min"), (3600, "1 h"))
GRID = (1, 2, 5, 10, 20, 30, 50)
STAYS = (0, 0.25, 0.5, 1)


def range_of_depth(depth: float) -> float:
    """The range of a position that is so many times as deep as one over all prices."""
    return 1 / (1 - 1 / depth) ** 2


def block(market: Market) -> int:
    """Seconds of the blocks that errors come from: days of the weeks, hours of the days."""
    return 86_400 if market.title == "three weeks" else 3600


@cache
def mark_outs(market: Market) -> list[tuple[float, float]]:
    return [market.record.mark_out(seconds, block(market)) for seconds, _ in HORIZONS]


def venues(market: Market) -> dict[str, Result]:
    """What stands beside one another: the pool and its rivals."""
    base = market.shared(*BASE, hours=True)
    wide = 1 + 6 * market.alone(*BASE).volatilities[-1] * sqrt(7 / 365)
    return {
        "base": base,
        "never": market.shared("--fee-bps", 5),
        "product": market.product(*BASE, hours=True),
        "wide": market.alone(*BASE, "--recorded-range", round(wide, 3)),
        "deep": market.alone(*BASE, "--recorded-range", round(range_of_depth(base.depth), 4), hours=True),
    }


def flow(all_markets: tuple[Market, ...]) -> str:
    """Section 3."""
    weeks = all_markets[0]
    return page(
        "## With recorded flow",
        "**How much of it would come?** Traders who split an order over pools of the same fee so that all end at the "
        "same price give each its part of the liquidity there. "
        "So the tick pool gets `x / (1 + x)` of every recorded order, where `x` is its liquidity at the market price "
        "over that of the recorded pool: its depth, times what 1,000,000 A over all "
        "prices were there, by the liquidity that the record tells, weighted by what was traded. The constant "
        "product gets the part of its own, smaller depth, in a replay of its own.",
        *_venues(all_markets), *_informed(all_markets), *_fees(weeks), *_capital(weeks))


def _venues(all_markets: tuple[Market, ...]) -> list[str]:
    rows, checks = [], []
    for market in all_markets:
        of = venues(market)
        days = of["base"].days

        def per(amount: float, days: float = days) -> float:
            return amount / days

        free = market.alone("--fee-bps", 0, fee=0).product.realised
        full = of["base"].recorded
        tick = [("tick pool, reforms at 200 bp", of["base"], market.part(*BASE)),
                ("tick pool, no reforms", of["never"], market.part("--fee-bps", 5))]
        for name, run, part in tick:
            rows.append([f"{market.title}: {name}", num(run.depth), percent(part), num(per(run.pool.fees)),
                         num(per(run.pool.loss)), signed(per(run.pool.kept)), signed(per(run.pool.gain))])
        product = of["product"].product
        rows.append([f"{market.title}: constant product", "1.00", percent(market.part(*BASE, depth=1)),
                     num(per(product.fees)), num(per(product.loss)), signed(per(product.kept)),
                     signed(per(product.gain))])
        for name, told, depth in (
                ("recorded pool, all prices", full, 1.0),
                ("recorded pool, as wide as the curve", of["wide"].recorded, None),
                ("recorded pool, as deep as the tick pool", of["deep"].recorded, of["base"].depth)):
            if depth is None:
                wide = 1 + 6 * market.alone(*BASE).volatilities[-1] * sqrt(7 / 365)
                depth = 1 / (1 - 1 / sqrt(round(wide, 3)))
            rows.append([f"{market.title}: {name}", num(depth), percent(told["fees"] / (5e-4 * told["volume"])),
                         num(per(told["fees"])), num(per(free * depth)),
                         signed(per(told["fees"] - free * depth)), signed(per(told["gain"]))])
        checks.append((product, full, days, of))
    (product, full, days, of), *others = checks
    base, deep = of["base"].pool, of["deep"].recorded
    near = [abs(p.gain - f["gain"]) / d for p, f, d, _ in checks]
    short = [(p.kept - f["fees"] + m.alone("--fee-bps", 0, fee=0).product.realised) / d
             for (p, f, d, _), m in zip(checks, all_markets)]
    lost = all_markets[0].alone("--fee-bps", 0, fee=0).product.realised * of["base"].depth
    part = all_markets[0].part
    diluted = part(*BASE) / (part(*BASE, depth=1) * of["base"].depth)
    per_depth = (base.loss / of["base"].depth / product.loss - 1,
                 base.fees / of["base"].depth / product.fees - 1)
    return [
        "At 5 bp everywhere, A a day for 1,000,000 A:",
        table(["record: venue", "depth", "part of flow", "fees", "LVR", "against rebalancing", "against holding"], rows),
        "LVR of positions in the recorded pool is that of realised moves at their depth.",
        claim(max(near) < 35,
              "- **How far to trust the replay.** A constant product at 5 bp with its part of the flow should do "
              "what a position over all prices did in the recorded pool, where no replay comes in. Against holding "
              "they differ by "
              f"{', '.join(num(x) for x in near[:-1])} and {num(near[-1])} A a day: its part of the flow stays the "
              "same and does not follow the recorded liquidity from minute to minute, so arbitrage comes to it in "
              "addition and pays fees. ")
        + claim(short[0] > base.kept / days / of["base"].depth > 0 > deep["fees"] - lost,
                f"Against rebalancing that is {num(short[0])} A a day in the weeks for a depth of 1, where the tick "
                f"pool keeps {num(base.kept / days / of['base'].depth, 1)} for each depth, and a recorded position as "
                f"deep kept {signed((deep['fees'] - lost) / days)}: "
                "**the sign of what is left against rebalancing is beyond the method**.")
        + "\n" + claim(base.kept > 0 and base.gain > 0 and all(o["base"].pool.kept > -150 for *_, o in others)
                       and others[0][3]["base"].pool.gain < 0 < others[1][3]["base"].pool.gain,
              f"- **With flow the pool about covers its loss.** In the three weeks fees were {num(base.fees / days)} "
              f"A a day and LVR {num(base.loss / days)}: {signed(base.kept / days)} against rebalancing, "
              f"{signed(base.gain / days)} against holding, or {signed(base.gain / days * 365 / 1e6 * 100, 1)} % a "
              f"year of the capital. Of the two days one lost {num(-others[0][3]['base'].pool.gain)} A against "
              "holding, as the price fell by "
              f"{num(-others[0][3]['base'].move * 100, 1)} %, the other gained {num(others[1][3]['base'].pool.gain)}.")
        + "\n" + claim(abs(per_depth[0]) < 0.01 and per_depth[1] < -0.03 and abs(per_depth[1] - (diluted - 1)) < 0.01,
              "- **It is leverage, not an edge.** For each unit of depth the tick pool loses what the constant "
              f"product loses (LVR {signed(per_depth[0] * 100)} %) and earns {percent(-per_depth[1], 1)} less, "
              "because its own depth dilutes "
              f"its part of the flow ({percent(part(*BASE), 1)} instead of "
              f"{percent(part(*BASE, depth=1) * of['base'].depth, 1)}). The shape decides how much capital a unit of "
              "depth takes; fee and flow decide what it earns.")
        + "\n" + claim(of["never"].pool.gain > deep["gain"] > base.gain,
              "- **A position in the recorded pool, as deep as the tick pool, did about as well.** Against holding "
              f"it made {signed(deep['gain'] / days)} A a day in the weeks, the tick pool {signed(base.gain / days)} "
              "with reforms and "
              f"{signed(of['never'].pool.gain / days)} without."),
    ]


def _informed(all_markets: tuple[Market, ...]) -> list[str]:
    rows = []
    for market in all_markets:
        rows.append([market.title, *[f"{signed(made * 1e4)} ± {num(error * 1e4)}"
                                     for made, error in mark_outs(market)]])
    weeks, first, second = (mark_outs(market) for market in all_markets)
    base = all_markets[0].shared(*BASE, hours=True)
    later = weeks[2][0] - weeks[0][0]
    corrected = (base.pool.kept - later * base.pool.flow_volume) / base.days
    return [
        "**Do recorded traders know something?** What they made in the recorded pool, its fee paid, in basis points "
        "of what they traded, if what they got is worth the pool's price some time later:",
        table(["record", *[name for _, name in HORIZONS]], rows),
        "± one standard error, by the jackknife over days (weeks) or hours (days).",
        "![Mark-out of recorded traders](study-markout.svg)",
        claim(weeks[0][0] < 0 and weeks[2][0] > 3 * weeks[2][1],
              f"- In the weeks they did: at the price of their own minute they lose {num(-weeks[0][0] * 1e4)} bp, "
              f"five minutes later they have made {num(weeks[2][0] * 1e4)} bp after the fee. Those who provided the "
              "recorded pool lost that, together, against rebalancing.")
        + "\n" + claim(second[2][0] < 0 and first[2][0] > 0 and first[2][0] < 2.5 * first[2][1],
              f"- On the day of 2023 they paid {num(-second[2][0] * 1e4)} bp, on that of 2022 they made "
              f"{num(first[2][0] * 1e4)} bp, less than two and a half errors.")
        + "\n" + claim(corrected < 0 < base.pool.kept,
              "- So **the gain against rebalancing above is too good**: it takes the price of the minute as the "
              "market's, and the recorded pool lags behind. Valued five minutes later, recorded orders take "
              f"{num(later * 1e4)} bp more of the "
              f"{num(base.pool.flow_volume / base.days / 1e6)} million A that they trade in the tick pool a day, and "
              f"the {signed(base.pool.kept / base.days)} A a day become about {signed(corrected)}. (Worth against "
              "holding does not depend on it.)")
        + "\n- **Recorded flow contains the arbitrage of the recorded pool.** A pool that gets its part of it is "
          "brought along with the market by these very orders, and little is left to the arbitrageurs of the replay: "
          ""
        + claim(base.pool.profit < 0.2 * all_markets[0].alone(*BASE).pool.profit,
                f"they keep {num(base.pool.profit / base.days)} A a day, against "
                f"{num(all_markets[0].alone(*BASE).pool.profit / base.days)} when they are alone. To add them to the "
                "flow does not count them twice, because they take only what is left; "
                "but a pool with a higher fee than the recorded one would not get this part of the flow, and with a "
                "lower one it would get more."),
    ]


SCHEDULES = (
    ("0 bp", ("--fee-bps", 0, "--thin-spread")),
    ("5 bp", ("--fee-bps", 5)),
    ("30 bp", ("--fee-bps", 30)),
    ("5 bp, skewed by 0.02", ("--fee-bps", 5, "--fee-skew", 0.02, "--fee-min-bps", 1)),
    ("by volatility, 0.0033", ("--fee-vol", 0.0033)),
)


def flat(market: Market, like: Result) -> Result:
    """The flat fee that traders pay as much at, on average."""
    return market.shared("--fee-bps", round(like.pool.mean_fee * 1e4, 3), *REFORM)


def _fees(weeks: Market) -> list[str]:
    rows, runs = [], {}
    for name, options in SCHEDULES:
        told = runs[name] = weeks.shared(*options, *REFORM)
        even = None if name == "0 bp" else flat(weeks, told)
        rows.append([name, num(told.pool.mean_fee * 1e4), num(told.pool.fees / told.days),
                     num(told.pool.loss / told.days), signed(told.pool.kept / told.days),
                     signed(told.pool.gain / told.days),
                     "" if even is None else signed(even.pool.kept / told.days),
                     "" if even is None else signed(even.pool.gain / told.days)])
    skewed, volatile = (runs[name] for name in ("5 bp, skewed by 0.02", "by volatility, 0.0033"))
    better = [(run.pool.kept - flat(weeks, run).pool.kept) / run.days for run in (skewed, volatile)]
    return [
        "**Other fees**, three weeks, all of the part of the flow still coming (which it would not at 30 bp):",
        table(["fee", "paid on average, bp", "fees", "LVR", "against rebalancing", "against holding",
               "a flat fee of that average: against rebalancing", "against holding"], rows),
        claim(runs["0 bp"].pool.loss > 0 and abs(runs["0 bp"].pool.kept / weeks.alone("--fee-bps", 0, *REFORM, "--thin-spread", fee=0).pool.kept - 1) < 0.001,
              "- Without a fee flow brings nothing: the loss is that of arbitrage alone, whoever trades. What one "
              "trader overpays by his slippage, the next one takes.")
        + "\n" + claim(max(abs(b) for b in better) < 30,
              "- **Clever fees earn what they cost.** Skewed towards the oracle price, or proportional to sigma, "
              f"they differ from a flat fee of the same average by {signed(better[0])} and {signed(better[1])} A a "
              "day. "
              "Recorded traders do not react, so nothing is to be seen here of what a skew is for, to make trades "
              "back cheaper than trades away."),
    ]


def _capital(weeks: Market) -> list[str]:
    rows, runs = [], {}
    for capital in (1e6, 1e7):
        told = runs[capital] = weeks.shared(*BASE, "--capital", capital)
        product = weeks.product(*BASE, "--capital", capital)
        part, plain = (weeks.part(*BASE, "--capital", capital, depth=d) for d in (None, 1))
        scale = capital / 1e6 * told.days
        rows.append([f"{capital / 1e6:.0f} million A", percent(part, 1), signed(told.pool.kept / scale),
                     signed(told.pool.gain / scale), percent(plain, 1), signed(product.product.kept / scale),
                     signed(product.product.gain / scale), signed(told.recorded["gain"] / scale)])
    small, large = runs[1e6].pool, runs[1e7].pool
    return [
        "**More capital**, A a day for each million of it:",
        table(["capital", "part of flow", "tick pool: against rebalancing", "against holding", "constant product: part of flow",
               "against rebalancing", "against holding", "recorded pool, all prices: against holding"], rows),
        claim(small.kept > 0 > large.kept and large.gain < 0,
              "- LVR grows with depth, flow with the part of it, which cannot grow beyond all. Ten times the capital "
              "turn the gain into a loss: **the pool's size decides more than its shape**."),
    ]


# MARK: Break-even


@cache
def at(market: Market, fee: float, stays: float, venue: str = "pool") -> Result:
    """At a flat fee, with so much of the part of the flow staying that a fee of 5 bp would bring."""
    options = ("--fee-bps", fee, *REFORM) if fee >= 0.5 else ("--fee-bps", fee, *REFORM, "--thin-spread")
    if venue == "pool":
        return market.run(market.part(*BASE) * stays, *options, fee=fee)
    return market.run(market.part(*BASE, depth=1) * stays, *options, fee=fee)


def break_even(all_markets: tuple[Market, ...]) -> str:
    """Section 4."""
    weeks = all_markets[0]
    rows = []
    for fee in GRID:
        runs = [at(weeks, fee, stays) for stays in STAYS]
        rows.append([f"{fee} bp", *[signed(run.pool.kept / run.days) for run in runs],
                     *[signed(run.pool.gain / run.days) for run in runs]])
    days = at(weeks, 5, 1).days
    hold = crossing(lambda fee: at(weeks, round(fee, 4), 1).pool.gain, 0.6, 30)
    rebalance = crossing(lambda fee: at(weeks, round(fee, 4), 1).pool.kept, 0.6, 30)
    alone = crossing(lambda fee: at(weeks, round(fee, 4), 0).pool.gain, 5, 100)
    product = crossing(lambda fee: at(weeks, round(fee, 4), 1, "product").product.kept, 0.6, 30)
    free, full = at(weeks, 0, 0).pool.loss / days, at(weeks, 5, 1).pool.flow_volume / days
    theta = 1 / (2 * at(weeks, 0, 0).pool.loss / at(weeks, 0, 0).pool.volume)
    noise = 2 * free / (full + sqrt(full * full + 4 * theta * free * full))
    behind = mark_outs(weeks)[2][0] - mark_outs(weeks)[0][0]

    def valued_later(fee: float) -> float:
        pool = at(weeks, round(fee, 4), 1).pool
        return pool.kept - behind * pool.flow_volume

    later = crossing(valued_later, 0.6, 30)
    target = at(weeks, 5, 1).pool.gain
    needed = {fee: crossing(lambda part, f=fee: at(weeks, f, round(part, 5)).pool.gain - target, 0, 1)
              for fee in (10, 30)}
    return page(
        "## Which fee breaks even?",
        "Three weeks, a flat fee, and so much of the part of the flow as still comes at it; A a day for 1,000,000 A.",
        table(["fee", *[f"against rebalancing: {percent(s, 0)} stays" if i == 0 else f"{percent(s, 0)}" for i, s in enumerate(STAYS)],
               *[f"against holding: {percent(s, 0)} stays" if i == 0 else f"{percent(s, 0)}" for i, s in enumerate(STAYS)]], rows),
        "![Against rebalancing by fee](study-fees.svg)",
        claim(all(at(weeks, fee, 0).pool.kept < 0 for fee in GRID) and hold < 5 and rebalance < 5,
              f"- With all of its part of the flow the pool is even with rebalancing at {num(rebalance, 1)} bp (the "
              f"constant product at {num(product, 1)}), and with holding at {num(hold, 1)} bp. Without flow it is "
              "never even with rebalancing, and with holding "
              f"at {num(alone, 0)} bp on this path, by the way that the price went.")
        + "\n" + claim(5 < later < 10,
              f"- The market's price of five minutes later instead of that of the minute asks for {num(later, 1)} bp. "
              "The recorded pools' 5 bp were not enough for that.")
        + "\n" + claim(abs(noise * 1e4 / rebalance - 1) < 0.1,
              "- [risk.md](risk.md)'s formula for the fee at which others pay for arbitrage, with the loss per "
              f"volume and the flow of these weeks, says {num(noise * 1e4, 1)} bp. It is close to the "
              f"{num(rebalance, 1)} of the replay, though its others know nothing and come in addition "
              "to arbitrage, and the recorded ones contain it.")
        + "\n" + claim(0 < needed[30] < needed[10] < 0.6,
              "- A higher fee pays if enough flow stays: 10 bp bring as much against holding as 5 bp do if "
              f"{percent(needed[10], 0)} of it stays, 30 bp if {percent(needed[30], 0)}. The record cannot say how "
              "much would, beside a pool that asks for 5 bp."),
        *_slippage(all_markets[1:]))


def _slippage(days: list[Market]) -> list[str]:
    rows, small, large = [], [], []
    for market in days:
        told = market.shared(*BASE)
        for bucket in told.pool.slippage:
            recorded = bucket.get("recordedBps")
            if bucket["trades"] < 20 or recorded is None or bucket["from"] < 0.1:
                continue
            size = bucket["from"]
            rows.append([f"{market.title}: {num(size, 1 if size < 1 else 0)} to {num(10 * size, 0)}", f"{bucket['trades']:,}",
                         num(bucket["bps"]), num(recorded)])
            (small if size < 10 else large).append((bucket["bps"], recorded))
    return [
        "**Slippage** on the two days: the average price over the price before, fee included, weighted by size. An "
        "order is as large as what comes to the tick pool of it; *recorded* is the whole order in the recorded pool. "
        ""
        "If the split by depth is right, both are alike.",
        table(["day: order, worth in A", "orders", "tick pool, bp", "recorded, bp"], rows),
        claim(all(abs(mine - theirs) < 0.35 * theirs for mine, theirs in small + large),
              f"They are, within {percent(max(abs(mine / theirs - 1) for mine, theirs in small + large), 0)}. Small "
              f"orders pay up to {num(max(mine - theirs for mine, theirs in small))} bp more, for the steps of its "
              "ticks; where the recorded "
              "liquidity changed over the day, a part that stays the same is too much or too little."),
    ]
