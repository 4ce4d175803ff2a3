"""How sure all of it is: day by day, and beside made-up paths."""

from __future__ import annotations

from functools import cache
from statistics import mean, stdev

from .arbitrage import formula
from .flow import venues
from .market import BASE, Market
from .replays import mean_and_error
from .text import claim, num, page, percent, signed, table

PATHS = 30


@cache
def days(weeks: Market) -> dict[str, list[float]]:
    """What each of the 23 days brought."""
    of = venues(weeks)
    base, product, deep = of["base"], of["product"], of["deep"]
    gain = base.daily_changes(lambda hour: hour["pool_value"] - hour["held_value"])
    kept = base.daily_sums(lambda hour: hour["pool_fees"] - hour["pool_measured_loss"])
    other = product.daily_changes(lambda hour: hour["product_value"] - hour["held_value"])
    plain = product.daily_sums(lambda hour: hour["product_fees"] - hour["product_measured_loss"])
    there = deep.daily_changes(lambda hour: hour["recorded_value"] - hour["held_value"])
    depth = base.depth
    return {
        "tick pool against holding": gain,
        "constant product against holding": other,
        "tick pool against the constant product": [a - b for a, b in zip(gain, other)],
        "tick pool against a recorded position as deep": [a - b for a, b in zip(gain, there)],
        "tick pool against rebalancing": kept,
        "constant product against rebalancing": plain,
        "the first less its depth times the second": [a - depth * b for a, b in zip(kept, plain)],
    }


@cache
def paths(weeks: Market) -> dict[str, tuple[float, list[float]]]:
    """Figures of the recorded weeks, and of paths of the same length and volatility, A a day; arbitrage and, in the last row, noise
    as large as the flow."""
    replays, fixed = weeks.replays, ("--iv", round(weeks.alone(*BASE).volatility, 6))
    moves = weeks.record.move(3600)
    steps = len(weeks.record.times)
    flow = weeks.shared(*BASE, volatility=fixed)
    noise = ("--noise-volume", round(flow.pool.flow_volume / flow.days),
             "--noise-size", round(flow.pool.flow_volume / flow.pool.flow_trades))
    files = [replays.path(seed, 1000, moves, steps - 1) for seed in range(1, PATHS + 1)]

    def both(options, read, extra=(), recorded=None):
        runs = [replays.run(*fixed, file, "--product-fee-bps", 5, *options, *extra) for file in files]
        real = weeks.alone(*options, volatility=fixed) if recorded is None else recorded
        return read(real) / real.days, [read(run) / run.days for run in runs]

    never = ("--fee-bps", 5)
    gains, others = (both(options, lambda run: run.pool.gain) for options in (BASE, never))
    kept, less = (both(options, lambda run: run.pool.kept) for options in (BASE, never))
    by = (both(BASE, lambda run: formula(run.pool.realised, weeks.record.move(60), 5))[0],
          both(BASE, lambda run: formula(run.pool.realised, moves, 5))[1])
    return {
        "volume of arbitrage": both(BASE, lambda run: run.pool.volume),
        "LVR": both(BASE, lambda run: run.pool.loss),
        "profit of arbitrage": both(BASE, lambda run: run.pool.profit),
        "that profit by the formula": by,
        "against rebalancing": kept,
        "against holding": gains,
        "against holding, no reforms": others,
        "what reforms brought against holding": difference(gains, others),
        "what reforms brought against rebalancing": difference(kept, less),
        "constant product against holding": both(BASE, lambda run: run.product.gain),
        "against rebalancing, with flow or noise":
            both(BASE, lambda run: run.pool.kept, noise, recorded=flow),
        "against holding, with flow or noise":
            both(BASE, lambda run: run.pool.gain, noise, recorded=flow),
    }


def difference(one, other) -> tuple[float, list[float]]:
    return one[0] - other[0], [a - b for a, b in zip(one[1], other[1])]


def certainty(all_markets: tuple[Market, ...]) -> str:
    """Section 8."""
    weeks = all_markets[0]
    told = {name: mean_and_error(values) for name, values in days(weeks).items()}
    rows = [[name, signed(middle), num(error), num(abs(middle) / error, 1)]
            for name, (middle, error) in told.items()]
    gain, kept = told["tick pool against holding"], told["tick pool against rebalancing"]
    rival, deep = (told["tick pool against the constant product"],
                   told["tick pool against a recorded position as deep"])
    diluted = told["the first less its depth times the second"]
    count = len(days(weeks)["tick pool against holding"])
    enough = count * (2 * gain[1] / gain[0]) ** 2
    values = days(weeks)["tick pool against rebalancing"]
    early, late = mean(values[:12]), mean(values[12:])
    return page(
        "## How sure is this?",
        f"**Day by day**, {count} days of the weeks with flow, the base pool, A a day for 1,000,000 A:",
        table(["", "mean", "standard error", "errors from 0"], rows),
        "![Day by day](study-days.svg)",
        claim(abs(gain[0]) < gain[1] and abs(rival[0]) < rival[1] and abs(deep[0]) < deep[1] and enough > 365,
              "- **Against holding, against the constant product and against the recorded pool nothing is certain.** "
              f"The gain of {signed(gain[0])} A a day has an error of {num(gain[1])}: it would take about "
              f"{num(enough, 0)} such days to tell it from nothing. The way that the price goes drowns what a pool "
              "earns; no replay of weeks can "
              "decide this, whatever it shows.")
        + "\n" + claim(kept[0] > kept[1] and kept[0] < 2 * kept[1] and early < 0 < late,
              f"- Against rebalancing the price's way is out of it: {signed(kept[0])} ± {num(kept[1])}, less than two "
              f"errors from nothing. The days are not alike: the first 12 brought {signed(early)} a day, the others "
              f"{signed(late)}, as the market calmed down.")
        + "\n" + claim(diluted[0] < -4 * diluted[1],
              "- What is certain: with its part of the flow the tick pool keeps less than a constant product of its "
              f"depth, by {num(-diluted[0])} ± {num(diluted[1])} A a day, since a deeper pool dilutes its own part."),
        *_paths(weeks))


def _paths(weeks: Market) -> list[str]:
    rows = []
    told = paths(weeks)
    for name, (real, made) in told.items():
        rows.append([name, signed(real), signed(mean(made)), num(stdev(made)),
                     f"{sum(x < real for x in made)} of {len(made)}"])
    volume, loss, profit = (told[name] for name in ("volume of arbitrage", "LVR", "profit of arbitrage"))
    gain, moved = told["against holding"], told["what reforms brought against holding"]
    flow, kept = told["against rebalancing, with flow or noise"], told["against rebalancing"]
    inside = [sum(x < told[name][0] for x in told[name][1])
              for name in ("against holding", "against holding, no reforms", "constant product against holding")]
    cost = told["what reforms brought against rebalancing"]
    chance = [a - b for a, b in zip(moved[1], cost[1])]
    error = stdev(chance) / len(chance) ** 0.5
    by = told["that profit by the formula"]
    alone = weeks.alone(*BASE, volatility=("--iv", round(weeks.alone(*BASE).volatility, 6)))
    before = alone.pool.kept / alone.days
    return [
        f"**Beside {PATHS} made-up paths**: as many minutes of geometric Brownian motion without drift at the "
        f"volatility that the record's hourly moves had, {percent(weeks.record.move(3600), 0)}, seeds 1 to {PATHS} of "
        "`damm path`. Same pool, "
        "same constant implied volatility in both. Arbitrage alone; in the last two rows with the recorded flow, and "
        "on the paths with as much noise instead.",
        table(["A a day", "record", "mean of the paths", "standard deviation", "paths below the record"], rows),
        "![Record and paths](study-paths.svg)",
        claim(all(3 <= rank <= PATHS - 3 for rank in inside),
              f"- Against holding the weeks were ordinary: {inside[0]}, {inside[1]} and {inside[2]} of {PATHS} paths "
              "did worse.")
        + "\n" + claim(sum(x < volume[0] for x in volume[1]) == 0 and volume[0] < 0.8 * mean(volume[1])
                       and profit[0] > mean(profit[1]) and abs(mean(by[1]) / mean(profit[1]) - 1) < 0.02 and by[0] < 0.85 * profit[0],
              f"- Their moves were not: arbitrage had {percent(1 - volume[0] / mean(volume[1]), 0)} less volume than "
              "on the paths, and more profit. A market that rests and then jumps pays fewer fees for the same loss. "
              f"On the paths the formula for what fees leave to arbitrage is right ({num(mean(by[1]))} and "
              f"{num(mean(profit[1]))} A a day); on the record it says "
              f"{num(by[0])} instead of {num(profit[0])}.")
        + "\n" + claim(abs(mean(chance)) < 2.5 * error and mean(cost[1]) < 0,
              f"- Reforms brought {signed(moved[0])} A a day against holding in the record, and "
              f"{signed(mean(moved[1]))} on the paths, of which {signed(mean(cost[1]))} is the greater depth; the "
              f"rest, {signed(mean(chance))} ± {num(error)}, is chance.")
        + "\n" + claim(flow[0] < mean(flow[1]) - 3 * stdev(flow[1]) and flow[0] - before < 0.8 * (mean(flow[1]) - mean(kept[1])),
              "- **Traders who know nothing would be worth more.** As much noise adds "
              f"{num(mean(flow[1]) - mean(kept[1]))} A a day to what arbitrage alone leaves against rebalancing, the "
              f"recorded flow {num(flow[0] - before)}; what stays is {signed(mean(flow[1]))} and {signed(flow[0])}. A "
              "study that feeds a pool with noise makes it look this much better.")
        ,
    ]


def limits() -> str:
    """Section 9."""
    return page(
        "## What the data cannot say",
        "- **How traders react.** Their orders are those that they gave to another pool at another fee. Which of "
        "them would come at 30 bp, or leave for a skew or a surge, is not in the record; every row with a fee other "
        "than 5 bp is a what-if, with the part that stays given by hand.\n"
        "- **Who else is there.** Flow is split between two pools. Others took part of the market's flow and would "
        "take part of this one's, and other providers would come or leave as it pays.\n"
        "- **What the market's price was.** The reference is the recorded pool's own price, which stands anywhere "
        "within its 5 bp of the market and lags behind it. The mark-out above says that this matters by some 2 bp of "
        "what is traded, as much as all that the pool keeps.\n"
        "- **What happened inside a minute.** Minutes are sums in both directions; the way between is lost, and with "
        "it arbitrage to and fro. A step a swap, on the two days, is finer, but orders of one block still come one "
        "after the other.\n"
        "- **What it costs to trade.** No gas, no failed transactions, no order within a block: the replay's "
        "arbitrageurs are always there, always second to the flow, and trade for nothing. The recorded ones paid for "
        "it, and their trades are as large as that made them.\n"
        "- **Liquidity as it was.** The part of the flow is one number for each record, though the recorded "
        "liquidity changed from minute to minute, on the day of 2023 by liquidity that came for single swaps.\n"
        "- **Another volatility.** The index is one of options over 30 days, of another venue, known once a day. A "
        "pool with a horizon of a week would want that of a week.\n"
        "- **Other times.** Three weeks in which the price rose, a day on which it fell, a day between. None of them "
        "is a crash, or a year.",
    )
