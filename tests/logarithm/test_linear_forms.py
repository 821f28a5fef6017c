"""Entries that are 0 by relations between logarithms: against enclosures with 600 digits, and sums that are nearly 0."""

import json
import pickle

import pytest
import sympy as sp
from click.testing import CliRunner
from flint import arb, arb_mat, fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import symplrnn as sr
from symplrnn import limits
from symplrnn.cli import cli
from symplrnn.exact.balls import working_precision
from symplrnn.logarithm import linear_forms
from symplrnn.logarithm.enclosure import EnclosedNumber, certified_digits
from symplrnn.logarithm.linear_forms import RootTerm, bits_of_proof, roots_of, vanishes

TINY = arb(10) ** -500


def companion(*coefficients):
    """Return a matrix with the characteristic polynomial with these coefficients, constant term first, and 1."""
    n = len(coefficients)
    return [[int(i == j + 1) for j in range(n - 1)] + [-coefficients[i]] for i in range(n)]


def derived(M):
    return sr.derive(sr.ReLURNN(M, [[]] * len(M), [0] * len(M), V=[]).region(""), dt=1)


def number_of_zeros(ode):
    """Check that an entry is printed as 0 where it is so to 500 digits, and that all are decided; return how many are 0."""
    rows, balls = ode.digits(5).matrix, ode.enclosure(2000)
    with working_precision(2000):
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                assert not isinstance(text, EnclosedNumber), (i, j)
                assert (text == "0") == bool(abs(balls[i, j]) < TINY), (i, j)
                assert abs(balls[i, j] - arb(text)) <= abs(balls[i, j]) * arb(1e-4) + TINY + TINY
    return sum(text == "0" for row in rows for text in row)


@pytest.mark.parametrize(
    ("coefficients", "zeros"),
    [
        ((-2, 0, 0, 0), 4),
        ((1, 0, -10, 0), 10),
        ((-2, 0, 0, 0, 0, 0), 6),
        ((-3, 0, 0, 0, 0, 0, 0, 0), 8),
        ((fmpq(-2, 3), 0, 0, 0, 0, 0), 6),
        ((2, 0, 0, 0, 0, 0, 0, 0), 0),
        ((1, 3, 4, 5, 4, 3), 2),  # reciprocal
        ((1, 3, 4, 5, 6, 5, 4, 3), 16),
        ((1, 1, 1, 1, 1, 1), 0),  # roots of unity
        ((1, 0, 0, 0, -1, 0, 0, 0), 4),  # primitive 24th roots of unity
        ((-2, 0, 0, 0, 1, 0, 0, 0), 1),
    ],
)
def test_companion_matrices(coefficients, zeros):
    assert number_of_zeros(derived(companion(*coefficients))) == zeros


def test_a_matrix_of_cycles():
    """A cycle of 16 units, which scales by 2: the roots of x^16 - 2."""
    M = [[2 if (i, j) == (0, 15) else int(i == j + 1) for j in range(16)] for i in range(16)]
    assert number_of_zeros(derived(M)) == 16


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=2, max_size=3), st.sampled_from([1, 2, 3]), st.sampled_from([-3, -1, 1, 2]))
def test_polynomials_in_powers(inner, k, constant):
    coefficients = [constant, *([0] * (k - 1)), *(x for c in inner for x in (c, *[0] * (k - 1)))]
    number_of_zeros(derived(companion(*coefficients)))


PLANES = [[2, 0, 0, 0], [0, "1/2", "-3/2", 0], [0, 0, 2, 0], ["3/2", 0, 0, "1/2"]]


def test_planes_of_different_eigenvalues_cancel():
    """The entries of the two planes are 1 and -1."""
    alias = derived(PLANES).aliases(1)
    assert alias.matrix[1, 0] == 0
    assert number_of_zeros(alias) == 6
    assert derived(PLANES).aliases((1, 0)).digits(8).matrix[1][0] != "0"


def test_aliases_of_conjugate_factors():
    """The roots +-1 +- i of x^4 + 4, in one block and by two factors."""
    M = companion(4, 0, 0, 0)
    for k in ((1, 1), (1, 2), (2, 1), (0, 1)):
        number_of_zeros(derived(M).aliases(k))
    for k in ((1, 1), (1, -1), (2, 0)):
        number_of_zeros(derived(companion(2, 0, 0, 0, 0, 0)).aliases([*k, 1]))


def test_half_turns_and_planes_cancel():
    """The eigenvalue -2 makes a half turn, 2 a whole one, in planes that meet: -2 pi + 2 pi."""
    P = sp.Matrix([[1, 0, 2, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
    ode = derived((P * sp.diag(-2, -2, 2, 2) * P.inv()).tolist())
    found = {k: ode.aliases((0, k)) for k in (-1, 0, 1, 2)}
    assert [alias.matrix[1, 2] for alias in found.values()] == [-4 * sp.pi, -2 * sp.pi, 0, 2 * sp.pi]
    for alias in found.values():
        number_of_zeros(alias)


def term(factor, weight, turns=None, pi=None):
    roots = roots_of(fmpq_poly(factor))
    return RootTerm(roots, fmpq_poly(weight), turns or (0,) * roots.above, {k: fmpq_poly(p) for k, p in (pi or {}).items()})


def test_relations_of_several_factors():
    log_2, log_3, log_6 = ([-2, 1], [-3, 1], [-6, 1])
    assert vanishes([term(log_2, [1]), term(log_3, [1]), term(log_6, [-1])])
    assert not vanishes([term(log_2, [1]), term(log_3, [1]), term(log_6, [1])])
    # The cube roots of 2: real log 2/3, and with weight 1 for all log 2. The weight l belongs to the trace 0 of log|l|.
    cube = [-2, 0, 0, 1]
    assert vanishes([term(cube, [1]), term(log_2, [-1])])
    assert not vanishes([term(cube, [1]), term(log_2, [-2])])
    assert not vanishes([term(cube, [0, 1])])  # the arguments +-2 pi/3 do not cancel
    # i has the argument pi/2, and 1 + i has pi/4 and the modulus sqrt 2.
    i, one_plus_i = [1, 0, 1], [2, -2, 1]
    assert vanishes([term(i, [0, 1]), term([-1, 1], [0], pi={0: [1]})])
    assert not vanishes([term(i, [0, 1]), term([-1, 1], [0], pi={0: [-1]})])
    assert vanishes([term(i, [0, 1], turns=(-1,)), term([-1, 1], [0], pi={0: [-3]})])
    assert vanishes([term(i, [0, 1]), term(one_plus_i, [2, -2])])
    assert not vanishes([term(i, [0, 1]), term(one_plus_i, [-2, 2])])
    assert vanishes([term(one_plus_i, [1]), term(log_2, [-1])])


def test_sums_that_are_nearly_zero():
    """A rational that agrees with sqrt 2 to 40 digits, and eigenvalues that are nearly related."""
    near = fmpq(int(sp.floor(sp.sqrt(2) * 10**40)), 10**40)
    assert vanishes([term([-2, 0, 1], [0], pi={0: [1, 1], 1: [-1, 1]})])  # 1 - sqrt 2 - 1 + sqrt 2
    assert not vanishes([term([-2, 0, 1], [0], pi={1: [-near, 1]})])
    assert not vanishes([term([-2, 1], [1]), term([-2 - fmpq(1, 10**40), 1], [-1])])
    assert not vanishes([term([-2, 0, 1], [0, 1]), term([-2, 1], [fmpq(1, 10**40)])])


def test_denominators_of_roots_count():
    """P^2 - 2 Q^2 = 1 with 243 | P, so for l = sqrt(2)/243 the number P/243 - Q l is 1/(243 (P + Q sqrt 2)), not 0."""
    P, Q = 1, 0
    while P % 243:
        P, Q = P + 2 * Q, P + Q
    P, Q = P**3 + 6 * P * Q**2, 3 * P**2 * Q + 2 * Q**3  # (P + Q sqrt 2)^3
    assert abs(P * P - 2 * Q * Q) == 1
    assert P.bit_length() > 150
    assert not vanishes([term([fmpq(-2, 243**2), 0, 1], [0], pi={1: [P // 243, -Q]})])
    assert vanishes([term([fmpq(-2, 243**2), 0, 1], [0], pi={0: [P // 243, Q], 1: [-P // 243, Q]})])  # large, and 0


@pytest.mark.parametrize(
    ("factor", "bound"), [([-2, 0, 0, 1], 9), ([-2, 0, 0, 0, 1], 16), ([3, 1, 0, 1], 6), ([3, 0, 0, 1, 0, 0, 1], 54)]
)
def test_permutations_of_the_roots(factor, bound):
    """At least the order of the Galois group: 6, 8, 6 and at most 36 here."""
    assert roots_of(fmpq_poly(factor)).embeddings == bound


def test_the_bound_of_a_proof():
    """sqrt(n^2 + 1) - n is about 1/(2 n), and its conjugate about -2 n."""
    for n in (1, 10, 10**6, 10**30):
        assert arb(1) / (2 * n + 1) > arb(2) ** -bits_of_proof(2, 1, arb(2 * n + 1))
    assert bits_of_proof(1, 1, arb(5)) == 1  # a whole number
    assert bits_of_proof(1 << 15, 1, arb(2)) is None


@pytest.fixture
def undecided(monkeypatch):
    """A region with entries that are 0, without proofs that they are."""
    monkeypatch.setattr(limits, "PROOF_BITS", 0)
    for known in (linear_forms._moduli, linear_forms._arguments):
        known.cache_clear()
    yield derived(companion(-2, 0, 0, 0))
    for known in (linear_forms._moduli, linear_forms._arguments):
        known.cache_clear()


def test_entries_that_are_not_decided_are_enclosures(undecided):
    found = undecided.digits(6)
    entry = found.matrix[0][2]
    assert isinstance(entry, EnclosedNumber)
    assert entry.startswith("[+/- ")
    lower, upper = (sp.Rational(end) for end in entry.ends)
    assert lower < 0 < upper < sp.Rational(1, 10**1000)
    assert "bits do not decide the digits of entry (1, 3); it may be exactly 0, but that is not proved" in entry.reason
    assert arb(str(entry)).contains(0)
    assert found.matrix[0][0] == "0.173287"
    assert (pickle.loads(pickle.dumps(entry)), pickle.loads(pickle.dumps(entry)).ends) == (entry, entry.ends)


def test_no_region_is_lost_for_an_entry(undecided):
    document = json.loads(undecided.to_json(6))
    entry = document["digits"]["matrix"][0][2]
    assert (document["kind"], document["digits"]["matrix"][0][0]) == ("lifted", "0.173287")
    assert float(entry["enclosure"][0]) <= 0 <= float(entry["enclosure"][1])
    assert "it may be exactly 0" in entry["reason"]
    assert len(document["closed_form"]["terms"]) == 2
    assert r"\pm" in sr.latex(undecided, digits=6)


def test_the_command_line_says_why(undecided, tmp_path):
    path = tmp_path / "net.json"
    M = [[str(x) for x in row] for row in companion(-2, 0, 0, 0)]
    A, W = [M[i][i] for i in range(4)], [[0 if i == j else M[i][j] for j in range(4)] for i in range(4)]
    path.write_text(json.dumps({"A": A, "W": W, "h": [0] * 4, "dt": 1}))
    done = CliRunner().invoke(cli, ["derive", str(path), "--region", "1111", "--digits", "6"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "[+/- " in done.output
    assert "it may be exactly 0, but that is not proved" in " ".join(done.output.split())
    done = CliRunner().invoke(cli, ["derive", str(path), "--region", "1111", "--json"], catch_exceptions=False)
    [region] = json.loads(done.stdout)["regions"]
    assert (region["kind"], len(region["closed_form"]["terms"])) == ("lifted", 2)
    assert "reason" in region["digits"]["matrix"][0][2]


def test_a_proof_is_sought_only_of_entries_that_are_enclosed_narrowly():
    """Here the first precisions lose all bits, as closed forms of many states do."""
    asked = []

    def enclose(bits):
        with working_precision(2000):
            lost = arb(0, 1) / arb(2) ** (bits - 150)
            return arb_mat([[arb(1) / 3 + lost, lost]])

    def decide(places):
        asked.append(places)
        return {(0, 1): fmpq(0)}

    assert certified_digits(enclose, {}, 3, "example", decide) == [["0.333", "0"]]
    assert asked == [[(0, 1)]]


def test_entries_half_way_between_two_decimals():
    with working_precision(2000):
        ball = arb(fmpq(1, 8)) + arb(0, 2.0**-1000)
    [[text]] = certified_digits(lambda bits: arb_mat([[ball]]), {}, 2, "example")
    assert isinstance(text, EnclosedNumber)
    assert "half-way between two decimals" in text.reason
    assert certified_digits(lambda bits: arb_mat([[ball]]), {}, 2, "example", lambda places: {(0, 0): fmpq(1, 8)}) == [["0.12"]]
    with pytest.raises(sr.PrecisionLimit, match="no finite enclosure"):
        certified_digits(lambda bits: arb_mat([[arb("nan")]]), {}, 2, "example")
