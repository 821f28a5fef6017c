"""The soundness of symplrnn/certificate/check.py: proofs/checker.md."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import acb, acb_mat, fmpq, fmpq_mat, fmpq_poly, fmpz_mat

import symplrnn as sr
from proofs.checks.tools import (
    check,
    companion,
    direct_sum,
    encloses,
    generic,
    identity,
    jordan_block,
    kronecker,
    minus,
    need,
    partitions,
    plus,
    polynomial_at,
    power,
    random_matrix,
    real_roots_between,
    scaled,
    sub,
    subsets,
    times,
    transposed,
    zero,
)
from symplrnn.certificate import check as module
from symplrnn.certificate.cells import list_of_regions

NAME = "checker"
checker: Any = module  # plain Python without types


@check(NAME, "letters")
def sums_over_roots() -> None:
    """Section 6, 4: if w(l) = v f'(l) at each root l of f, with a value v for each, the last coefficient of x^k w modulo f over
    that of f is the sum of l^k v: letters for the roots, the values and the first coefficient of f, degrees 1, 2, 3.
    """
    for d in (1, 2, 3):
        roots, values, (a,) = generic(l=(d,), v=(d,), a=(1,))

        def with_roots(chosen: Any, one: Any = a**0) -> Any:
            p = [one]  # lowest power first
            for root in chosen:
                p = [(p[k - 1] if k else 0) - root * (p[k] if k < len(p) else 0) for k in range(len(p) + 1)]
            return p

        monic, w = with_roots(roots), [0 * a] * d  # f = a times this
        for i, value in enumerate(values):
            others = with_roots([root for j, root in enumerate(roots) if j != i])
            w = [x + value * a * y for x, y in zip(w, others, strict=True)]
        for k in range(d):
            need(w[-1] == a * sum(value * root**k for value, root in zip(values, roots, strict=True)), f"d = {d}, k = {k}")
            w = [(w[j - 1] if j else 0) - monic[j] * w[-1] for j in range(d)]


@check(NAME, "letters")
def projectors() -> None:
    """Section 6, 2 and 5: for S the companion matrix of a generic f, H(x) = (f(x) - f(S))/(x - S) has S H(x) = x H(x) modulo f;
    the sum of H(l)/f'(l) is I; and C1 follows: H(x)^2 = f'(x) H(x) modulo f: degrees 1, 2, 3, 4.
    """
    for d in (1, 2, 3, 4):
        (c,) = generic(c=(d,))
        f, S = [*c, 1 + 0 * c[0]], companion([*c, 1 + 0 * c[0]])
        H = [polynomial_at([f[k] for k in range(j + 1, d + 1)], S) for j in range(d)]
        for k in range(d):
            right = plus(H[k - 1] if k else zero(d, d), scaled(-f[k], H[-1]))
            need(times(S, H[k]) == right, f"S H = x H, d = {d}")
        # the sum of l^k/f'(l) is 0 for k < d - 1 and 1 for k = d - 1 (Euler)
        need(H[-1] == identity(d), f"the sum, d = {d}")
        square = [zero(d, d) for _ in range(2 * d - 1)]
        derivative = [zero(d, d) for _ in range(2 * d - 1)]
        for i in range(d):
            for j in range(d):
                square[i + j] = plus(square[i + j], times(H[i], H[j]))
                derivative[i + j] = plus(derivative[i + j], scaled((j + 1) * f[j + 1], H[i]))
        gap = [plus(a, scaled(-1, b)) for a, b in zip(square, derivative, strict=True)]
        while len(gap) > d:
            top = gap.pop()
            for k in range(d):
                at = len(gap) - d + k
                gap[at] = plus(gap[at], scaled(-f[k], top))
        need(all(entry == 0 for matrix in gap for row in matrix for entry in row), f"C1, d = {d}")


@check(NAME, "exact")
def root_counts() -> None:
    """Section 3: the irreducible factors are accepted and their numbers of negative and positive roots and of complex pairs are
    right: 400 polynomials of degree up to 12 with known roots, 0 and repeated ones included. Other multiplicities, a factor
    twice or left out, and a factor with the roots 0 or 1 and others are refused.
    """
    rng, repeated = random.Random(22), 0

    def factors(chi: list[int], evidence: Any) -> Any:
        try:
            return checker.check_factors(None, None, chi, [{"factor": [*map(str, f)], "multiplicity": m} for f, m in evidence])
        except checker.Refused:
            return None

    for _ in range(400):
        p, known = fmpq_poly([rng.choice([1, 3])]), dict[int, list[int]]()
        for root in {fmpq(rng.randint(-4, 4), rng.choice([1, 2])) for _ in range(rng.randint(1, 3))}:
            m = rng.randint(1, 3)
            p *= fmpq_poly([-root, 1]) ** m
            counts = known.setdefault(m, [0, 0, 0])
            counts[0 if root < 0 else 1] += root != 0
        for a in rng.sample(range(-2, 3), rng.randint(0, 2)):
            m = rng.randint(1, 2)
            p *= fmpq_poly([a * a + 1, 2 * a, 1]) ** m
            known.setdefault(m, [0, 0, 0])[2] += 1
        chi = [int(x) for x in p.numer().coeffs()]
        evidence = [([int(x) for x in f.coeffs()], m) for f, m in p.numer().factor()[1]]
        found = factors(chi, evidence)
        need(found is not None, f"factors of {chi}")
        for m, counts in known.items():
            need([sum(x) for x in zip(*(c for _, k, _, c in found if k == m), strict=True)] == counts, f"counts of {chi}")
        (f, m), *rest = evidence
        for wrong in (rest, [(f, m + 1), *rest], [(f, 1), *([(f, m - 1)] if m > 1 else []), (f, 1), *rest]):
            need(factors(chi, wrong) is None, f"{wrong} for {chi}")
        need(m == 1 or factors(chi, [(f, 1), (f, m - 1), *rest]) is None, f"a factor twice for {chi}")
        need(factors([0, *chi], [([0, *f], 1), *rest]) is None, "0 and another root")
        repeated += len(known) > 1
    need(repeated > 100, "several multiplicities occur")


@check(NAME, "exact")
def unit_circle() -> None:
    """Section 3, Lemma 2: roots inside, on and outside the unit circle: 300 squarefree polynomials of degree up to 9 with known
    roots: rational, 1 and -1, complex pairs on the circle and off it, and such with their reciprocals.
    """
    rng, seen = random.Random(27), set()
    real = [fmpq(a, b) for a in range(-5, 6) for b in (1, 2, 3)]
    pairs = [(t, d) for d in (fmpq(1), fmpq(1, 4), fmpq(4), fmpq(9, 4)) for t in (fmpq(-1), fmpq(0), fmpq(1, 2)) if t * t < 4 * d]
    for _ in range(300):
        roots = set(rng.sample(real, rng.randint(0, 3))) - {fmpq(1)}  # of x - 1 alone
        chosen = rng.sample(pairs, rng.randint(0, 3))
        p, counts = fmpq_poly([rng.choice([1, -2])]), [0, 0, 0]
        for root in roots:
            p *= fmpq_poly([-root, 1])
            counts[1 + (abs(root) > 1) - (abs(root) < 1)] += 1
        for t, d in chosen:  # x^2 - t x + d, |roots|^2 = d
            p *= fmpq_poly([d, -t, 1])
            counts[1 + (d > 1) - (d < 1)] += 2
        if p.degree() > 0:
            whole = [int(x) for x in p.numer().coeffs()]
            need(list(checker.circle_counts(whole)) == counts, f"{whole}: {counts}")
            seen.add(tuple(x > 0 for x in counts))
    need(len(seen) == 7, f"all kinds occur: {seen}")
    need(checker.circle_counts([-1, 1]) == (0, 1, 0), "x - 1")


@check(NAME, "exact")
def jordan_blocks() -> None:
    """Lemma 3: the generators of the blocks that M was built with are accepted, for all partitions up to 5 at the root of x + 1
    and up to 2 at the roots of x^2 - x - 1; other sizes with these or random generators are refused.
    """
    rng = random.Random(28)
    cases = [([1, 1], sizes) for total in range(1, 6) for sizes in partitions(total)]
    cases += [([-1, -1, 1], sizes) for total in (1, 2) for sizes in partitions(total)]
    for f, sizes in cases:
        C, d = companion(f), len(f) - 1
        J = direct_sum(*(plus(kronecker(identity(m), C), kronecker(jordan_block(0, m), identity(d))) for m in sizes), [[3]])
        n = len(J)
        P = random_matrix(rng, n, size=2, denominator=1)
        while P.det() == 0:
            P = random_matrix(rng, n, size=2, denominator=1)
        Z, q = (P * fmpq_mat(J) * P.inv()).numer_denom()
        rows = [[int(x) for x in row] for row in Z.tolist()]
        ends = [d * sum(sizes[: k + 1]) - 1 for k in range(len(sizes))]
        generators = [[str(int(P[i, end])) for i in range(n)] for end in ends]

        def accepted(claim: tuple[int, ...], vectors: Any, rows: Any = rows, q: Any = q, f: Any = f) -> bool:
            try:
                found = checker.check_blocks(rows, int(q), f, sum(claim), {"sizes": list(claim), "generators": vectors})
            except checker.Refused:
                return False
            return bool(found == claim)

        need(accepted(sizes, generators), f"{sizes} at {f}")
        for other in partitions(sum(sizes)):
            if other != sizes:
                short = [*generators, *generators][: len(other)]
                scattered = [[str(rng.randint(-3, 3)) for _ in range(n)] for _ in other]
                need(not accepted(other, short) and not accepted(other, scattered), f"{other} instead of {sizes} at {f}")


@check(NAME, "exact")
def jumps() -> None:
    """Section 5: the projector of Fitting is accepted and F' is what E6 says; a projector along another complement or onto
    less, and another J, are refused: 20 random singular F, n = 3 to 6.
    """
    rng = random.Random(29)
    for trial in range(20):
        zeros = [1 + trial % 3, 1][: 1 + trial % 2]
        J = direct_sum(*(jordan_block(0, m) for m in zeros), [[2]], [[-1]])
        n, k = len(J), sum(zeros)
        B = random_matrix(rng, n, size=2, denominator=1)
        while B.det() == 0:
            B = random_matrix(rng, n, size=2, denominator=1)
        F = B * fmpq_mat(J) * B.inv()
        one, onto = fmpq_mat(identity(n)), fmpq_mat([[int(i == j < k) for j in range(n)] for i in range(n)])
        shear = fmpq_mat([[int(i == j) + int(i == 0 and j == k) for j in range(n)] for i in range(n)])
        fewer = fmpq_mat([[int(i == j < k - 1) for j in range(n)] for i in range(n)])
        for good, inner in ((True, onto), (False, shear * onto * shear.inv()), (False, fewer), (False, one)):
            P = B * inner * B.inv()
            J_map = one - P + F * P
            for right in (True, False):
                claim = {"projector": rational_rows(P), "map": rational_rows(J_map if right else J_map + one)}
                Z, q = F.numer_denom()
                try:
                    found, denominator = checker.check_jump([[int(x) for x in row] for row in Z.tolist()], int(q), claim, k)
                except checker.Refused:
                    found = None
                need((found is not None) == (good and right), f"instance {trial}")
                if found is not None:
                    need(fmpq_mat(fmpz_mat(found)) / denominator == F * (one - P) + P, "F'")


def rational_rows(X: fmpq_mat) -> dict[str, Any]:
    """Return a matrix with one denominator, as in a certificate."""
    Z, q = X.numer_denom()
    return {"denominator": str(q), "rows": [[str(x) for x in row] for row in Z.tolist()]}


@check(NAME, "letters")
def half_turns() -> None:
    """Section 6: on a chain a and one shorter by q with q new coordinates before it, F^ extends F, K commutes with F^ and K^2 =
    -1, and F^ - l is nilpotent: all lengths up to 4, l a letter.
    """
    for length in range(1, 5):
        for q in range(length + 1):
            (letter,) = generic(l=(1,))[0]
            n = length + length  # a_0, ..., then b_0, ..., the last length - q of them in F
            chain = transposed(jordan_block(letter, length))  # F a_k = l a_k + a_(k+1), columns
            lifted = direct_sum(chain, chain)
            old = [*range(length), *range(length + q, n)]
            new = list(range(length, length + q))
            need(all(x == 0 for row in sub(lifted, new, old) for x in row), "F is invariant")
            K = [[int(j == i - length) - int(i == j - length) for j in range(n)] for i in range(n)]
            need(
                times(K, K) == scaled(-1, identity(n)) and times(K, lifted) == times(lifted, K),
                f"K, lengths {length}, {length - q}",
            )
            nilpotent = minus(lifted, scaled(letter, identity(n)))
            need(power(nilpotent, length) == zero(n, n), "n is nilpotent")


@check(NAME, "exact")
def polynomials_and_minors() -> None:
    """Sections 2 and 7: characteristic polynomials and P-matrices against FLINT's: 150 random matrices, n = 1 to
    6.
    """
    rng, answers = random.Random(23), {True: 0, False: 0}
    for k in range(150):
        n, q = 1 + k % 6, rng.randint(1, 6)
        Z = [[rng.randint(-5, 5) + 6 * (i == j) * (k % 2) for j in range(n)] for i in range(n)]
        if k % 5 == 0:
            Z[-1] = list(Z[0])
        coefficients, scale = checker.characteristic_polynomial(Z, q)
        need(fmpq_poly(coefficients) / scale == (fmpq_mat(Z) / q).charpoly(), "the characteristic polynomial")
        brute = all(fmpz_mat(sub(Z, on)).det() > 0 for on in subsets(n) if on)
        need(checker.all_minors_positive([[Fraction(x) for x in row] for row in Z]) == brute, "all minors")
        answers[brute] += 1
    need(min(answers.values()) > 30, f"both answers: {answers}")


@check(NAME, "exact")
def lists_of_regions() -> None:
    """Proposition 7: the list of the nonempty patterns of 60 networks with one state and 2 to 4 units is that of all
    breakpoints and points between them, and is accepted; without a pattern, without an empty prefix, or with another state it
    is refused.
    """
    rng, several = random.Random(30), 0
    for _ in range(60):
        p = rng.randint(2, 4)
        V, b = [rng.randint(-2, 2) for _ in range(p)], [rng.randint(-2, 2) for _ in range(p)]
        net = sr.ReLURNN([["1/2"]], [[1] * p], [0], V=[[x] for x in V], b=b)
        claim: Any = list_of_regions(net)
        network = {"sizes": (1, p, 0), "Vb": ([[x, y] for x, y in zip(V, b, strict=True)], 1)}
        breaks = sorted({fmpq(-y, x) for x, y in zip(V, b, strict=True) if x}) or [fmpq(0)]
        points = [breaks[0] - 1, *breaks, *((x + y) / 2 for x, y in pairwise(breaks)), breaks[-1] + 1]
        patterns = {"".join(str(int(x * z + y > 0)) for x, y in zip(V, b, strict=True)) for z in points}
        need(claim is not None and set(claim["nonempty"]) == patterns, f"V = {V}, b = {b}")

        def accepted(changed: Any, network: Any = network) -> bool:
            try:
                checker.check_cells(network, changed)
            except checker.Refused:
                return False
            return True

        need(accepted(claim), f"accepted, V = {V}, b = {b}")
        for part in ("nonempty", "empty"):
            for key in claim[part]:
                need(not accepted({**claim, part: {k: x for k, x in claim[part].items() if k != key}}), f"without {key}")
        for key, state in claim["nonempty"].items():
            moved = {**claim["nonempty"], key: [str(fmpq(state[0]) + 9)]}
            same = all((x * (fmpq(state[0]) + 9) + y > 0) == (d == "1") for x, y, d in zip(V, b, key, strict=True))
            need(accepted({**claim, "nonempty": moved}) == same, f"another state of {key}")
        several += len(patterns) > 2
    need(several > 20, "several regions")


def certificates(rng: random.Random, count: int) -> list[tuple[dict[str, Any], Any]]:
    """Return certificates of random regions with E2, and their augmented maps."""
    found: list[tuple[dict[str, Any], Any]] = []
    special: list[Any] = [[[2, 1, 0], [0, 2, 1], [0, 0, 2]], [[1, 1], [0, 1]], [[0, -1], [1, 0]]]
    while len(found) < count:
        n = 2 + len(found) % 3
        chosen: Any = special[len(found)] if len(found) < len(special) else random_matrix(rng, n) / 3 + fmpq_mat(identity(n))
        M = fmpq_mat(chosen)
        n = M.nrows()
        if real_roots_between(M.charpoly(), None, fmpq(0)):
            continue
        text = [[str(x) for x in row] for row in M.tolist()]
        c, C = [str(rng.randint(-3, 3)) for _ in range(n)], [[str(rng.randint(-3, 3))] for _ in range(n)]
        network = sr.ReLURNN(text, [[] for _ in range(n)], c, C=C, V=[])
        hat: list[Any] = [[*M.tolist()[i], fmpq(int(c[i])), fmpq(int(C[i][0]))] for i in range(n)]
        hat += [[0] * n + [1, 0], [0] * n + [0, 1]]
        found.append((sr.derive(network, dt=1).certificate(), fmpq_mat(hat)))
    return found


@check(NAME, "balls")
def accepted_formulas() -> None:
    """Theorem 4: what the checker accepts as the logarithm exponentiates to the map of the region, to 30 digits with proved
    errors: 20 networks, repeated eigenvalues, the eigenvalue 1, complex ones and factors of degree up to 4 included.
    """
    rng, degrees = random.Random(24), set()
    for document, F in certificates(rng, 20):
        checker.check(document)
        formula, n = document["regions"][0]["formula"], F.nrows()
        total = acb_mat(shared(formula["rational_part"]))
        for term in formula["terms"]:
            f = fmpq_poly([fmpq(*map(int, x.split("/"))) for x in term["factor"]])
            d = [fmpq(*map(int, x.split("/"))) for x in term["denominator"]]
            degrees.add(f.degree())
            roots: Any = f.complex_roots()
            for root, _ in roots:
                weight = root.log() / sum((acb(c) * root**k for k, c in enumerate(d)), acb(0))
                for k, H in enumerate(term["matrices"]):
                    total += acb_mat(shared(H)) * (weight * root**k)
        E = total.exp()
        for i in range(n):
            for j in range(n):
                need(encloses(E[i, j].real, F[i, j]) and E[i, j].imag.contains(0), f"exp, {F.tolist()}")
    need({1, 2, 3, 4} <= degrees, f"degrees {degrees}")


def shared(data: dict[str, Any]) -> fmpq_mat:
    """Return a matrix with one denominator."""
    return fmpq_mat([[fmpq(int(x), int(data["denominator"])) for x in row] for row in data["rows"]])


@check(NAME, "exact")
def each_identity_is_needed() -> None:
    """Section 6: a certificate that is changed so that one of its identities fails is refused by that identity: S N = N S, S U
    = N, R, S H = x H, weights, projectors, and factors that are not those of det(x - F).
    """
    document, _ = certificates(random.Random(25), 1)[0]

    def refused(change: Any) -> str:
        changed = copy.deepcopy(document)
        change(changed["regions"][0]["formula"])
        try:
            checker.check(changed)
        except checker.Refused as reason:
            return str(reason)
        return "accepted"

    def add(data: dict[str, Any], i: int, j: int) -> None:
        data["rows"][i][j] = str(int(data["rows"][i][j]) + int(data["denominator"]))

    def doubled(formula: dict[str, Any]) -> None:
        for data in formula["terms"][0]["matrices"]:
            data["rows"] = [[str(2 * int(x)) for x in row] for row in data["rows"]]

    def more(*factor: str) -> Any:  # with matrices 0 it changes no other identity
        none = {"denominator": "1", "rows": [["0"] * 5 for _ in range(5)]}
        term = {"factor": list(factor), "denominator": ["1"], "weight": ["1"], "matrices": [none]}
        return lambda formula: formula["terms"].append(term)

    expected = [
        (lambda f: add(f["nilpotent"], 2, 0), "S N = N S fails"),
        (lambda f: add(f["unipotent"], 0, 2), "S U = N fails"),
        (lambda f: add(f["rational_part"], 0, 1), "R = U - U^2/2 + ... fails"),
        (lambda f: add(f["terms"][0]["matrices"][0], 3, 0), "S H(x) = x H(x) modulo the factor fails"),
        (lambda f: f["terms"][0].update(weight=["7"]), "w g = f' modulo the factor fails"),
        (doubled, "the projectors do not sum to 1"),
        (lambda f: f["terms"].pop(), "the factors are not those of det(x - F)"),
        (more("1", "1"), "the factors are not those of det(x - F)"),
        (more("-2", "1"), "the factors are not those of det(x - F)"),
    ]
    need(refused(lambda formula: None) == "accepted", "the certificate itself")
    for change, text in expected:
        reason = refused(change)
        need(reason.endswith(text), f"expected {text!r}, found {reason!r}")
