"""What a call from Python costs beyond the kernel; run it for the table of the decision.

The kernel alone is the C function through ctypes with everything prepared, less the same call with a
count of 0, which does nothing. Of many repeats the fastest counts.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from timeit import timeit
from typing import Any, Callable

import numpy as np

import damm

Call = Callable[[], Any]


class Parameters(ctypes.Structure):
    _fields_ = [(name, ctypes.c_double) for name in (
        "price", "relative_sigma", "reserve_a", "reserve_b", "half_width", "tick_width_bps",
        "position")] + [("shape", ctypes.c_int), ("funding", ctypes.c_int)]


class Library:
    """libdamm of the installed package, through ctypes."""

    def __init__(self) -> None:
        package = Path(damm.__file__).parent
        self.c = ctypes.CDLL(str(next(package.glob("libdamm.so*"))))
        self.c.damm_curve_quote_batch.argtypes = [
            ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p,
            ctypes.c_double, ctypes.c_void_p, ctypes.c_void_p]
        self.curve = ctypes.c_void_p()
        given = Parameters(100.0, 0.01, 1000.0, 10.0, 6.0, 1.0)
        assert self.c.damm_curve_create(ctypes.byref(given), ctypes.byref(self.curve), None) == 0

    def quotes(self, values: np.ndarray[Any, Any], fields: int) -> tuple[Call, Call]:
        """A call that quotes, and one that does all but quote."""
        block = np.empty((10, max(1, values.size)))
        block[:] = 0
        rows = (ctypes.c_void_p * 10)(*[
            block[i].ctypes.data if i < fields else None for i in range(10)])
        size, source = ctypes.c_size_t(values.size), ctypes.c_void_p(values.ctypes.data)
        none, limit, to = ctypes.c_size_t(0), ctypes.c_double(0), ctypes.byref(rows)
        batch, curve, keep = self.c.damm_curve_quote_batch, self.curve, (values, block)

        def all_of_them() -> Any:
            return batch(curve, 0, 0, size, source, limit, to, None), keep

        def none_of_them() -> Any:
            return batch(curve, 0, 0, none, source, limit, to, None), keep

        return all_of_them, none_of_them


def microseconds(calls: list[Call], number: int, repeats: int = 25) -> list[float]:
    """The fastest of many repeats a call, in turns, so that a busy moment hits all of them."""
    best = [float("inf")] * len(calls)
    for _ in range(repeats):
        for i, call in enumerate(calls):
            best[i] = min(best[i], timeit(call, number=number) / number * 1e6)
    return best


def amounts(count: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(7).uniform(0.01, 4.0, count)


def measure(count: int, number: int, repeats: int = 25) -> dict[str, float]:
    """Microseconds a call beyond the kernel, for arrays of `count` amounts."""
    curve = damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)
    values = amounts(count)
    library = Library()
    again = curve.quote(side="buy", amount=values)
    two = ("amount_in", "amount_out")
    calls = {
        "all fields": lambda: curve.quote(side="buy", amount=values),
        "all fields, out=": lambda: curve.quote(side="buy", amount=values, out=again),
        "two fields": lambda: curve.quote(side="buy", amount=values, fields=two),
    }
    timed = microseconds(
        [*calls.values(), *library.quotes(values, 10), *library.quotes(values, 2)], number, repeats)
    ten_kernel, two_kernel = timed[3] - timed[4], timed[5] - timed[6]
    result = {"kernel, ten fields": ten_kernel, "kernel, two fields": two_kernel}
    for name, time in zip(calls, timed):
        result[name] = time - (two_kernel if name == "two fields" else ten_kernel)
    return result


if __name__ == "__main__":
    for count, number in ((1, 5000), (10, 5000), (1000, 200)):
        print(f"{count} amounts: " + ", ".join(
            f"{name} {time:.2f}" for name, time in measure(count, number).items()))
