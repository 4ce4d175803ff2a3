#!/usr/bin/env python3
"""Golden data of DAMM: implied total deviations, exact at their Double inputs.

What it makes (beside this script, and nothing else):

    volatility.csv   premiums and the total deviation that each one implies, 50 significant digits; and premiums
                     that must be refused, with the reason

How to run it again (one process, no input files, same bytes every time):

    pip install python-flint mpmath && python3 data/golden/make_volatility.py
    python3 data/golden/make_volatility.py --check      # reads the file back and compares with mpmath

Forward, strike and premium are Doubles printed with repr. The premium is made from a drawn deviation and rounded to a
Double; then that Double is the question, and the answer is solved for anew. Premium less intrinsic value is an exact
fraction, so that all options are inverted as options out of the money. An answer is a ball, and it is printed only
when the price at its lower end is proved to be below the premium, at its upper end above: the price rises with the
deviation, so the root is inside. No decision is made in Double arithmetic, except the choice of inputs.
"""

import csv
import math
import os
import random
import sys
import time

from flint import arb, ctx, fmpq

from make_golden import HERE, decimal, exact, less, logUniform, shortened, toDouble, write

PRECISION = 512                 # bits of working precision
RADIUS_BITS = 230               # relative radius of a proved enclosure: 2^-230, 69 digits
DIGITS = 50                     # digits printed
SEED = 20240301
LIMIT = 2**43                   # greatest condition of an answer: 2^-53 of the premium then moves it by 2^-10
LEAST_PREMIUM = 1e-300          # as a number, and over forward and over strike (normal model: over the deviation)
LOW, HIGH = 1e-4, 10.0          # total deviation, normal model: over the forward's size
FARTHEST = 10                   # |ln(forward/strike)|
FAINT = 60                      # deviations from the money where no price is a Double: e^-1800
BEYOND, BELOW = "beyond", "below"           # an answer above HIGH; below LOW, which no row has

ctx.prec = PRECISION

BLACK, NORMAL = "black", "normal"
CASH, COIN = "cash", "coin"
CALL, PUT = "call", "put"
COLUMNS = "model,quotation,type,forward,strike,premium,deviation,condition,reason".split(",")

# ---------------------------------------------------------------------------------------------------------------
# The two models, for an option out of the money


def tail(x):
    """The standard normal law above x. erfc keeps relative accuracy."""
    return (x / arb(2).sqrt()).erfc() / 2


def density(x):
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


class Option:
    """One option; all amounts are exact and in cash, whatever the quotation."""

    def __init__(self, model, quotation, kind, forward, strike):
        self.model, self.quotation, self.kind = model, quotation, kind
        self.forward, self.strike = float(forward), float(strike)
        self.F, self.K = exact(self.forward), exact(self.strike)
        self.unit = self.F if quotation == COIN else fmpq(1)            # cash of one unit of premium
        self.intrinsic = max(self.F - self.K if kind == CALL else self.K - self.F, fmpq(0))
        self.maximum = (self.F if kind == CALL else self.K) if model == BLACK else None
        self.low, self.high = min(self.F, self.K), max(self.F, self.K)
        # ln(high/low) >= 0, and the distance of the normal model
        self.x = arb(self.high / self.low).log() if model == BLACK else None
        self.distance = arb(self.high - self.low)

    def timeValue(self, v):
        """Price less intrinsic value: by parity that of the call or put out of the money."""
        if self.model == NORMAL:
            d = self.distance / v
            return v * (density(d) - d * tail(d))
        d1 = -self.x / v + v / 2                                        # low N(d1) - high N(d1 - v)
        return arb(self.low) * tail(-d1) - arb(self.high) * tail(v - d1)

    def slope(self, v):
        """d price / d deviation."""
        if self.model == NORMAL:
            return density(self.distance / v)
        return arb(self.low) * density(-self.x / v + v / 2)

    def premium(self, v):
        """The Double nearest to the premium in units of the quotation; the intrinsic value alone far from the money."""
        d = self.distance / exact(v) if self.model == NORMAL else self.x / exact(v) - arb(exact(v)) / 2
        if d > FAINT:
            return toDouble(self.intrinsic / self.unit)
        return toDouble((arb(self.intrinsic) + self.timeValue(arb(exact(v)))) / arb(self.unit))

    def value(self, premium):
        """Premium less intrinsic value in cash, exact."""
        return exact(premium) * self.unit - self.intrinsic

    def solve(self, premium, start):
        """The deviation as a ball that is proved to hold the root. `start` lies in the neighbourhood."""
        goal, v = arb(self.value(premium)), arb(exact(start))
        low, high = arb(0), None
        for _ in range(200):
            price = self.timeValue(v)
            if price < goal:
                low = v
            elif price > goal:
                high = v
            # Newton on the logarithm of the price, which is nearly a straight line in 1/v^2.
            square = 1 / v**2 - 2 * (goal / price).log() * price / (self.slope(v) * v**3)
            last, v = v, (1 / square.sqrt()).mid() if square > 0 else arb(0)
            if v > low and (high is None or v < high):
                if abs(v / last - 1) < arb(2) ** -(RADIUS_BITS + 8):
                    break
            else:
                v = 2 * last if high is None else ((low + high) / 2).mid()
        radius = v * arb(2) ** -RADIUS_BITS
        if not (less(self.timeValue(v - radius), goal) and less(goal, self.timeValue(v + radius))):
            raise ArithmeticError(f"the root is not enclosed: {self.row(premium)}")
        return arb(v, radius.upper())

    def condition(self, premium, v):
        """|d ln v / d ln premium| at fixed forward and strike."""
        return arb(exact(premium) * self.unit) / (v * self.slope(v))

    def row(self, premium, deviation="", condition="", reason=""):
        return [self.model, self.quotation, self.kind, repr(self.forward), repr(self.strike), repr(premium),
                deviation, condition, reason]


# ---------------------------------------------------------------------------------------------------------------
# Which options and premiums


class Unfit(Exception):
    """Not a row of the kind that was asked for."""


def answer(option, premium, start):
    """A row with a deviation; the reason is empty when the deviation must be found."""
    value = option.value(premium)
    if value <= 0 or (option.maximum is not None and value >= option.low):
        raise Unfit
    v = option.solve(premium, start)
    condition = option.condition(premium, v)
    if abs(condition / LIMIT - 1) < arb("0.01"):
        raise Unfit                                                     # too near to the border to be a fair question
    size = arb(1 if option.model == BLACK else abs(option.F))
    scale = arb(option.high) if option.model == BLACK else v
    if premium < sys.float_info.min:
        reason = "subnormal"
    elif premium < LEAST_PREMIUM or arb(value) < scale * arb(exact(LEAST_PREMIUM)):
        raise Unfit
    elif less(arb(LIMIT), condition):
        reason = "noInformation"
    elif v < size * arb(exact(LOW)):
        reason = BELOW
    elif v > size * arb(exact(HIGH)):
        reason = BEYOND
    else:
        reason = ""
    return option.row(premium, decimal(v, DIGITS, RADIUS_BITS - 5), "%.6g" % toDouble(condition), reason)


def asked(option, v, wanted=("",)):
    """The row of the premium at deviation v, if it is of the kind wanted."""
    premium = option.premium(v)
    for _ in range(4):
        if not 0 < premium < math.inf:
            raise Unfit
        row = answer(option, premium, v)
        if row[-1] in wanted:
            return row
        # At an end of the domain the rounding of the premium may have led over it.
        if wanted != ("",) or row[-1] not in (BELOW, BEYOND):
            raise Unfit
        premium = math.nextafter(premium, math.inf if row[-1] == BELOW else 0)
    raise Unfit


def strikeAt(forward, x):
    """The Double strike with ln(forward/strike) near x, at most FARTHEST away."""
    if abs(x) == 1e-16:
        return math.nextafter(forward, 0 if x > 0 else math.inf)
    strike = toDouble(arb(exact(forward)) * (-arb(exact(x))).exp())
    while not abs(arb(exact(forward) / exact(strike)).log()) <= FARTHEST:
        strike = math.nextafter(strike, forward)
    return strike


def anyForward(rng):
    return shortened(rng, logUniform(rng, -6, 8))


def kindOf(inTheMoney, sign):
    """sign: that of forward - strike."""
    return CALL if (sign >= 0) == inTheMoney else PUT


GRID_X = [0, 1e-16, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.5, 1, 2, 5, 10]
GRID_V = [LOW, math.nextafter(LOW, 1), 1e-3, 0.01, 0.1, 0.5, 1, 3, math.nextafter(HIGH, 0), HIGH]


def grid(rng, model, quotation):
    for x in GRID_X:
        for sign in (1, -1) if x else (1,):
            for v in GRID_V:
                for kind in (CALL, PUT):
                    forward = anyForward(rng)
                    if model == BLACK or x == 1e-16:
                        strike = strikeAt(forward, sign * x)
                    else:
                        strike = forward * (1 - sign * x)
                    yield Option(model, quotation, kind, forward, strike), v if model == BLACK else v * forward


def randomBlack(rng, quotation):
    v = logUniform(rng, -4, 1)
    forward, inTheMoney, dice = anyForward(rng), rng.random() < 0.4, rng.random()
    if dice < 0.45:                                                     # even over distances in deviations
        x = v * (rng.uniform(-8, 8) if inTheMoney else rng.uniform(-37.5, 37.5))
    elif dice < 0.75:
        x = logUniform(rng, -16, 1) * rng.choice([1, -1])
    else:                                                               # as on a market
        v = logUniform(rng, -2, 0.3)
        x = v * rng.gauss(0, 1.5)
        forward = float("%.6g" % logUniform(rng, 0, 5))
    if abs(x) > FARTHEST:
        raise Unfit
    strike = strikeAt(forward, x)
    if dice >= 0.75:
        strike = float("%.3g" % strike)
    elif 1e-3 < abs(x) < 9.99:
        strike = shortened(rng, strike)
    return Option(BLACK, quotation, kindOf(inTheMoney, forward - strike), forward, strike), v


def wide(rng, quotation):
    """About the money at deviations near 1, where a difference of probabilities, a series and the complement of the price
    are worth about the same: the worst place for each of them."""
    forward, v = anyForward(rng), rng.uniform(0.9, 1.5)
    x = rng.uniform(0, 0.6) if rng.random() < 0.5 else logUniform(rng, -6, -0.5)
    strike = strikeAt(forward, x * rng.choice([1, -1]))
    return Option(BLACK, quotation, kindOf(rng.random() < 0.15, forward - strike), forward, strike), v


def randomNormal(rng, quotation):
    forward, inTheMoney, dice = anyForward(rng), rng.random() < 0.4, rng.random()
    if quotation == CASH and rng.random() < 0.08:
        forward = -forward
    v = abs(forward) * logUniform(rng, -4, 1)
    if dice < 0.55:
        distance = v * (rng.uniform(-8, 8) if inTheMoney else rng.uniform(-37, 37))
    else:
        distance = v * logUniform(rng, -12, 1) * rng.choice([1, -1])
    strike = forward - distance
    if abs(distance) > 1e-3 * abs(forward):
        strike = shortened(rng, strike)
    if strike <= 0 < forward and rng.random() < 0.8:                    # the normal model allows it; a few are enough
        raise Unfit
    return Option(NORMAL, quotation, kindOf(inTheMoney, forward - strike), forward, strike), v


def randomScale(rng, quotation):
    """Amounts far from 1, where squares and products of them overflow or underflow."""
    forward = logUniform(rng, 100, 200) ** rng.choice([1, -1])
    v, d, inTheMoney = logUniform(rng, -3, 0.5), rng.uniform(-6, 6), rng.random() < 0.4
    if rng.random() < 0.6:
        if abs(d * v) > FARTHEST:
            raise Unfit
        return Option(BLACK, quotation, kindOf(inTheMoney, d), forward, strikeAt(forward, d * v)), v
    v *= forward
    return Option(NORMAL, quotation, kindOf(inTheMoney, d), forward, forward - d * v), v


def thin(rng, quotation):
    """So far in the money that the premium holds few digits of time value, or none."""
    forward, d = anyForward(rng), rng.uniform(4.5, 8.6) * rng.choice([1, -1])
    if rng.random() < 0.3:
        v = forward * logUniform(rng, -4, -0.8)
        return Option(NORMAL, quotation, kindOf(True, d), forward, forward - d * v), v
    v = logUniform(rng, -4, 0)
    if abs(d * v) > FARTHEST:
        raise Unfit
    return Option(BLACK, quotation, kindOf(True, d), forward, strikeAt(forward, d * v)), v


def full(rng, quotation):
    """Near the maximum, which takes a deviation above HIGH."""
    forward = anyForward(rng)
    strike = strikeAt(forward, rng.uniform(-6, 6))
    return Option(BLACK, quotation, rng.choice([CALL, PUT]), forward, strike), rng.uniform(10.5, 17)


def faint(rng, quotation):
    """A premium below the normal numbers."""
    v = logUniform(rng, -3, -0.7)
    x = v * rng.uniform(37, 38.6) * rng.choice([1, -1])
    return Option(BLACK, quotation, kindOf(False, x), 1.0, strikeAt(1.0, x)), v


def collect(rows, draw, rng, quotation, count, wanted=""):
    """`count` more rows of the kind wanted."""
    seen = {tuple(row[:6]) for row in rows}
    goal = len(rows) + count
    while len(rows) < goal:
        try:
            row = asked(*draw(rng, quotation), (wanted,))
        except Unfit:
            continue
        if tuple(row[:6]) not in seen:
            seen.add(tuple(row[:6]))
            rows.append(row)


# ---------------------------------------------------------------------------------------------------------------
# What is no price, whatever the deviation


def doubleBelow(q):
    """The greatest Double that is less than an exact value."""
    x = toDouble(q)
    while exact(x) >= q:
        x = math.nextafter(x, -math.inf)
    return x


def doubleAbove(q):
    """The least Double that is more than an exact value."""
    return -doubleBelow(-q)


def isDouble(q):
    return exact(toDouble(q)) == q


def reasonOf(option, premium):
    """Why a premium is no price."""
    cash = exact(premium) * option.unit
    if cash <= option.intrinsic:
        return "belowIntrinsic" if cash < option.intrinsic else "atIntrinsic"
    assert option.maximum is not None and cash >= option.maximum, option.row(premium)
    return "atMaximum" if cash == option.maximum else "aboveMaximum"


# forward, strike: K/F, F - K and (F - K)/F are Doubles, so that a premium can meet a border exactly.
ROUND = [(1.0, 1.0), (128.0, 96.0), (64.0, 96.0), (4096.0, 1024.0), (0.5, 0.375), (3072.0, 6144.0)]


def impossible(rng):
    options = list(ROUND)
    while len(options) < len(ROUND) + 5:
        forward = anyForward(rng)
        options.append((forward, strikeAt(forward, rng.uniform(-3, 3))))
    rows = []
    for index, (forward, strike) in enumerate(options):
        for model, quotation in ((BLACK, CASH), (BLACK, COIN), (NORMAL, CASH)):
            for kind in (CALL, PUT):
                option = Option(model, quotation, kind, forward, strike)
                least = option.intrinsic / option.unit
                premiums = []
                if least > 0:
                    premiums.append(doubleBelow(least))
                    if rng.random() < 0.4:
                        premiums.append(rng.choice([0.0, 0.5 * toDouble(least)]))
                elif index < 2:
                    premiums += [-5e-324, -0.25 * forward]
                if isDouble(least) and index < len(ROUND):
                    premiums.append(toDouble(least))
                if option.maximum is not None:
                    most = option.maximum / option.unit
                    premiums.append(doubleAbove(most))
                    if isDouble(most) and index < len(ROUND):
                        premiums.append(toDouble(most))
                    if rng.random() < 0.25:
                        premiums.append(rng.choice([2.0, 1e10]) * toDouble(most))
                rows += [option.row(premium, reason=reasonOf(option, premium)) for premium in premiums]
    return rows


# ---------------------------------------------------------------------------------------------------------------


def make():
    began = time.time()
    rows = []

    def generator(name):
        # Each part has its own generator: a change of one leaves the others' data alone.
        return random.Random(f"{SEED} {name}")

    for model, quotation in ((BLACK, CASH), (BLACK, COIN), (NORMAL, CASH)):
        for option, v in grid(generator(f"grid {model} {quotation}"), model, quotation):
            try:
                rows.append(asked(option, v))
            except Unfit:
                continue
        print(f"grid, {model}, {quotation}: {len(rows)} rows so far, {time.time() - began:.0f} s", flush=True)
    for name, draw, quotation, count, wanted in (
        ("black", randomBlack, CASH, 950, ""), ("black", randomBlack, COIN, 350, ""),
        ("normal", randomNormal, CASH, 400, ""), ("normal", randomNormal, COIN, 60, ""),
        ("scale", randomScale, CASH, 60, ""), ("scale", randomScale, COIN, 20, ""),
        ("thin", thin, CASH, 60, ""), ("thin", thin, COIN, 30, ""),
        ("full", full, CASH, 16, BEYOND), ("full", full, COIN, 10, BEYOND),
        ("thin", thin, CASH, 34, "noInformation"), ("thin", thin, COIN, 16, "noInformation"),
        ("full", full, CASH, 8, "noInformation"), ("full", full, COIN, 6, "noInformation"),
        ("faint", faint, CASH, 12, "subnormal"), ("faint", faint, COIN, 6, "subnormal"),
        ("wide", wide, CASH, 500, ""), ("wide", wide, COIN, 200, ""),
    ):
        collect(rows, draw, generator(f"{name} {quotation} {wanted}"), quotation, count, wanted)
        print(f"{name}, {quotation}, {wanted}: {len(rows)} rows so far, {time.time() - began:.0f} s", flush=True)
    rows += impossible(generator("impossible"))
    write("volatility.csv", COLUMNS, rows)
    for column in ("model", "quotation", "type", "reason"):
        values = [row[COLUMNS.index(column)] for row in rows]
        print(column, {v: values.count(v) for v in sorted(set(values))})
    print(f"{time.time() - began:.0f} s")


# ---------------------------------------------------------------------------------------------------------------
# --check: the file against mpmath, by another way. The price is the plain formula of the option as it stands, with
# enough digits for its differences, and must enclose the premium between the two neighbours of the printed deviation;
# the condition is a difference quotient; of some rows the price is also an integral of the payoff. Reasons are found
# in fractions.


def check():
    import mpmath
    from fractions import Fraction
    from mpmath import mp, mpf

    with open(os.path.join(HERE, "volatility.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    rng = random.Random(SEED)
    rational = lambda q: mpf(q.numerator) / q.denominator

    def parsed(row):
        F, K, premium = (Fraction(float(row[c])) for c in ("forward", "strike", "premium"))
        cash = premium * (F if row["quotation"] == COIN else 1)
        return F, K, cash, row["type"] == CALL, row["model"] == BLACK

    def price(row, v):
        F, K, _, isCall, isBlack = parsed(row)
        F, K = rational(F), rational(K)
        sign = 1 if isCall else -1
        if isBlack:
            d1 = mpmath.log(F / K) / v + v / 2
            return sign * (F * mpmath.ncdf(sign * d1) - K * mpmath.ncdf(sign * (d1 - v)))
        d = (F - K) / v
        return sign * (F - K) * mpmath.ncdf(sign * d) + v * mpmath.npdf(d)

    def integral(row, v):
        """The mean payoff of an option out of the money, over the density at the strike."""
        F, K, cash, isCall, isBlack = parsed(row)
        F, K = rational(F), rational(K)
        sign = 1 if isCall else -1
        if isBlack:
            z0 = mpmath.log(K / F) / v + v / 2
            value = lambda z: sign * (F * mpmath.exp(v * z - v * v / 2) - K)
        else:
            z0 = (K - F) / v
            value = lambda z: sign * (F + v * z - K)
        middle = v if isBlack and isCall else mpf(0)
        reach = int(19 + abs(middle - z0))
        # Relative to a size: quad works to an absolute error.
        size = value(z0 + sign)
        relative = lambda z: value(z) / size * mpmath.exp((z0 - z) * (z0 + z) / 2)
        pieces = (abs(mpmath.quad(relative, [z0 + sign * i, z0 + sign * (i + 1)], method="gauss-legendre"))
                  for i in range(reach))
        return size * mpmath.npdf(z0) * mpmath.fsum(pieces)

    answered = [row for row in rows if row["deviation"]]
    for row in rows:
        F, K, cash, isCall, isBlack = parsed(row)
        intrinsic, maximum = max(F - K if isCall else K - F, 0), (F if isCall else K) if isBlack else None
        if row["deviation"]:
            assert intrinsic < cash and (maximum is None or cash < maximum), row
            assert row["reason"] in ("", "subnormal", BEYOND) if float(row["condition"]) < LIMIT \
                else row["reason"] == "noInformation", row
            v = Fraction(row["deviation"]) / (1 if isBlack else abs(F))
            if row["reason"] == "":
                assert Fraction(LOW) <= v <= Fraction(HIGH), row
            assert not isBlack or abs(mpmath.log(rational(F / K))) <= FARTHEST, row
        else:
            assert row["reason"] == ("belowIntrinsic" if cash < intrinsic else "atIntrinsic" if cash == intrinsic
                                     else "atMaximum" if cash == maximum else "aboveMaximum"), row
            assert cash <= intrinsic or cash >= maximum, row
    special = [row for row in answered if row["reason"]]
    sample = special + rng.sample([row for row in answered if not row["reason"]], 600)
    for row in sample:
        mp.dps = 420
        v, cash = mpf(row["deviation"]), rational(parsed(row)[2])
        unit = mpf(10) ** (int(row["deviation"].split("e")[1]) + 1 - DIGITS)
        step = unit * mpf("0.500001")
        assert price(row, v - step) < cash < price(row, v + step), row
        slope = (price(row, v * (1 + mpf(10) ** -40)) - price(row, v)) / (v * mpf(10) ** -40)
        assert abs(mpf(row["condition"]) * v * slope / cash - 1) < mpf("5.1e-6"), row
    integrals = 0
    worst = mpf(0)
    for row in rng.sample(answered, len(answered)):
        F, K, cash, isCall, _ = parsed(row)
        if (F > K) == isCall:
            continue
        mp.dps = 60
        error = abs(integral(row, mpf(row["deviation"])) / rational(cash) - 1)
        worst = max(worst, error)
        assert error < mpf(10) ** -44, (row, mpmath.nstr(error, 5))
        integrals += 1
        if integrals == 60:
            break
    print(f"{len(rows)} reasons, {len(sample)} deviations and conditions, {integrals} integrals of the payoff agree; "
          f"greatest relative difference of a price by integration {mpmath.nstr(worst, 3)}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    elif not sys.argv[1:]:
        make()
    else:
        sys.exit("usage: make_volatility.py [--check]")
