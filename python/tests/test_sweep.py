"""Sweeps on an engine: the table of `damm sweep`, whatever happens to the machines."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
from distributed import Client, LocalCluster

from damm import sweep

GRID: dict[str, list[Any]] = {
    "k": [3, 6], "fee-bps": [0, 5, 30], "reform_bps": [None, 50], "tick_bps": [1, 2.5]}
OPTIONS: dict[str, Any] = {"iv": 0.65, "noise_volume": 1e5, "seed": 2**64 - 1}


@pytest.fixture(scope="module")
def command(root: Path) -> Iterator[Path]:
    """The command: that of the environment, or the one that was built beside this package."""
    given = Path(os.environ.get("DAMM", root / ".build" / "release" / "damm"))
    before = os.environ.get("DAMM")
    os.environ["DAMM"] = str(given)
    yield given
    if before is None:
        del os.environ["DAMM"]


@pytest.fixture(scope="module")
def log(root: Path) -> Path:
    return root / "data" / "demo" / "pool-day.csv"


@pytest.fixture(scope="module")
def plan(command: Path, log: Path) -> sweep.Plan:
    return sweep.plan([log], GRID, OPTIONS)


@pytest.fixture(scope="module")
def told(command: Path, log: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Any]:
    """What `damm sweep` writes: the bytes of its CSV, and its JSON."""
    csv = tmp_path_factory.mktemp("told") / "table.csv"
    run = subprocess.run(
        [command, "sweep", log, "--iv", "0.65", "--noise-volume", "1e5", "--seed", str(2**64 - 1),
         "--grid", "k=3,6", "--grid", "fee-bps=0,5,30", "--grid", "reform-bps=none,50",
         "--grid", "tick-bps=1,2.5", "--csv", csv, "--json"],
        check=True, capture_output=True)
    return csv.read_bytes(), json.loads(run.stdout)


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Two worker processes on this machine, which are started again when they die."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None) as cluster:
        yield cluster


def finished(dask_scheduler: Any) -> int:
    return sum(task.state == "memory" for task in dask_scheduler.tasks.values())


def workers(dask_scheduler: Any) -> list[str]:
    return list(dask_scheduler.workers)


def test_a_worker_that_is_killed_changes_nothing(
    cluster: LocalCluster, plan: sweep.Plan, told: tuple[bytes, Any], tmp_path: Path
) -> None:
    with Client(cluster) as client:
        before = client.run(os.getpid)
        tables: list[sweep.Table] = []
        runner = threading.Thread(target=lambda: tables.append(sweep.sweep(client, plan)))
        runner.start()
        deadline = time.monotonic() + 120
        done = 0
        while done < 3 and time.monotonic() < deadline:
            time.sleep(0.005)
            done = client.run_on_scheduler(finished)
        address, victim = next(iter(before.items()))
        os.kill(victim, signal.SIGKILL)
        assert 3 <= done < len(plan.keys), "it was in the middle"
        runner.join(300)
        assert tables and not runner.is_alive()
        assert address not in client.run_on_scheduler(workers), "it was lost"
    table = tables[0]
    table.write_csv(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == told[0]
    assert len(table) == 24


def test_a_task_that_fails_is_tried_again(
    cluster: LocalCluster, plan: sweep.Plan, told: tuple[bytes, Any], tmp_path: Path,
    command: Path
) -> None:
    """A command that fails every second time, as on a machine that is short of something."""
    flaky = tmp_path / "flaky"
    flaky.write_text(
        f'#!/bin/sh\nmkdir "{tmp_path}/$$" && n=$(ls "{tmp_path}" | wc -l)\n'
        f'[ $((n % 2)) = 0 ] && {{ echo "out of luck" >&2; exit 1; }}\nexec "{command}" "$@"\n')
    flaky.chmod(0o755)
    shaky = dataclasses.replace(plan, job=dataclasses.replace(plan.job, command=str(flaky)))
    with Client(cluster) as client:
        table = sweep.sweep(client, shaky, retries=40)
        assert table.csv().encode() == told[0]
        hopeless = tmp_path / "hopeless"
        hopeless.write_text("#!/bin/sh\necho 'no luck at all' >&2\nexit 1\n")
        hopeless.chmod(0o755)
        with pytest.raises(sweep.SweepError, match="no luck at all"):
            sweep.sweep(client, dataclasses.replace(
                plan, job=dataclasses.replace(plan.job, command=str(hopeless))), retries=2)


@pytest.mark.parametrize(
    ("field", "message"),
    [("inputs", "the inputs have the fingerprint"), ("version", "the command is of version"),
     ("setup", "the base has the fingerprint")])
def test_a_machine_that_has_something_else_refuses(
    plan: sweep.Plan, field: str, message: str
) -> None:
    other = dataclasses.replace(plan.job, **{field: "other"})
    with pytest.raises(sweep.SweepError, match=message + r" \S+, but the plan has other"):
        sweep.run_cell(other, plan.keys[0])


def test_other_inputs_have_another_fingerprint(
    plan: sweep.Plan, log: Path, tmp_path: Path
) -> None:
    changed = tmp_path / log.name
    lines = log.read_text().splitlines(keepends=True)
    changed.write_text("".join(lines[:-1]))
    other = dataclasses.replace(
        plan.job, arguments=(str(changed), *plan.job.arguments[1:]))
    with pytest.raises(sweep.SweepError, match="the inputs have the fingerprint"):
        sweep.run_cell(other, plan.keys[0])
    # the same numbers in another file are the same
    copy = shutil.copy(log, tmp_path / "copy.csv")
    same = dataclasses.replace(plan.job, arguments=(str(copy), *plan.job.arguments[1:]))
    assert sweep.run_cell(same, plan.keys[0]) == sweep.run_cell(plan.job, plan.keys[0])


def test_columns_are_arrays_of_their_types(
    plan: sweep.Plan, told: tuple[bytes, Any], tmp_path: Path
) -> None:
    rows = told[1]["rows"]
    table = sweep.Table(plan, [sweep.run_cell(plan.job, key) for key in plan.keys])
    assert table.csv().encode() == told[0]
    kinds = {"float64": "f8", "int64": "i8", "uint64": "u8", "bool": "?", "string": "O"}
    masked = 0
    for column in plan.columns:
        array = table[column.name]
        assert array.dtype == np.dtype(kinds[column.type]) and array.shape == (24,)
        for row, value, none in zip(rows, array.data, np.ma.getmaskarray(array)):
            assert (row[column.name] is None) == none
            assert none or row[column.name] == value
        masked += int(np.ma.count_masked(array))
    assert list(table.columns()) == [column.name for column in plan.columns]
    assert table["seed"][0] == 2**64 - 1
    assert 0 < np.ma.count(table["error"]) < 24 and masked > 50
    with pytest.raises(KeyError):
        table["no such"]
    with pytest.raises(sweep.SweepError, match="rows are not"):
        sweep.Table(plan, table.rows[:-1])

    table.write_parquet(tmp_path / "table.parquet")
    stored = pyarrow.parquet.read_table(tmp_path / "table.parquet")
    assert stored.to_pylist() == [
        {column.name: row[column.name] for column in plan.columns} for row in rows]
    for column in plan.columns:
        field = stored.schema.field(column.name)
        assert field.metadata[b"unit"].decode() == column.unit and field.nullable
        assert str(field.type) == {"float64": "double"}.get(column.type, column.type)
    assert stored.schema.metadata[b"inputs"].decode() == plan.job.inputs


def test_what_the_command_refuses_is_told(log: Path, command: Path, tmp_path: Path) -> None:
    with pytest.raises(sweep.SweepError, match='there is no parameter "size"'):
        sweep.plan([log], {"size": [1]}, OPTIONS)
    with pytest.raises(sweep.SweepError, match="no such file"):
        sweep.plan([tmp_path / "none.csv"], {"k": [1]}, OPTIONS)
    with pytest.raises(sweep.SweepError, match="cannot be run"):
        sweep.plan([log], {"k": [1]}, OPTIONS, command=tmp_path / "none")


def test_no_engine_is_imported() -> None:
    code = (
        "import sys, damm, damm.sweep\n"
        "assert not {'dask', 'distributed', 'pyarrow', 'pandas'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_example_of_the_documentation(
    cluster: LocalCluster, root: Path, command: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (root / "docs" / "sweep.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```\n\nprints\n\n```text\n(.*?)```", text, re.DOTALL)
    assert found
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(root / "data")
    address = "tcp://scheduler:8786"
    assert address in found[1]
    exec(compile(found[1].replace(address, cluster.scheduler_address), "docs/sweep.md", "exec"), {})
    assert capsys.readouterr().out == found[2]
    assert (tmp_path / "sweep.parquet").exists()
