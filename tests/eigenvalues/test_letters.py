"""Letters in unusual places: conditions are the verdicts on the numbers put in, closed forms are logarithms, nothing is guessed.

The oracle is SymPy and mpmath alone: exact ranks, root counts and factors of the substituted matrix, and exp(dt X) = M at 60 digits.
"""

import random
import signal
from contextlib import contextmanager
from fractions import Fraction as Q

import mpmath as mp
import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.eigenvalues.spectrum import spectrum

DIGITS = 60
ADMITTED = {
    "real": lambda v: True,
    "positive": lambda v: v > 0,
    "negative": lambda v: v < 0,
    "nonnegative": lambda v: v >= 0,
    "nonpositive": lambda v: v <= 0,
    "nonzero": lambda v: v != 0,
}
POOL = [Q(-2), Q(-3, 2), Q(-1), Q(-1, 2), Q(0), Q(1, 4), Q(1, 3), Q(1, 2), Q(1), Q(3, 2), Q(2)]
X = sp.Symbol("x")


@contextmanager
def time_limit(seconds: int):
    """Turn an endless computation into a failure."""

    def stop(*_):
        raise TimeoutError(f"no answer within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def affine(net, pattern):
    """M = A + W D V and c = h + W D b, by SymPy."""
    D = sp.diag(*[int(d) for d in pattern]) if pattern else sp.zeros(0, 0)
    A, W, V, h, b = (sp.Matrix(x) for x in (net.A, net.W, net.V, net.h, net.b))
    return A + W * D * V, h + W * D * b


def expected(net, pattern) -> dict[str, bool]:
    """What holds for a region of a network of rational numbers."""
    M, _ = affine(net, pattern)
    n = M.rows
    chi = sp.Poly((X * sp.eye(n) - M).det(method="berkowitz"), X, domain="QQ")
    invertible, unit, negative, paired, diagonalisable, roots = chi.eval(0) != 0, chi.eval(1) == 0, 0, True, True, []
    for f, e in chi.factor_list()[1]:
        below = f.count_roots(None, 0) - int(f.eval(0) == 0)
        negative += below
        value = sp.zeros(n)
        for c in f.all_coeffs():
            value = value * M + c * sp.eye(n)
        ranks, power = [n], sp.eye(n)
        for _ in range(e + 1):
            power = power * value
            ranks.append(power.rank())
        for j in range(1, e + 1):
            blocks = sp.Rational(ranks[j - 1] - 2 * ranks[j] + ranks[j + 1], f.degree())
            paired = paired and not (below and blocks % 2)
            diagonalisable = diagonalisable and not (j > 1 and blocks)
        with mp.workdps(DIGITS):
            roots += mp.polyroots([mp.mpf(int(c.p)) / int(c.q) for c in f.all_coeffs()], maxsteps=300, extraprec=300)
    return {
        "E1": bool(invertible and not negative and not unit),
        "E2": bool(invertible and not negative),
        "E3": bool(invertible and paired),
        "stable": all(abs(r) < 1 - mp.mpf(10) ** -30 for r in roots),
        "diagonalisable": bool(diagonalisable),
    }


def in_mpmath(matrix):
    return mp.matrix([[mp.mpf(str(sp.N(x, DIGITS + 10))) for x in matrix.row(i)] for i in range(matrix.rows)])


def is_principal_logarithm(net, pattern, augmented, dt=1) -> bool:
    """Whether exp(dt X^) = [[M, c, C], [0, I]] to 50 of 60 digits and no frequency is at or above Nyquist's."""
    M, c = affine(net, pattern)
    top = M.row_join(c).row_join(sp.Matrix(net.C)) if net.m else M.row_join(c)
    whole = top.col_join(sp.zeros(1 + net.m, net.n).row_join(sp.eye(1 + net.m)))
    with mp.workdps(DIGITS):
        flow = in_mpmath(sp.Matrix(augmented)) * mp.mpf(str(sp.N(dt, DIGITS + 10)))
        target = in_mpmath(whole)
        error = mp.mnorm(mp.expm(flow) - target, 1) / (1 + mp.mnorm(target, 1))
        frequencies = [abs(mp.im(e)) for e in mp.eig(flow, left=False, right=False)]
        return error < mp.mpf(10) ** -50 and all(f < mp.pi - mp.mpf(10) ** -12 for f in frequencies)


def answers(check):
    return {name: check[name].truth for name in ("E1", "E2", "E3")} | {
        "stable": check.stable,
        "diagonalisable": check.diagonalisable,
    }


def compare(net, report, ode, values, dt=1) -> None:
    """Hold everything about a network with letters against the numbers put in."""
    numbers = net.subs(values)
    direct, exact, substituted = sr.derive(numbers, dt=dt), sr.check(numbers), ode.subs(values)
    for pattern in exact.verdicts:
        where, facts = (pattern, values), expected(numbers, pattern)
        check = report.verdicts[pattern]
        for name, truth in answers(check).items():
            want = sr.TRUE if facts[name] else sr.FALSE
            assert truth.at(values) == want, (name, where)
            assert answers(exact.verdicts[pattern])[name] == want, (name, where)
        assert check.published_formula.at(values) == exact.verdicts[pattern].published_formula, where
        ours, theirs = substituted[pattern], direct[pattern]
        if facts["E2"]:
            assert ours.augmented == theirs.augmented, where
            assert is_principal_logarithm(numbers, pattern, ours.augmented, dt), where
            cases = ode[pattern].cases
            holding = [case for case in cases if case.condition.at(values)]
            assert len(holding) == min(1, len(cases)), where
        else:
            assert (theirs.kind == "real") == facts["E3"], where
            assert (ours.kind, ours.augmented) == (theirs.kind, theirs.augmented), where


def has_pole(net, values) -> bool:
    point = {s: sp.Rational(str(values[str(s)])) for s in net.parameters}
    entries = [x for part in (net.A, net.W, net.h, net.V, net.b, net.C) for x in part]
    return any(sp.denom(sp.together(x)).subs(point) == 0 for x in entries)


def draw(parameters, rng):
    return {name: rng.choice([v for v in POOL if ADMITTED[word](v)]) for name, word in parameters.items()}


def sweep(build, parameters, count, seed=0, special=()):
    net, rng = build(parameters), random.Random(seed)
    report, ode, done = sr.check(net), sr.derive(net, dt=1), 0
    for values in special:
        compare(net, report, ode, values)
    while done < count:
        values = draw(parameters, rng)
        if not has_pole(net, values):
            compare(net, report, ode, values)
            done += 1


def reals(names):
    return dict.fromkeys(names, "real")


def plrnn(A, W, h, **options):
    return lambda parameters: sr.PLRNN(A, W, h, parameters=parameters, **options)


NETWORKS = {
    "one unit": (plrnn(["a"], [["w"]], ["h"]), reals("awh"), 10),
    "letters in h of cycle16": (
        lambda p: sr.PLRNN(sr.example("cycle16").A, sr.example("cycle16").W, ["g", "g - k"], parameters=p),
        reals("gk"),
        3,
    ),
    "diag(a, a), one coupling": (plrnn(["a", "a"], [[0, "w"], [0, 0]], ["h", "h"]), reals("awh"), 7),
    "diag(a, a), two couplings": (plrnn(["a", "a"], [[0, "w"], ["w", 0]], ["h", 1]), reals("awh"), 5),
    "diag(a, a), rotation": (plrnn(["a", "a"], [[0, "w"], ["-w", 0]], ["h", 1]), reals("awh"), 5),
    "diag(a, a), no coupling": (plrnn(["a", "a"], [[0, 0], [0, 0]], ["h", 1]), reals("ah"), 5),
    "trace 2": (plrnn(["a", "2 - a"], [[0, "w"], [1, 0]], ["h", 1]), reals("awh"), 5),
    "rational functions": (
        plrnn(["1/(a-1)", "b"], [[0, "1/b"], ["a/(a+b)", 0]], ["h", "1/(a^2+1)"]),
        {"a": "real", "b": "nonzero", "h": "real"},
        3,
    ),
    "letters in V and b": (
        lambda p: sr.ReLURNN(
            [["a", 0], [0, "1/2"]], [[1, "w"], ["1/3", 0]], ["h", 1], V=[["v", 1], [1, -1]], b=["b", "1/2"], parameters=p
        ),
        reals("awhvb"),
        4,
    ),
    "numbers in V and b, parallel faces": (
        lambda p: sr.ReLURNN(
            [["a", 0], [0, "1/2"]],
            [[1, "w", 0], ["1/3", 0, "w"]],
            ["h", 1],
            V=[[1, 1], [1, -1], [1, 1]],
            b=[0, "1/2", 1],
            parameters=p,
        ),
        reals("awh"),
        2,
    ),
    "almost linear": (
        lambda p: sr.ALRNN(["a", "b", "1/2"], [[0, "w", 1], [1, 0, "v"], [0, 1, 0]], ["h", 1, 0], P=1, parameters=p),
        reals("abwvh"),
        2,
    ),
    "no units": (
        lambda p: sr.ReLURNN([["a", "b"], [1, "1/2"]], [[], []], ["h", 1], V=[], parameters=p),
        reals("abh"),
        8,
    ),
    "inputs": (plrnn(["a", "b"], [[0, 1], ["w", 0]], ["h", 1], C=[["c", "a"], [1, 0]]), reals("abhwc"), 2),
    "triangular, diag(a, a, b)": (
        plrnn(["a", "a", "b"], [[0, "w", 0], [0, 0, 0], ["v", 0, 0]], ["h", 1, 0]),
        reals("awvhb"),
        1,
    ),
    "block and a + b - 1": (
        plrnn(["a", "b", "a + b - 1"], [[0, "w", 1], [1, 0, 0], [0, 0, 0]], [1, 0, 1]),
        reals("abw"),
        1,
    ),
}
NETWORKS |= {
    f"one unit, {word}": (plrnn(["a"], [["w"]], ["h"]), {"a": word, "w": "real", "h": word}, 4)
    for word in ADMITTED
    if word != "real"
}


LARGER = ("almost linear", "numbers in V and b, parallel faces", "triangular, diag(a, a, b)", "block and a + b - 1")


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in LARGER else ()) for n in NETWORKS])
def test_conditions_and_closed_forms_at_numbers(name):
    build, parameters, count = NETWORKS[name]
    with time_limit(20):
        sweep(build, parameters, count)


def test_letters_in_h_of_five_units():
    rng = random.Random(3)
    A = [Q(rng.randint(1, 9), 10) for _ in range(5)]
    W = [[Q(rng.randint(-5, 5), 7) if i != j else 0 for j in range(5)] for i in range(5)]
    net, values = sr.PLRNN(A, W, ["g", 1, "k", 0, "g + k"], parameters=["g", "k"]), {"g": Q(1, 3), "k": Q(-2)}
    numbers, ode = net.subs(values), sr.derive(net, dt=1)
    report = sr.check(net, regions=["10000", "01110", "11011"])
    for pattern, check in report.verdicts.items():
        facts = expected(numbers, pattern)
        for name, truth in answers(check).items():
            assert truth == (sr.TRUE if facts[name] else sr.FALSE), (pattern, name)  # decided: no letter in M
        if facts["E2"]:
            assert ode.subs(values)[pattern].augmented == sr.derive(numbers, dt=1)[pattern].augmented


def test_one_letter_in_four_units_decides():
    W = [[0, "w", "1/2", "-1/3"], ["1/4", 0, "1/5", 1], ["-1/2", "1/3", 0, "1/7"], [1, "-1/4", "2/3", 0]]
    net = sr.PLRNN(["1/2", "1/3", "2/3", "3/4"], W, [1, 0, "w", 1], parameters=["w"])
    report, ode, decided = sr.check(net, regions=["1111"]), sr.derive(net.region("1111"), dt=1), 0
    check = report.verdicts["1111"]
    for w in (Q(-3), Q(-1, 2), Q(0), Q(1, 4)):
        facts, values = expected(net.subs({"w": w}), "1111"), {"w": w}
        for name in facts:
            assert answers(check)[name].at(values) == (sr.TRUE if facts[name] else sr.FALSE), (name, w)
        if facts["E2"]:
            assert is_principal_logarithm(net.subs(values), "1111", ode.subs(values).augmented)
            decided += 1
    assert decided or check["E2"].truth.is_false


# Eigenvalues that coincide in more than one way.

BLOCK = [[0, "w", 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def coupled(column):
    rows = [list(row) for row in BLOCK]
    if column is not None:
        rows[0][column] = 1
    return rows


@pytest.mark.parametrize("column", [2, 3, None])
@pytest.mark.parametrize("diagonal", [("1 - a", "1/4", "3/4"), ("-1 - a", "-1/4", "-3/4"), ("1/3 - a", "1", "-2/3")])
def test_both_roots_of_a_quadratic_are_entries_of_the_diagonal(diagonal, column):
    """w = (c - a)(c - b): the block has the eigenvalues c and a + b - c, and each is an entry of the diagonal, too."""
    net = sr.PLRNN(["a", *diagonal], coupled(column), [0, 1, 0, 1], parameters=["a", "w"])
    with time_limit(10):
        check = sr.check(net, regions=["1111"]).verdicts["1111"]
    c, total = Q(diagonal[1]), Q(diagonal[1]) + Q(diagonal[2])
    for a in (Q(2), Q(-1), Q(1, 2), Q(0)):
        values = {"a": a, "w": (c - a) * (c - (total - a))}
        facts = expected(net.subs(values), "1111")
        for name, truth in answers(check).items():
            found = truth.at(values)
            assert found.is_unknown or found == (sr.TRUE if facts[name] else sr.FALSE), (name, values, found)


@pytest.mark.parametrize(
    ("A", "W"),
    [
        (["a", "a", "a"], [[0, "w", 0], [1, 0, 0], [0, 0, 0]]),
        (["a", "a", "a"], [[0, "w", "w"], ["w", 0, "w"], ["w", "w", 0]]),
        (["a", "b", "(a + b)/2"], [[0, "w", 0], [1, 0, 1], [0, 0, 0]]),
        (["a", "1 - a", "1/2"], [[0, "w", 0], [1, 0, 0], [0, 1, 0]]),
    ],
)
def test_a_double_root_that_is_another_factor(A, W):
    """The double root of the block, where its discriminant vanishes, is an entry of the diagonal."""
    parameters = {"a": "real", "b": "real", "w": "real"} if "b" in A else {"a": "real", "w": "real"}
    rest = {"b": Q(1, 2)} if "b" in A else {}
    critical = -((Q(3, 2) - Q(1, 2)) ** 2) / 4 if rest else (-((1 - 2 * Q(3, 2)) ** 2) / 4 if A[1] == "1 - a" else Q(0))
    special = [{"a": Q(3, 2), "w": critical, **rest}, {"a": Q(3, 2), "w": Q(1, 3), **rest}]
    with time_limit(10):
        sweep(plrnn(A, W, [1, 0, 1]), parameters, 0, special=special)


@pytest.mark.parametrize("A", [["a", "a", "a", "a"], ["a", "a", 1, 1]])
def test_two_blocks_of_one_trace(A):
    W = [[0, "w", 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], ["w", 0, 0, 0]] if 1 in A else [[0, "w", 0, 0], [1, 0, 0, 0]] + [[0] * 4] * 2
    W = W if 1 in A else [*W[:2], [0, 0, 0, "v"], [0, 0, 1, 0]]
    net = sr.PLRNN(A, W, [0, 1, 0, 1], parameters=["a", "w"] if 1 in A else ["a", "w", "v"])
    with time_limit(10):
        check = sr.check(net, regions=["1111"]).verdicts["1111"]
    for point in ({"a": Q(1), "w": Q(0), "v": Q(0)}, {"a": Q(1, 2), "w": Q(1, 4), "v": Q(-1)}):
        values = {name: point[name] for name in map(str, net.parameters)}
        facts = expected(net.subs(values), "1111")
        for name, truth in answers(check).items():
            found = truth.at(values)
            assert found.is_unknown or found == (sr.TRUE if facts[name] else sr.FALSE), (name, values, found)


def test_two_of_three_double_eigenvalues_are_negative():
    shifted = sr.PLRNN(["a", "a", "a+1", "a+1", "a+2", "a+2"], [[0] * 6] * 6, [0] * 6, parameters=["a"])
    E3 = sr.check(shifted, regions=["000000"]).verdicts["000000"]["E3"].truth
    for a in (Q(-5, 2), Q(-3, 2), Q(-1, 2), Q(1, 2), Q(-1)):
        found = E3.at({"a": a})
        assert found.is_unknown or found == (sr.FALSE if a == -1 else sr.TRUE), a
    r = sp.sqrt(2)
    numbers = sr.PLRNN([-r, -r, -1 - r, -1 - r, r, r], [[0] * 6] * 6, [0] * 6)
    assert sr.check(numbers, regions=["000000"]).verdicts["000000"]["E3"].truth.is_true


# Floats and numbers with many digits.


def test_floats_beside_letters_are_exact():
    a, w = sp.symbols("a w", real=True)
    net = sr.PLRNN([0.1, a], [[0, 0.25], [w, 0]], [0.3, 1])
    values = {"a": Q(1, 4), "w": Q(1, 20)}
    ode, exact = sr.derive(net, dt=1), sr.derive(net.subs(values), dt=1)
    assert net.subs(values).A[0, 0] == sp.Rational(*(0.1).as_integer_ratio())
    for pattern in ("00", "01", "10", "11"):
        assert ode.subs(values)[pattern].augmented == exact[pattern].augmented
        case = ode[pattern].case_at(values)
        numbers = case.augmented.subs({a: sp.Rational(1, 4), w: sp.Rational(1, 20)})
        assert is_principal_logarithm(net.subs(values), pattern, numbers)


@pytest.mark.parametrize("size", [2**31 - 1, 2**31, 2**64, 10**30])
def test_numbers_with_many_digits_beside_letters(size):
    net = sr.PLRNN(["a", sp.Rational(1, size)], [[0, 1], [0, 0]], [0, 1], parameters=["a"])
    case = sr.derive(net.region("01"), dt=1).case_at({"a": Q(1, 2)})
    numbers = case.augmented.subs(net.parameters[0], sp.Rational(1, 2))
    assert is_principal_logarithm(net.subs({"a": Q(1, 2)}), "01", numbers)
    assert sr.latex(sr.derive(net, dt=1)["01"])


# sqrt(2), alone and with letters.


def exact_spectrum(M):
    """Eigenvalues at 60 digits of a matrix with simple eigenvalues."""
    with mp.workdps(DIGITS):
        return mp.eig(in_mpmath(M), left=False, right=False)


def test_irrational_entries_without_letters():
    rng, r, seen = random.Random(7), sp.sqrt(2), set()
    entries = [r, r / 2, r - 1, 2 - r, sp.Rational(1, 3), sp.Rational(-1, 2), -r / 3, 1 + r]
    for _ in range(7):
        A, w = [rng.choice(entries), rng.choice(entries)], [rng.choice(entries), rng.choice(entries)]
        net = sr.PLRNN(A, [[0, w[0]], [w[1], 0]], [r, 1])
        report, ode = sr.check(net), sr.derive(net, dt=1)
        for pattern, check in report.verdicts.items():
            M, _ = affine(net, pattern)
            roots = exact_spectrum(M)
            if abs(roots[0] - roots[1]) < mp.mpf(10) ** -40 or any(abs(abs(x) - 1) < mp.mpf(10) ** -40 for x in roots):
                continue
            negative = [x for x in roots if abs(mp.im(x)) < mp.mpf(10) ** -40 and mp.re(x) < mp.mpf(10) ** -40]
            assert check["E1"].truth == check["E2"].truth == (sr.FALSE if negative else sr.TRUE), (A, w, pattern)
            assert check["E3"].truth == check["E2"].truth, (A, w, pattern)  # simple eigenvalues
            assert check.stable == (sr.TRUE if all(abs(x) < 1 for x in roots) else sr.FALSE), (A, w, pattern)
            seen.add(bool(negative))
            if not negative:
                assert is_principal_logarithm(net, pattern, ode[pattern].case_at({}).augmented), (A, w, pattern)
            else:
                assert (ode[pattern].cases, ode[pattern].kind) == ((), "lifted")
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("matrix", "E3", "diagonalisable"),
    [
        ([["-sqrt(2)", 0], [0, "-sqrt(2)"]], True, True),
        ([["-sqrt(2)", 1], [0, "-sqrt(2)"]], False, False),
        ([["sqrt(2)", 1], [0, "sqrt(2)"]], True, False),
        ([["sqrt(2)", 2], [1, "sqrt(2)"]], False, True),
        ([["1", "sqrt(2)"], ["-sqrt(2)", 1]], True, True),
        ([["1", "sqrt(2)"], ["sqrt(2)", 1]], False, True),
        ([["sqrt(2)+1", "1"], ["1", "sqrt(2)-1"]], False, True),
    ],
)
def test_jordan_blocks_of_irrational_eigenvalues(matrix, E3, diagonalisable):
    net = sr.ReLURNN(matrix, [[], []], [1, 0], V=[])
    check = sr.check(net).verdicts[""]
    assert check["E3"].truth == (sr.TRUE if E3 else sr.FALSE)
    assert check.diagonalisable == (sr.TRUE if diagonalisable else sr.FALSE)
    if check["E2"].truth.is_true:
        assert is_principal_logarithm(net, "", sr.derive(net, dt=1)[""].case_at({}).augmented)


@pytest.mark.parametrize("w", ["1/5", "-sqrt(2)"])
def test_irrational_entries_with_a_letter(w):
    net = sr.PLRNN(["a", "sqrt(2)/2"], [[0, w], ["1/5", 0]], ["sqrt(2)", 0], parameters=["a"])
    ode, report, met = sr.derive(net, dt=1), sr.check(net), set()
    for a in (sp.sqrt(2), 3 - 2 * sp.sqrt(2), sp.sqrt(2) / 2, sp.Integer(1), -sp.sqrt(2)):
        values = {"a": a}
        numbers = net.subs(values)
        exact = sr.check(numbers)
        for pattern, check in report.verdicts.items():
            for name in ("E1", "E2"):
                assert check[name].truth.at(values) == exact.verdicts[pattern][name].truth
            assert check.stable.at(values) == exact.verdicts[pattern].stable
            roots = exact_spectrum(affine(numbers, pattern)[0])
            principal = all(abs(mp.im(x)) > mp.mpf(10) ** -25 or mp.re(x) > mp.mpf(10) ** -25 for x in roots)
            assert check["E2"].truth.at(values) == (sr.TRUE if principal else sr.FALSE), (pattern, values)
            if principal and pattern in ("01", "11"):
                case = ode[pattern].case_at(values)
                assert is_principal_logarithm(numbers, pattern, case.augmented.subs(net.parameters[0], a)), (pattern, values)
            met.add(principal)
    assert met == {True, False}


# dt, substitution in steps, assumptions.


def full():
    return sr.PLRNN(["a", "b"], [[0, "w"], ["v", 0]], ["h", 1], parameters=reals("abwvh"))


def test_two_substitutions_are_one():
    net = full()
    values = {"a": "1/2", "b": "1/3", "w": "-1/4", "v": 1, "h": "2/3"}
    ode = sr.derive(net, dt="1/10")
    for first in (["h"], ["a", "b", "w", "v"], ["a", "b", "w"]):
        one = {k: values[k] for k in first}
        two = {k: v for k, v in values.items() if k not in first}
        assert net.subs(one).subs(two).A == net.subs(values).A
        for pattern in ("11",):
            want = ode.subs(values)[pattern].augmented
            assert ode.subs(one).subs(two)[pattern].augmented == want, (first, pattern)
            assert ode[pattern].subs(one).subs(two).augmented == want, (first, pattern)
            assert sr.derive(net.subs(one), dt="1/10").subs(two)[pattern].augmented == want
    report, other = sr.check(net), sr.check(net.subs({"w": "-1/4"}))
    rest = {k: v for k, v in values.items() if k != "w"}
    for pattern in report.verdicts:
        for name in ("E1", "E2", "E3"):
            truth = report.verdicts[pattern][name].truth
            assert truth.at(values) == other.verdicts[pattern][name].truth.at(rest) == truth.subs({"w": "-1/4"}).at(rest)


def test_letters_for_letters():
    net, t, x = full(), sp.Symbol("t", real=True), sp.Symbol("x", positive=True)
    merged = net.subs({"a": t, "b": t, "w": x, "v": -x})
    assert {str(s) for s in merged.parameters} == {"t", "x", "h"}
    check = sr.check(merged).verdicts["11"]
    assert check["E2"].truth.is_true  # t +- i x with x > 0
    values = {"t": Q(-1, 2), "x": Q(1, 3), "h": Q(2)}
    numbers = merged.subs(values)
    assert numbers.A == net.subs({"a": "-1/2", "b": "-1/2", "w": "1/3", "v": "-1/3", "h": 2}).A
    assert is_principal_logarithm(numbers, "11", sr.derive(merged, dt=1).subs(values)["11"].augmented)
    swapped = net.subs({"a": sp.Symbol("b", real=True), "b": sp.Symbol("a", real=True)})
    assert [str(s) for s in swapped.A.diagonal()] == ["b", "a"]


@pytest.mark.parametrize("dt", ["tau", "tau^2/(1 + a)", "a", "1/10"])
def test_dt_with_letters(dt):
    parameters = {"a": "positive", "w": "real", "tau": "positive"}
    net = sr.PLRNN(["a"], [["w"]], [1], C=[["w"]], parameters=parameters, dt=dt)
    values, ode = {"a": "1/2", "w": "1/4", "tau": "1/5"}, sr.derive(net)
    time = {"tau": sp.Rational(1, 5), "tau^2/(1 + a)": sp.Rational(2, 75), "a": sp.Rational(1, 2), "1/10": sp.Rational(1, 10)}[dt]
    for pattern in "01":
        found = ode.subs(values)[pattern]
        assert found.dt == time
        assert found.augmented == sr.derive(net.subs(values))[pattern].augmented
        assert is_principal_logarithm(net.subs(values), pattern, found.augmented, time)
        assert ode.subs({"tau": "1/5"}).subs({"a": "1/2", "w": "1/4"})[pattern].augmented == found.augmented
    with pytest.raises(sr.EntryError, match="not positive"):
        ode.subs({"tau": -1})


def test_dt_keeps_its_letter_when_the_network_has_none_left():
    tau = sp.Symbol("tau", positive=True)
    ode = sr.derive(sr.PLRNN(["a"], [["w"]], ["h"], parameters=reals("awh")), dt=tau)
    values = {"a": "1/2", "w": "1/4", "h": 1}
    assert ode.subs(values).subs({"tau": 2})["1"].augmented == ode.subs({**values, "tau": 2})["1"].augmented


def test_an_irrational_dt_without_letters():
    net = sr.PLRNN(["1/2"], [["1/4"]], [1])
    letters = sr.PLRNN(["a"], [["1/4"]], [1], parameters=["a"])
    want = sr.derive(letters, dt=sp.sqrt(2)).subs({"a": "1/2"})["1"].cases[0].augmented
    assert is_principal_logarithm(net, "1", want, sp.sqrt(2))
    assert sr.derive(net, dt=sp.sqrt(2))["1"].cases[0].augmented == want


@pytest.mark.parametrize(
    ("word", "wrong"), [("negative", 0), ("nonnegative", -1), ("nonpositive", 1), ("nonzero", 0), ("positive", 0)]
)
def test_values_against_the_assumptions_are_refused(word, wrong):
    net = sr.PLRNN(["a"], [["w"]], ["h"], parameters={"a": word, "w": "real", "h": "real"})
    ode = sr.derive(net, dt=1)
    for refused in (lambda: net.subs({"a": wrong}), lambda: ode.subs({"a": wrong}), lambda: ode["1"].subs({"a": wrong})):
        with pytest.raises(sr.EntryError) as caught:
            refused()
        assert "\n" not in str(caught.value)
        assert word in str(caught.value)
    if wrong:
        with pytest.raises(sr.EntryError):
            net.subs({"a": wrong * sp.sqrt(2)})


def test_an_expression_of_the_wrong_sign_is_refused_like_a_number():
    net, b = sr.PLRNN(["a"], [[0]], [1], parameters={"a": "positive"}), sp.Symbol("b", positive=True)
    with pytest.raises(sr.EntryError):
        net.subs({"a": -b})  # negative for every b


def test_poles_are_refused():
    net = sr.PLRNN(["1/(a-1)"], [["w"]], ["1/(a - b)"], parameters=reals("abw"))
    for values in ({"a": 1}, {"a": 2, "b": 2}, {"a": sp.Symbol("b", real=True)}):
        with pytest.raises(sr.EntryError, match="divides by zero"):
            net.subs(values)


def test_square_roots_beside_several_letters():
    """Two square roots and four letters: each case's expression is the logarithm of the matrix, at 40 digits."""
    declared = {"a": "positive", "v": "real", "w": "real", "h": "real"}
    net = sr.PLRNN(["sqrt(2)*a", "sqrt(3)"], [[0, "v"], ["w", 0]], [1, "h"], parameters=declared)
    region = net.region("11")
    ode = sr.derive(region, 1)
    met = set()
    root, three = sp.sqrt(2), sp.sqrt(3)
    for values in (
        {"a": "1/2", "v": "1/3", "w": "1/5", "h": 2},
        {"a": "1/2", "v": 1, "w": -1, "h": 2},
        {"a": "1/2", "v": 1, "w": -((root / 2 - three) ** 2) / 4, "h": 2},  # a double eigenvalue
        {"a": 1, "v": 1, "w": (1 - root) * (1 - three), "h": 2},  # eigenvalue 1
    ):
        case = ode.case_at(values)
        met.add(str(case.condition))
        exact = {s: sp.sympify(values[str(s)]) for s in net.parameters}
        M = (
            sp.Matrix(region.matrix)
            .xreplace(exact)
            .row_join(sp.Matrix(region.offset).xreplace(exact))
            .col_join(sp.Matrix([[0, 0, 1]]))
        )
        with mp.workdps(60):
            X = mp.matrix(
                [[mp.mpf(str(sp.re(case.augmented[i, j].xreplace(exact).evalf(60)))) for j in range(3)] for i in range(3)]
            )
            wanted = mp.matrix([[mp.mpf(str(M[i, j].evalf(60))) for j in range(3)] for i in range(3)])
            assert mp.mnorm(mp.expm(X) - wanted) < 1e-40, values
    assert len(met) == 4


@pytest.mark.slow
def test_decoupled_units_are_checked_block_by_block():
    """Seven units, six of them on their own: the characteristic polynomial is never multiplied out."""
    names = [f"a{i}" for i in range(1, 8)]
    W = [[0] * 7 for _ in range(7)]
    W[0][1], W[1][0] = "v", "w"
    net = sr.PLRNN(names, W, [0] * 7, parameters={**dict.fromkeys(names, "positive"), "v": "real", "w": "real"})
    verdict = sr.check(net, ["1111111"]).verdicts["1111111"]
    assert str(verdict["E2"].truth) == "IF(a1*a2 - v*w > 0)"
    assert verdict["E2"].truth == verdict["E3"].truth or verdict["E3"].truth.is_unknown
    pair = sr.PLRNN(
        ["a1", "a2"], [[0, "v"], ["w", 0]], [0, 0], parameters={"a1": "positive", "a2": "positive", "v": "real", "w": "real"}
    )
    assert verdict.diagonalisable == sr.check(pair, ["11"]).verdicts["11"].diagonalisable
    report = sr.check(net)
    assert str(report.global_verdict["p_matrix"].truth) == "IF(a1*a2 - v*w > 0)"
    rng = random.Random(4)
    for _ in range(12):
        values = {name: rng.choice([Q(1, 2), Q(1), Q(2)]) for name in names} | {"v": rng.randint(-2, 2), "w": rng.randint(-2, 2)}
        exact = sr.check(net.subs(values), ["1111111"]).verdicts["1111111"]
        assert verdict["E2"].truth.at(values) == exact["E2"].truth
        assert verdict.diagonalisable.at(values) == exact.diagonalisable
        assert verdict.stable.at(values) == exact.stable


def test_a_chain_of_blocks_has_the_factors_of_its_blocks():
    """Units that act in one direction: two blocks, coupled; the factors and their order are those of the whole matrix."""
    W = [[0, "v", 1, 0], ["w", 0, 0, "u"], [0, 0, 0, 1], [0, 0, "u", 0]]
    net = sr.PLRNN(["a", "a", "b", "b"], W, [0] * 4, parameters=["a", "b", "u", "v", "w"])
    facts = spectrum(net.region("1111"))
    K = facts.field
    whole = K.characteristic_polynomial(facts.core)
    assert facts.characteristic_polynomial == whole
    assert [(g.coeffs(), m) for g, m in facts.factors] == [(g.coeffs(), m) for g, m in K.factor(whole)]
    assert sp.expand(facts.core_determinant - sp.Matrix(net.region("1111").matrix).det()) == 0
    assert sp.expand(facts.determinant - facts.core_determinant) == 0
    triangular = sr.PLRNN(["a", "a"], [[0, "w"], [0, 0]], [0, 0], parameters=["a", "w"])
    assert str(sr.check(triangular).verdicts["11"].diagonalisable) == "IF(Eq(w, 0))"


def test_many_groups_with_signs_unknown_are_not_compared():
    names = [f"a{i}" for i in range(6)]
    net = sr.PLRNN(names, [[0] * 6] * 6, [0] * 6, parameters=names)
    verdict = sr.check(net, ["111111"]).verdicts["111111"]
    assert "more than 5 groups of eigenvalues with letters" in verdict["E3"].truth.reason
    assert verdict.diagonalisable.is_true


def test_the_number_pi_is_no_letter():
    """It would be printed like the pi of half turns."""
    for net in (
        lambda: sr.PLRNN(["pi"], [[0]], [0], parameters=["pi"]),
        lambda: sr.PLRNN([sp.Symbol("pi", real=True)], [[0]], [0]),
    ):
        with pytest.raises(sr.EntryError, match="'pi' is no name for a parameter"):
            net()
