from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import damm

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def curve() -> damm.Curve:
    """The worked example: 1 B costs 100.12109282770146 A over 26 ticks."""
    return damm.Curve(price=100.0, sigma=1.0, reserve_a=1000.0, reserve_b=10.0)


@pytest.fixture(scope="session")
def seed() -> int:
    """Of random cases: DAMM_SEED, or a fixed one. A failure prints it."""
    return int(os.environ.get("DAMM_SEED", "20240229"))


@pytest.fixture(scope="session")
def tolerance() -> dict[str, float]:
    """The declared bounds, by their names."""
    text = (ROOT / "Sources" / "DAMMModel" / "Tolerance.swift").read_text(encoding="utf-8")
    found = re.findall(r"static let (\w+) = Tolerance\([^)]*?relative: ([\d.e-]+),", text)
    return {name: float(value) for name, value in found}
