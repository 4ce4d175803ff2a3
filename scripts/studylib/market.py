"""The three records, the pool that the study begins with, and how much of their flow would come to it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from . import record
from .replays import Replays, Result

CAPITAL = 1_000_000
RECORDED_FEE = 5  # basis points, of all three
REFORM = ("--reform-bps", 200)
BASE = ("--fee-bps", 5, *REFORM)


class Market:
    """A record, its track, and replays of it."""

    def __init__(self, replays: Replays, title: str, volatility: Path, track: Path) -> None:
        self.replays, self.title = replays, title
        self.volatility, self.track = str(volatility), str(track)

    @cached_property
    def record(self) -> record.Record:
        path = Path(self.track)
        return record.of_minutes(path) if path.is_dir() else record.of_swaps(path)

    def run(self, share: float, *options, fee: float = RECORDED_FEE, volatility=None,
            hours: bool = False) -> Result:
        """A replay at a share of the recorded flow; `fee` is that of the constant product, `volatility` options or a file
        instead of the index."""
        source = (self.volatility,) if volatility is None else volatility
        return self.replays.run(
            *source, self.track, "--flow-share", float(share), "--product-fee-bps", fee, *options,
            hours=hours)

    def alone(self, *options, **more) -> Result:
        """Arbitrage alone."""
        return self.run(0, *options, **more)

    def part(self, *options, depth: float | None = None, **more) -> float:
        """The part of the recorded flow that the tick pool's depth is of all depth, its own included; for another depth
        than its own, in those of a constant product of the same capital."""
        told = self.alone(*options, **more)
        return self.part_of_depth(told.depth if depth is None else depth, told)

    @staticmethod
    def part_of_depth(depth: float, told: Result) -> float:
        """The position over all prices says how much liquidity there was, weighted by what was traded: it got this part."""
        full = told.recorded["fees"] / (RECORDED_FEE / 1e4 * told.recorded["volume"])
        beside = depth * full / (1 - full)
        return beside / (1 + beside)

    def shared(self, *options, **more) -> Result:
        """The tick pool with its part of the flow."""
        return self.run(self.part(*options, **more), *options, **more)

    def product(self, *options, fee: float = RECORDED_FEE, stays: float = 1, **more) -> Result:
        """The constant product with a part of the flow by its own depth; read `product` of it alone."""
        share = self.part(*options, depth=1) * stays
        return self.run(share, *options, fee=fee, **more)


def markets(replays: Replays, data: Path) -> tuple[Market, Market, Market]:
    index = data / "dvol-daily" / "eth_dvol_daily.csv"
    swaps = data / "eth-pool-swaps"
    days = {day: next(swaps.glob(f"*{day}*.csv")) for day in ("2022-01-05", "2023-11-10")}
    return (
        Market(replays, "three weeks", index, data / "eth-pool-minute-2022"),
        Market(replays, "2022-01-05", index, days["2022-01-05"]),
        Market(replays, "2023-11-10", index, days["2023-11-10"]),
    )
