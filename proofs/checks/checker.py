"""The soundness of symplrnn/certificate/check.py: proofs/checker.md."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

from flint import acb, acb_mat, fmpq, fmpq_mat, fmpq_poly, fmpz_mat

import symplrnn as sr
from proofs.checks.tools import (
    check,
    companion,
    determinant,
    encloses,
    generic,
    identity,
    need,
    plus,
    polynomial_at,
    random_matrix,
    real_roots_between,
    scaled,
    sub,
    subsets,
    times,
    zero,
)
from symplrnn.certificate import check as module

NAME = "checker"
checker: Any = module  # plain Python without types


@check(NAME, "letters")
def sums_over_roots() -> None:
    """Section 4, 4: the multiplication by g modulo f has the determinant g(l_1) ... g(l_d), so its equations have one solution
    where g and f have no common root: f with letters for its roots, g generic of degree d - 1, d = 1, 2, 3.
    """
    for d in (1, 2, 3):
        roots, g, x = generic(l=(d,), g=(d,), x=(1,))
        f = [1 + 0 * x[0]]  # lowest power first
        for root in roots:
            f = [(f[k - 1] if k else 0) - root * (f[k] if k < len(f) else 0) for k in range(len(f) + 1)]
        norm = 1 + 0 * x[0]
        for root in roots:
            norm *= sum(c * root**k for k, c in enumerate(g))
        need(determinant(polynomial_at(g, companion(f))) == norm, f"d = {d}")
        # Newton's identities as in the checker
        powers = [d + 0 * x[0]]
        for k in range(1, d):
            powers.append(-k * f[d - k] - sum(f[d - i] * powers[k - i] for i in range(1, k)))
        need(all(powers[k] == sum(root**k for root in roots) for k in range(d)), f"power sums, d = {d}")


@check(NAME, "letters")
def projectors() -> None:
    """Section 4, 2 and 5: for S the companion matrix of a generic f, H(x) = (f(x) - f(S))/(x - S) has S H(x) = x H(x) modulo f;
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
    """Section 3: the Sturm chain counts distinct negative roots, and Yun's parts find those of odd multiplicity: 400
    polynomials of degree up to 12 with known real roots, 0 and repeated ones included, complex pairs, and either sign.
    """
    rng, answers = random.Random(22), {True: 0, False: 0}
    for k in range(400):
        roots = [fmpq(rng.randint(-4, 4), rng.choice([1, 2])) for _ in range(rng.randint(1, 3))]
        p = fmpq_poly([rng.choice([1, -1, 3])])
        multiplicity: dict[str, int] = {}
        for root in roots:
            m = rng.randint(1, 3)
            p *= fmpq_poly([-root, 1]) ** m
            if root < 0:
                multiplicity[str(root)] = multiplicity.get(str(root), 0) + m
        for _ in range(k % 3):
            a, b = rng.randint(-2, 2), rng.randint(1, 3)
            p *= fmpq_poly([a * a + b, 2 * a, 1])
        whole = [int(x) for x in p.numer().coeffs()]
        need(checker.negative_roots(whole) == len(multiplicity), f"count of {whole}")
        odd = any(m % 2 for m in multiplicity.values())
        need(checker.odd_negative_root(whole) == odd, f"odd multiplicity of {whole}")
        answers[odd] += 1
    need(min(answers.values()) > 80, f"both answers: {answers}")


@check(NAME, "exact")
def polynomials_and_determinants() -> None:
    """Sections 2 and 5: characteristic polynomials, determinants and P-matrices against FLINT's: 150 random matrices, n = 1 to
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
        need(checker.determinant(Z) == fmpz_mat(Z).det(), "the determinant")
        brute = all(fmpz_mat(sub(Z, on)).det() > 0 for on in subsets(n) if on)
        need(checker.all_minors_positive([[Fraction(x) for x in row] for row in Z]) == brute, "all minors")
        answers[brute] += 1
    need(min(answers.values()) > 30, f"both answers: {answers}")


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
    """Theorem 2: what the checker accepts as the logarithm exponentiates to the map of the region, to 30 digits with proved
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
    """Section 4: a certificate that is changed so that one of its identities fails is refused by that identity: S N = N S, S U
    = N, R, S H = x H, root sums, projectors, and factors with a negative root or in common.
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

    def without(formula: dict[str, Any]) -> None:
        formula["terms"].pop()

    def twice(formula: dict[str, Any]) -> None:
        formula["terms"].append(formula["terms"][0])

    def negative(formula: dict[str, Any]) -> None:  # with matrices 0 it changes no other identity
        none = {"denominator": "1", "rows": [["0"] * 5 for _ in range(5)]}
        formula["terms"].append({"factor": ["1", "1"], "denominator": ["1"], "matrices": [none], "root_sums": ["1"]})

    expected = [
        (lambda f: add(f["nilpotent"], 2, 0), "S N = N S fails"),
        (lambda f: add(f["unipotent"], 0, 2), "S U = N fails"),
        (lambda f: add(f["rational_part"], 0, 1), "R = U - U^2/2 + ... fails"),
        (lambda f: add(f["terms"][0]["matrices"][0], 3, 0), "S H(x) = x H(x) modulo the factor fails"),
        (lambda f: f["terms"][0].update(root_sums=["7"]), "the sums over the roots are others"),
        (without, "the projectors do not sum to 1"),
        (negative, "a factor has a root in (-inf, 0]"),
        (twice, "the factors share a root, or one has a double root"),
    ]
    need(refused(lambda formula: None) == "accepted", "the certificate itself")
    for change, text in expected:
        reason = refused(change)
        need(reason.endswith(text), f"expected {text!r}, found {reason!r}")
