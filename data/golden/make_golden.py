#!/usr/bin/env python3
"""Golden data of DAMM: tick tables, masses and trades, exact at their Double inputs.

What it makes (beside this script, and nothing else):

    tables.csv   the tables: shape, relative sigma, half width, tick width, range of ticks
    masses.csv   masses and running inventories of sampled ticks, 40 significant digits
    swaps.csv    trades without fees, 40 significant digits

How to run it again (one process, no input files, same bytes every time):

    pip install python-flint mpmath && python3 data/golden/make_golden.py
    python3 data/golden/make_golden.py --check      # reads the files back and compares with mpmath

Every input column is a Double printed with repr, so it reads back to the same bits. A formula is evaluated at
the exact rational value of those Doubles: the tick width is w = tickBps / 10^4 as a fraction, u_i = 1 + i w is a
fraction, and so are price coordinates. What is irrational (erfc, log, exp, sqrt) is a ball of arb with
PRECISION bits; every printed number is checked to carry at least 45 correct digits, and comparisons of balls
are only believed when the balls do not touch. No decision is made in Double arithmetic, except the choice of inputs.
"""

import csv
import math
import os
import random
import sys
import time
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpz

PRECISION = 384                 # bits of working precision
REQUIRED_BITS = 160             # least relative accuracy of a printed number: 48 digits
DIGITS = 40                     # digits printed
SEED = 20240229
SAMPLED = 46                    # rows of masses.csv for a table with more than ALL_TICKS ticks
ALL_TICKS = 60
SLIVER = fmpq(1, 10**9)         # a part of a tick narrower than this is no tick
HERE = os.path.dirname(os.path.abspath(__file__))

ctx.prec = PRECISION

NORMAL, LOG_NORMAL, UNIFORM = "normal", "log-normal", "uniform"
GEOMETRIC_MEAN, FULL = "geometric-mean", "full"

TABLE_COLUMNS = "table,shape,relativeSigma,halfWidth,tickBps,lowestTick,upperTick".split(",")
MASS_COLUMNS = "table,tick,mass,cumulativeB,cumulativeA,aboveB,aboveA".split(",")
SWAP_COLUMNS = (
    "table,oraclePrice,reserveA,reserveB,funding,startTick,startFraction,side,kind,value,limit,"
    "amountIn,amountOut,priceAfter,tickAfter,fractionAfter,ticksCrossed,stop,left,condition"
).split(",")

# ---------------------------------------------------------------------------------------------------------------
# Which tables. sigma30 is 80 % volatility over 30 days. A sliver table has k s / w a little off a whole number.
# The last entry is the number of trades made on the table.

sigma30 = 0.8 * (30 / 365) ** 0.5


def sliverSigma(ticks, halfWidth=6):
    """The Double s with halfWidth * s = `ticks` basis points, as near as a Double gets."""
    return float(Fraction(ticks) / (10**4 * halfWidth))


TABLES = [
    # shape, relativeSigma, halfWidth, tickBps, trades
    (NORMAL, 0.01, 6, 1, 150),                  # table 0: the worked example
    # one basis point, from calm to wild; from s k >= 1 on, ticks of non-positive price are cut
    (NORMAL, 0.0005, 6, 1, 90),
    (NORMAL, 0.0005, 12, 1, 0),
    (NORMAL, 0.00075, 6, 1, 0),
    (NORMAL, 0.0013, 6, 1, 90),
    (NORMAL, 0.0013, 12, 1, 0),
    (NORMAL, 0.003, 6, 1, 0),
    (NORMAL, 0.003, 12, 1, 130),
    (NORMAL, 0.003, 20, 1, 130),
    (NORMAL, 0.01, 3, 1, 90),
    (NORMAL, 0.01, 8, 1, 0),
    (NORMAL, 0.01, 12, 1, 130),
    (NORMAL, 0.0366, 4.5, 1, 0),
    (NORMAL, 0.0366, 6, 1, 110),
    (NORMAL, 0.0366, 12, 1, 0),
    (NORMAL, 0.0366, 20, 1, 100),
    (NORMAL, 0.1, 6, 1, 90),
    (NORMAL, 0.1, 12, 1, 0),                    # cut
    (NORMAL, sigma30, 6, 1, 110),               # cut
    (NORMAL, sigma30, 12, 1, 0),                # cut
    (NORMAL, 0.35, 6, 1, 0),                    # cut
    (NORMAL, 0.5, 6, 1, 90),                    # cut
    (NORMAL, 0.5, 12, 1, 0),                    # cut
    # other tick widths
    (NORMAL, 0.1, 6, 0.1, 60),                  # the biggest, with the next log-normal one
    (NORMAL, 0.0005, 6, 0.1, 80),
    (NORMAL, 0.01, 12, 0.25, 0),
    (NORMAL, 0.0366, 6, 2.5, 0),
    (NORMAL, 0.1, 12, 5, 110),                  # cut
    (NORMAL, 0.5, 6, 0.7, 0),                   # cut; 10^4/tickBps is no whole number
    (NORMAL, sigma30, 6, 10, 0),                # cut
    (NORMAL, 0.35, 12, 37.5, 90),               # cut
    # wide ticks: 0.2 sigma and more, up to 7.5 sigma
    (NORMAL, 0.0005, 6, 2.5, 90),
    (NORMAL, 0.00075, 6, 2.5, 0),
    (NORMAL, 0.0005, 12, 1.25, 0),
    (NORMAL, 0.0005, 12, 10, 90),
    (NORMAL, 0.0005, 6, 37.5, 60),              # two ticks
    (NORMAL, 0.01, 6, 37.5, 0),
    (NORMAL, 0.01, 12, 100, 80),
    (NORMAL, 0.0366, 12, 100, 0),
    (NORMAL, 0.1, 6, 500, 0),
    (NORMAL, 0.5, 6, 5000, 60),                 # cut
    (NORMAL, 0.35, 20, 5000, 0),                # cut
    # edge ticks that hold a small part only
    (NORMAL, sliverSigma("300.0001"), 6, 1, 90),
    (NORMAL, sliverSigma("299.98"), 6, 1, 0),
    (NORMAL, sliverSigma("300.000000005"), 6, 1, 0),    # 5e-9 of a tick: a tick
    (NORMAL, sliverSigma("300.0000000002"), 6, 1, 0),   # 2e-10 of a tick: no tick
    # log-normal
    (LOG_NORMAL, 0.0005, 6, 1, 0),
    (LOG_NORMAL, 0.0013, 8, 0.25, 0),
    (LOG_NORMAL, 0.003, 12, 1, 110),
    (LOG_NORMAL, 0.01, 6, 1, 110),
    (LOG_NORMAL, 0.01, 20, 1, 0),
    (LOG_NORMAL, 0.0366, 12, 1, 90),
    (LOG_NORMAL, 0.1, 6, 1, 0),
    (LOG_NORMAL, sigma30, 6, 1, 90),
    (LOG_NORMAL, 0.35, 6, 5, 0),
    (LOG_NORMAL, 0.5, 5, 1, 60),
    (LOG_NORMAL, 0.5, 12, 100, 0),              # cut: the lowest tick would have price 0
    (LOG_NORMAL, 0.5, 12, 5000, 0),             # cut
    (LOG_NORMAL, 0.1, 12, 37.5, 90),
    (LOG_NORMAL, 0.01, 12, 500, 60),            # 5 sigma a tick
    # uniform
    (UNIFORM, 0.0005, 6, 1, 0),
    (UNIFORM, 0.01, 6, 1, 90),
    (UNIFORM, 0.0366, 3, 1, 0),
    (UNIFORM, sigma30, 6, 1, 0),                # cut
    (UNIFORM, sliverSigma("300.0001"), 6, 1, 0),
    (UNIFORM, 0.01, 6, 37.5, 60),
    (UNIFORM, 0.5, 12, 500, 0),                 # cut
]

# ---------------------------------------------------------------------------------------------------------------
# Exact numbers in and out


def exact(double):
    """The exact rational value of a Double."""
    n, d = float(double).as_integer_ratio()
    return fmpq(n, d)


def fraction(q):
    return Fraction(int(q.p), int(q.q))


def midpoint(x):
    """The midpoint of a ball as a Fraction."""
    man, exp = x.mid().man_exp()
    man, exp = int(man), int(exp)
    return Fraction(man << exp) if exp >= 0 else Fraction(man, 1 << -exp)


def toDouble(x):
    """The Double nearest to (the midpoint of) x."""
    return float(fraction(x) if isinstance(x, fmpq) else midpoint(x))


def decimal(x, digits=DIGITS, requiredBits=REQUIRED_BITS):
    """x to `digits` significant digits, relatively accurate; "0" only for an exact zero."""
    if isinstance(x, (fmpq, int, fmpz)):
        value = Fraction(x) if isinstance(x, int) else fraction(fmpq(x))
    else:
        if not (x.is_exact() or x.rel_accuracy_bits() >= requiredBits):
            raise ArithmeticError(f"only {x.rel_accuracy_bits()} bits")
        value = midpoint(x)
    if value == 0:
        return "0"
    sign, value = ("-", -value) if value < 0 else ("", value)
    n, d = value.numerator, value.denominator
    power = (n.bit_length() - d.bit_length()) * 30103 // 100000 - 1     # near floor(log10), never above by 2
    while True:
        shift = digits - 1 - power
        top, bottom = (n * 10**shift, d) if shift >= 0 else (n, d * 10**-shift)
        quotient, rest = divmod(top, bottom)
        if quotient >= 10**digits:
            power += 1
            continue
        if quotient < 10 ** (digits - 1):
            power -= 1
            continue
        twice = 2 * rest
        if twice > bottom or (twice == bottom and quotient & 1):
            quotient += 1
            if quotient == 10**digits:
                quotient, power = quotient // 10, power + 1
        text = str(quotient)
        return f"{sign}{text[0]}.{text[1:]}e{power:+03d}"


def less(x, y):
    """x < y for balls, or an error when they touch."""
    if x < y:
        return True
    if x >= y:
        return False
    raise ArithmeticError("balls touch: undecided")


def ballFloor(x):
    n = x.floor().unique_fmpz()
    if n is None:
        raise ArithmeticError("floor of a ball is undecided")
    return int(n)


# ---------------------------------------------------------------------------------------------------------------
# The table


class Table:
    """Masses and running inventories of one table. Lists are indexed by tick - lo."""

    def __init__(self, number, shape, relativeSigma, halfWidth, tickBps):
        self.number, self.shape = number, shape
        self.relativeSigma, self.halfWidth, self.tickBps = float(relativeSigma), float(halfWidth), float(tickBps)
        self.s, self.k = exact(self.relativeSigma), exact(self.halfWidth)
        self.w = exact(self.tickBps) / 10**4
        self.setRange()

    def setRange(self):
        w, ks = self.w, self.k * self.s
        if self.shape == LOG_NORMAL:
            upper, lower = (arb(ks).exp() - 1) / arb(w), ((-arb(ks)).exp() - 1) / arb(w)
            self.hi = -ballFloor(-(upper - arb(SLIVER)))
            self.lo = ballFloor(lower + arb(SLIVER))
            ends = midpoint(upper), midpoint(lower)
        else:
            upper = ks / w
            self.hi = int((upper - SLIVER).ceil())
            self.lo = int((-upper + SLIVER).floor())
            ends = fraction(upper), -fraction(upper)
        # The range must not hang on the last digits of the sliver rule.
        for end, sign in zip(ends, (-1, 1)):
            moved = end + sign * fraction(SLIVER)
            assert abs(moved - round(moved)) > Fraction(1, 10**11), (self.number, "edge is ambiguous")
        self.lowestPositive = int((-1 / w).floor()) + 1                 # least i with 1 + i w > 0
        self.isCut = self.lo < self.lowestPositive
        self.lo = max(self.lo, self.lowestPositive)
        self.count = self.hi - self.lo

    def price(self, tick):
        """u_i = 1 + i w, exact."""
        return 1 + tick * self.w

    def build(self):
        """Masses from tails of the normal law, so that they are accurate relatively; sums from the outside inwards."""
        lo, hi, n = self.lo, self.hi, self.count
        kBall, rootHalf = arb(self.k), 1 / arb(2).sqrt()
        denominator = int(self.w.q)
        step = int(self.w.p)
        wOverS, sBall = arb(self.w / self.s), arb(self.s)

        def coordinate(tick):
            """z of the lower edge of a tick, clipped to |z| <= k."""
            if self.shape == LOG_NORMAL:
                z = (arb(fmpz(denominator + tick * step)) / denominator).log() / sBall
            else:
                z = wOverS * tick
            if tick in (lo, hi):
                if self.shape == LOG_NORMAL:
                    beyond = less(kBall, z) if tick == hi else less(z, -kBall)
                else:
                    zExact = self.w * tick / self.s
                    beyond = zExact > self.k if tick == hi else zExact < -self.k
                if beyond:
                    return kBall if tick == hi else -kBall
            return z

        # Edge 0 is z = 0, so that no tick straddles the centre and every mass is a difference of two like tails.
        if self.shape == UNIFORM:
            edges = [coordinate(i) for i in range(lo, hi + 1)]
            raw = [edges[j + 1] - edges[j] for j in range(n)]
        else:
            tails = [arb(1) if i == 0 else (abs(coordinate(i)) * rootHalf).erfc() / 2 for i in range(lo, hi + 1)]
            if lo <= 0 <= hi:
                tails[-lo] = arb(1) / 2
            raw = [tails[j + 1] - tails[j] if lo + j < 0 else tails[j] - tails[j + 1] for j in range(n)]
        total = arb(0)
        for j in sorted(range(n), key=lambda j: -abs(lo + j)):
            total += raw[j]
        self.mass = [r / total for r in raw]
        self.b, self.a = [None] * n, [None] * n
        for j in range(n):
            root = (arb(fmpz(denominator + (lo + j) * step)) / denominator).sqrt()
            self.b[j] = self.mass[j] / root
            self.a[j] = self.mass[j] * root

        def running(values):
            below, above = [arb(0)], [arb(0)]
            for v in values:
                below.append(below[-1] + v)
            for v in reversed(values):
                above.append(above[-1] + v)
            above.reverse()
            return below, above

        self.belowB, self.aboveB = running(self.b)
        self.belowA, self.aboveA = running(self.a)
        self.check()

    def check(self):
        assert all(m > 0 for m in self.mass)
        whole = sum(self.mass, arb(0))
        assert abs(whole - 1) < arb(10) ** -90
        # The sums meet: below + above is the same everywhere.
        for j in (0, self.count // 3, -self.lo, self.count):
            assert abs((self.belowB[j] + self.aboveB[j]) / self.aboveB[0] - 1) < arb(10) ** -90

    def drop(self):
        for name in ("mass", "a", "b", "belowA", "belowB", "aboveA", "aboveB"):
            delattr(self, name)

    def tickAt(self, z):
        """The tick that holds the Double z, kept inside the table."""
        if self.shape == LOG_NORMAL:
            tick = 0 if z == 0 else ballFloor((arb(exact(z) * self.s).exp() - 1) / arb(self.w))
        else:
            tick = int((exact(z) * self.s / self.w).floor())
        return min(max(tick, self.lo), self.hi - 1)

    def sampledTicks(self, rng):
        if self.count <= ALL_TICKS:
            return list(range(self.lo, self.hi))
        picked = set(range(self.lo, self.lo + 3)) | set(range(self.hi - 3, self.hi))
        picked |= {i for i in range(-2, 3) if self.lo <= i < self.hi}
        while len(picked) < SAMPLED:
            if rng.random() < 0.35:
                picked.add(rng.randrange(self.lo, self.hi))
            else:
                picked.add(self.tickAt(rng.uniform(-self.halfWidth, self.halfWidth)))
        return sorted(picked)

    def tableRow(self):
        return [self.number, self.shape, repr(self.relativeSigma), repr(self.halfWidth), repr(self.tickBps), self.lo, self.hi]

    def massRow(self, tick):
        j = tick - self.lo
        exactZero = tick == self.lo
        return [self.number, tick, decimal(self.mass[j])] + [
            "0" if exactZero else decimal(self.belowB[j]),
            "0" if exactZero else decimal(self.belowA[j]),
            decimal(self.aboveB[j]),
            decimal(self.aboveA[j]),
        ]


# ---------------------------------------------------------------------------------------------------------------
# The trade


class Ambiguous(Exception):
    """This trade would end too near to a border for its stop or its tick to be a fair question."""


# How far an end keeps from every border that is not met exactly. (1e-25 would do for the data to be right; these
# are wider, so that the stop and the tick after do not change when amounts are off by a few ulps of a Double.)
CLEAR_FRACTION = arb(10) ** -13         # of a tick, from the edge, for a fill that ends inside
CLEAR_AMOUNT = arb(10) ** -13           # of the value, from the amount at which another tick or stop begins
CLEAR_COORDINATE = Fraction(1, 10**9)   # of a tick, for limits: from an edge and from the start


class Market:
    """A table at an oracle price with reserves; the curve was formed at price coordinate mu, position (0, 0)."""

    def __init__(self, table, oraclePrice, reserveA, reserveB, funding):
        self.table, self.funding = table, funding
        self.oraclePrice, self.reserveA, self.reserveB = oraclePrice, reserveA, reserveB
        self.mu, qA, qB = exact(oraclePrice), exact(reserveA), exact(reserveB)
        liquidity = arb(qA * qB).sqrt()
        rootMu = arb(self.mu).sqrt()
        self.unitB, self.unitA = liquidity / rootMu, liquidity * rootMu
        centre = -table.lo
        offeredA = self.unitA * table.belowA[centre]
        offeredB = self.unitB * table.aboveB[centre]
        self.scaleA, self.scaleB = arb(qA) / offeredA, arb(qB) / offeredB
        if funding == GEOMETRIC_MEAN:
            self.scaleA = self.scaleA if less(self.scaleA, arb(1)) else arb(1)
            self.scaleB = self.scaleB if less(self.scaleB, arb(1)) else arb(1)

    def scale(self, tick):
        return self.scaleB if tick >= 0 else self.scaleA

    def capacityB(self, tick):
        return self.table.b[tick - self.table.lo] * self.unitB * self.scale(tick)

    def capacityA(self, tick):
        return self.table.a[tick - self.table.lo] * self.unitA * self.scale(tick)

    def whole(self, first, end):
        """(B, A) of the ticks first ..< end, from sums of the tail that each side is in."""
        t = self.table
        f0, e0 = min(first, 0) - t.lo, min(end, 0) - t.lo
        f1, e1 = max(first, 0) - t.lo, max(end, 0) - t.lo
        b, a = arb(0), arb(0)
        if e0 > f0:
            b += (t.belowB[e0] - t.belowB[f0]) * self.scaleA
            a += (t.belowA[e0] - t.belowA[f0]) * self.scaleA
        if e1 > f1:
            b += (t.aboveB[f1] - t.aboveB[e1]) * self.scaleB
            a += (t.aboveA[f1] - t.aboveA[e1]) * self.scaleB
        return b * self.unitB, a * self.unitA

    def between(self, y0, y1):
        """(B, A) between two exact positions y = i + f, y0 <= y1."""
        i, j = int(y0.floor()), int(y1.floor())
        if i == j:
            part = arb(y1 - y0)
            return (self.capacityB(i) * part, self.capacityA(i) * part) if y1 > y0 else (arb(0), arb(0))
        b, a = self.whole(i + 1, j)
        part = arb(i + 1 - y0)
        b, a = b + self.capacityB(i) * part, a + self.capacityA(i) * part
        if y1 > j:
            part = arb(y1 - j)
            b, a = b + self.capacityB(j) * part, a + self.capacityA(j) * part
        return b, a

    def position(self, priceCoordinate):
        """y = i + f of a price coordinate, exact."""
        return (exact(priceCoordinate) / self.mu - 1) / self.table.w

    def coordinate(self, y):
        """The price coordinate of a position, exact for an exact position."""
        if isinstance(y, fmpq):
            return self.mu * (1 + y * self.table.w)
        return arb(self.mu) * (1 + y * arb(self.table.w))


def clearOf(y, border):
    """An exact position keeps away from a border, or meets it."""
    distance = abs(fraction(y - border))
    if distance != 0 and distance < CLEAR_COORDINATE:
        raise Ambiguous


def trade(market, startTick, startFraction, side, kind, value, limit):
    """One row of swaps.csv, or Ambiguous."""
    t = market.table
    buying = side == "buy"
    start = startTick + exact(startFraction)
    assert t.lo <= start <= t.hi and 0 <= startFraction < 1 and value > 0
    last = fmpq(t.hi if buying else t.lo)
    v = exact(value)

    def filled(y):
        return market.between(start, y) if buying else market.between(y, start)

    # Where the order may go to: the limit or the end of the curve.
    bound = value if kind == "to-price" else limit
    goal, bounded = last, False
    if bound is not None:
        y = market.position(bound)
        clearOf(y, int(y.floor()))
        clearOf(y, int(y.floor()) + 1)
        clearOf(y, start)
        bounded = y <= t.hi if buying else y >= t.lo
        passed = y <= start if buying else y >= start
        if passed:
            assert kind != "to-price", "a target that is already passed is not among the data"
            goal, bounded = start, True
        elif bounded:
            goal = y

    end, condition = goal, "1"
    amountB, amountA = filled(goal) if goal != start else (arb(0), arb(0))
    if kind == "to-price":
        stop, left = ("complete" if bounded else "exhausted"), ""
    else:
        most = amountB if kind == "amount" else amountA
        if goal != start and not abs(arb(v) / most - 1) > CLEAR_AMOUNT:
            raise Ambiguous
        if goal == start or less(most, arb(v)):
            stop = "priceLimit" if bounded else "exhausted"
            left = decimal(v) if goal == start else decimal(arb(v) - most)
        else:
            stop, left = "complete", "0"
            which = 0 if kind == "amount" else 1
            # The tick in which the order is filled: the first whose far edge gives more than the value.
            if buying:
                ticks = range(int(start.floor()), int(goal.ceil()))
                far = lambda i: min(fmpq(i + 1), goal)
                near = lambda i: max(fmpq(i), start)
            else:
                ticks = range(int(start.ceil()) - 1, int(goal.floor()) - 1, -1)
                far = lambda i: max(fmpq(i), goal)
                near = lambda i: min(fmpq(i + 1), start)
            low, high = 0, len(ticks) - 1
            while low < high:
                middle = (low + high) // 2
                if less(arb(v), filled(far(ticks[middle]))[which]):
                    high = middle
                else:
                    low = middle + 1
            tick = ticks[low]
            before = filled(near(tick)) if near(tick) != start else (arb(0), arb(0))
            capacities = market.capacityB(tick), market.capacityA(tick)
            part = (arb(v) - before[which]) / capacities[which]
            assert part > 0
            amounts = [before[0] + part * capacities[0], before[1] + part * capacities[1]]
            amounts[which] = arb(v)
            amountB, amountA = amounts
            end = arb(near(tick)) + part if buying else arb(near(tick)) - part
            fractionAfter = end - tick
            distance = fractionAfter if fractionAfter < 0.5 else 1 - fractionAfter
            if not (distance > CLEAR_FRACTION and distance * capacities[which] / arb(v) > CLEAR_AMOUNT):
                raise Ambiguous
            marginal = arb(market.mu * t.price(tick)) * amountB / amountA
            condition = "%.6g" % toDouble(marginal if kind == "amount" else 1 / marginal)

    # The position after, and how many ticks gave something.
    if isinstance(end, fmpq):
        tickAfter = int(end.floor())
        fractionAfter = end - tickAfter
    else:
        tickAfter = tick
    if buying:
        crossed = tickAfter - startTick + (1 if fractionAfter > 0 else 0)
    else:
        crossed = startTick - tickAfter + (1 if startFraction > 0 else 0)
    if tickAfter == startTick:
        crossed = 0 if isinstance(end, fmpq) and end == start else 1
    amountIn, amountOut = (amountA, amountB) if buying else (amountB, amountA)
    return [
        t.number, repr(market.oraclePrice), repr(market.reserveA), repr(market.reserveB), market.funding,
        startTick, repr(startFraction), side, kind, repr(value), "" if limit is None else repr(limit),
        decimal(amountIn), decimal(amountOut), decimal(market.coordinate(end)), tickAfter, decimal(fractionAfter),
        crossed, stop, left, condition,
    ]


# ---------------------------------------------------------------------------------------------------------------
# Which trades. Inputs are chosen without the platform's libm, so that they are the same everywhere.


def logUniform(rng, low, high):
    """10^U, U uniform on [low, high]."""
    return toDouble(arb(10) ** arb(exact(rng.uniform(low, high))))


def shortened(rng, x, digits=4):
    """Half of the numbers are short ones, as people write them; the others use all 53 bits."""
    return float(f"%.{digits}g" % x) if rng.random() < 0.5 else x


def randomMarket(rng, table, oraclePrice=None):
    mu = oraclePrice or shortened(rng, logUniform(rng, -6, 6))
    funding = GEOMETRIC_MEAN if rng.random() < 0.6 else FULL
    b = logUniform(rng, -3, 12)
    if rng.random() < 0.5:                                             # near balance
        a = b * mu * logUniform(rng, -0.5, 0.5)
        if a < 1e-3 or a > 1e12:
            a = min(max(a, 1e-3), 1e12)
    else:                                                              # anything, mostly very unequal
        a = logUniform(rng, -3, 12)
    return Market(table, mu, shortened(rng, a), shortened(rng, b), funding)


def randomStart(rng, table, tail, low=None, high=None):
    """(tick, fraction); in the outer part, 6 to 12 sigma, when `tail` and the table has one."""
    k = table.halfWidth
    if low is not None:
        z = rng.uniform(low, high)
    elif tail and k > 6:
        z = rng.uniform(6, min(k, 12)) * (1 if rng.random() < 0.5 else -1)
    else:
        z = rng.uniform(-min(k, 6.0), min(k, 6.0))
    u = rng.random()
    f = 0.0 if u < 0.3 else rng.random() if u < 0.76 else 1e-9 if u < 0.88 else 1 - 1e-9
    return table.tickAt(z), f


# What is asked, with how often per hundred.
CATEGORIES = [
    ("tiny", 12), ("hop", 6), ("few", 12), ("middling", 14), ("part", 8), ("nearlyAll", 4), ("tooMuch", 6),
    ("across", 6), ("limitInside", 8), ("limitBeyond", 3), ("limitPassed", 2), ("limitOutside", 2),
    ("toSameTick", 4), ("toVeryNear", 4), ("toFew", 3), ("toFar", 5), ("toOutside", 3),
    ("edgeLimit", 2), ("edgeTarget", 2), ("edgeStart", 1), ("edgeEnd", 2), ("fromEnd", 1), ("fromFarEnd", 1),
]


def randomTrade(rng, table, category):
    """A row of the category, or Ambiguous when the dice fell badly."""
    buying = rng.random() < 0.5
    side = "buy" if buying else "sell"
    kind = "amount" if rng.random() < 0.5 else "notional"
    which = 0 if kind == "amount" else 1
    direction = 1 if buying else -1
    onEdge = category.startswith("edge")
    # At these oracle prices mu (1 + i w) is a Double for the tick widths that are short in binary.
    market = randomMarket(rng, table, rng.choice([10000.0, 5000.0, 1250.0, 160000.0, 625.0]) if onEdge else None)
    tick, f = randomStart(rng, table, rng.random() < (0.12 if table.halfWidth <= 6 else 0.3))
    k = table.halfWidth

    if category == "hop":                                              # over the edge by a tiny step
        f = 1 - 1e-10 if buying else 1e-10
        if not buying and tick == table.lo:
            raise Ambiguous
    elif category == "across":                                         # from one tail to the other side of the forming point
        reach = min(k, 5.0)
        low, high = (-reach, -0.3 * reach) if buying else (0.3 * reach, reach)
        tick, f = randomStart(rng, table, False, low, high)
    elif category == "fromEnd":
        tick, f = (table.hi, 0.0) if buying else (table.lo, 0.0)
    elif category == "fromFarEnd":
        tick, f = (table.lo, 0.0) if buying else (table.hi, 0.0)
    elif category == "edgeStart":
        f = 0.0
    start = tick + exact(f)
    last = fmpq(table.hi if buying else table.lo)

    def filled(y):
        return (market.between(start, y) if buying else market.between(y, start))[which]

    def inside(y):
        """A position between start and the end of the curve, both excluded."""
        if not (start < y < last if buying else last < y < start):
            raise Ambiguous
        return y

    def onwards(reach=6.0):
        """A position further on: a random coordinate z between the start and the end (|z| <= reach, mostly)."""
        reach = min(reach, k)
        border = table.tickAt(reach * direction) + exact(rng.random())
        if not (border > start if buying else border < start):
            border = last
        return inside(start + (border - start) * exact(rng.random()))

    def go(value, limit=None, kind=kind):
        if value <= 0:
            raise Ambiguous
        return trade(market, tick, f, side, kind, value, limit)

    def price(y):
        """The Double nearest to the price coordinate of a position."""
        x = toDouble(market.coordinate(y))
        if x <= 0:
            raise Ambiguous
        return x

    def exactPrice(y):
        if exact(price(y)) != market.coordinate(y):
            raise Ambiguous
        return price(y)

    def outside():
        """A price coordinate beyond the end of the curve."""
        x = market.coordinate(last)
        factor = 1 + logUniform(rng, -4, 1) if buying else 1 / (1 + logUniform(rng, -4, 1))
        return toDouble(x) * factor

    if category == "fromEnd":
        return go(logUniform(rng, -6, 6))
    if start == last:
        raise Ambiguous
    remaining = filled(last)

    if category == "tiny":
        capacity = (market.capacityB, market.capacityA)[which](min(tick, table.hi - 1))
        size = 1e-9 if rng.random() < 0.4 else logUniform(rng, -9, -2)
        return go(toDouble(capacity * exact(size)))
    if category == "hop":
        capacity = (market.capacityB, market.capacityA)[which](tick)
        size = 1e-9 if rng.random() < 0.5 else logUniform(rng, -9.7, -6)
        return go(toDouble(capacity * exact(size)))
    if category in ("few", "fromFarEnd"):
        return go(shortened(rng, toDouble(filled(inside(start + direction * exact(rng.uniform(0.1, 6))))), 7))
    if category == "middling":
        return go(shortened(rng, toDouble(filled(onwards())), 7))
    if category == "part":
        return go(shortened(rng, toDouble(remaining * exact(rng.uniform(0.001, 0.999))), 7))
    if category == "nearlyAll":
        return go(toDouble(remaining * exact(rng.choice([0.99, 0.999, 0.999]))))
    if category == "tooMuch":
        return go(shortened(rng, toDouble(remaining * (1 + arb(exact(logUniform(rng, -6, 2)))))))
    if category == "across":
        reach = min(k, 3.5)
        beyond = table.tickAt(direction * rng.uniform(0.02, 1) * reach) + exact(rng.random())
        if rng.random() < 0.25:
            return go(price(inside(beyond)), kind="to-price")
        return go(toDouble(filled(inside(beyond))))
    if category == "limitInside":
        y = onwards() if rng.random() < 0.7 else inside(start + direction * exact(rng.uniform(0.05, 5)))
        return go(toDouble(filled(y) * (1 + arb(exact(logUniform(rng, -4, 3))))), price(y))
    if category == "limitBeyond":
        y = onwards()
        return go(toDouble(filled(y) * exact(rng.uniform(0.01, 0.999))), price(y))
    if category == "limitPassed":
        y = start - direction * exact(logUniform(rng, -3, 3))
        return go(toDouble(remaining * exact(rng.uniform(0.01, 2))), price(y))
    if category == "limitOutside":
        return go(toDouble(remaining * exact(rng.choice([0.5, 0.9, 1.01, 3.0]))), outside())
    if category == "toSameTick":
        edge = fmpq(int(start.floor()) + 1) if buying else fmpq(int(start.ceil()) - 1)
        return go(price(start + (edge - start) * exact(rng.uniform(0.02, 0.98))), kind="to-price")
    if category == "toVeryNear":
        step = 1e-7 if rng.random() < 0.6 else logUniform(rng, -8, -4)
        return go(price(inside(start + direction * exact(step))), kind="to-price")
    if category == "toFew":
        return go(price(inside(start + direction * exact(rng.uniform(0.5, 5)))), kind="to-price")
    if category == "toFar":
        return go(price(onwards(reach=k)), kind="to-price")
    if category == "toOutside":
        return go(outside(), kind="to-price")
    if category == "edgeLimit":                                        # the limit is an edge, exactly
        y = inside(fmpq(int(onwards().floor())))
        return go(toDouble(filled(y) * exact(rng.uniform(1.01, 3))), exactPrice(y))
    if category == "edgeTarget":
        y = inside(fmpq(int(onwards().floor())))
        return go(exactPrice(y), kind="to-price")
    if category == "edgeStart":                                        # the limit is the start, exactly: nothing
        return go(toDouble(remaining * exact(rng.uniform(0.01, 2))), exactPrice(start))
    if category == "edgeEnd":                                          # the limit or target is the end, exactly
        if rng.random() < 0.5:
            return go(exactPrice(last), kind="to-price")
        return go(toDouble(remaining * exact(rng.choice([0.5, 1.5]))), exactPrice(last))
    raise AssertionError(category)


tally = {}


def trades(rng, table, count):
    total = sum(n for _, n in CATEGORIES)
    made = []
    # Spread the categories evenly over any count: a stride that has no factor in common with their number.
    names = [name for name, n in CATEGORIES for _ in range(n)]
    stride = next(n for n in range(int(total * 0.38), total) if math.gcd(n, total) == 1)
    for c in range(count):
        category = names[c * stride % total]
        for _ in range(60):
            try:
                made.append(randomTrade(rng, table, category))
                tally[category] = tally.get(category, 0) + 1
                break
            except Ambiguous:
                continue
    return made


# ---------------------------------------------------------------------------------------------------------------
# The worked example: 1 B of a pool with 1000 A and 10 B at price 100, sigma 1


def workedExample(table):
    market = Market(table, 100.0, 1000.0, 10.0, GEOMETRIC_MEAN)
    row = dict(zip(SWAP_COLUMNS, trade(market, 0, 0.0, "buy", "amount", 1.0, None)))

    def near(x, y, relative):
        assert abs(toDouble(x) / y - 1) < relative, (toDouble(x), y)

    near(market.capacityA(0), 3.98936, 2e-6)
    near(market.capacityB(0), 0.0398936, 2e-6)
    near(market.capacityA(1), 3.98916, 2e-6)
    near(market.capacityB(1), 0.0398876, 2e-6)
    assert abs(float(row["amountIn"]) - 100.12109282770146) <= 2e-14, row["amountIn"]
    assert float(row["amountOut"]) == 1 and row["stop"] == "complete"
    assert row["tickAfter"] == 25 and abs(float(row["fractionAfter"]) - 0.35066547) < 5e-9, row
    assert row["ticksCrossed"] == 26
    return list(row.values())


# ---------------------------------------------------------------------------------------------------------------


def write(name, header, rows):
    path = os.path.join(HERE, name)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows, {os.path.getsize(path)} bytes")


def make():
    began = time.time()
    tableRows, massRows, swapRows = [], [], []
    for number, (shape, s, k, bps, count) in enumerate(TABLES):
        # Each table has its own generators: a change of one leaves the others' data alone.
        massRng = random.Random(f"{SEED} masses {shape} {s!r} {k!r} {bps!r}")
        swapRng = random.Random(f"{SEED} swaps {shape} {s!r} {k!r} {bps!r}")
        table = Table(number, shape, s, k, bps)
        table.build()
        tableRows.append(table.tableRow())
        massRows += [table.massRow(i) for i in table.sampledTicks(massRng)]
        if number == 0:
            swapRows.append(workedExample(table))
        made = trades(swapRng, table, count)
        swapRows += made
        print(f"{number:3} {shape:10} s {s:<22} k {k:<4} bps {bps:<6} {table.lo:7} ..< {table.hi:6}"
              f"{' cut' if table.isCut else '    '} trades {len(made):4}  {time.time() - began:6.1f} s", flush=True)
        table.drop()
    write("tables.csv", TABLE_COLUMNS, tableRows)
    write("masses.csv", MASS_COLUMNS, massRows)
    write("swaps.csv", SWAP_COLUMNS, swapRows)
    for column in ("stop", "kind", "side", "funding"):
        values = [row[SWAP_COLUMNS.index(column)] for row in swapRows]
        print(column, {v: values.count(v) for v in sorted(set(values))})
    print("category", tally)
    print(f"{time.time() - began:.0f} s")


# ---------------------------------------------------------------------------------------------------------------
# --check: the files against mpmath, by another way. Masses are Gauss-Legendre integrals of the density (no
# difference of tails), sums are plain loops, trades walk tick by tick. Sums are compared on tables of up to 1300 ticks,
# trades on tables of up to 4400; of bigger tables the masses, and the sums of the outer ticks on the near side.


def check():
    import mpmath
    from mpmath import mp, mpf

    mp.dps = 60
    tolerance = mpf(10) ** -38                  # printed: 40 digits
    read = lambda name: list(csv.DictReader(open(os.path.join(HERE, name), newline="")))
    tables, masses, swaps = read("tables.csv"), read("masses.csv"), read("swaps.csv")
    rng = random.Random(SEED)
    compared = [0, 0, 0]
    worst = mpf(0)

    def same(text, value, where):
        nonlocal worst
        x = mpf(text)
        error = abs(x - value) if value == 0 else abs(x / value - 1)
        worst = max(worst, error)
        assert error < tolerance, (where, text, mpmath.nstr(value, 45))
        compared[0] += 1

    class Slow:
        def __init__(self, row):
            self.shape = row["shape"]
            self.s, self.k = mpf(float(row["relativeSigma"])), mpf(float(row["halfWidth"]))
            self.w = mpf(float(row["tickBps"])) / 10**4
            self.lo, self.hi = int(row["lowestTick"]), int(row["upperTick"])
            if self.shape == UNIFORM:
                self.total = self.z(self.hi) - self.z(self.lo)
            else:
                self.total = 1 - self.tail(self.z(self.hi)) - self.tail(-self.z(self.lo))
            self.known = {}

        def tail(self, z):
            return mpmath.erfc(z / mpmath.sqrt(2)) / 2

        def z(self, i):
            u = 1 + i * self.w
            z = mpmath.log(u) / self.s if self.shape == LOG_NORMAL else i * self.w / self.s
            return min(max(z, -self.k), self.k)

        def mass(self, i):
            if i not in self.known:
                z0, z1 = self.z(i), self.z(i + 1)
                if self.shape == UNIFORM:
                    raw = z1 - z0
                else:
                    # Relative to the density where it is greatest, piece by piece: quad works to an absolute error.
                    pieces = 1 + int((z1 - z0) * (2 + max(abs(z0), abs(z1))))
                    raw = mpf(0)
                    for p in range(pieces):
                        x0, x1 = (z0 + (z1 - z0) * q / pieces for q in (p, p + 1))
                        c = min(abs(x0), abs(x1))
                        relative = lambda x: mpmath.exp((c - x) * (c + x) / 2)
                        raw += mpmath.npdf(c) * mpmath.quad(relative, [x0, x1], method="gauss-legendre")
                self.known[i] = raw / self.total
            return self.known[i]

        def b(self, i):
            return self.mass(i) / mpmath.sqrt(1 + i * self.w)

        def a(self, i):
            return self.mass(i) * mpmath.sqrt(1 + i * self.w)

    slow = {row["table"]: Slow(row) for row in tables}

    # Ranges, from the definition in 60 digits.
    for row in tables:
        t = slow[row["table"]]
        top = mpmath.expm1(t.k * t.s) if t.shape == LOG_NORMAL else t.k * t.s
        bottom = mpmath.expm1(-t.k * t.s) if t.shape == LOG_NORMAL else -t.k * t.s
        hi, lo = mpmath.ceil(top / t.w - mpf(10) ** -9), mpmath.floor(bottom / t.w + mpf(10) ** -9)
        while 1 + lo * t.w <= 0:
            lo += 1
        assert (lo, hi) == (t.lo, t.hi), row

    for number, t in slow.items():
        rows = [r for r in masses if r["table"] == number]
        small = t.hi - t.lo <= 1300
        for r in rows if t.hi - t.lo <= ALL_TICKS else rng.sample(rows, 8):
            same(r["mass"], t.mass(int(r["tick"])), r)
            compared[1] += 1
        chosen = rng.sample(rows, min(4, len(rows))) if small else [rows[1], rows[2], rows[-1], rows[-3]]
        for r in chosen:
            i = int(r["tick"])
            if small or i - t.lo < 10:
                same(r["cumulativeB"], mpmath.fsum(t.b(j) for j in range(t.lo, i)), r)
                same(r["cumulativeA"], mpmath.fsum(t.a(j) for j in range(t.lo, i)), r)
            if small or t.hi - i < 10:
                same(r["aboveB"], mpmath.fsum(t.b(j) for j in range(i, t.hi)), r)
                same(r["aboveA"], mpmath.fsum(t.a(j) for j in range(i, t.hi)), r)

    def walk(r, t):
        """The trade, tick by tick."""
        mu, qA, qB = (mpf(float(r[c])) for c in ("oraclePrice", "reserveA", "reserveB"))
        l = mpmath.sqrt(qA * qB)
        scaleA = qA / (l * mpmath.sqrt(mu) * mpmath.fsum(t.a(i) for i in range(t.lo, 0)))
        scaleB = qB / (l / mpmath.sqrt(mu) * mpmath.fsum(t.b(i) for i in range(0, t.hi)))
        if r["funding"] == GEOMETRIC_MEAN:
            scaleA, scaleB = min(scaleA, 1), min(scaleB, 1)
        i, f, buying = int(r["startTick"]), mpf(float(r["startFraction"])), r["side"] == "buy"
        kind = r["kind"]
        value = mpf(float(r["value"]))
        bound = value if kind == "to-price" else mpf(float(r["limit"])) if r["limit"] else None
        y = None if bound is None else (bound / mu - 1) / t.w
        if y is not None and abs(y - mpmath.nint(y)) < mpf(10) ** -40:
            y = mpmath.nint(y)                                         # an exact edge
        left = mpmath.inf if kind == "to-price" else value
        sumB, sumA, crossed, stop = mpf(0), mpf(0), 0, None
        while stop is None:
            if left == 0:
                stop = "complete"
            elif y is not None and (i + f >= y if buying else i + f <= y):
                stop = "complete" if kind == "to-price" else "priceLimit"
            elif i + f == (t.hi if buying else t.lo):
                stop = "exhausted"
            else:
                if not buying and f == 0:
                    i, f = i - 1, mpf(1)
                price = mu * (1 + i * t.w)
                full = l / mpmath.sqrt(mu) * t.b(i) * (scaleB if i >= 0 else scaleA)
                room = 1 - f if buying else f
                if y is not None and i <= y <= i + 1:
                    room = min(room, y - i - f if buying else i + f - y)
                wanted = left / (full if kind != "notional" else full * price)
                part = min(room, wanted)
                f = f + part if buying else f - part
                left = mpf(0) if part == wanted else left - part * (full if kind != "notional" else full * price)
                if f == 1 or abs(f - 1) < mpf(10) ** -50:
                    i, f = i + 1, mpf(0)
                if abs(f) < mpf(10) ** -50:
                    f = mpf(0)
                if y is not None and part == room and abs(i + f - y) < mpf(10) ** -45:
                    f = y - i
                sumB, sumA, crossed = sumB + part * full, sumA + part * full * price, crossed + (part > 0)
        if not buying and f == 1:
            i, f = i + 1, mpf(0)
        return sumB, sumA, i, f, crossed, stop, left, mu * (1 + (i + f) * t.w)

    mu = lambda r: mpf(float(r["oraclePrice"]))
    eligible = [r for r in swaps if slow[r["table"]].hi - slow[r["table"]].lo <= 4400]
    for r in [swaps[0]] + rng.sample(eligible, 250):
        t = slow[r["table"]]
        sumB, sumA, i, f, crossed, stop, left, price = walk(r, t)
        amountIn, amountOut = (sumA, sumB) if r["side"] == "buy" else (sumB, sumA)
        assert (i, crossed, stop) == (int(r["tickAfter"]), int(r["ticksCrossed"]), r["stop"]), (r, i, crossed, stop)
        # Differences lose digits of the 60 where the step is 1e-9 of a tick or the rest is small; 1e-38 still holds.
        same(r["amountIn"], amountIn, r)
        same(r["amountOut"], amountOut, r)
        same(r["priceAfter"], price, r)
        same(r["fractionAfter"], f, r)
        if r["kind"] != "to-price":
            same(r["left"], left, r)
        condition = mpf(1)
        if r["kind"] != "to-price" and stop == "complete":
            condition = mu(r) * (1 + i * t.w) * sumB / sumA
            condition = condition if r["kind"] == "amount" else 1 / condition
        assert abs(mpf(r["condition"]) / condition - 1) < mpf("5.1e-6"), (r, condition)
        compared[2] += 1
    print(f"{compared[0]} numbers ({compared[1]} masses, {compared[2]} trades) agree with mpmath; "
          f"greatest relative difference {mpmath.nstr(worst, 3)}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    elif not sys.argv[1:]:
        make()
    else:
        sys.exit("usage: make_golden.py [--check]")
