"""Names of choices, as users write them, and the numbers that ``damm.h`` has for them."""

from enum import IntEnum
from typing import Final, Literal, TypeAlias

from ._errors import DammError, ErrorCode

Side: TypeAlias = Literal["buy", "sell"]
Shape: TypeAlias = Literal["normal", "log-normal", "uniform"]
Funding: TypeAlias = Literal["geometric-mean", "full"]
Convention: TypeAlias = Literal["proportional", "lognormal-moment"]

SIDES: Final = {"buy": 0, "sell": 1}
SHAPES: Final = {"normal": 0, "log-normal": 1, "uniform": 2}
FUNDINGS: Final = {"geometric-mean": 0, "full": 1}
CONVENTIONS: Final = {"proportional": 0, "lognormal-moment": 1}
AMOUNT: Final = 0
NOTIONAL: Final = 1


class Stop(IntEnum):
    """Why a trade stopped.

    Examples
    --------
    >>> import numpy as np
    >>> np.array([0, 2], dtype=np.int32) == Stop.EXHAUSTED
    array([False,  True])
    """

    COMPLETE = 0
    """The order was filled, or the price to go to was reached."""
    PRICE_LIMIT = 1
    """The limit was reached before the order was filled."""
    EXHAUSTED = 2
    """The curve had no more to give in this direction."""


def choice(name: str, value: str, allowed: dict[str, int]) -> int:
    """The number of a choice."""
    try:
        return allowed[value]
    except (KeyError, TypeError):
        names = ", ".join(map(repr, allowed))
        raise ValueError(f"{name} is {value!r}, but it must be one of {names}.") from None


def coordinate(name: str, value: float | None) -> float:
    """A price coordinate for the library, to which 0 means none: a 0 of the caller is refused."""
    if value is None:
        return 0.0
    if value == 0:
        raise DammError(ErrorCode.OUT_OF_RANGE, f"{name} is {value}, but it must be above 0.")
    return value
