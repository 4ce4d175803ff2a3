"""The record itself: how much its price moved at which interval, and what its traders made by it."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from datetime import datetime, timezone
from pathlib import Path
from statistics import mean


class Record:
    """Flow of a real pool with USDC as token 0 (6 decimals) and WETH as token 1 (18): moments, prices behind them, A and B
    that flowed in on balance, fees included, and volume in A."""

    def __init__(self, times: list[float], prices: list[float], flows: list[tuple]) -> None:
        self.times, self.prices, self.flows = times, prices, flows
        self.logs = [math.log(price) for price in prices]

    @property
    def volume(self) -> float:
        return sum(volume for _, _, volume in self.flows)

    # MARK: Moves

    def move(self, seconds: int) -> float:
        """Volatility a year from the moves over an interval, of all that begin at a whole minute."""
        grid = range(int(self.times[0]) + 60, int(self.times[-1]) - seconds, 60)
        squares = [(self.log(t + seconds) - self.log(t)) ** 2 for t in grid]
        return math.sqrt(mean(squares) * 31_536_000 / seconds)

    def log(self, time: float) -> float:
        return self.logs[bisect_right(self.times, time) - 1]

    @property
    def loss_per_volume(self) -> float:
        """What arbitrage without a fee takes of what it trades if liquidity is even: half of sum r^2 over sum |r|."""
        moves = [after - before for before, after in zip(self.logs, self.logs[1:])]
        return sum(r * r for r in moves) / sum(abs(r) for r in moves) / 2

    @property
    def excess(self) -> float:
        """The fourth moment of its moves over that of a normal distribution."""
        moves = [after - before for before, after in zip(self.logs, self.logs[1:])]
        return mean(r**4 for r in moves) / mean(r * r for r in moves) ** 2 / 3

    # MARK: Traders

    def mark_out(self, seconds: int, block: int, horizon: int = 3600) -> tuple[float, float]:
        """What traders made, their fees paid, over what they traded, if what they got is worth what the pool's price is so
        many seconds later (at 0 that right behind their trades), with its standard error by the jackknife over blocks of time.
        Those of the last `horizon` seconds are left out."""
        blocks: dict[int, list[float]] = {}
        for time, price, (a, b, volume) in zip(self.times, self.prices, self.flows):
            if time + horizon > self.times[-1]:
                break
            later = math.exp(self.log(time + seconds)) if seconds else price
            sums = blocks.setdefault(int(time // block), [0.0, 0.0])
            sums[0] -= a + b * later
            sums[1] += volume
        made, traded = (sum(sums[i] for sums in blocks.values()) for i in (0, 1))
        count = len(blocks)
        without = [(made - m) / (traded - v) for m, v in blocks.values()]
        middle = mean(without)
        error = math.sqrt((count - 1) / count * sum((x - middle) ** 2 for x in without))
        return made / traded, error


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def of_minutes(folder: Path) -> Record:
    """A folder of minutes; a minute's moment is its end."""
    times, prices, flows = [], [], []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                price = 1e12 / 1.0001 ** int(row["closeTick"])
                times.append(_seconds(row["timestamp"]) + 60)
                prices.append(price)
                flows.append((
                    int(row["netAmount0"]) / 1e6, int(row["netAmount1"]) / 1e18,
                    int(row["inAmount0"]) / 1e6 + int(row["inAmount1"]) / 1e18 * price))
    return Record(times, prices, flows)


def of_swaps(path: Path) -> Record:
    """A file of events."""
    times, prices, flows = [], [], []
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["tx_type"] != "SWAP":
                continue
            price = 1e12 * (2**96 / int(row["sqrtPriceX96"])) ** 2
            a, b = int(row["amount0"]) / 1e6, int(row["amount1"]) / 1e18
            times.append(_seconds(row["block_timestamp"]))
            prices.append(price)
            flows.append((a, b, max(a, 0) + max(b, 0) * price))
    return Record(times, prices, flows)
