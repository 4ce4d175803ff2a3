"""What a designer may set: volatility, horizon, width, reforms, markets on a shared pool."""

from __future__ import annotations

from pathlib import Path
from statistics import mean, stdev

from .arbitrage import REFORMS
from .flow import flat
from .market import BASE, Market
from .replays import Replays, Result
from .text import claim, num, page, percent, signed, table

FOLLOW = (*BASE, "--reform-volatility", 0.02)


def spread(values: list[float]) -> float:
    return stdev(values) / mean(values)


def volatility(weeks: Market, data: Path) -> str:
    """Section 5."""
    average = weeks.alone(*BASE).volatility
    sources = (("index, daily", None), ("its mean", average), ("half of that", average / 2),
               ("double", average * 2))
    told: dict[str, Result] = {}
    rows = []
    for name, level in sources:
        fixed = None if level is None else ("--iv", round(level, 6))
        run = told[name] = weeks.shared(*FOLLOW, volatility=fixed)
        part = weeks.part(*FOLLOW, volatility=fixed)
        rows.append(_row(name, run, part))
    shapes = [((), f"{days} days, k = {k}", ("--horizon-days", days, "--k", k))
              for days, k in ((1, 6), (7, 6), (30, 6), (7, 3), (7, 2))]
    others = {name: (weeks.shared(*BASE, *options), weeks.part(*BASE, *options))
              for _, name, options in shapes}
    real, fixed = told["index, daily"], told["its mean"]
    days = real.days
    per_depth = {name: run.pool.kept / run.days / run.depth for name, run in told.items()}
    losses = {name: run.pool.loss / run.days / run.depth for name, run in told.items()}
    narrow, wide = told["half of that"], told["double"]
    low, high = weeks.alone(*BASE).volatilities[0], weeks.alone(*BASE).volatilities[-1]
    k = {name: run for name, (run, _) in others.items()}
    return page(
        "## Volatility: does the real one pay?",
        "Three weeks with flow at 5 bp, reforms at 200 bp and, where volatility changes, at 2 % of it. *Spread* is "
        "the standard deviation of a day's LVR over its mean.",
        table(["volatility", "depth", "part of flow", "fees", "LVR", "against rebalancing", "for each depth", "against holding",
               "spread"], rows),
        claim(abs(real.pool.kept - fixed.pool.kept) / days < 25 and abs(real.pool.gain - fixed.pool.gain) / days < 60
              and real.pool.gain < fixed.pool.gain,
              f"- **Not in these weeks.** With the index the pool made {signed(real.pool.kept / days)} A a day "
              f"against rebalancing, with a constant of the same mean {signed(fixed.pool.kept / days)}; against "
              f"holding {signed(real.pool.gain / days)} and {signed(fixed.pool.gain / days)}. "
              f"The index moved between {percent(low, 0)} and {percent(high, 0)} only: the constant, which nobody "
              "would have known, was never far.")
        + "\n" + claim(narrow.depth > 1.8 * fixed.depth and wide.depth < 0.55 * fixed.depth
                       and max(losses.values()) / min(losses.values()) < 1.05
                       and narrow.pool.kept > 0 and wide.pool.kept > 0 and per_depth["half of that"] < per_depth["double"],
              f"- **The level sets the leverage.** At half the volatility the pool is {num(narrow.depth)} times as "
              f"deep as a constant product, at double {num(wide.depth)} times; LVR for each depth is the same within "
              f"{percent(max(losses.values()) / min(losses.values()) - 1, 0)}. What is left for each depth "
              f"falls from {num(per_depth['double'], 1)} to {num(per_depth['half of that'], 1)} A a day as the pool "
              "dilutes its own part of the flow.")
        + "\n" + claim(abs(spread(real.losses) - spread(fixed.losses)) < 0.05,
              f"- Nor did it even out the loss: the spread of a day's LVR is {num(spread(real.losses))} with the "
              f"index and {num(spread(fixed.losses))} without."),
        *_hourly(weeks.replays, data),
        "Horizon and width, with the index:",
        table(["horizon, half width", "depth", "part of flow", "fees", "LVR", "against rebalancing", "for each depth", "against holding",
               "spread"], [_row(name, run, part) for name, (run, part) in others.items()]),
        claim(k["1 days, k = 6"].depth > 2 * k["7 days, k = 6"].depth > 4 * k["30 days, k = 6"].depth
              and k["1 days, k = 6"].pool.kept < k["7 days, k = 6"].pool.kept > k["30 days, k = 6"].pool.kept,
              "- **The horizon** does what the volatility does, by its root: a day makes the curve "
              f"{num(k['1 days, k = 6'].depth / k['7 days, k = 6'].depth)} times as deep as a week. Against "
              f"rebalancing a week kept more ({signed(k['7 days, k = 6'].pool.kept / days)} A a day) than a day "
              f"({signed(k['1 days, k = 6'].pool.kept / days)}) and a month "
              f"({signed(k['30 days, k = 6'].pool.kept / days)}): more depth brings more flow until it competes with "
              "itself.")
        + "\n" + claim(abs(k["7 days, k = 3"].depth / k["7 days, k = 6"].depth - 1) < 0.01
                       and abs(k["7 days, k = 2"].depth / k["7 days, k = 6"].depth - 1) < 0.1,
              "- **Half width** matters little: at k = 3 all is as at 6, at k = 2 the pool is "
              f"{percent(k['7 days, k = 2'].depth / k['7 days, k = 6'].depth - 1, 0)} deeper."),
    )


def _row(name: str, run: Result, part: float) -> list[str]:
    days = run.days
    return [name.replace("1 days", "1 day"), num(run.depth), percent(part, 1), num(run.pool.fees / days), num(run.pool.loss / days),
            signed(run.pool.kept / days), signed(run.pool.kept / days / run.depth, 1), signed(run.pool.gain / days),
            num(spread(run.losses))]


def _hourly(replays: Replays, data: Path) -> list[str]:
    """A market whose volatility did move, by the hour and without flow."""
    candles = str(data / "eth-hourly-2024" / "ETHUSDT_1h_2024-01-21_2024-06-30.csv")
    index = str(data / "eth-hourly-2024" / "eth_dvol_1h_2024-03-21_2024-06-30.csv")
    options = ("--fee-bps", 5, "--reform-bps", 200, "--reform-volatility", 0.02)
    real = replays.run(index, candles, *options)
    constant = replays.file("constant.csv", f"time,volatility\n2024-03-21 01:00:00,{real.volatility:.6f}\n")
    fixed = replays.run(constant, candles, *options)
    days = real.days
    return [
        claim(real.steps == fixed.steps and abs(spread(real.losses) - spread(fixed.losses)) < 0.05
              and abs(real.pool.loss / fixed.pool.loss - 1) < 0.1,
              f"- A longer record without flow, {num(days, 0)} days of hourly prices in 2024 with an index between "
              f"{percent(real.volatilities[0], 0)} and {percent(real.volatilities[-1], 0)}: LVR "
              f"{num(real.pool.loss / days)} A a day with the index and {num(fixed.pool.loss / days)} with its "
              f"mean, the spread of a day's LVR {num(spread(real.losses))} and {num(spread(fixed.losses))}; against "
              f"holding {signed(real.pool.gain / days)} and {signed(fixed.pool.gain / days)}. The real volatility "
              "need not be guessed, and that is worth something; "
              "a source of income it is not."),
    ]


# MARK: Reforms


def reforms(weeks: Market) -> str:
    """Section 6."""
    rows, told = [], {}
    surge = ("--surge-bps", 10, "--surge-half-life", 60)
    for funding in ("geometric-mean", "full"):
        for bps in REFORMS:
            for extra in ((), surge) if bps is not None else ((),):
                options = ("--fee-bps", 5, "--funding", funding,
                           *(() if bps is None else ("--reform-bps", bps)), *extra)
                run = weeks.shared(*options)
                plain = None
                if extra:
                    part = weeks.part(*options)
                    plain = weeks.run(part, "--fee-bps", round(run.pool.mean_fee * 1e4, 3), *options[2:-4])
                told[funding, bps, bool(extra)] = run, plain
                rows.append([
                    f"`{funding}`, " + ("never" if bps is None else f"at {bps} bp") + (", surge" if extra else ""),
                    f"{run.pool.reforms:,}", num(run.depth), num(run.pool.mean_fee * 1e4),
                    signed(run.pool.kept / run.days), signed(run.pool.kept / run.days / run.depth, 1),
                    signed(run.pool.gain / run.days), "" if plain is None else signed(plain.pool.kept / run.days)])
    days = weeks.alone(*BASE).days
    never = told["geometric-mean", None, False][0]
    often = told["geometric-mean", 10, False][0]
    eager, plain = told["geometric-mean", 10, True]
    each = [told["geometric-mean", bps, False][0] for bps in REFORMS]
    depths = [run.pool.kept / days / run.depth for run in each]
    full = told["full", 10, False][0]
    gaps = [(run.pool.kept - other.pool.kept) / days for run, other in told.values() if other is not None]
    return page(
        "## Reforms: what they cost, and what a surge brings",
        "Three weeks with flow, 5 bp; the surge adds 10 bp after each reform and halves every minute.",
        table(["funding, reforms", "reforms", "depth", "fee paid, bp", "against rebalancing", "for each depth", "against holding",
               "a flat fee of that average: against rebalancing"], rows),
        claim(max(depths) - min(depths) < 3,
              "- **They cost nothing here, and earn nothing.** With funding `geometric-mean` the pool keeps "
              f"{num(min(depths), 1)} to {num(max(depths), 1)} A a day against rebalancing for each depth, with no "
              f"reform as with {often.pool.reforms:,} of them.")
        + "\n" + claim(often.pool.gain < never.pool.gain and full.pool.gain < 0,
              f"- Against holding they cost: {signed(often.pool.gain / days)} A a day instead of "
              f"{signed(never.pool.gain / days)}, and with funding `full` {signed(full.pool.gain / days)}. A curve "
              "that is formed around a higher price has sold for good what an old one would buy back. "
              "On this path, up in the end, that lost; over many paths it is a matter of chance (below).")
        + "\n" + claim(all(-60 < gap < 60 for gap in gaps) and eager.pool.kept > often.pool.kept + 500 * days,
              f"- **A surge is a higher fee.** At every reform at 10 bp it makes {num(eager.pool.mean_fee * 1e4)} bp "
              f"of 5, and earns {num((eager.pool.kept - often.pool.kept) / days)} A a day more from recorded traders, "
              "who come all the same. A flat fee of the same average earns as much, within "
              f"{num(max(abs(g) for g in gaps))} A a day. "
              "What it is for, to make trades around a reform not worth while, is not in the record."),
    )


# MARK: A shared pool


def shared(weeks: Market) -> str:
    """Section 7."""
    part = weeks.part(*BASE)
    kinds = (("no limits", ("--no-limits",)), ("floor 0.9, 0.1 a day", ("--allowance", 0.1)),
             ("floor 0.9, 0.01 a day", ()))
    alone = weeks.run(part, *BASE)
    days = alone.days
    told: dict[tuple, Result] = {(1, ""): alone}
    for count in (2, 4):
        for name, options in kinds:
            told[count, name] = weeks.run(part, *BASE, "--markets", count, *options)
    rows = []
    for (count, name), run in told.items():
        rows.append([
            "a pool of its own" if count == 1 else f"{count} markets, {name}",
            num(run.pool.fees / days), num(run.pool.loss / days), signed(run.pool.kept / days),
            signed(run.pool.gain / days), percent(run.pool.offered, 0), num(run.pool.health),
            percent(refused(run), 0), num(run.pool.farthest, 0)])
    two, four = told[2, "no limits"], told[4, "no limits"]
    tight, loose = told[2, "floor 0.9, 0.01 a day"], told[2, "floor 0.9, 0.1 a day"]
    return page(
        "## Several markets on one pool",
        f"Each market meets the flow that the pool of its own met ({percent(part, 1)} of the record), and all trade "
        "on the same million. *Not filled*: part of the orders, by worth, that markets had to turn away.",
        table(["markets, limits of health", "fees", "LVR", "against rebalancing", "against holding", "on offer of the reserves",
               "least health", "not filled", "farthest from the market, bp"], rows),
        claim(1.9 < two.pool.fees / alone.pool.fees < 2.1 and 1.9 < two.pool.loss / alone.pool.loss < 2.1
              and two.pool.kept > 1.9 * alone.pool.kept,
              "- **Without limits two markets do twice the trade on the same capital**: fees "
              f"{num(two.pool.fees / days)} instead of {num(alone.pool.fees / days)} A a day, LVR "
              f"{num(two.pool.loss / days)} instead of {num(alone.pool.loss / days)}. It is leverage once more: "
              "income and loss both grow with the number of markets.")
        + "\n" + claim(two.pool.health < 0.3 and four.pool.health < 0.01 and refused(four) > 0.01 > refused(two),
              f"- **Health pays for it.** All markets sell B as the price rises, by {percent(two.move, 0)} in the "
              f"end: with two of them health fell to {num(two.pool.health)}, with four to {num(four.pool.health)}, "
              f"and {percent(refused(four), 0)} of the orders could not be filled because a token had run out.")
        + "\n" + claim(refused(tight) > 0.4 and refused(loose) > 0.1 and tight.pool.farthest > 500
                       and all(run.pool.health > 0.899 for (_, name), run in told.items() if name.startswith("floor")),
              "- **Limits of health keep health, and turn trade away.** At the floor of 0.9 and the allowance of "
              f"0.01 a day two markets turned away {percent(refused(tight), 0)} of their orders and four "
              f"{percent(refused(told[4, 'floor 0.9, 0.01 a day']), 0)}; at 0.1 a day two did of "
              f"{percent(refused(loose), 0)}. "
              "There is no way back but the price's: markets that share a pool in a trend want somebody who pays in "
              "what ran short.")
        + "\n" + claim(tight.pool.farthest > 1000,
                       "- Figures of runs with limits are not to be trusted: a market that may not follow the price "
                       "stands a tenth of it and more away; recorded traders, who know nothing, still trade there, "
                       "and arbitrageurs take it back. Nobody would."),
    )


def refused(run: Result) -> float:
    return run.pool.unfilled / (run.pool.unfilled + run.pool.flow_volume)
