"""Which arrays go in and come out, and that none is copied on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import damm
from damm._quote import FIELDS, TYPES

VALUES = np.array([1e-100, 1e-9, 0.5, 1.0, 2.5, 4.9, 7.0, 1e100])


def whole(curve: damm.Curve, values: npt.ArrayLike, **named: Any) -> dict[str, Any]:
    return curve.quote(side="buy", amount=values, **named).as_dict()


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], strict=True)


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("kind", ["amount", "notional"])
@pytest.mark.parametrize("limit", [None, 99.5, 100.5])
def test_an_array_gives_the_bits_of_its_elements(
    curve: damm.Curve, side: damm.Side, kind: str, limit: float | None
) -> None:
    many = curve.quote(side=side, limit=limit, **{kind: VALUES}).as_dict()
    for i, value in enumerate(VALUES):
        one = curve.quote(side=side, limit=limit, **{kind: value}).as_dict()
        assert {name: array[i] for name, array in many.items()} == one


@pytest.mark.parametrize("shape", [(0,), (1,), (6,), (2, 3), (3, 1, 2), (2, 0), (70, 90)])
def test_shapes_and_types(curve: damm.Curve, shape: tuple[int, ...]) -> None:
    quote = curve.quote(side="buy", amount=np.full(shape, 0.5))
    assert quote.shape == shape
    for name, array in quote.as_dict().items():
        assert array.shape == shape and array.dtype == TYPES[name], name
        assert getattr(quote, name) is array
    if quote.amount_out.size:
        assert np.all(quote.amount_out == 0.5)


@pytest.mark.parametrize("one", [1, 1.0, np.float64(1), np.int32(1), np.array(1.0), True])
def test_a_single_amount_gives_scalars(curve: damm.Curve, one: Any) -> None:
    quote = curve.quote(side="buy", amount=one)
    assert quote.amount_in == 100.12109282770146 and quote.ticks_crossed == 26
    for name, value in quote.as_dict().items():
        assert isinstance(value, TYPES[name].type), name


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(np.repeat(VALUES, 2)[::2], id="strided"),
        pytest.param(VALUES[::-1].copy()[::-1], id="reversed"),
        pytest.param(VALUES.astype(">f8"), id="big-endian"),
        pytest.param(VALUES.astype(np.longdouble), id="long double"),
        pytest.param(list(VALUES), id="list"),
        pytest.param(memoryview(VALUES), id="memoryview"),
    ],
)
def test_other_layouts_are_converted(curve: damm.Curve, other: Any) -> None:
    same(whole(curve, other), whole(curve, VALUES))


def test_column_order_and_transposes(curve: damm.Curve) -> None:
    grid = np.linspace(0.1, 3.0, 12).reshape(3, 4)
    same(whole(curve, np.asfortranarray(grid)), whole(curve, grid))
    turned = whole(curve, grid.T)
    np.testing.assert_array_equal(turned["amount_in"], whole(curve, grid)["amount_in"].T)


def test_smaller_types_are_converted(curve: damm.Curve) -> None:
    small = np.array([1, 2, 3])
    for kind in (np.int8, np.uint16, np.int64, np.float16, np.float32):
        same(whole(curve, small.astype(kind)), whole(curve, small.astype(np.float64)))


@pytest.mark.parametrize("wrong", ["1.0", ["1.0"], 1j, [1j], [None], [object()], {"a": 1.0}])
def test_what_is_no_number_is_refused(curve: damm.Curve, wrong: Any) -> None:
    with pytest.raises(TypeError):
        curve.quote(side="buy", amount=wrong)


def unaligned(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    memory = np.zeros(values.nbytes + 1, dtype=np.uint8)
    array = memory[1:].view(np.float64)
    array[:] = values
    assert not array.flags.aligned
    return array


def test_unaligned_arrays(curve: damm.Curve) -> None:
    same(whole(curve, unaligned(VALUES)), whole(curve, VALUES))
    same(whole(curve, unaligned(VALUES), out={"fee": VALUES.copy()}), {"fee": VALUES * 0})
    with pytest.raises(ValueError, match="aligned"):
        curve.quote(side="buy", amount=VALUES, out={"fee": unaligned(VALUES)})


def test_a_contiguous_array_is_read_in_place(
    curve: damm.Curve, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []

    def spy(*arguments: Any) -> None:
        read.append(arguments[3])
        kernel(*arguments)

    kernel = damm._kernel.quote_block
    monkeypatch.setattr(damm._kernel, "quote_block", spy)
    grid = np.full((3, 4), 0.5)
    fixed = np.full(5, 0.5)
    fixed.flags.writeable = False
    for values in (VALUES, VALUES[2:5], grid, grid[1], fixed):
        curve.quote(side="buy", amount=values)
        assert np.shares_memory(read[-1], values) and read[-1].size == values.size
    curve.quote(side="buy", amount=VALUES[::2])
    assert not np.shares_memory(read[-1], VALUES)


def test_the_fields_are_views_of_one_block(curve: damm.Curve) -> None:
    quote = curve.quote(side="sell", notional=np.array([10.0, 20.0]))
    arrays = list(quote.as_dict().values())
    assert len({id(array.base if array.base.base is None else array.base.base)
                for array in arrays}) == 1
    for i, array in enumerate(arrays):
        for other in arrays[:i]:
            assert not np.may_share_memory(array, other)


def test_the_amounts_are_not_written(curve: damm.Curve) -> None:
    values = VALUES.copy()
    curve.quote(side="buy", amount=values)
    np.testing.assert_array_equal(values, VALUES)


@pytest.mark.parametrize(
    "fields", [("amount_in",), ("stop",), ("stop", "amount_out"), FIELDS[::-1], FIELDS[3:9:2]]
)
def test_a_choice_of_fields(curve: damm.Curve, fields: tuple[str, ...]) -> None:
    everything = whole(curve, VALUES)
    for chosen in (fields, list(fields), iter(fields)):
        quote = curve.quote(side="buy", amount=VALUES, fields=chosen)
        assert set(quote.fields) == set(fields)
        same(quote.as_dict(), {name: everything[name] for name in quote.fields})
    one = curve.quote(side="buy", amount=1.0, fields=fields)
    assert set(one.as_dict()) == set(fields)
    for name in set(FIELDS) - set(fields):
        with pytest.raises(AttributeError, match=f"{name} was not asked for"):
            getattr(one, name)


@pytest.mark.parametrize("fields", [(), ("amount",), ("fee", "fees"), "fee"])
def test_unknown_fields(curve: damm.Curve, fields: Any) -> None:
    with pytest.raises(ValueError, match="must be some of amount_in"):
        curve.quote(side="buy", amount=1.0, fields=fields)


def test_out_again(curve: damm.Curve) -> None:
    first = curve.quote(side="buy", amount=VALUES)
    before = first.amount_in
    again = curve.quote(side="sell", amount=VALUES, out=first)
    assert again is first and again.amount_in is before
    same(again.as_dict(), curve.quote(side="sell", amount=VALUES).as_dict())
    one = curve.quote(side="buy", amount=1.0)
    assert one.amount_in > 100
    assert curve.quote(side="buy", amount=2.0, out=one).amount_in == one.amount_in > 200


def test_out_arrays(curve: damm.Curve) -> None:
    out: dict[str, Any] = {name: np.zeros(VALUES.shape, kind) for name, kind in TYPES.items()}
    quote = curve.quote(side="buy", amount=VALUES, out=out)
    assert all(getattr(quote, name) is array for name, array in out.items())
    same(out, whole(curve, VALUES))
    assert curve.quote(side="sell", amount=VALUES, out=quote) is quote
    same(out, curve.quote(side="sell", amount=VALUES).as_dict())
    rows = np.empty((2, VALUES.size))
    curve.quote(side="buy", amount=VALUES, out={"amount_in": rows[0], "left": rows[1]})
    np.testing.assert_array_equal(rows[0], whole(curve, VALUES)["amount_in"])


def test_out_that_does_not_fit(curve: damm.Curve) -> None:
    def refused(match: str, amount: Any = VALUES, **out: Any) -> None:
        with pytest.raises(ValueError, match=match):
            curve.quote(side="buy", amount=amount, out=out)

    values = VALUES.copy()
    read_only = np.empty(8)
    read_only.flags.writeable = False
    both = np.empty(12)
    refused("shape", amount_in=np.empty(7))
    refused("shape", amount_in=np.empty((2, 4)))
    refused("float64", amount_in=np.empty(8, np.float32))
    refused("int64", tick_after=np.empty(8))
    refused("int32", stop=np.empty(8, np.int64))
    refused("numpy array", fee=[0.0] * 8)
    refused("contiguous", fee=np.empty(16)[::2])
    refused("read-only", fee=read_only)
    refused("share memory", values, fee=values)
    refused("share memory", fee=both[:8], left=both[4:])
    refused("must be some of", fees=np.empty(8))
    with pytest.raises(ValueError, match="shape"):
        curve.quote(side="buy", amount=VALUES, out=curve.quote(side="buy", amount=1.0))
    quote = curve.quote(side="buy", amount=VALUES)
    with pytest.raises(ValueError, match="share memory"):
        curve.quote(side="sell", amount=quote.amount_out, out=quote)
    with pytest.raises(TypeError, match="not both"):
        curve.quote(side="buy", amount=VALUES, fields=("fee",), out=quote)


def test_a_refused_element_leaves_out_alone(curve: damm.Curve) -> None:
    out = {"amount_in": np.full(3, 7.0)}
    with pytest.raises(damm.DammError, match="amount 2 is -1.0"):
        curve.quote(side="buy", amount=[1.0, 2.0, -1.0], out=out)
    assert np.all(out["amount_in"] == 7)
