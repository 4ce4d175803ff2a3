"""Sweeps over a grid of pools on an engine that is there, such as Dask ``distributed``.

``damm sweep`` uses all cores of one machine. Here the same cells go to many: each is a pure function
of the files, the options and its key, which the command ``damm`` computes wherever a task of it
lands, so that it may be computed again when a machine is lost. The command is looked for where it
runs: what `plan` was given, else the variable ``DAMM`` of the environment, else ``damm`` on the path.
Every machine must see the files under the same names; that they have the same numbers, and that the
command is the same, is checked for every cell.

Nothing of an engine is imported here. ``pip install 'damm[dask]'`` brings Dask, and
``'damm[parquet]'`` pyarrow.
"""

from __future__ import annotations

import csv
import functools
import importlib
import io
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

__all__ = ["Column", "Engine", "Job", "Plan", "SweepError", "Table", "plan", "run_cell", "sweep"]

Value = str | int | float | bool | os.PathLike[str]
Options = Mapping[str, Value | Sequence[Value]]
Row = tuple[str | None, ...]

# numpy's types of the kinds of columns; those of pyarrow have the same names
KINDS: Final[dict[str, Any]] = {
    "float64": np.float64,
    "int64": np.int64,
    "uint64": np.uint64,
    "bool": np.bool_,
    "string": np.object_,
}


class SweepError(RuntimeError):
    """A sweep that was refused, or a machine that has other inputs or another command than the plan."""


@dataclass(frozen=True)
class Column:
    """A column of the table: `docs/sweep.md` lists them all.

    Attributes
    ----------
    name, unit, meaning : str
        What it holds.
    type : str
        One of 'float64', 'int64', 'uint64', 'bool', 'string'; any value may be missing.
    role : str
        'parameter', 'figure' or 'error'.
    """

    name: str
    type: str
    unit: str
    meaning: str
    role: str


@dataclass(frozen=True)
class Job:
    """What all cells of a sweep have in common: enough to compute one anywhere.

    Attributes
    ----------
    arguments : tuple of str
        Files and options of ``damm replay``.
    command : str or None
        The command, where it was given.
    version, inputs, setup : str
        Version of the command, and fingerprints of the inputs and of the base; a machine where
        they differ refuses.
    columns : tuple of str
        Names of the columns.
    """

    arguments: tuple[str, ...]
    command: str | None
    version: str
    inputs: str
    setup: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The cells of a sweep, in the order of its table.

    Attributes
    ----------
    job : Job
        What they have in common.
    keys : tuple of str
        A key for each; with the job it decides the row.
    columns : tuple of Column
        The columns of the table.
    """

    job: Job
    keys: tuple[str, ...]
    columns: tuple[Column, ...]


class Engine(Protocol):
    """What `sweep` needs of an engine: ``distributed.Client`` has it."""

    def map(self, func: Any, *iterables: Any, **options: Any) -> Any:
        """Submit a call for each element."""

    def gather(self, futures: Any) -> Any:
        """Wait for all results, in order."""


def _words(options: Options) -> Iterator[str]:
    """Options as arguments of the command.

    >>> list(_words({"fee_bps": 5, "thin_spread": True, "provider": ["24:0.5", "48:1"]}))
    ['--fee-bps', '5', '--thin-spread', '--provider', '24:0.5', '--provider', '48:1']
    """
    for name, given in options.items():
        option = "--" + name.replace("_", "-")
        many = isinstance(given, Sequence) and not isinstance(given, str)
        for value in given if many else [given]:  # type: ignore[union-attr]
            if value is False:
                continue
            yield option
            if value is not True:
                yield os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _axis(name: str, values: Iterable[Value | None]) -> str:
    """An axis as the command takes it; ``None`` is the word for no value.

    >>> _axis("reform_bps", [None, 50])
    'reform-bps=none,50'
    >>> _axis("thin_spread", [True])
    'thin-spread=true'
    """
    words = (
        "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for value in values
    )
    return f"{name.replace('_', '-')}={','.join(words)}"


def _told(command: str | None, arguments: Sequence[str]) -> Any:
    """The JSON that the command prints; numbers stay texts, so that no digit is lost."""
    name = command or os.environ.get("DAMM") or "damm"
    try:
        run = subprocess.run(
            [name, "sweep", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise SweepError(f"{name} cannot be run: {error.strerror}.") from error
    if run.returncode != 0:
        told = run.stderr.decode(errors="replace").strip()
        raise SweepError(told or f"{name} ended with {run.returncode}.")
    return json.loads(run.stdout, parse_float=str, parse_int=str)


def plan(
    files: Iterable[str | os.PathLike[str]],
    grid: Mapping[str, Iterable[Value | None]],
    options: Options | None = None,
    *,
    command: str | os.PathLike[str] | None = None,
) -> Plan:
    """The cells of a sweep.

    Parameters
    ----------
    files : iterable of paths
        As for ``damm replay``, each a track; every machine finds them under their full names.
    grid : mapping
        Axes: the name of an option, with ``_`` or ``-``, and its values; ``None`` for none.
    options : mapping, optional
        Other options by name: a value, ``True`` for one without, or a list for one that is repeated.
    command : path, optional
        The command on every machine; see the module.

    Raises
    ------
    SweepError
        With what the command says of it.
    """
    where = None if command is None else os.fspath(command)
    # a worker stands in another folder
    arguments = (*(os.path.abspath(file) for file in files), *_words(options or {}))
    axes = (word for name, values in grid.items() for word in ("--grid", _axis(name, values)))
    told = _told(where, [*arguments, *axes, "--plan"])
    columns = tuple(Column(**column) for column in told["schema"])
    names = tuple(column.name for column in columns)
    job = Job(arguments, where, told["damm"], told["inputs"], told["setup"], names)
    return Plan(job, tuple(cell["key"] for cell in told["cells"]), columns)


def run_cell(job: Job, key: str) -> Row:
    """One cell: a pure function of its arguments, wherever it runs.

    Returns
    -------
    tuple of str or None
        The fields of its row as texts, ``None`` where there is no value.

    Raises
    ------
    SweepError
        If the files have other numbers here, or the command is another.
    """
    told = _told(job.command, [*job.arguments, "--cell", key])
    for name, what, wanted in (
        ("damm", "the command is of version", job.version),
        ("inputs", "the inputs have the fingerprint", job.inputs),
        ("setup", "the base has the fingerprint", job.setup),
    ):
        if told[name] != wanted:
            raise SweepError(
                f"on {os.uname().nodename} {what} {told[name]}, but the plan has {wanted}."
            )
    if told["key"] != key or tuple(told["row"]) != job.columns:
        raise SweepError(f"on {os.uname().nodename} the command told of another cell than {key}.")
    return tuple(
        ("true" if field else "false") if isinstance(field, bool) else field
        for field in told["row"].values()
    )


class Table:
    """The rows of a sweep, in the order of its plan.

    ``table["advantage"]`` is a column: a numpy masked array of the type that its `Column` tells,
    masked where there is no value.

    Parameters
    ----------
    plan : Plan
        Of which the rows are.
    rows : iterable
        What `run_cell` returned for each key, in their order.
    """

    def __init__(self, plan: Plan, rows: Iterable[Row]) -> None:
        self.plan = plan
        self.rows = tuple(tuple(row) for row in rows)
        if len(self.rows) != len(plan.keys):
            raise SweepError(f"{len(self.rows)} rows are not the {len(plan.keys)} of the plan.")
        self._columns: dict[str, np.ma.MaskedArray[Any, Any]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> np.ma.MaskedArray[Any, Any]:
        if name not in self._columns:
            at = self.plan.job.columns.index(name) if name in self.plan.job.columns else None
            if at is None:
                raise KeyError(name)
            kind = self.plan.columns[at].type
            fields = [row[at] for row in self.rows]
            array = np.ma.MaskedArray(
                np.array([_read(kind, field) for field in fields], dtype=KINDS[kind]),
                mask=[field is None for field in fields],
            )
            array.flags.writeable = False
            self._columns[name] = array
        return self._columns[name]

    def columns(self) -> dict[str, np.ma.MaskedArray[Any, Any]]:
        """All columns by name, for ``pandas.DataFrame(table.columns())`` and the like."""
        return {column.name: self[column.name] for column in self.plan.columns}

    def csv(self) -> str:
        """The bytes that ``damm sweep --csv`` writes."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self.plan.job.columns, *self.rows])
        return text.getvalue()

    def write_csv(self, path: str | os.PathLike[str]) -> None:
        """Write `csv` to a file."""
        Path(path).write_bytes(self.csv().encode())

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write a Parquet file; needs pyarrow.

        Types are those of the plan, missing values are null, units and meanings metadata.
        """
        arrow: Any = importlib.import_module("pyarrow")
        fields, arrays = [], []
        for column in self.plan.columns:
            kind = getattr(arrow, "bool_" if column.type == "bool" else column.type)()
            about = {"unit": column.unit, "meaning": column.meaning, "role": column.role}
            fields.append(arrow.field(column.name, kind, metadata=about))
            values = self[column.name]
            arrays.append(arrow.array(values.data, type=kind, mask=np.ma.getmaskarray(values)))
        job = self.plan.job
        schema = arrow.schema(fields, metadata={"damm": job.version, "inputs": job.inputs})
        importlib.import_module("pyarrow.parquet").write_table(
            arrow.Table.from_arrays(arrays, schema=schema), os.fspath(path)
        )


def _read(kind: str, field: str | None) -> Any:
    if kind == "float64":
        return np.nan if field is None else float(field)
    if kind == "bool":
        return field == "true"
    if kind == "string":
        return field
    return 0 if field is None else int(field)


def sweep(client: Engine, plan: Plan, *, retries: int = 3) -> Table:
    """Compute all cells on an engine.

    Each cell is one pure task. What a machine had that is lost is computed again by another; a task
    that fails is tried again, elsewhere if the engine does so.

    Parameters
    ----------
    client : Engine
        A ``distributed.Client``, whose workers have this package and the command.
    plan : Plan
        From `plan`.
    retries : int
        How often a task that fails is tried again.

    Returns
    -------
    Table
        In the order of the plan, whatever order the cells were computed in: the same rows as those
        of ``damm sweep``.
    """
    task = functools.partial(run_cell, plan.job)
    return Table(plan, client.gather(client.map(task, plan.keys, pure=True, retries=retries)))
