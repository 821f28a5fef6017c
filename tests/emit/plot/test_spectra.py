import numpy as np
import pytest

import symplrnn as sr


def drawn(ax, labels):
    """All points with these labels, as sorted complex numbers."""
    points = np.concatenate([line.get_xydata() for line in ax.lines if line.get_label() in labels])
    return np.sort_complex(points @ [1, 1j])


def numerical(net, pattern):
    return np.linalg.eigvals(np.array(net.region(pattern).matrix, dtype=float))


@pytest.mark.parametrize("name", ["complex", "negative", "cycle16"])
def test_marks_are_the_eigenvalues_of_each_region(name):
    net = sr.example(name)
    ax = sr.plot.eigenvalues(sr.derive(net))
    for pattern in ("00", "01", "10", "11"):
        expected = np.unique(numerical(net, pattern).round(12))
        assert np.allclose(drawn(ax, {pattern}), np.sort_complex(expected), atol=1e-9)


def test_of_the_ode_marks_are_logarithms_and_negative_ones_are_at_both_edges():
    net = sr.example("negative")
    ax = sr.plot.eigenvalues(sr.derive(net), "11", of="ode")
    edge = np.pi / 0.1
    expected = [np.log(0.5) / 0.1 - 1j * edge, np.log(0.5) / 0.1 + 1j * edge, np.log(1.5) / 0.1]
    assert np.allclose(drawn(ax, {"11"}), expected, atol=1e-9)
    assert sorted(line.get_ydata()[0] for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() != "-") == [
        -edge,
        edge,
    ]


def test_zero_has_no_logarithm():
    ode = sr.derive(sr.example("kinds"))
    assert np.allclose(drawn(sr.plot.eigenvalues(ode, ["10"]), {"10"}), [0, 0.5])
    assert np.allclose(drawn(sr.plot.eigenvalues(ode, ["10"], of="ode"), {"10"}), [np.log(0.5) / 0.1])
    nothing = sr.derive(sr.PLRNN([0], [[0]], [1]), dt=1)
    assert len(drawn(sr.plot.eigenvalues(nothing, of="ode"), {"0", "1"})) == 0


def test_the_forbidden_half_line_ends_at_0_and_leaves_the_picture():
    ax = sr.plot.eigenvalues(sr.derive(sr.example("complex")))
    [line] = [line for line in ax.lines if line.get_label() == r"$(-\infty, 0]$"]
    assert line.get_xdata()[1] == 0
    assert line.get_xdata()[0] == ax.get_xlim()[0] < -1
    assert not np.any(line.get_ydata())
    [circle] = [line for line in ax.lines if line.get_label() == "|λ| = 1"]
    assert np.allclose(np.hypot(*circle.get_data()), 1)


def test_multiplicities_stand_once_at_each_place():
    ax = sr.plot.eigenvalues(sr.derive(sr.example("complex")))
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("2", (0.5, 0.0))]
    ax = sr.plot.eigenvalues(sr.derive(sr.example("paired")), ["00", "11"])
    assert {(text.get_text(), text.xy) for text in ax.texts} == {("2", (0.5, 0.0)), ("2", (-0.25, 0.0))}


def test_many_regions_have_one_label_and_very_many_are_refused(van_der_pol):
    ode = sr.derive(van_der_pol, "1/10", regions="visited", steps=60)
    ax = sr.plot.eigenvalues(ode)
    expected = np.concatenate([numerical(van_der_pol, pattern) for pattern in ode])
    points = np.concatenate(
        [line.get_xydata() for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) > 1]
    ) @ [1, 1j]
    assert len(points) == len(expected)
    assert np.abs(points[:, None] - expected[None]).min(axis=1).max() < 1e-9
    assert np.abs(points[:, None] - expected[None]).min(axis=0).max() < 1e-9
    assert [label for label in ax.get_legend_handles_labels()[1] if "regions" in label] == [f"{len(ode)} regions"]
    with pytest.raises(sr.PatternError, match="more than 64 regions; choose some"):
        sr.plot.eigenvalues(sr.derive(van_der_pol, "1/10"))


def test_of_one_region_and_wrong_calls():
    ode = sr.derive(sr.example("complex"))
    assert len(drawn(sr.plot.eigenvalues(ode["11"]), {"11"})) == 2
    with pytest.raises(sr.ShapeError, match="go with the ODE of a network"):
        sr.plot.eigenvalues(ode["11"], ["11"])
    with pytest.raises(sr.ShapeError, match='accepted are "map" and "ode"'):
        sr.plot.eigenvalues(ode, of="network")
    with pytest.raises(sr.EntryError, match="give them rational values first"):
        sr.plot.eigenvalues(sr.derive(sr.example("two_units")))
