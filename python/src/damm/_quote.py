"""The answer to orders: fields as arrays, rows of one block of memory."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# The fields in the order of damm_quotes in damm.h, and their types.
TYPES: Final[dict[str, np.dtype[Any]]] = {
    "amount_in": np.dtype(np.float64),
    "amount_out": np.dtype(np.float64),
    "fee": np.dtype(np.float64),
    "average_price": np.dtype(np.float64),
    "price_after": np.dtype(np.float64),
    "fraction_after": np.dtype(np.float64),
    "left": np.dtype(np.float64),
    "tick_after": np.dtype(np.int64),
    "ticks_crossed": np.dtype(np.int64),
    "stop": np.dtype(np.int32),
}
FIELDS: Final = tuple(TYPES)


class Layout:
    """Which fields a block has: a bit a field for the library, and the row of each."""

    __slots__ = ("count", "mask", "rows")

    def __init__(self, fields: Iterable[str]) -> None:
        wanted = frozenset(fields)
        self.rows = {name: row for row, name in enumerate(f for f in FIELDS if f in wanted)}
        unknown = wanted.difference(FIELDS)
        if unknown or not wanted:
            given = ", ".join(sorted(map(repr, unknown))) or "empty"
            raise ValueError(f"fields is {given}, but it must be some of {', '.join(FIELDS)}.")
        self.mask = sum(1 << FIELDS.index(name) for name in self.rows)
        self.count = len(self.rows)


ALL: Final = Layout(FIELDS)
layout_of = lru_cache(maxsize=64)(Layout)


def block_for_one() -> Floats:
    """Memory for all fields of one quote."""
    return np.empty((len(FIELDS), 1))


class Quote:
    """What orders would do, or what a swap did: a field is an array in the shape of the amounts.

    A single amount gives numpy scalars. The arrays of one quote are views of one block of memory,
    which lives as long as any of them; ``quote.fee.copy()`` keeps one alone. Reading a field that
    was not asked for raises ``AttributeError``.

    Quotes are made by `Curve.quote` and its relatives. A partial fill is an answer, not an error:
    see `stop` and `left`.
    """

    __slots__ = ("_block", "_shape", "_layout", "_arrays")

    def __init__(
        self,
        block: Floats | None,
        shape: tuple[int, ...],
        layout: Layout,
        arrays: dict[str, Any] | None = None,
    ) -> None:
        self._block = block
        self._shape = shape
        self._layout = layout
        self._arrays = arrays

    def _field(self, name: str) -> Any:
        arrays = self._arrays
        if arrays is None:
            arrays = self._arrays = {}
        elif name in arrays:
            return arrays[name]
        row = self._layout.rows.get(name)
        if row is None or self._block is None:
            raise AttributeError(f"{name} was not asked for: there are {', '.join(self.fields)}.")
        kind, values = TYPES[name], self._block[row]
        if kind.char != "d":
            values = values.view(kind)[: values.size]
        if len(self._shape) == 1:
            array = values
        else:
            # [()] makes a scalar of what has no dimensions, and leaves arrays alone
            array = values.reshape(self._shape)[()]
        arrays[name] = array
        return array

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that were asked for."""
        return tuple(self._layout.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of every field: that of the amounts."""
        return self._shape

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, for ``pandas.DataFrame(quote.as_dict())`` and the like."""
        return {name: self._field(name) for name in self._layout.rows}

    @property
    def amount_in(self) -> Floats:
        """What the trader pays, in token units: A when buying, B when selling. float64."""
        return self._field("amount_in")  # type: ignore[no-any-return]

    @property
    def amount_out(self) -> Floats:
        """What the trader receives, in token units: B when buying, A when selling. float64."""
        return self._field("amount_out")  # type: ignore[no-any-return]

    @property
    def fee(self) -> Floats:
        """Fee in A, part of the amount of A. float64."""
        return self._field("fee")  # type: ignore[no-any-return]

    @property
    def average_price(self) -> Floats:
        """Amount of A over amount of B, A per B; 0 where either is 0. float64."""
        return self._field("average_price")  # type: ignore[no-any-return]

    @property
    def price_after(self) -> Floats:
        """Price coordinate after the trade, A per B. float64."""
        return self._field("price_after")  # type: ignore[no-any-return]

    @property
    def fraction_after(self) -> Floats:
        """Sold fraction of the tick after the trade, from 0 to below 1. float64."""
        return self._field("fraction_after")  # type: ignore[no-any-return]

    @property
    def left(self) -> Floats:
        """What is left of the quantity that was fixed; 0 for a swap to a price. float64."""
        return self._field("left")  # type: ignore[no-any-return]

    @property
    def tick_after(self) -> npt.NDArray[np.int64]:
        """Index of the tick after the trade. int64."""
        return self._field("tick_after")  # type: ignore[no-any-return]

    @property
    def ticks_crossed(self) -> npt.NDArray[np.int64]:
        """How many ticks gave something. int64."""
        return self._field("ticks_crossed")  # type: ignore[no-any-return]

    @property
    def stop(self) -> npt.NDArray[np.int32]:
        """Why the trade stopped: compare with `Stop`. int32."""
        return self._field("stop")  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        if self._shape:
            return f"Quote(shape={self._shape}, fields={self.fields})"
        fields = (f"{name}={value}" for name, value in self.as_dict().items())
        return f"Quote({', '.join(fields)})"


def check_arrays(out: Mapping[str, Any], shape: tuple[int, ...]) -> Layout:
    """What the caller's arrays hold; that they are contiguous and writable is seen later."""
    layout = layout_of(tuple(out))
    for name in layout.rows:
        array, kind = out[name], TYPES[name]
        if not isinstance(array, np.ndarray) or array.dtype != kind:
            raise ValueError(f"out[{name!r}] must be a numpy array of {kind}.")
        if array.shape != shape:
            raise ValueError(f"out[{name!r}] has shape {array.shape}, but must have {shape}.")
    return layout
