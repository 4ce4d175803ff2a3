"""Types, examples, and what a call costs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from overhead import measure

import damm


def mypy(folder: Path, root: Path, *arguments: str) -> str:
    cache = root / ".build" / "mypy"
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), *arguments],
        cwd=folder, capture_output=True, text=True)
    return run.stdout + run.stderr


def test_the_package_passes_strict_type_checks(tmp_path: Path, root: Path) -> None:
    told = mypy(tmp_path, root, "-p", "damm")
    assert told.startswith("Success"), told


def test_users_are_type_checked(tmp_path: Path, root: Path) -> None:
    (tmp_path / "user.py").write_text(
        "import damm\n"
        "import numpy as np\n"
        "c = damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)\n"
        "q = c.quote(side='buy', amount=np.ones(3), fields=('fee',))\n"
        "x: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = q.fee\n"
        "c.quote(side='hold', amount=1.0)\n"
        "c.quote(side='buy', amont=1.0)\n")
    told = mypy(tmp_path, root, "user.py")
    assert "Found 2 errors" in told and "user.py:6" in told and "user.py:7" in told, told


MODULES = ["damm", *(f"damm.{module.name}" for module in pkgutil.iter_modules(damm.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert failed == 0 and (tried > 0 or name in ("damm._kernel", "damm._quote"))


def test_every_public_name_is_documented() -> None:
    for name in damm.__all__:
        thing = getattr(damm, name)
        if not isinstance(thing, type):
            continue
        assert thing.__doc__ and len(thing.__doc__) > 40, name
        for member, value in vars(thing).items():
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                assert value.__doc__, f"{name}.{member}"


@pytest.mark.parametrize("page", ["docs/linking.md", "python/README.md"])
def test_examples_of_the_documentation(
    page: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They run one after the other, and print what the page says."""
    text = (root / page).read_text(encoding="utf-8")
    blocks = re.findall(
        r"^```python\n(.*?)^```$(?:\n\nprints\n\n```text\n(.*?)^```$)?", text, re.MULTILINE | re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block, prints in blocks:
        exec(compile(block, page, "exec"), names)
        assert capsys.readouterr().out == prints


def test_a_call_costs_little_beyond_the_kernel() -> None:
    """2 microseconds. Of up to five measurements the best counts: the machine may be busy."""
    for _ in range(5):
        cost = measure(1, 2000, 10)
        if max(cost["all fields"], cost["two fields"], cost["all fields, out="]) < 2:
            return
    raise AssertionError(f"microseconds beyond the kernel: {cost}")
