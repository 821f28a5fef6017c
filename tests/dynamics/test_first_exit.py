"""Where a function first stops being positive: pieces of it, one by one, and polynomials with known roots."""

from math import comb

import pytest
from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.dynamics import first_exit as module
from symplrnn.dynamics.first_exit import Piece, first_exit
from symplrnn.exact.balls import working_precision

UNSURE = arb(0, 1)


def piece(lower, upper, *coefficients):
    return Piece(fmpq(*lower), fmpq(*upper), [arb(x) for x in coefficients])


ALL, EARLY, INNER, LATE = ((0, 1), (1, 1)), ((0, 1), (1, 2)), ((1, 4), (1, 2)), ((1, 2), (1, 1))


@pytest.mark.parametrize(
    ("ends", "coefficients", "positive"),
    [
        (ALL, (1, 1), True), (ALL, (0, 1), True), (ALL, (1, 0), True), (ALL, (0, 1, 0), True), (ALL, (0, 0), False),
        (ALL, (1, -1, 1), False), (ALL, (-1, 1), False), (ALL, (1, UNSURE, 1), False),
        (EARLY, (0, 1), True), (EARLY, (1, 0), False), (EARLY, (0, 1, 0), False),
        (INNER, (1, 0, 1), True), (INNER, (0, 1), False), (INNER, (1, 0), False), (INNER, (0, 1, 0), False),
        (LATE, (1, 0), True), (LATE, (0, 1), False), (LATE, (0, 1, 0), False), (LATE, (0, 1, 1), False),
    ],
)  # fmt: skip
def test_positive_inside_and_at_inner_ends(ends, coefficients, positive):
    assert piece(*ends, *coefficients).is_positive == positive


@pytest.mark.parametrize(
    ("ends", "coefficients", "negative"),
    [
        (ALL, (0, -1), True), (ALL, (0, -1, 0), True), (EARLY, (0, 0, -1), True), (ALL, (-1, -1), False), (ALL, (0, 0), False),
        (ALL, (0, -1, 1), False), (ALL, (0, 1, -1), False), (ALL, (UNSURE, -1), False), (ALL, (0, 1), False),
        (INNER, (0, -1), False), (LATE, (0, -1), False),
    ],
)  # fmt: skip
def test_negative_from_the_start_on(ends, coefficients, negative):
    assert piece(*ends, *coefficients).starts_negative == negative


def test_a_piece_is_hopeless_if_every_coefficient_may_be_0():
    assert piece(*ALL, UNSURE, 0, UNSURE).is_hopeless
    assert not piece(*ALL, UNSURE, 1, UNSURE).is_hopeless


def test_halves():
    left, right = piece((1, 4), (3, 4), 3, -1, 5).halves()  # 3 (1-t)^2 - 2 t (1-t) + 5 t^2, at t = 1/2: 3/2
    assert (left.lower, left.upper, right.lower, right.upper) == (fmpq(1, 4), fmpq(1, 2), fmpq(1, 2), fmpq(3, 4))
    assert ([float(x) for x in left.coefficients], [float(x) for x in right.coefficients]) == ([3, 1, 1.5], [1.5, 2, 5])


WIDTH, FLOOR = fmpq(1, 1000), fmpq(1, 1 << 40)


def test_a_function_that_starts_down_from_0_leaves_at_0():
    scan = first_exit([piece(*ALL, 0, -1, 3)], WIDTH, FLOOR)
    assert (scan.clear, scan.below, scan.in_doubt) == (0, 0, False)
    assert [scan.rest[0].lower, scan.rest[-1].upper] == [0, 1]


@pytest.mark.parametrize("b", [(1, -1, 1), (0, 0, 0)])
def test_exact_zeros_inside_are_not_positive(b):  # (1 - 2 t)^2, whose halves meet at its zero, and 0
    scan = first_exit([piece(*ALL, *b)], WIDTH, FLOOR)
    assert scan.in_doubt
    assert (scan.clear < fmpq(1, 2), scan.below) == (True, None)


@pytest.fixture
def widths(monkeypatch):
    """The widths to which pieces were halved, one for each scan; there may be a few scans and halvings only."""
    seen, scan, halves, left = [], module._scan, Piece.halves, iter(range(200))

    def counted(pieces, width, narrow):
        seen.append(narrow)
        assert len(seen) < 10
        return scan(pieces, width, narrow)

    def halved(piece):
        assert next(left, None) is not None
        return halves(piece)

    monkeypatch.setattr(module, "_scan", counted)
    monkeypatch.setattr(Piece, "halves", halved)
    return seen


def test_a_tangency_is_looked_at_in_ever_smaller_pieces_down_to_the_floor(widths):
    third = fmpq(1, 3)  # (t - 1/3)^2
    with working_precision(256):
        coefficients = [arb(int(x.p)) / int(x.q) for x in (third**2, third**2 - third, (1 - third) ** 2)]
        scan = first_exit([Piece(fmpq(0), fmpq(1), coefficients)], WIDTH, FLOOR)
    assert scan.in_doubt
    assert third - fmpq(1, 1 << 20) < scan.clear < third
    assert scan.below is None
    assert widths == [WIDTH / 4, WIDTH / 4 / 256, WIDTH / 4 / 256**2, WIDTH / 4 / 256**3, FLOOR]


def test_a_simple_zero_takes_one_scan(widths):
    scan = first_exit([piece(*ALL, 1, -1)], WIDTH, FLOOR)
    assert not scan.in_doubt
    assert widths == [WIDTH / 4]


@pytest.mark.parametrize("pieces", [[(*EARLY, 1, 1), (*LATE, UNSURE, UNSURE)], [(*EARLY, UNSURE, UNSURE), (*LATE, 1, 1)]])
def test_what_no_bits_decide_is_given_up_at_once(pieces, widths, monkeypatch):
    monkeypatch.setattr(Piece, "halves", lambda _: pytest.fail("a piece of which nothing will be certain was halved"))
    first, second = (piece(*one) for one in pieces)
    scan = first_exit([first, second], WIDTH, FLOOR)
    assert (scan.in_doubt, scan.clear) == (True, fmpq(1, 2) if first.is_positive else 0)
    assert widths == [WIDTH / 4]


def bernstein(polynomial, degree):
    """The Bernstein coefficients of a rational polynomial on [0, 1], from the blossom of each power."""
    return [sum((polynomial[j] * fmpq(comb(k, j), comb(degree, j)) for j in range(k + 1)), fmpq(0)) for k in range(degree + 1)]


@given(st.lists(st.tuples(st.integers(1, 24), st.integers(1, 3)), max_size=3, unique_by=lambda root: root[0]), st.booleans())
def test_first_exits_of_polynomials_with_known_roots(roots, on_face):
    f = fmpq_poly([0, 1] if on_face else [1])
    for k, multiplicity in roots:
        f *= fmpq_poly([fmpq(k, 24), -1]) ** multiplicity
    with working_precision(128):
        coefficients = [arb(int(x.p)) / int(x.q) for x in bernstein(f, f.degree() + 2)]
        scan = first_exit([Piece(fmpq(0), fmpq(1), coefficients)], WIDTH, FLOOR)
    inside = sorted(root for root in roots if root[0] < 24)
    if not inside:
        assert scan.is_positive
        assert scan.clear == 1
        return
    root, multiplicity = fmpq(inside[0][0], 24), inside[0][1]
    assert scan.clear < root
    ends = [scan.clear, *(end for one in scan.rest for end in (one.lower, one.upper)), 1]
    assert ends[::2] == ends[1::2]  # one piece after the other, from there on
    if multiplicity % 2:
        assert not scan.in_doubt
        assert root < scan.below <= scan.clear + WIDTH
    else:
        assert scan.in_doubt
