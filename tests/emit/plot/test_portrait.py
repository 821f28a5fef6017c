import numpy as np
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.emit.plot.canvas import VERMILLION
from symplrnn.emit.plot.section import _area, cut, section_of

SLIDING = sr.PLRNN(["1/3", "3/4"], [[0, 1], [-2, "3/2"]], [2, "-1/2"], dt=1)
SLANTED = sr.ReLURNN(
    [["1/2", "1/5"], [0, "1/3"]],
    [[1, "-1/2", "1/4"], ["1/3", 1, "-1/5"]],
    [1, "-1/2"],
    V=[[1, 1], [1, -2], [0, 1]],
    b=["1/2", 0, "-1/3"],
    dt=1,
)


def section(net, box=None, units=(0, 1), at=None, dt=None):
    return section_of(sr.derive(net, dt), units, at, box)


@pytest.mark.parametrize("name", ["complex", "negative", "cycle16", "kinds"])
def test_equilibria_in_the_box_are_drawn_where_they_are(name):
    net = sr.example(name)
    expected = {e.pattern: e for e in net.equilibria() if e.dimension == 0}
    found = section(net, ((-1000, 1000), (-1000, 1000))).equilibria
    assert {e.pattern for e, _ in found} == set(expected)
    for e, state in found:
        assert state.tolist() == [float(x) for x in expected[e.pattern].state]


def test_marks_are_filled_if_real_and_hollow_if_virtual():
    ax = sr.plot.phase_portrait(sr.derive(SLIDING), box=((-6, 6), (-30, 3)))
    marks = {line.get_label(): line for line in ax.lines if line.get_marker() in "osD"}
    node = marks["stable node"]
    assert np.allclose(node.get_xydata(), [[3, -26]])
    assert node.get_markerfacecolor() == node.get_color()
    saddle = marks["saddle (virtual)"]
    assert (saddle.get_markerfacecolor(), saddle.get_color()) == ("none", VERMILLION)


@pytest.mark.parametrize("net", [SLIDING, sr.example("complex"), SLANTED], ids=["sliding", "complex", "slanted"])
def test_faces_have_the_kind_of_their_points(net):
    ode, drawn = sr.derive(net), section(net, ((-4, 4), (-3, 5)))
    lines = drawn.lines
    assert {piece.kind for piece in drawn.faces} - {"crossing"}
    for piece in drawn.faces:
        flipped = piece.pattern[: piece.unit - 1] + "0" + piece.pattern[piece.unit :]
        if ode[piece.pattern].kind != "real" or ode[flipped].kind != "real":
            assert piece.kind == "no field"
            continue
        face = ode.face(piece.pattern, piece.unit)
        a, b, c = lines[piece.unit - 1]
        assert np.allclose(piece.ends @ [a, b] + c, 0, atol=1e-12)
        # The fields on both sides, at points of the piece, in double precision.
        below, above = (sp.lambdify(sp.symbols("z1 z2", real=True), f) for f in face.fields)
        for part in (0.001, 0.3, 0.999):
            z = piece.ends[0] + part * (piece.ends[1] - piece.ends[0])
            speeds = [float((np.array([a, b]) @ f(*z))[0]) for f in (below, above)]
            expected = {(1, 1): "crossing", (-1, -1): "crossing", (1, -1): "sliding", (-1, 1): "escaping"}
            signs = tuple(int(np.sign(x)) for x in speeds)
            assert piece.kind == expected.get(signs, "tangent") or (piece.kind == "tangent" and np.abs(speeds).min() < 1e-12)


def test_pieces_cover_the_faces_in_the_box():
    drawn = section(SLANTED, ((-4, 4), (-3, 5)))
    total = {k: sum(np.hypot(*np.diff(p.ends, axis=0)[0]) for p in drawn.faces if p.unit == k) for k in (1, 2, 3)}
    # z1 + z2 = -1/2, z1 = 2 z2, z2 = 1/3, cut off by the box
    assert total[1] == pytest.approx(np.sqrt(2) * 6.5)
    assert total[2] == pytest.approx(np.sqrt(8**2 + 4**2))
    assert total[3] == pytest.approx(8)


def test_cells_are_the_regions_of_their_points_and_fill_the_box():
    rng = np.random.default_rng(1)
    drawn = section(SLANTED, ((-4, 4), (-3, 5)))
    assert sum(_area(cell.corners) for cell in drawn.cells) == pytest.approx(64)
    assert {cell.pattern for cell in drawn.cells} == {region.pattern for region in SLANTED.regions()}
    for cell in drawn.cells:
        for weights in rng.dirichlet(np.ones(len(cell.corners)), 5):
            assert SLANTED.region_of((weights @ cell.corners).tolist()).pattern == cell.pattern


def test_a_line_through_a_corner_keeps_the_units_of_edges():
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    corners, units = cut(square, [1, 2, 3, 4], np.array([1.0, -1.0, 0.0]), 9)
    assert corners.tolist() == [[0, 0], [2, 0], [2, 2]]
    assert units == [1, 2, 9]
    corners, units = cut(square, [1, 2, 3, 4], np.array([-1.0, 1.0, 0.0]), 9)
    assert corners.tolist() == [[0, 0], [2, 2], [0, 2]]
    assert units == [9, 3, 4]


@pytest.mark.parametrize("name", ["complex", "cycle16", "negative"])
def test_nullclines_and_stream_lines_are_those_of_the_field(name):
    net = sr.example(name)
    drawn, f = section(net, ((-1, 3), (-1, 2))), sr.derive(net).lambdify()
    count = 0
    for place, segments in enumerate(drawn.nullclines):
        for ends in segments:
            for part in (0.25, 0.5):
                assert abs(f(0.0, ends[0] + part * (ends[1] - ends[0]))[place]) < 1e-12
                count += 1
    assert count
    x, y = np.linspace(-0.9, 2.9, 7), np.linspace(-0.9, 1.9, 5)
    across, up = drawn.field(x, y)
    for i, b in enumerate(y):
        for j, a in enumerate(x):
            if net.region_of([a, b]).pattern == "11" and name == "negative":
                assert np.isnan([across[i, j], up[i, j]]).all()
            else:
                assert np.allclose([across[i, j], up[i, j]], f(0.0, [a, b]), rtol=1e-12)


def test_a_section_of_three_states(oscillator):
    ode, at = sr.derive(oscillator, "1/10"), {2: "1/3"}
    drawn = section_of(ode, (2, 0), at, ((-2, 2), (-1, 2)))
    assert {cell.pattern for cell in drawn.cells} == {"010", "110", "011", "111"}
    assert drawn.faces
    for piece in drawn.faces:
        middle = piece.ends.mean(axis=0)
        place = ode.network.region_of(drawn.state(*middle.tolist()))
        z = [x if i + 1 != piece.unit else 0 for i, x in enumerate(drawn.state(*middle.tolist()))]
        assert (
            place.pattern[: piece.unit - 1] + place.pattern[piece.unit :]
            == piece.pattern[: piece.unit - 1] + piece.pattern[piece.unit :]
        )
        if piece.kind != "no field":
            assert ode.face(piece.pattern, piece.unit).classify(z).kind.split()[0] == piece.kind
    f = ode.lambdify()
    for ends in drawn.nullclines[0]:
        x, y = ends.mean(axis=0)
        assert abs(f(0.0, [y, 1 / 3, x])[2]) < 1e-12
    assert drawn.equilibria == ()
    real = next(e for e in oscillator.equilibria() if e.real)
    through = section_of(ode, (0, 1), real.state, ((-2, 2), (-2, 2)))
    assert [e.pattern for e, _ in through.equilibria if e.real] == [real.pattern]


def test_a_section_beside_a_third_state_has_the_faces_of_two_states():
    W = [[0, 1, 0], [-2, "3/2", 0], [0, 0, 0]]
    wider = sr.PLRNN(["1/3", "3/4", "1/2"], W, [2, "-1/2", 1], dt=1)
    box = ((-2, 6), (-3, 3))
    found = section(wider, box, at={3: "1/5"}).faces
    expected = section(SLIDING, box).faces
    assert "sliding" in {piece.kind for piece in expected}
    assert [(p.unit, p.pattern, p.kind) for p in found] == [(p.unit, f"{p.pattern}1", p.kind) for p in expected]
    for one, other in zip(found, expected, strict=True):
        assert np.allclose(np.sort(one.ends, axis=0), np.sort(other.ends, axis=0), rtol=0, atol=1e-12)  # along an axis


def test_regions_without_a_field_are_hatched():
    ax = sr.plot.phase_portrait(sr.derive(sr.example("kinds")))
    hatches = {patch.get_label(): patch.get_hatch() for patch in ax.patches if patch.get_hatch()}
    assert set(hatches) == {"lifted", "impulsive", "lifted+impulsive"}
    assert [line.get_label() for line in ax.lines if line.get_label() == "no field"] == ["no field"]
    assert {text.get_text() for text in ax.texts} == {"00", "01", "10", "11"}


def test_regions_that_were_not_derived_are_hatched():
    ax = sr.plot.phase_portrait(sr.derive(sr.example("complex"), regions=["11", "10"]), box=((-1, 2), (-1, 2)))
    assert {patch.get_label() for patch in ax.patches if patch.get_hatch()} == {"not derived", "_"}
    assert {line.get_label() for line in ax.lines} >= {"no field", "stable focus"}


def test_patterns_are_written_into_their_regions():
    ax = sr.plot.phase_portrait(sr.derive(SLANTED), box=((-4, 4), (-3, 5)))
    assert len(ax.texts) == len(list(SLANTED.regions()))
    for text in ax.texts:
        assert SLANTED.region_of(list(text.get_position())).pattern == text.get_text()


def test_a_line_of_equilibria():
    ax = sr.plot.phase_portrait(sr.derive(sr.PLRNN([1, "1/2"], [[0, 0], [0, 0]], [0, "1/4"]), dt=1), box=((-1, 1), (0, 1)))
    [line] = [line for line in ax.lines if line.get_label() == "equilibria"]
    points = line.get_xydata()[~np.isnan(line.get_xdata())]
    assert np.allclose(points[:, 1], 0.5)
    assert (points[:, 0].min(), points[:, 0].max()) == (-1, 1)


def test_the_box_holds_real_equilibria_whatever_the_order_of_states():
    for units in ((0, 1), (1, 0)):
        box = section(SLIDING, units=units).box
        place = np.array([3, -26])[list(units)]
        assert (box[:, 0] < place).all()
        assert (place < box[:, 1]).all()


def test_wrong_calls_say_what_is_accepted(oscillator):
    ode = sr.derive(sr.example("complex"))
    with pytest.raises(sr.EntryError, match="box: expected two pairs of numbers"):
        sr.plot.phase_portrait(ode, box=((1, 0), (0, 1)))
    with pytest.raises(sr.ShapeError, match="at: missing; a plane of 3 states needs values of the states 3"):
        sr.plot.phase_portrait(sr.derive(oscillator, "1/10"))
    with pytest.raises(sr.ShapeError, match="at: expected values of the states 3"):
        sr.plot.phase_portrait(sr.derive(oscillator, "1/10"), at={2: 0})
    with pytest.raises(sr.ShapeError, match="the network has 1 state; this picture needs 2"):
        sr.plot.phase_portrait(sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt=1))
    with pytest.raises(sr.ShapeError, match="units: expected 2 different whole numbers"):
        sr.plot.phase_portrait(ode, units=(1, 1))
    with pytest.raises(sr.EntryError, match="give them rational values first"):
        sr.plot.phase_portrait(sr.derive(sr.example("two_units")))


def test_an_equilibrium_on_a_face_is_filled_and_named():
    net = sr.PLRNN(["1/2", "1/3"], [[0, 1], ["-1/2", 0]], [-1, "2/3"], dt=1)  # z = (0, 1)
    ax = sr.plot.phase_portrait(sr.derive(net), box=((-1, 1), (-1, 2)))
    marks = {line.get_label(): line for line in ax.lines if line.get_marker() in "osD"}
    assert {"stable focus (boundary)", "stable node (boundary)"} <= set(marks)
    for label in ("stable focus (boundary)", "stable node (boundary)"):
        assert marks[label].get_xydata().tolist() == [[0, 1]]
        assert marks[label].get_markerfacecolor() == marks[label].get_color()
