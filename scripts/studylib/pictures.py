"""The charts of the page."""

from __future__ import annotations

from math import log10
from statistics import mean

from . import chance, flow
from .charts import BLUE, GREEN, GREY, INK, LIGHT, ORANGE, RED, VIOLET, Chart, Frame, steps
from .market import BASE, Market
from .text import num, signed


def pictures(all_markets: tuple[Market, ...]) -> dict[str, str]:
    weeks = all_markets[0]
    return {
        "study-worth.svg": worth(weeks), "study-markout.svg": mark_out(all_markets),
        "study-fees.svg": fees(weeks), "study-days.svg": days(weeks), "study-paths.svg": paths(weeks),
    }


def worth(weeks: Market) -> str:
    of = flow.venues(weeks)
    alone = weeks.alone(*BASE, hours=True)

    def lead(run, value):
        return [(hour, (row[value] / row["held_value"] - 1) * 100)
                for hour, row in enumerate(run.hours)]

    curves = [
        (BLUE, "tick pool with its flow", lead(of["base"], "pool_value"), None),
        (RED, "tick pool, arbitrage alone", lead(alone, "pool_value"), None),
        (ORANGE, "constant product with its flow", lead(of["product"], "product_value"), None),
        (GREEN, "recorded pool, as deep as the tick pool", lead(of["deep"], "recorded_value"), "7 4"),
        (VIOLET, "recorded pool, all prices", lead(of["base"], "recorded_value"), "2 4"),
    ]
    chart = Chart("Worth against holding", "Three weeks, 5 bp, 1,000,000 A, in percent of what holding is worth, hour by hour")
    heights = [y for *_, points, _ in curves for _, y in points]
    span = len(of["base"].hours)
    frame = Frame(chart, 122, 146, 930, 470, (0, span), (min(heights) * 1.05, max(heights) * 1.08))
    frame.rows(steps(*frame.up), lambda v: signed(v, 1) + " %")
    frame.columns(range(0, span, 24 * 4), lambda hour: f"day {hour // 24}")
    for colour, _, points, dash in curves:
        frame.curve(points, colour, dash=dash)
    chart.legend([(colour, name) for colour, name, *_ in curves[:3]], 100)
    chart.legend([(colour, name) for colour, name, *_ in curves[3:]], 126)
    frame.names("", "against holding")
    return chart.svg()


def mark_out(all_markets: tuple[Market, ...]) -> str:
    chart = Chart("What recorded traders made in the recorded pool",
                  "After its fee, in basis points of what they traded, at the pool's price some time later; bars of one standard error")
    told = [[(made * 1e4, error * 1e4) for made, error in flow.mark_outs(m)] for m in all_markets]
    low = min(made - error for rows in told for made, error in rows)
    high = max(made + error for rows in told for made, error in rows)
    frame = Frame(chart, 122, 126, 930, 470, (-0.5, len(flow.HORIZONS) - 0.5), (low - 0.5, high + 0.5))
    frame.rows(steps(*frame.up), lambda v: signed(v, 0))
    frame.columns(range(len(flow.HORIZONS)), lambda i: flow.HORIZONS[i][1])
    for index, (rows, colour) in enumerate(zip(told, (BLUE, ORANGE, GREEN))):
        places = [(i + (index - 1) * 0.12, made, error) for i, (made, error) in enumerate(rows)]
        frame.curve([(x, made) for x, made, _ in places], colour, 1.4, "3 4")
        for x, made, error in places:
            frame.curve([(x, made - error), (x, made + error)], colour, 3)
            chart.dot(frame.x(x), frame.y(made), colour, 6)
    chart.legend([(c, m.title) for c, m in zip((BLUE, ORANGE, GREEN), all_markets)], 100)
    frame.names("valued so much later", "bp, gain of traders")
    return chart.svg()


def fees(weeks: Market) -> str:
    chart = Chart("Which fee breaks even",
                  "Three weeks, 1,000,000 A: fees less loss versus rebalancing, A a day, by how much of the flow stays")
    colours = (RED, ORANGE, GREEN, BLUE)
    grid = [fee for fee in flow.GRID if fee <= 30]
    frame = Frame(chart, 122, 126, 880, 470, (0, log10(30)), (-1500, 5000))
    frame.rows(steps(*frame.up, 7), lambda v: signed(v, 0))
    frame.columns([log10(fee) for fee in grid], lambda x: f"{round(10**x)} bp")
    for stays, colour in zip(flow.STAYS, colours):
        points = [(log10(fee), flow.at(weeks, fee, stays)) for fee in grid]
        points = [(x, run.pool.kept / run.days) for x, run in points]
        inside = [(x, y) for x, y in points if y <= 5000]
        frame.curve(inside, colour, 2.6)
        for x, y in inside:
            chart.dot(frame.x(x), frame.y(y), colour)
        x, y = inside[-1]
        chart.text(frame.x(x) + 10, frame.y(y) + 5, f"{stays * 100:.0f} %", colour=colour, weight=600)
    x = frame.x(log10(5))
    chart.line([(x, frame.top), (x, frame.bottom)], GREY, 1, "4 4")
    chart.text(x - 8, frame.top + 16, "fee of the recorded pool", "end", GREY)
    chart.legend([(c, f"{s * 100:.0f} % stays") for s, c in zip(flow.STAYS, colours)], 100)
    frame.names("fee", "against rebalancing, A a day")
    return chart.svg()


def days(weeks: Market) -> str:
    told = chance.days(weeks)
    chart = Chart("Day by day", "Tick pool with its flow, 1,000,000 A, A a day; the lines are means, their bands one standard error")
    for place, (name, title, colour) in enumerate((
            ("tick pool against rebalancing", "against rebalancing", BLUE),
            ("tick pool against holding", "against holding", ORANGE))):
        values = told[name]
        left = 84 + place * 466
        reach = max(abs(value) for value in values) * 1.05
        frame = Frame(chart, left, 126, left + 372, 470, (0.3, len(values) + 0.7), (-reach, reach))
        middle, error = chance.mean_and_error(values)
        top, bottom = frame.y(middle + error), frame.y(middle - error)
        chart.box(frame.left, top, frame.right - frame.left, bottom - top, "#dfe7ee")
        frame.rows(steps(-reach, reach, 8), lambda v: signed(v, 0))
        for day, value in enumerate(values, 1):
            y = frame.y(max(value, 0))
            chart.box(frame.x(day) - 5, y, 10, abs(frame.y(value) - frame.y(0)), colour)
        frame.curve([(0.3, middle), (len(values) + 0.7, middle)], INK, 2)
        frame.columns((1, 6, 12, 18, len(values)), lambda day: f"{day}")
        chart.text((frame.left + frame.right) / 2, 108, title, "middle", weight=600)
        chart.text((frame.left + frame.right) / 2, 518, "day", "middle")
    return chart.svg()


def paths(weeks: Market) -> str:
    told = chance.paths(weeks)
    chart = Chart("The record beside made-up paths",
                  f"{chance.PATHS} paths of the same length and volatility (dots), the recorded weeks (red), A a day")
    rows = (
        ("volume of arbitrage", "volume of arbitrage"), ("LVR", "LVR, arbitrage alone"),
        ("profit of arbitrage", "profit of arbitrage"),
        ("against rebalancing, with flow or noise", "against rebalancing: flow, noise"),
        ("against holding", "against holding, arbitrage alone"),
    )
    for index, (name, label) in enumerate(rows):
        real, made = told[name]
        y = 138 + index * 80
        low, high = min(real, *made), max(real, *made)
        pad = (high - low) * 0.06
        frame = Frame(chart, 310, y - 20, 920, y + 20, (low - pad, high + pad), (0, 1))
        chart.text(290, y + 5, label, "end", weight=600)
        chart.line([(frame.left, y), (frame.right, y)], "#d3dae0", 1)
        for value in made:
            chart.dot(frame.x(value), y, BLUE, 6, 0.45)
        chart.line([(frame.x(mean(made)), y - 13), (frame.x(mean(made)), y + 13)], INK, 2.5)
        chart.line([(frame.x(real), y - 17), (frame.x(real), y + 17)], RED, 4)
        for value in steps(low - pad, high + pad, 5):
            chart.text(frame.x(value), y + 36, num(value, 0), "middle", GREY, 13)
    chart.legend([(BLUE, "a path"), (INK, "mean of the paths"), (RED, "record")], 100)
    return chart.svg()
