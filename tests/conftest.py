"""Fixtures: the real trained networks, and one profile for property tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import symplrnn as sr

settings.register_profile(
    "symplrnn", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
settings.load_profile("symplrnn")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the folder ../shared/data with the trained networks is absent")
    return DATA


@pytest.fixture(scope="session")
def van_der_pol(data: Path) -> sr.ReLURNN:
    return sr.load(data / "ReproVanDerPol.mat")


@pytest.fixture(scope="session")
def oscillator(data: Path) -> sr.ReLURNN:
    return sr.load(data / "PLRNNoscParam.mat")


@pytest.fixture(scope="session")
def van_der_pol_orbit(van_der_pol: sr.ReLURNN) -> sr.Orbit:
    return van_der_pol.orbit(van_der_pol.initial_states[0], 1000)
