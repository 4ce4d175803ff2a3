"""The script of docs/study.md: what it computes by itself, and that the page is what the replays say."""

from __future__ import annotations

import math
import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from studylib.market import BASE, markets  # noqa: E402
from studylib.record import Record  # noqa: E402
from studylib.replays import Replays, crossing  # noqa: E402
from studylib.text import claim, num, signed, table  # noqa: E402


def test_a_sentence_that_does_not_hold_stops_the_study() -> None:
    assert claim(1 < 2, "one is less") == "one is less"
    with pytest.raises(SystemExit, match="two is less"):
        claim(2 < 1, "two is less")


def test_numbers() -> None:
    assert [num(x) for x in (1234.5, 12.34, 1.234, -0.001, 99.96)] == ["1,234", "12.3", "1.23", "0.00", "100"]
    assert [signed(x) for x in (3.2, -3.2, 0.0, -0.0004)] == ["+3.20", "-3.20", "0.00", "0.00"]
    with pytest.raises(SystemExit):
        table(["one", "two"], [["1"]])
    assert crossing(lambda x: x * x - 2, 0, 5) == pytest.approx(math.sqrt(2), rel=1e-3)


def test_mark_out_and_moves_of_a_record_that_is_known(seed: int) -> None:
    """Every minute the price moves by a known deviation, and traders bought a B just before it rose, or sold one."""
    draw = random.Random(seed)
    times, prices, flows, price = [0.0], [1000.0], [(0.0, 0.0, 0.0)], 1000.0
    made = traded = 0.0
    for minute in range(1, 20_001):
        after = price * math.exp(draw.gauss(0, 1e-3))
        side = 1 if after > price else -1
        fee = 0.4
        times.append(60.0 * minute)
        prices.append(after)
        flows.append((side * price + fee, -side, price))
        if minute <= 20_000 - 60:
            made += side * (after - price) - fee
            traded += price
        price = after
    record = Record(times, prices, flows)
    told, error = record.mark_out(0, 3600)
    assert told == pytest.approx(made / traded, rel=1e-9)
    # later moves have mean zero
    later, wider = record.mark_out(600, 3600)
    assert abs(later - told) < 4 * wider and wider > error
    year = 1e-3 * math.sqrt(525_600)
    assert record.move(60) == pytest.approx(year, rel=0.03)
    assert record.move(600) == pytest.approx(year, rel=0.1)
    # of normal moves: half of sum r^2 / sum |r|
    assert record.loss_per_volume == pytest.approx(math.sqrt(math.pi / 8) * 1e-3, rel=0.03)
    assert record.excess == pytest.approx(1, abs=0.1)


def test_the_page_has_its_charts_and_no_others(root: Path) -> None:
    page = (root / "docs" / "study.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\((study-\w+\.svg)\)", page))
    assert shown == {path.name for path in (root / "docs").glob("study-*.svg")}


def test_the_page_is_what_replays_say(root: Path) -> None:
    data, binary = root.parent / "shared" / "data", root / ".build" / "release" / "damm"
    if not data.exists() or not binary.exists():
        pytest.skip("no market data beside the checkout, or no command in .build/release")
    page = (root / "docs" / "study.md").read_text(encoding="utf-8")
    for market in markets(Replays(binary), data):
        told = market.shared(*BASE)
        row = [num(told.pool.fees / told.days), num(told.pool.loss / told.days),
               signed(told.pool.kept / told.days), signed(told.pool.gain / told.days)]
        ends = f"| {' | '.join(row)} |"
        name = f"| {market.title}: tick pool, reforms at 200 bp |"
        assert any(line.startswith(name) and line.endswith(ends) for line in page.splitlines()), (name, ends)
