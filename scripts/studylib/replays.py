"""Runs of `damm replay`, each a function of its options, and what is read from them."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import mean, stdev

KINDS = ("flow", "noise", "arbitrage")


class Venue:
    """Sums over a replay of a venue: the tick pool, or the constant product. In A."""

    def __init__(self, figures: dict, summary: dict) -> None:
        total = figures["total"]
        self.total = total
        self.gain = summary["gain"]  # against holding
        self.fees = sum(total[kind]["fees"] for kind in KINDS)
        self.loss = sum(total[kind]["taken"] for kind in KINDS)  # LVR, measured
        self.volume = sum(total[kind]["volume"] for kind in KINDS)
        self.flow_volume = total["flow"]["volume"]
        self.flow_trades = total["flow"]["trades"]
        self.predicted = total["predictedLoss"]
        self.realised = total["realisedLoss"]
        self.predicted_profit = total["predictedProfit"]
        self.profit = total["arbitrage"]["taken"] - total["arbitrage"]["fees"]
        self.reforms = total["reforms"]
        self.unfilled = total["unfilled"]
        self.offered = figures["meanOffered"]
        self.health = figures["leastHealth"]
        self.farthest = figures["worstDeviationBps"]
        self.slippage = figures["slippage"]

    @property
    def kept(self) -> float:
        """Against rebalancing: fees less LVR."""
        return self.fees - self.loss

    @property
    def mean_fee(self) -> float:
        """What a trade paid on average, as a rate."""
        return self.fees / self.volume


class Result:
    """What one replay told, without its long rows."""

    def __init__(self, told: dict, keeps_hours: bool) -> None:
        figures, summary = told["figures"], told["summary"]
        self.pool = Venue(figures["pool"], summary["pool"])
        self.product = Venue(figures["product"], summary["product"])
        self.recorded = summary.get("recorded")
        self.markets = figures["markets"]
        self.days = summary["days"]
        self.steps = figures["steps"]
        self.move = figures["endPrice"] / figures["startPrice"] - 1
        self.start_price = figures["startPrice"]
        self.end_price = figures["endPrice"]
        hours = told["hourly"]
        steps = sum(hour["steps"] for hour in hours)
        self.volatility = sum(h["implied_volatility"] * h["steps"] for h in hours) / steps
        self.volatilities = sorted({hour["implied_volatility"] for hour in hours})
        self.losses = self.sums(hours, lambda hour: hour["pool_measured_loss"])
        self.hours = hours if keeps_hours else []

    @property
    def depth(self) -> float:
        """Liquidity at the market price over that of a constant product of the same capital, on average over time:
        both losses are predicted from the same volatility, and differ by |dB/dp| alone."""
        return self.pool.predicted / self.product.predicted

    # Days, of which a last one with a step alone is counted to the day before.

    @staticmethod
    def _days(hours: list[dict]) -> list[list[dict]]:
        days: dict[str, list[dict]] = {}
        for hour in hours:
            days.setdefault(hour["time"][:10], []).append(hour)
        rows = [days[key] for key in sorted(days)]
        if len(rows) > 1 and sum(hour["steps"] for hour in rows[-1]) == 1:
            rows[-2].extend(rows.pop())
        return rows

    @classmethod
    def sums(cls, hours: list[dict], value) -> list[float]:
        """Sums of a value of the hours, day by day."""
        return [sum(value(hour) for hour in day) for day in cls._days(hours)]

    def daily_sums(self, value) -> list[float]:
        return self.sums(self.hours, value)

    def daily_changes(self, value) -> list[float]:
        """By how much a value grew, day by day."""
        ends = [0.0] + [value(day[-1]) for day in self._days(self.hours)]
        return [after - before for before, after in zip(ends, ends[1:])]


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """The mean, and its standard error."""
    return mean(values), stdev(values) / len(values) ** 0.5


class Replays:
    """The binary, and what it answered so far."""

    def __init__(self, binary: Path) -> None:
        self.binary = binary
        self.known: dict[tuple, Result] = {}
        self.folder = tempfile.TemporaryDirectory(prefix="study")

    def run(self, *options, hours: bool = False) -> Result:
        words = tuple(text(option) for option in options)
        if (words, hours) not in self.known:
            told = self.damm("replay", *words, "--json")
            self.known[words, hours] = Result(json.loads(told), hours)
        return self.known[words, hours]

    def damm(self, *words: str) -> str:
        done = subprocess.run([self.binary, *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"damm {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def file(self, name: str, rows: str) -> str:
        """A file of the study's own, which goes with it."""
        path = os.path.join(self.folder.name, name)
        Path(path).write_text(rows, encoding="utf-8")
        return path

    def path(self, seed: int, price: float, volatility: float, steps: int) -> str:
        """A synthetic path of minutes: prices alone, so that the volatility of the replay is another's."""
        told = self.damm(
            "path", "--price", text(price), "--iv", text(volatility), "--steps", str(steps),
            "--step-seconds", "60", "--seed", str(seed))
        rows = (line.split(",")[:2] for line in told.splitlines())
        return self.file(f"path-{seed}.csv", "".join(",".join(row) + "\n" for row in rows))


def text(option) -> str:
    return f"{option:.10g}" if isinstance(option, float) else str(option)


def crossing(function, low: float, high: float, rounds: int = 6) -> float:
    """Where a rising function passes zero, by false position (Illinois); it must do so between the ends."""
    below, above = function(low), function(high)
    if not below < 0 < above:
        raise SystemExit(f"no crossing between {low:g} and {high:g}")
    side = 0
    for _ in range(rounds):
        middle = (low * above - high * below) / (above - below)
        here = function(middle)
        if here < 0:
            low, below, above = middle, here, above / 2 if side < 0 else above
            side = -1
        else:
            high, above, below = middle, here, below / 2 if side > 0 else below
            side = 1
    return middle
