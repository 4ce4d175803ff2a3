#!/usr/bin/env python3
"""The constants of Sources/CKernels/volatility_text.h, with how good they are.

    pip install mpmath numpy scipy && python3 data/constants/make_volatility_constants.py

1. Mills ratio M(y) = Phi(-y) / phi(y) on y >= -1: (y + 4) M(y) as a polynomial in q = (y - 2) / (y + 4), which runs from -1
   to 1. Interpolated in 64 Chebyshev points at 40 digits, cut off, and written in powers of q.
2. Where the inversion starts: 1 / Q(z), a quotient of polynomials in z = sqrt(ln(1 + k / (2 b))), by least squares of a rising
   power of the relative error. With it s = sqrt(2 pi) (b + k / 2) Q is the deviation of the normal model for the price b of
   an option that is k out of the money.
"""
import math

import numpy
from mpmath import cos, erfc, exp, mp, mpf, nstr, pi, sqrt
from scipy.optimize import least_squares
from scipy.special import erfcx

mp.dps = 40
ALPHA, LOWEST, TERMS, POINTS = 4, -1, 29, 64
BETA = 2 * LOWEST + ALPHA


def mills(y):
    """Phi(-y) / phi(y), to 38 digits."""
    if y <= 60:
        return sqrt(pi / 2) * exp(y * y / 2) * erfc(y / sqrt(2))
    total = term = mpf(1)
    for n in range(1, 400):  # the asymptotic series, which y > 60 ends long before it diverges
        term *= -(2 * n - 1) / y**2
        total += term
        if abs(term) < mpf(10) ** -39:
            break
    return total / y


def chebyshev():
    """Coefficients of (y + alpha) M(y) over the Chebyshev polynomials in q."""
    values = []
    for j in range(POINTS):
        q = cos(pi * (j + mpf(1) / 2) / POINTS)
        y = (BETA + ALPHA * q) / (1 - q)
        values.append((y + ALPHA) * mills(y))
    series = [
        2 * sum(v * cos(m * pi * (j + mpf(1) / 2) / POINTS) for j, v in enumerate(values)) / POINTS
        for m in range(POINTS)
    ]
    series[0] /= 2
    return series


def powers(series):
    """The same polynomial in powers of q."""
    result = [mpf(0)] * len(series)
    previous, current = [mpf(1)], [mpf(0), mpf(1)]
    for m, coefficient in enumerate(series):
        chosen = previous if m == 0 else current
        for i, c in enumerate(chosen):
            result[i] += coefficient * c
        if m > 0:
            following = [mpf(0)] + [2 * c for c in current]
            for i, c in enumerate(previous):
                following[i] -= c
            previous, current = current, following
    return result


def print_mills():
    series = chebyshev()
    coefficients = powers(series[:TERMS])
    print(f"Mills ratio, {TERMS} coefficients from q^0 upwards:")
    for c in coefficients:
        print("  ", float(c).hex())
    print("  first term left out:", nstr(max(abs(c) for c in series[TERMS:]), 3))
    worst = mpf(0)
    for i in range(4000):
        y = mpf(LOWEST) + mpf(i) / 80
        q = (y - BETA) / (y + ALPHA)
        value = sum(mpf(float(c)) * q**n for n, c in enumerate(coefficients)) / (y + ALPHA)
        worst = max(worst, abs(value / mills(y) - 1))
    print("  largest relative error with coefficients in double:", nstr(worst, 3))


def print_start():
    h = numpy.concatenate([10.0 ** numpy.linspace(-6, -1, 400), numpy.linspace(0.1, 39, 4000)])
    mills_h = math.sqrt(math.pi / 2) * erfcx(h / math.sqrt(2))
    slope = numpy.where(h < 25, 1 - h * mills_h, 1 / (h * h + 3))  # 1 - h M(h) in the far tail
    ln_r = -h * h / 2 - 0.5 * math.log(2 * math.pi) + numpy.log(slope) - numpy.log(h)  # ln(b / k)
    far = ln_r < -30
    near = numpy.exp(numpy.where(far, 0, ln_r))
    z = numpy.sqrt(numpy.where(far, -math.log(2) - ln_r, numpy.log1p(0.5 / near)))
    wanted = h * math.sqrt(2 * math.pi) * numpy.where(far, 0.5, near + 0.5)

    def error(p):
        above = 1 + sum(p[i] * z ** (i + 1) for i in range(4))
        below = 1 + sum(p[4 + i] * z ** (i + 1) for i in range(3))
        return above / below / wanted - 1

    random = numpy.random.default_rng(1)
    fits = []
    for _ in range(12):
        fit = least_squares(lambda p: 1e3 * error(p), random.normal(size=7) * 0.5, max_nfev=4000)
        fits.append((numpy.max(numpy.abs(error(fit.x))), list(fit.x)))
    best = min(fits)
    for power in (2, 4, 8):
        scale = best[0]
        fit = least_squares(lambda p: (numpy.abs(error(p)) / scale) ** power, best[1], max_nfev=4000)
        best = min(best, (numpy.max(numpy.abs(error(fit.x))), list(fit.x)))
    print("Start, 1 / Q = (1 + p1 z + .. + p4 z^4) / (1 + q1 z + .. + q3 z^3):")
    print("  p", [round(float(p), 8) for p in best[1][:4]])
    print("  q", [round(float(p), 8) for p in best[1][4:]])
    print(f"  largest relative error {best[0]:.2g}, for k / s up to 39")


if __name__ == "__main__":
    print_mills()
    print_start()
