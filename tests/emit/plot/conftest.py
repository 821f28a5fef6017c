"""Pictures are drawn without a window, and closed after each test."""

from __future__ import annotations

import matplotlib
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def figures():
    matplotlib.use("Agg")
    yield
    plt.close("all")


@pytest.fixture
def labelled():
    """Return the artists of some axes with a label."""

    def find(ax, label):
        return [artist for artist in ax.get_children() if artist.get_label() == label]

    return find
