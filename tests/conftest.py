"""Fixtures: the real trained networks, and one profile for property tests."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import symplrnn as sr

# By default a few examples; `make test-slow` draws as many as Hypothesis does on its own.
COMMON = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
settings.register_profile("few", max_examples=30, **COMMON)
settings.register_profile("many", max_examples=100, **COMMON)
settings.load_profile("few")

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


@pytest.fixture(scope="session")
def lorenz_entries(data: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A, W, h of the AL-RNN checkpoint, read without torch: raw little-endian float32 storages, A strided over the diagonal."""
    with zipfile.ZipFile(data / "lorenz_m20_p2") as archive:
        storages = [np.frombuffer(archive.read(f"lorenz_m20_p2/data/{k}"), dtype="<f4") for k in range(3)]
    return storages[0][::21], storages[1].reshape(20, 20), storages[2]


@pytest.fixture(scope="session")
def lorenz(lorenz_entries) -> sr.ReLURNN:
    A, W, h = lorenz_entries
    return sr.ALRNN(A, W, h, P=2)
