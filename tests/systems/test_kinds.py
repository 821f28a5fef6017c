"""The four kinds of systems: hand-worked answers, exact identities of half turns, hard matrices, real networks."""

import random
from dataclasses import replace

import mpmath
import pytest
import sympy as sp
from flint import arb, arb_mat, fmpq, fmpq_mat, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn import limits
from symplrnn.emit.latex.closed_form import named_closed_form
from symplrnn.emit.latex.notation import Notation
from symplrnn.exact.balls import contains, endpoints, working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.fitting import fitting
from symplrnn.exact.root_matrix import RootMatrix
from symplrnn.logarithm.enclosure import real_logarithm_enclosure, real_power_enclosure
from symplrnn.logarithm.exact_powers import exact_real_power_entries, real_rational_power
from symplrnn.logarithm.expressions import real_logarithm_matrix, real_power_matrix, real_root
from symplrnn.logarithm.half_turns import Eigenvectors
from symplrnn.logarithm.real_logarithm import real_logarithm
from symplrnn.logarithm.verification import half_turns_verified
from tests.examples import examples
from tests.hard import Hard, turning


def affine(matrix, offset=None, C=None):
    n = len(matrix)
    return sr.ReLURNN(matrix, [[] for _ in range(n)], offset or [0] * n, V=[], C=C)


def system(matrix, offset=None, C=None, dt=1):
    return sr.derive(affine(matrix, offset, C).region(""), dt)


LOG4 = sp.log(4)


def test_a_negative_eigenvalue_with_two_blocks_is_real():
    """Worked by hand: K e1 = e2, K e2 = -e1, so dt X = log(1/4) I + pi K; the fixed point is z* = c / (1 + 1/4), y = -X z*."""
    ode = system([["-1/4", 0], [0, "-1/4"]], [1, 0])
    X = sp.Matrix([[-LOG4, -sp.pi], [sp.pi, -LOG4]])
    assert (ode.kind, ode.extra, ode.is_principal, ode.jump_map) == ("real", 0, False, None)
    assert ode.matrix == X
    assert sp.expand(ode.offset + X * sp.Matrix([sp.Rational(4, 5), 0])) == sp.zeros(2, 1)
    assert "in paired Jordan blocks: real ODEs exist, but no principal one (E3)" in ode.why


def test_a_single_negative_eigenvalue_is_lifted_by_one():
    """x' = -log 4 (x - 4/5) - pi u, u' = pi (x - 4/5) - log 4 u: half a turn in the plane of x - 4/5 and u in one step."""
    ode = system([["-1/4"]], [1], dt="1/2")
    X = 2 * sp.Matrix([[-LOG4, -sp.pi], [sp.pi, -LOG4]])
    assert (ode.kind, ode.extra, ode.dimension) == ("lifted", 1, 2)
    assert ode.matrix == X
    assert sp.expand(ode.offset + X * sp.Matrix([sp.Rational(4, 5), 0])) == sp.zeros(2, 1)
    t = sp.Symbol("t", real=True)
    assert ode.flow(t).matrix[:, 0] == sp.Matrix([sp.cos(2 * sp.pi * t), sp.sin(2 * sp.pi * t)]) / 4 ** (2 * t)


def test_a_negative_jordan_block_of_size_two_is_lifted_by_two():
    """With N/l = -4 (F - l): dt X = log(1/4) I - 4 (e1 e2' + u1 u2') + pi (x to u) - pi (u to x)."""
    ode = system([["-1/4", 1], [0, "-1/4"]])
    one, shift = sp.eye(2), sp.Matrix([[0, 1], [0, 0]])
    diagonal = -LOG4 * one - 4 * shift
    assert (ode.kind, ode.extra) == ("lifted", 2)
    assert ode.matrix == sp.Matrix(sp.BlockMatrix([[diagonal, -sp.pi * one], [sp.pi * one, diagonal]]))
    assert "Jordan blocks, of sizes (2), do not pair up" in ode.why


def test_a_block_of_three_and_one_of_two_need_one_coordinate():
    """The shorter chain is continued by one coordinate; five would do, too, but are not the fewest."""
    M = [["-2", 1, 0, 0, 0], [0, "-2", 1, 0, 0], [0, 0, "-2", 0, 0], [0, 0, 0, "-2", 1], [0, 0, 0, 0, "-2"]]
    ode = system(M)
    assert (ode.kind, ode.extra) == ("lifted", 1)
    assert "1 extra coordinate is the fewest" in ode.why


def test_a_zero_eigenvalue_is_a_jump():
    """diag(0, 1/2): z1 jumps to 0, z2 decays; the flow leaves z1 where it is."""
    ode = system([[0, 0], [0, "1/2"]], [3, 0])
    assert (ode.kind, ode.extra, ode.is_principal) == ("impulsive", 0, True)
    assert (ode.jump_map.matrix, ode.jump_map.offset.T) == (sp.diag(0, 1), sp.Matrix([[3, 0]]))
    assert (ode.matrix, ode.offset) == (sp.diag(0, -sp.log(2)), sp.zeros(2, 1))


def test_the_state_within_a_step_that_jumps():
    """After the jump to (3, z2), z2 is halved in one step: (3, z2/sqrt 2) in the middle."""
    middle = system([[0, 0], [0, "1/2"]], [3, 0]).readout(fmpq(1, 2), 100)
    with working_precision(100):
        half = arb(fmpq(1, 2)).sqrt()
        assert (middle - arb_mat([[0, 0, 3], [0, half, 0]])).contains(arb_mat(2, 3))
    assert max(float(x.rad()) for x in middle.entries()) < 1e-25


def test_a_nilpotent_region_only_jumps():
    M = [[0, 1, 2], [0, 0, 3], [0, 0, 0]]
    ode = system(M, [1, "1/2", 5], C=[[1], [0], [2]])
    assert ode.kind == "impulsive"
    assert (ode.matrix, ode.offset, ode.input_matrix) == (sp.zeros(3), sp.zeros(3, 1), sp.zeros(3, 1))
    assert ode.jump_map.matrix == sp.Matrix(M)
    assert ode.jump_map.offset == sp.Matrix([1, sp.Rational(1, 2), 5])
    assert ode.jump_map.input_matrix == sp.Matrix([1, 0, 2])


def test_lifted_and_impulsive():
    ode = system([[0, 0], [0, "-1/4"]])
    assert (ode.kind, ode.extra) == ("lifted+impulsive", 1)
    assert ode.jump_map.matrix == sp.diag(0, 1)
    assert ode.matrix == sp.Matrix([[0, 0, 0], [0, -LOG4, -sp.pi], [0, sp.pi, -LOG4]])


def test_the_real_part_of_the_complex_logarithm_is_not_an_ode():
    """exp(Re log(-1/4)) = 1/4; the published code takes this real part in two of the eight regions of the oscillator."""
    assert sp.exp(sp.re(sp.log(sp.Rational(-1, 4)))) == sp.Rational(1, 4)
    ode = system([["-1/4"]])
    assert ode.flow(1).matrix[0, 0] == sp.Rational(-1, 4)


def test_the_real_part_of_the_complex_logarithm_misses_the_map_of_the_oscillator(oscillator):
    with mpmath.workdps(40):
        for region in oscillator.regions():
            M = mpmath.matrix([[mpmath.mpf(x.p) / x.q for x in region.matrix.row(i)] for i in range(3)])
            log = mpmath.logm(M)
            real = mpmath.matrix([[mpmath.re(log[i, j]) for j in range(3)] for i in range(3)])
            gap = mpmath.mnorm(mpmath.expm(real) - M, 1)
            if region.pattern in ("011", "111"):
                assert gap > 0.2
                assert sr.derive(region, "1/10").kind == "lifted"
            else:
                assert gap < 1e-30
                assert sr.derive(region, "1/10").kind == "real"


@examples(120)
@given(turning)
def test_half_turns_are_exact(hard: Hard):
    """In Q[l]/f: the forms of each chain pair are dual to its chains, so K^2 = -I there, and F acts on chains as it should."""
    found = fitting(QQ, hard.matrix)
    F = hard.matrix if found is None else found.flow
    for pair in {id(t.pair): t.pair for t in real_logarithm(QQ, F).turns}.values():
        f, d = pair.term.factor, pair.divisor
        divisor = RootMatrix.of(QQ, f, [fmpq_mat([[d[k]]]) for k in range(max(d.degree(), 0) + 1)])
        for a, (columns, _) in enumerate(pair.chains):
            for i, column in enumerate(columns):
                below = column.applied(F) - column.scaled(fmpq_poly([0, 1]))
                assert (below - columns[i + 1]).is_zero if i + 1 < len(columns) else below.is_zero
                for b, (_, forms) in enumerate(pair.chains):
                    for j, form in enumerate(forms):
                        product = form * column
                        assert (product - divisor).is_zero if (a, i) == (b, j) else product.is_zero


@examples(20)
@given(turning)
def test_real_logarithms_of_hard_matrices(hard: Hard):
    """FLINT's exponential of the enclosure contains the map, and leads back to u = 0; powers and SymPy's values agree with it."""
    ode, bits = sr.derive(hard.region, 1), 1500
    F = hard.region.affine.augmented() if ode.jump is None else fitting(QQ, hard.region.affine.augmented()).flow
    assert ode.extra == smallest_lift(hard)
    assert ode.verified
    log, N = ode.real_logarithm, F.nrows()
    X, r = real_logarithm_enclosure(log, bits), fmpq(2, 7)
    power = real_power_enclosure(log, r, bits)
    with working_precision(bits):
        back = X.exp()
        part = (X * arb(r)).exp() - power
    assert contains(arb_mat([[back[i, j] for j in range(N)] for i in range(N)]), F)
    assert all(back[i, j].contains(arb(0)) for i in range(N, log.size) for j in range(N))
    assert part.contains(arb_mat(log.size, log.size))
    assert max(float(x.rad()) for x in [*back.entries(), *part.entries()]) < 1e-40
    for (i, j), value in log.exact_entries.items():
        assert endpoints(X[i, j])[0] <= value <= endpoints(X[i, j])[1]
    for exponent in (fmpq(1, 2), fmpq(1, 3), fmpq(3)):
        balls = real_power_enclosure(log, exponent, bits)
        for (i, j), value in exact_real_power_entries(log, exponent).items():
            assert endpoints(balls[i, j])[0] <= value <= endpoints(balls[i, j])[1]


@pytest.mark.slow
@settings(max_examples=60)
@given(turning)
def test_real_logarithms_of_hard_matrices_with_many_examples(hard: Hard):
    test_real_logarithms_of_hard_matrices.hypothesis.inner_test(hard)


@settings(max_examples=6)
@given(turning)
def test_printed_real_logarithms_and_powers(hard: Hard):
    found = fitting(QQ, hard.matrix)
    log, bits = real_logarithm(QQ, hard.matrix if found is None else found.flow), 300
    r = sp.Symbol("r", real=True)
    for balls, printed in (
        (real_logarithm_enclosure(log, bits), real_logarithm_matrix(log)),
        (real_power_enclosure(log, fmpq(2, 5), bits), real_power_matrix(log, r).subs(r, sp.Rational(2, 5))),
    ):
        for ball, value in zip(balls.entries(), printed, strict=True):
            number = sp.Float(ball.mid().str(50, radius=False), 50)
            assert abs(number - value.evalf(45)) <= sp.Float("1e-40") * (1 + abs(number))
            assert value.evalf(20).is_real


def test_dt_may_be_a_letter_or_irrational():
    """X dt does not depend on dt: closed forms have it, decimals need a value for it."""
    tau, net = sp.Symbol("tau", positive=True), sr.example("kinds")
    ode, numbers = sr.derive(net, dt=tau), sr.derive(net, dt="2/7")
    assert [ode[pattern].kind for pattern in ode] == [numbers[pattern].kind for pattern in ode]
    for pattern in ("01", "10", "11"):
        assert ode[pattern].augmented.subs(tau, sp.Rational(2, 7)) == numbers[pattern].augmented
        assert ode.subs({"tau": "2/7"})[pattern].digits(9) == numbers[pattern].digits(9)
        assert ode[pattern].flow(tau).augmented == numbers[pattern].flow("2/7").augmented
        for ask in (lambda o: o.digits(3), lambda o: o.enclosure(64), lambda o: o.flow(1).digits(3)):
            with pytest.raises(sr.EntryError, match="dt: tau is no rational number; decimals and enclosures need one"):
                ask(ode[pattern])
        assert ode[pattern].to_dict()["digits"] is None
    root = sr.derive(net, dt=sp.sqrt(2))["01"]
    assert root.matrix * sp.sqrt(2) == numbers["01"].matrix * sp.Rational(2, 7)
    turn = sr.derive(sr.example("paired"), dt=tau)["11"]
    assert turn.kind == "real"
    assert turn.aliases(1).matrix == turn.matrix + 2 * sp.pi / tau * sp.Matrix([[0, -1], [1, 0]])
    with pytest.raises(sr.EntryError, match="dt: q is not positive; accepted is"):
        sr.RegionODE(net.region("00"), sp.Symbol("q", real=True))


@pytest.fixture
def eigenvectors_from_degree_3(monkeypatch):
    """Simple factors of every degree beyond 2 by their eigenvectors, as otherwise only those of high degree."""
    monkeypatch.setattr(limits, "CYCLIC_DEGREE", 2)


CUBICS = [[[0, 1, 0], [0, 0, 1], [-1, 3, 0]], [[0, 1, 0], [0, 0, 1], [-1, -6, -5]], [[1, 2, 0], [3, -1, 1], [0, 1, "1/2"]]]


@pytest.mark.parametrize("matrix", CUBICS)
@pytest.mark.usefixtures("eigenvectors_from_degree_3")
def test_simple_factors_by_their_eigenvectors(matrix):
    ode = system(matrix, [1, 2, 3], C=[[1], [0], [2]])
    assert ode.verified
    assert any(isinstance(turn.pair.first, Eigenvectors) for turn in ode.real_logarithm.turns)
    reads_out_the_map(ode)
    X, digits = ode.augmented.evalf(30), ode.digits(20)
    middle, balls = ode.flow("1/3"), ode.flow("1/3").enclosure(200)
    for i in range(ode.dimension):
        for j in range(ode.dimension):
            assert abs(sp.Float(digits.matrix[i][j], 25) - X[i, j]) < sp.Float("1e-18") * (1 + abs(X[i, j]))
            assert abs(middle.matrix[i, j].evalf(30) - sp.Float(balls[i, j].mid().str(30, radius=False), 30)) < 1e-25
    named, _ = named_closed_form(ode, Notation())
    for row in (0, ode.n):
        for place in ((row, ode.n), (ode.n, row)):  # from and to the first extra coordinate: nothing but its root is named there
            (root,) = named[place].free_symbols
            assert abs(named[place].subs(root, real_root(ode.real_logarithm.turns[0])).evalf(25) - X[place]) < 1e-20


@pytest.mark.slow
def test_a_lifted_region_of_many_units():
    rng = random.Random(3)
    n = 24
    matrix = [[fmpq(rng.randint(-9, 9), 8) for _ in range(n)] for _ in range(n)]
    ode = system(matrix, [1] * n)
    assert isinstance(ode.real_logarithm.turns[0].pair.first, Eigenvectors)
    assert half_turns_verified(ode.real_logarithm.turns)
    reads_out_the_map(ode, bits=2000)
    largest = max(abs(float(text)) for row in ode.digits(3).matrix[n:] for text in row)
    assert 1e-3 < largest < 1e5  # extra coordinates are of the size of the states


def test_altered_half_turns_are_not_verified():
    M = fmpq_mat([[-2, 1, 0, 0], [0, -2, 0, 0], [0, 0, -2, 0], [0, 0, 0, 3]])
    (turn,) = real_logarithm(QQ, M).turns
    pair = turn.pair
    assert half_turns_verified([turn])
    elsewhere = replace(pair.first, generator=pair.first.generator + fmpq_mat(4, 1, [0, 0, 0, 1]))
    assert half_turns_verified([replace(turn, pair=replace(pair, first=elsewhere))])  # its projection is the same
    for changes in (
        {"first": replace(pair.first, coordinates=pair.first.coordinates * 2)},
        {"first": replace(pair.first, length=1)},
        {"second": None},
        {"second": replace(pair.second, generator=pair.second.generator + pair.first.generator)},
        {"matrix": M * 2},
    ):
        assert not half_turns_verified([replace(turn, pair=replace(pair, **changes))]), changes


def smallest_lift(hard: Hard) -> int:
    """The number of extra coordinates, from the Jordan blocks that the matrix was made of."""
    total, negative_roots = 0, {}
    for block in hard.blocks:
        roots = [x for x in sp.Poly(list(reversed(block.factor)), sp.Symbol("x")).nroots(n=30) if x.is_real and x < 0]
        negative_roots.setdefault(block.factor, (len(roots), []))[1].append(block.size)
    for count, sizes in negative_roots.values():
        ordered = [*sorted(sizes, reverse=True), 0]
        total += count * sum(a - b for a, b in zip(ordered[::2], ordered[1::2], strict=False))
    return total


def test_real_parts_of_powers_that_are_rational():
    half, third, quarter = fmpq(1, 2), fmpq(1, 3), fmpq(1, 4)
    assert real_rational_power(fmpq(-3), half) == 0
    assert real_rational_power(fmpq(-8), third) == 1  # 2 cos(pi/3)
    assert real_rational_power(fmpq(-8), fmpq(2, 3)) == -2
    assert real_rational_power(fmpq(-4), quarter) == 1  # sqrt 2 cos(pi/4)
    assert real_rational_power(fmpq(-2), quarter) is None
    assert real_rational_power(fmpq(-27), fmpq(1, 6)) == fmpq(3, 2)  # sqrt 3 cos(pi/6)
    assert real_rational_power(fmpq(-2), fmpq(1, 5)) is None
    assert real_rational_power(fmpq(-2), fmpq(3)) == -8
    assert real_rational_power(fmpq(4), half) == 2


@pytest.mark.parametrize(
    "matrix",
    [
        [["-1/4"]],
        [["-2", 1], [0, "-2"]],
        [[0, 2], [1, 0]],
        [[0, 1, 0], [0, 0, 1], [-1, 3, 0]],
        [[0, 1, 0], [0, 0, 1], [-1, -6, -5]],
    ],
)
def test_digits_of_lifted_systems_and_flows(matrix):
    ode = system(matrix, [1] * len(matrix))
    X = ode.augmented
    digits = ode.digits(25)
    for i in range(ode.dimension):
        for j in range(ode.dimension):
            assert abs(sp.Float(digits.matrix[i][j], 30) - X[i, j].evalf(30)) < sp.Float("1e-22") * (1 + abs(X[i, j].evalf(30)))
    assert all(x.is_real is not False for x in X.evalf(15))
    for t in ("1/2", "1/3", 1):
        flow = ode.flow(t)
        found, exact = flow.digits(20), flow.matrix
        for i in range(ode.dimension):
            for j in range(ode.dimension):
                assert abs(sp.Float(found.matrix[i][j], 25) - exact[i, j].evalf(25)) < sp.Float("1e-17")


def states(n, m, count=5):
    """Random rational states with the entry 1 and random inputs, the same in every run."""
    rng = random.Random(n)
    return [
        fmpq_mat(n + 1 + m, 1, [fmpq(rng.randint(-99, 99), rng.randint(1, 9)) if i != n else fmpq(1) for i in range(n + 1 + m)])
        for _ in range(count)
    ]


def reads_out_the_map(ode, bits=400):
    """One step of the system from random rational states, by FLINT's exponential of X^, against the exact map, to 60 digits."""
    n, m, q = ode.n, ode.region.network.m, ode.extra
    with working_precision(bits):
        flow = (ode.enclosure(bits) * arb(ode.step)).exp()
    for state in states(n, m):
        start = state if ode.jump is None else ode.jump * state
        with working_precision(bits):
            lifted = arb_mat(flow.nrows(), 1, [arb(x) for x in [*start.entries()[:n], *[0] * q, *start.entries()[n:]]])
            after = flow * lifted
        image = ode.region.affine.augmented() * state
        for i in range(n):
            assert endpoints(after[i, 0])[0] <= image[i, 0] <= endpoints(after[i, 0])[1]
            assert float(after[i, 0].rad()) < 1e-60 * (1 + abs(float(image[i, 0].p) / float(image[i, 0].q)))
        assert all(after[n + i, 0].contains(arb(0)) for i in range(q))


@st.composite
def networks(draw, kind: str, n: int = 10):
    """A network of 10 units with small rational entries: generic, with negative diagonal entries, or singular in many regions."""
    rng = random.Random(draw(st.integers(0, 2**32)))

    def entry():
        return fmpq(rng.randint(-60, 60), rng.choice([64, 81, 100]))

    A = [abs(entry()) + fmpq(1, 100) for _ in range(n)]
    W = [[fmpq(0) if i == j else entry() for j in range(n)] for i in range(n)]
    if kind == "negative":
        A = [-a if i % 3 == 0 else a for i, a in enumerate(A)]
    if kind == "singular":
        A = [fmpq(0) if i % 4 == 0 else a for i, a in enumerate(A)]
        W[2] = [A[1] if j == 1 else fmpq(0) if j == 2 else w for j, w in enumerate(W[1])]  # with unit 1 active rows 1 and 2 agree
        W[2][2], W[1][2] = fmpq(0), A[2]
    return sr.PLRNN(A, W, [entry() for _ in range(n)])


KINDS = ["generic", "negative", "singular"]


@pytest.mark.parametrize("kind", KINDS)
def test_derive_succeeds_in_regions_of_random_networks(kind):
    @settings(max_examples=2)
    @given(networks(kind))
    def sample(net):
        ode, kinds = sr.derive(net, "1/10"), set()
        for k in range(7, 1024, 113):
            region_ode = ode[format(k, "010b")]
            reads_out_the_map(region_ode)
            kinds.add(region_ode.kind)
        assert any("impulsive" in found for found in kinds) == (kind == "singular")
        assert any("lifted" in found for found in kinds)

    sample()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_derive_succeeds_in_all_regions_of_random_networks(kind):
    @settings(max_examples=2)
    @given(networks(kind))
    def sweep(net):
        ode = sr.derive(net, "1/10")
        assert len(ode) == 1024
        for pattern in ode:
            reads_out_the_map(ode[pattern])

    sweep()


def test_every_region_of_the_trained_networks_has_a_system(oscillator, van_der_pol, lorenz):
    assert [ode.kind for ode in sr.derive(oscillator, "1/10").values()].count("lifted") == 2
    odes = sr.derive(van_der_pol, "1/10")
    for k in range(0, 1024, 93):
        assert odes[format(k, "010b")].is_principal
    for ode in sr.derive(lorenz, "1/10").values():
        reads_out_the_map(ode)
