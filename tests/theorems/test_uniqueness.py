"""E4 to E7 against hand-worked cases, Jordan structures known by construction, SymPy's ranks, and the families of the proofs."""

from collections import Counter
from fractions import Fraction
from itertools import count

import mpmath
import pytest
import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn.exact.extra_coordinates import fewest_extra_coordinates
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.jordan import block_sizes
from symplrnn.theorems import E4, E5, E6, E7, check_e3, check_e4, check_e5, check_e6, check_e7, how_many, smallest_lift
from symplrnn.theorems.e7 import representation
from tests.examples import examples
from tests.hard import Block, Hard, anything, hard_matrices, linear

NEAR = Fraction(1, 10**30)
J = [[0, -1], [1, 0]]


def facts(M, c=None, C=None):
    n = len(M)
    return sr.spectrum(sr.ReLURNN(M, [[] for _ in range(n)], c or [0] * n, V=[], C=C).region(""))


def number(M, c=None, C=None):
    return how_many(check_e4(facts(M, c, C)))


def direct(*blocks):
    return sp.diag(*map(sp.Matrix, blocks)).tolist()


ROTATION_IN_BLOCKS_2_AND_1 = direct([[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]], J)

HAND_WORKED = [
    ([[2]], None, "one"),
    ([[1]], [3], "one"),
    ([[-2]], None, "none"),
    ([[0]], None, "none"),
    ([["1/2", 0], [0, "1/3"]], None, "one"),
    ([["1/2", 1], [0, "1/2"]], None, "one"),
    ([["1/2", 0], [0, "1/2"]], [1, 2], "uncountable"),
    ([["1/2", 0], [0, Fraction(1, 2) + NEAR]], None, "one"),
    ([["1/2", NEAR], [0, "1/2"]], None, "one"),
    (direct([["1/2", 1], [0, "1/2"]], [["1/2"]]), None, "one"),
    (direct([["1/2", 1], [0, "1/2"]], [["1/2", 1], [0, "1/2"]]), None, "uncountable"),
    ([[-1, 0], [0, -1]], None, "uncountable"),
    ([[-1, 0], [0, -1 - NEAR]], None, "none"),
    ([[-1, 1], [0, -1]], None, "none"),
    (J, [1, 2], "countable"),
    (direct(J, [[2]]), None, "countable"),
    (direct(J, [[2, 0], [0, 2]]), None, "uncountable"),
    (direct(J, [[-2, 0], [0, -2]]), None, "uncountable"),
    (direct(J, [[-2]]), None, "none"),
    (direct(J, J), None, "uncountable"),
    (direct(J, [[0, -2], [2, 0]]), None, "countable"),
    (ROTATION_IN_BLOCKS_2_AND_1, None, "uncountable"),
    ([[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]], None, "countable"),
    ([[0, -1, NEAR, 0], [1, 0, 0, NEAR], [0, 0, 0, -1], [0, 0, 1, 0]], None, "countable"),
    ([[1, -NEAR], [NEAR, 1]], None, "countable"),
    ([[1, NEAR], [NEAR, 1]], None, "one"),
    ([[0, 0, 2], [1, 0, 0], [0, 1, 0]], None, "countable"),  # x^3 = 2
    ([[0, 2], [1, 0]], None, "none"),  # x^2 = 2
    (direct([[0, 2], [1, 0]], [[0, 2], [1, 0]]), None, "uncountable"),
    (direct([[0, -1], [1, 3]], [[0, -1], [1, 3]]), None, "uncountable"),  # two positive roots, each twice
    (direct([[0, -1], [1, 3]], [["1/2"]]), None, "one"),
    ([[0, -1, 1, 0], [1, 3, 0, 1], [0, 0, 0, -1], [0, 0, 1, 3]], None, "one"),
    (direct([[0, -1], [1, -3]], [[0, -1], [1, -3]]), None, "uncountable"),  # two negative roots, each twice
    (direct([[0, -1], [1, 1]], [[0, -1], [1, 1]]), None, "uncountable"),  # x^2 - x + 1
    # The eigenvalue 1, where the offset decides which planes can turn.
    ([[1, 0], [0, 1]], [0, 0], "uncountable"),
    ([[1, 0], [0, 1]], [1, 2], "one"),
    ([[1, 0], [0, 1]], [0, NEAR], "one"),
    (direct([[1]], [[1]], [[1]]), [1, 2, 3], "uncountable"),
    ([[1, 1], [0, 1]], [0, 1], "one"),
    (direct([[1, 1], [0, 1]], [[1]]), [0, 0, 1], "one"),
    (direct([[1, 1], [0, 1]], [[1]]), [0, 1, 0], "one"),
    (direct([[1, 1], [0, 1]], [[1, 1], [0, 1]]), [1, 0, 1, 0], "uncountable"),  # c is in (M - I) R^4
    (direct([[1, 1], [0, 1]], [[1, 1], [0, 1]]), [0, 1, 0, 0], "one"),
    (direct([[1, 1], [0, 1]], [[1]], [[1]]), [0, 1, 0, 0], "uncountable"),
    (direct([[1, 1], [0, 1]], [[1]], [[1]]), [0, 0, 1, 1], "one"),
    (direct([[1]], [[1]], J), [1, 0, 0, 0], "countable"),
    (direct([[1]], [[1]], [["1/2"]]), [0, 0, 1], "uncountable"),
]


@pytest.mark.parametrize(("M", "c", "expected"), HAND_WORKED)
def test_hand_worked_cases(M, c, expected):
    assert number(M, c) == expected
    assert check_e4(facts(M, c)).truth.value == (expected == "one")
    assert (expected != "none") == check_e3(facts(M, c)).truth.value


def test_inputs_count_like_offsets():
    eye = direct([[1]], [[1]], [[1]])
    assert number(eye, [1, 0, 0], [[0], [0], [0]]) == "uncountable"
    assert number(eye, [1, 0, 0], [[0], [1], [0]]) == "one"
    assert number(eye, [1, 0, 0], [[2], [0], [0]]) == "uncountable"
    assert number(eye, [0, 0, 0], [[1, 2], [1, 2], [0, 0]]) == "uncountable"
    assert number(eye, [0, 0, 0], [[1, 2], [1, 0], [0, 0]]) == "one"


def test_reasons():
    verdict = check_e4(facts(direct([[1]], [[1]], [[1]], J, J), [1, 0, 0, 0, 0, 0, 0]))
    assert [h.name for h in verdict.failed] == ["no_complex_eigenvalue", "complex_blocks_single", "positive_blocks_distinct"]
    assert verdict["no_complex_eigenvalue"].evidence == {"complex_pairs": 1}
    assert verdict["complex_blocks_single"].evidence["several_blocks"] == (
        {"minimal_polynomial": fmpq_poly([1, 0, 1]), "jordan_blocks": (1, 1)},
    )
    assert verdict["positive_blocks_distinct"].evidence["eigenvalue_1"] == {"jordan_blocks": (1, 1, 1), "lengthened": (1,)}
    assert check_e4(facts([[0]]))["real_ode"].evidence["invertible"].is_false


@pytest.mark.parametrize(
    ("M", "failed"),
    [
        (direct([[0, -1], [1, 1]], [[0, -1], [1, 1]]), ["no_complex_eigenvalue", "complex_blocks_single"]),
        (direct([[0, 2], [1, 0]], [[0, 2], [1, 0]]), ["no_negative_eigenvalue", "positive_blocks_distinct"]),
        (direct([[-1]], [[-1]]), ["no_negative_eigenvalue"]),
        (direct([["1/2"]], [["1/2"]]), ["positive_blocks_distinct"]),
        ([[-1]], ["real_ode", "no_negative_eigenvalue"]),
        ([[0]], ["real_ode"]),
    ],
)
def test_only_the_hypotheses_at_fault_fail(M, failed):
    assert [h.name for h in check_e4(facts(M)).failed] == failed


def by_sympy(hard: Hard) -> str:
    """E4 from the construction, and for the eigenvalue 1 from SymPy's ranks of the augmented matrix."""
    sizes: dict[tuple[Fraction, ...], list[int]] = {}
    for block in hard.blocks:
        sizes.setdefault(tuple(map(Fraction, block.factor)), []).append(block.size)
    x, complex_found, continuum = sp.Symbol("x"), False, False
    for factor, found in sizes.items():
        f = sp.Poly([sp.Rational(str(a)) for a in reversed(factor)], x)
        real, positive = f.count_roots(), f.count_roots(0)
        repeated = max(Counter(found).values()) > 1
        if f.eval(0) == 0:
            return "none"
        if real > positive:
            if any(k % 2 for k in Counter(found).values()):
                return "none"
            continuum = True
        if f.degree() > real:
            complex_found = True
            continuum |= len(found) > 1
        if positive and repeated:
            continuum |= f.eval(1) != 0 or _turns_at_1(hard, found)
    return "uncountable" if continuum else "countable" if complex_found else "one"


def _turns_at_1(hard: Hard, found: list[int]) -> bool:
    """Compare the block sizes of M and M^ at 1: taking away the block that became longer, is a size repeated?"""
    n = hard.n
    c = sp.Matrix([sp.Rational(str(v)) for v in hard.offset])
    nilpotent = sp.Matrix(sp.BlockMatrix([[hard.sympy, c], [sp.zeros(1, n), sp.ones(1, 1)]])) - sp.eye(n + 1)
    ranks = [(nilpotent**j).rank() for j in range(n + 3)]
    whole = Counter()
    for j in range(1, n + 2):
        whole[j] = ranks[j - 1] - 2 * ranks[j] + ranks[j + 1]
    before = Counter(found)
    for size in {0, *found}:  # which block became longer?
        after = before.copy()
        after[size] -= 1
        after[size + 1] += 1
        if all(after[j] == whole[j] for j in range(1, n + 2)):
            return any(k > 1 + (j == size) for j, k in before.items())
    raise AssertionError("no block of M has become longer")


UNITS = hard_matrices([Fraction(1)], max_n=5)


@examples(60)
@given(st.one_of(anything, UNITS))
def test_e4_is_what_the_construction_says(hard: Hard):
    assert how_many(check_e4(sr.spectrum(hard.region))) == by_sympy(hard)


def expm(X):
    return mpmath.expm(mpmath.matrix(X))


def far(A, B):
    return mpmath.norm(A - mpmath.matrix(B), mpmath.inf)


def test_the_continuum_for_blocks_of_different_sizes_is_there():
    """The family of the proof: L_0 has different branches on the two blocks, T maps one into the other."""
    with mpmath.workdps(60):
        N = mpmath.matrix(6)
        N[0, 2] = N[1, 3] = 1
        K = mpmath.matrix(direct(J, J, J))
        M = mpmath.matrix(ROTATION_IN_BLOCKS_2_AND_1)
        unipotent = -K * N  # M = K (I + K^{-1} N), K^{-1} = -K, and the nilpotent part squares to 0
        last = mpmath.diag([0, 0, 0, 0, 1, 1])
        L0 = K * (mpmath.pi / 2) + unipotent + 2 * mpmath.pi * K * last
        T = mpmath.matrix(6)
        T[0, 4] = T[1, 5] = 1  # the generator of the short chain to the end of the long one
        seen = []
        for r in (0, 1, mpmath.mpf("0.37")):
            P = mpmath.eye(6) + r * T
            L = P * L0 * mpmath.inverse(P)
            assert far(expm(L), M) < mpmath.mpf(10) ** -50
            seen.append(L)
        assert all(far(a, b) > 0.1 for i, a in enumerate(seen) for b in seen[:i])
    assert number(ROTATION_IN_BLOCKS_2_AND_1) == "uncountable"


def test_planes_that_turn_at_eigenvalue_1_carry_no_offset():
    """M = I, X = 2 pi K on a plane: the flow over a step adds nothing in the plane, whatever y is, and the axis part of y."""
    with mpmath.workdps(60):
        plane, hat = mpmath.matrix(3), mpmath.matrix(4)
        plane[0, 1], plane[1, 0] = -2 * mpmath.pi, 2 * mpmath.pi
        hat[:3, :3] = plane
        for y in ([1, 2], [-3, 1]):
            plane[:2, 2] = mpmath.matrix(y)
            assert far(expm(plane), mpmath.eye(3)) < mpmath.mpf(10) ** -50
            hat[:3, 3] = mpmath.matrix([*y, 5])
            assert far(expm(hat), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 5], [0, 0, 0, 1]]) < mpmath.mpf(10) ** -50
    eye = direct([[1]], [[1]])
    assert (number(eye, [0, 0]), number(eye, [1, 0])) == ("uncountable", "one")
    assert number(direct([[1]], [[1]], [[1]]), [0, 0, 5]) == "uncountable"


# E5


def paired(sizes):
    return all(k % 2 == 0 for k in Counter(sizes).values())


def fewest_steps(sizes):
    """Breadth-first search over lists of block sizes, one block longer by one (or a new one) in each step."""
    level = {tuple(sorted(sizes, reverse=True))}
    for steps in count():
        if any(paired(s) for s in level):
            return steps
        following = set()
        for s in level:
            grown = [*s, 0]
            following |= {
                tuple(sorted((m + (k == i) for k, m in enumerate(grown) if m + (k == i)), reverse=True))
                for i in range(len(grown))
            }
        level = following
    raise AssertionError


@given(st.lists(st.integers(1, 4), max_size=5))
def test_smallest_lift_is_the_fewest_steps(sizes):
    assert fewest_extra_coordinates(sizes) == fewest_steps(sizes)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.lists(st.integers(-3, 3), min_size=12, max_size=12))
def test_a_hyperplane_shortens_one_block_by_one(sizes, numbers):
    n = sum(sizes)
    N, at = fmpq_mat(n, n), 0
    for size in sizes:
        for i in range(at, at + size - 1):
            N[i, i + 1] = 1
        at += size
    ends = [sum(sizes[: k + 1]) - 1 for k in range(len(sizes))]  # left kernel of N: the last rows of the chains
    w = [numbers[k] for k in range(len(sizes))]
    if not any(w):
        w[0] = 1
    pivot = next(k for k, x in enumerate(w) if x)
    # W = {z : sum_k w_k z_{end k} = 0}; coordinates: all but that of the pivot's end.
    keep = [i for i in range(n) if i != ends[pivot]]
    inclusion = fmpq_mat(n, n - 1)
    for column, i in enumerate(keep):
        inclusion[i, column] = 1
    for k, end in enumerate(ends):
        if k != pivot:
            inclusion[ends[pivot], keep.index(end)] = fmpq(-w[k], w[pivot])
    image = (N * inclusion).tolist()
    restricted = fmpq_mat(n - 1, n - 1, [x for i in keep for x in image[i]])
    assert N * inclusion == inclusion * restricted  # invariant
    found = block_sizes(QQ, restricted, fmpq_poly([0, 1]), n - 1) if n > 1 else ()
    steps = [tuple(sorted((m - (k == i) for k, m in enumerate(sizes) if m > (k == i)), reverse=True)) for i in range(len(sizes))]
    assert found in steps


@pytest.mark.parametrize(
    ("blocks", "lift"),
    [([(-1, 1)], 1), ([(-1, 2)], 2), ([(-1, 3), (-1, 2)], 1), ([(-1, 2), (-1, 2)], 0), ([(-1, 1), (-2, 1)], 2), ([(2, 3)], 0)],
)
def test_lengthened_blocks_have_a_real_ode(blocks, lift):
    def matrix(blocks):
        return direct(*[Block(linear(Fraction(e)), size).rows() for e, size in blocks])

    found = facts(matrix(blocks))
    assert smallest_lift(found) == lift
    assert check_e5(found).truth.value == (lift > 0)
    lengthened = []
    for e in {e for e, _ in blocks}:
        sizes = [*sorted((s for x, s in blocks if x == e), reverse=True), 0]
        for i in range(0, len(sizes) - 1, 2):
            lengthened += [(e, sizes[i])] * (2 if e < 0 else 1)
        lengthened += [(e, s) for s in sizes[1::2] if e > 0 and s]
    assert sum(s for _, s in lengthened) == sum(s for _, s in blocks) + lift
    assert check_e3(facts(matrix(lengthened))).truth.is_true


@given(anything)
def test_e5_e6_e7_follow_the_construction(hard: Hard):
    found = sr.spectrum(hard.region)
    negative = {b.eigenvalue for b in hard.blocks if b.eigenvalue is not None and b.eigenvalue < 0}
    lift = sum(fewest_steps(hard.sizes(e)) for e in negative)
    singular = bool(hard.sizes(Fraction(0)))
    e5, e6 = check_e5(found), check_e6(found)
    assert smallest_lift(found) == lift == e5["negative_blocks_unpaired"].evidence["lift"]
    assert e5.truth.value == (lift > 0 and not singular)
    assert e6.truth.value == singular
    if singular:
        assert list(e6["singular"].evidence["jordan_blocks"]) == hard.sizes(Fraction(0))
    name = "+".join((["lifted"] if lift else []) + (["impulsive"] if singular else [])) or "real"
    assert representation(found) == name
    assert check_e7({"": found})["every_region_represented"].evidence == {name: 1}
    assert check_e7({"": found}).truth.is_true
    assert (name == "real") == check_e3(found).truth.value


@given(hard_matrices([Fraction(0), Fraction(-1, 2), Fraction(1)]))
def test_jump_and_flow_of_the_proof(hard: Hard):
    """F J = M^ with F invertible, the blocks of F at negative eigenvalues those of M, and the last rows kept."""
    whole = hard.region.affine.augmented()
    one, chi = QQ.identity(whole.nrows()), whole.charpoly()
    k = next(i for i in range(chi.degree() + 1) if chi[i] != 0)
    power = fmpq_poly([0] * k + [1])
    gcd, _, v = power.xgcd(chi // power)
    P0 = QQ.evaluate(v * (chi // power) / gcd[0], whole)
    jump, flow = one - P0 + whole * P0, whole * (one - P0) + P0
    assert P0 * P0 == P0
    assert flow * jump == whole
    assert flow.det() != 0
    assert jump.tolist()[-1] == flow.tolist()[-1] == one.tolist()[-1]
    sizes = hard.sizes(Fraction(-1, 2))
    if sizes:
        assert list(block_sizes(QQ, flow, fmpq_poly([fmpq(1, 2), 1]), sum(sizes))) == sizes


@pytest.mark.parametrize("theorem", [E4, E5, E6, E7])
def test_theorems_are_complete_data(theorem):
    assert theorem.statement.endswith(".")
    assert theorem.hypotheses
    assert any(char.isdigit() for char in theorem.reference)
