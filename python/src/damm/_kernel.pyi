"""The compiled part: the functions of libdamm, arrays through the buffer protocol."""

from typing import Any, NewType

import numpy as np
import numpy.typing as npt

CurveHandle = NewType("CurveHandle", object)
PoolHandle = NewType("PoolHandle", object)
_Block = npt.NDArray[np.float64]
_Row = npt.NDArray[Any] | None

def version() -> str: ...
def relative_sigma(iv: float, horizon_days: float, convention: int, /) -> float: ...
def curve_create(
    price: float,
    relative_sigma: float,
    reserve_a: float,
    reserve_b: float,
    half_width: float,
    tick_width_bps: float,
    position: float,
    shape: int,
    funding: int,
    /,
) -> CurveHandle: ...
def curve_share(
    curve: CurveHandle, price: float, reserve_a: float, reserve_b: float, position: float, /
) -> CurveHandle: ...
def curve_state(curve: CurveHandle, /) -> tuple[int, int, float, float, float]: ...
def quote_block(
    curve: CurveHandle,
    side: int,
    fixed: int,
    values: _Block,
    limit: float,
    block: _Block,
    mask: int,
    /,
) -> None: ...
def quote_arrays(
    curve: CurveHandle, side: int, fixed: int, values: _Block, limit: float, /, *rows: _Row
) -> None: ...
def quote_to_price(curve: CurveHandle, side: int, target: float, block: _Block, /) -> None: ...
def pool_create(curve: CurveHandle, /) -> PoolHandle: ...
def pool_curve(pool: PoolHandle, /) -> CurveHandle: ...
def pool_reserves(pool: PoolHandle, /) -> tuple[float, float]: ...
def pool_swap(
    pool: PoolHandle, side: int, fixed: int, value: float, limit: float, block: _Block, /
) -> None: ...
def pool_swap_to_price(pool: PoolHandle, side: int, target: float, block: _Block, /) -> None: ...
def pool_reform(pool: PoolHandle, price: float, /) -> None: ...
