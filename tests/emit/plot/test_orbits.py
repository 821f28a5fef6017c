import io
import subprocess
import sys
from fractions import Fraction

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy as sp
from matplotlib.figure import Figure

import symplrnn as sr
from symplrnn.emit.plot.orbits import solution


def by_hand(net, z0, steps):
    """The orbit in rational numbers, by the definition of the network."""
    A, W, V, h, b = (
        [[Fraction(int(x.p), int(x.q)) for x in row] for row in part.tolist()] for part in (net.A, net.W, net.V, net.h, net.b)
    )
    states = [[Fraction(x) for x in z0]]
    for _ in range(steps):
        z = states[-1]
        on = [max(sum(v * x for v, x in zip(row, z, strict=True)) + c, 0) for row, [c] in zip(V, b, strict=True)]
        states.append(
            [
                sum(a * x for a, x in zip(left, z, strict=True)) + sum(w * x for w, x in zip(right, on, strict=True)) + c
                for left, right, [c] in zip(A, W, h, strict=True)
            ]
        )
    return np.array(states, dtype=float)


def at(times, values, moment):
    """What a line that may be broken is at a time, as all of its values there."""
    return values[np.isclose(times, moment, rtol=0, atol=1e-12) & np.isfinite(values)]


@pytest.mark.parametrize(
    ("name", "z0"), [("complex", [2, -1]), ("kinds", [3, -2]), ("negative", [1, "1/2"]), ("cycle16", [1, 0])]
)
def test_dots_are_the_orbit_and_the_line_passes_through_them(name, z0, labelled):
    net = sr.example(name)
    rows = sr.plot.orbit(sr.derive(net), z0, steps=12, per_step=4)
    exact = by_hand(net, z0, 12)
    dt = float(net.dt)
    for i, ax in enumerate(rows):
        [dots], [line] = labelled(ax, "network"), labelled(ax, "continuous")
        assert np.allclose(dots.get_xdata(), dt * np.arange(13), rtol=0, atol=1e-12)
        assert np.allclose(dots.get_ydata(), exact[:, i], rtol=1e-12, atol=1e-12)
        for t, z in zip(*dots.get_data(), strict=True):
            assert abs(at(*line.get_data(), t) - z).min() < 1e-9


def test_a_jump_is_drawn_as_a_jump(labelled):
    net = sr.example("kinds")
    ode = sr.derive(net)
    ax = sr.plot.orbit(ode, [3, -2], steps=3, units=1, per_step=5)
    [jump], [line] = labelled(ax, "jump"), labelled(ax, "continuous")
    after = ode["10"].jump_map([3, -2])
    assert ode["10"].kind == "impulsive"
    assert jump.get_ydata()[:2].tolist() == [3, float(after[0])]
    assert np.isnan(jump.get_ydata()[2])
    times, states = line.get_data()
    assert (states[0], states[2]) == (3, float(after[0]))
    assert np.isnan(states[1])
    assert times[:4].tolist() == pytest.approx([0, 0, 0, 0.02])
    flow = ode["10"].flow(sp.Rational(1, 50))  # after the jump the line is the flow
    assert states[3] == pytest.approx(float((flow.matrix * after + flow.offset)[0]), abs=1e-12)


def test_a_jump_counts_the_input_of_its_step():
    net = sr.PLRNN([0, "1/2"], [[0, 0], [0, 0]], [1, 0], C=[[2], [1]], dt=1)
    drawn = solution(sr.derive(net), [3, 4], 2, 2, "grid", [[5], [-1]])
    assert drawn.jump_times.tolist() == [0, 1]
    after = [sr.derive(net)[p].jump_map for p in ("11", "11")]
    expected = [
        [float(x) for x in m.matrix * sp.Matrix(z) + m.offset + m.input_matrix * s]
        for m, z, s in zip(after, [[3, 4], [11, 7]], [5, -1], strict=True)
    ]
    assert drawn.jumps[:, 1].tolist() == pytest.approx(np.array(expected))
    assert np.array_equal(drawn.dots[1], [11, 7])


def test_state_switching_has_its_corners_at_faces_and_says_where_it_ends(labelled):
    ode = sr.derive(sr.example("complex"))
    ax = sr.plot.orbit(ode, [2, -1], steps=8, units=2, per_step=3, switching="state")
    [event] = ode.simulate([2, -1], 8, 3, "state").events
    times, states = labelled(ax, "continuous")[0].get_data()
    assert (np.diff(times) > 0).all()
    assert len(times) == 8 * 3 + 2
    assert states[times == event.time] == pytest.approx([0], abs=1e-12)
    sliding = sr.derive(sr.PLRNN(["1/3", "3/4"], [[0, 1], [-2, "3/2"]], [2, "-1/2"]), dt=1)
    start = [-1, "-1/2"]
    found = sliding.simulate(start, 5, switching="state")
    assert found.status == "sliding"
    ax = sr.plot.state_space(sliding, start, 5, switching="state")
    [end] = labelled(ax, "ends: sliding")
    assert [end.get_xdata()[0], end.get_ydata()[0]] == found.states[-1].tolist()
    assert len(labelled(ax, "network")[0].get_xdata()) == 6  # the network goes on


def test_the_window_shows_a_part_of_the_same_lines(labelled):
    ode = sr.derive(sr.example("cycle16"))
    ax = sr.plot.orbit(ode, [1, 0], steps=60, units=2, zoom=(20, 30))
    window = ax.figure.axes[1]
    low, high = window.get_xlim()
    assert low <= 20 < 30 <= high
    for label in ("network", "continuous"):
        assert np.array_equal(labelled(ax, label)[0].get_xydata(), labelled(window, label)[0].get_xydata())
    times, states = labelled(window, "continuous")[0].get_data()
    inside = states[(times >= 20) & (times <= 30)]
    assert window.get_ylim()[0] < inside.min() < inside.max() < window.get_ylim()[1]
    assert len(sr.plot.orbit(ode, [1, 0], steps=60, units=2).figure.axes) == 2  # so many dots that a window is chosen
    assert len(sr.plot.orbit(ode, [1, 0], steps=60, units=2, zoom=False).figure.axes) == 1
    assert len(sr.plot.orbit(ode, [1, 0], steps=40, units=2).figure.axes) == 1


def test_axes_that_are_given_are_used():
    ode, figure = sr.derive(sr.example("complex")), Figure(layout="constrained")
    above, below = figure.subplots(2)
    assert sr.plot.orbit(ode, [2, -1], 60, ax=[above, below]) == (above, below)
    assert len(figure.axes) == 4
    figure.canvas.draw()
    [left, right] = [ax.get_position() for ax in (above, figure.axes[2])]
    assert left.x1 <= right.x0
    alone = Figure().add_axes((0, 0, 1, 1))
    assert sr.plot.orbit(ode, [2, -1], 10, units=1, ax=alone) is alone
    with pytest.raises(sr.ShapeError, match="a window needs axes that are made by subplots"):
        sr.plot.orbit(ode, [2, -1], 60, units=1, ax=alone)
    with pytest.raises(sr.ShapeError, match="expected 2 axes, one for each state that is shown, got 1"):
        sr.plot.orbit(ode, [2, -1], 10, ax=alone)


def test_state_space_in_two_and_three_dimensions(oscillator, labelled):
    ode = sr.derive(oscillator, "1/10")
    exact = np.array([[float(x) for x in z] for z in oscillator.orbit(oscillator.initial_states[0], 30)])
    flat = sr.plot.state_space(ode, None, 30, units=(3, 1))
    [dots], [line] = labelled(flat, "network"), labelled(flat, "continuous")
    assert np.allclose(dots.get_xydata(), exact[:, [2, 0]], rtol=0, atol=1e-12)
    assert np.allclose(line.get_xydata()[::10], exact[:, [2, 0]], rtol=0, atol=1e-9)
    deep = sr.plot.state_space(ode, None, 30, units=(1, 2, 3))
    assert np.allclose(np.array(labelled(deep, "network")[0].get_data_3d()).T, exact, rtol=0, atol=1e-12)
    assert (deep.get_xlabel(), deep.get_zlabel()) == ("$z_{1}$", "$z_{3}$")
    with pytest.raises(sr.ShapeError, match='expected axes with projection="3d"'):
        sr.plot.state_space(ode, None, 30, units=(1, 2, 3), ax=flat)


def test_wrong_calls_say_what_is_accepted():
    ode = sr.derive(sr.example("complex"))
    with pytest.raises(sr.ShapeError, match=r"units: expected 1 or 2 different whole numbers from 1 to 2, got \(1, 3\)"):
        sr.plot.orbit(ode, [2, -1], 5, units=(1, 3))
    with pytest.raises(sr.ShapeError, match="units: expected 2 or 3 different whole numbers"):
        sr.plot.state_space(ode, [2, -1], 5, units=1)
    with pytest.raises(sr.ShapeError, match="missing, and the network carries no start state"):
        sr.plot.orbit(ode)
    with pytest.raises(sr.ShapeError, match="expected one start state"):
        sr.plot.orbit(ode, np.zeros((2, 3)))
    with pytest.raises(sr.EntryError, match="zoom: expected a pair of times"):
        sr.plot.orbit(ode, [2, -1], 50, zoom=(3, 9))
    with pytest.raises(sr.ShapeError, match="expected the ODE of a network"):
        sr.plot.orbit(sr.example("complex"), [2, -1])


def test_names_of_states_are_labels_and_no_mathematics():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], [0, 0]], [1, 0], dt=1, names=["cost in $", "b_$1"])
    ax = sr.plot.state_space(sr.derive(net), [1, 1], 3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (r"cost in \$", r"b_\$1")
    ax.figure.canvas.draw()


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_files_repeat_exactly(ending, tmp_path):
    path, file = tmp_path / f"a.{ending}", io.BytesIO()
    for target, kind in ((path, None), (file, ending)):
        sr.plot.save(sr.plot.orbit(sr.derive(sr.example("kinds")), [3, -2], 5), target, kind)
    assert path.read_bytes() == file.getvalue()
    assert file.getvalue().startswith({"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG"}[ending])


def test_text_can_be_read_at_column_width():
    rows = sr.plot.orbit(sr.derive(sr.example("kinds")), [3, -2], 50)
    figure = rows[0].figure
    assert figure.get_size_inches()[0] == 3.4
    figure.canvas.draw()
    assert min(text.get_size() for text in figure.findobj(matplotlib.text.Text) if text.get_text()) >= 7


def test_powers_of_ten_do_not_cover_the_legend():
    ax = sr.plot.state_space(sr.derive(sr.PLRNN(["1/2", "1/2"], [[0, 0], [0, 0]], ["1e-6", "1e-6"]), dt=1), ["1e-5", 0], 5)
    ax.figure.canvas.draw()
    power, legend = ax.yaxis.get_offset_text(), ax.get_legend()
    assert power.get_text()
    assert power.get_window_extent().y1 <= legend.get_texts()[-1].get_window_extent().y0


def test_no_legend_is_wider_than_the_figure():
    rows = sr.plot.orbit(sr.derive(sr.example("kinds")), [3, -2], 50)
    portrait = sr.plot.phase_portrait(sr.derive(sr.PLRNN(["1/3", "3/4"], [[0, 1], [-2, "3/2"]], [2, "-1/2"]), dt=1))
    for ax in (rows[0], portrait):
        ax.figure.canvas.draw()
        assert ax.get_legend().get_window_extent().x1 <= ax.figure.bbox.width


def test_other_endings_are_refused(tmp_path):
    ax = sr.plot.orbit(sr.derive(sr.example("complex")), [2, -1], 3, units=1)
    with pytest.raises(sr.FormatError, match=r"expected a name that ends in .pdf, .svg or .png, got .*jpg"):
        sr.plot.save(ax, tmp_path / "a.jpg")
    with pytest.raises(sr.FormatError, match="expected a name"):
        sr.plot.save(ax, io.BytesIO(), "gif")


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(sr.MissingExtra, match=r'pip install "symplrnn\[plot\]"'):
        sr.plot.orbit(sr.derive(sr.example("complex")), [2, -1], 3)


def test_matplotlib_is_imported_when_a_picture_is_asked_for():
    code = "import sys, symplrnn as sr; sr.plot.orbit; print([m for m in sys.modules if m.startswith('matplotlib')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_is_left_of_the_style(labelled):
    before = dict(plt.rcParams)
    sr.plot.save(sr.plot.orbit(sr.derive(sr.example("complex")), [2, -1], 3, units=1), io.BytesIO(), "svg")
    assert dict(plt.rcParams) == before
