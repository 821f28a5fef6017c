"""Check a certificate of symplrnn with nothing but Python: ``python -I check.py FILE``.

This file stands alone: it imports the standard library only, so it can be copied out, read in one sitting, and trusted without
the package that wrote the certificate. It accepts a claim only if it proves it, and else says which identity fails. All
arithmetic is exact. A certificate that would take too long is refused, not believed.

A network maps z to A z + W relu(V z + b) + h + C s. In the region of a pattern (one digit a unit, 1 for active) that is
M z + c + C s with M = A + W D V, c = h + W D b. These claims are checked:

  characteristic_polynomial  of M                                by Faddeev and LeVerrier
  zero, one                  is 0, is 1 an eigenvalue of M       by its values there
  negative                   number of negative eigenvalues      distinct ones, by a Sturm chain
  E1, E2                     no eigenvalue is in (-inf, 0] (and none is 1): the principal logarithm gives a real ODE
  E3                         M has a real logarithm: true with E2; false if 0 is an eigenvalue, or if a negative eigenvalue has an
                             odd multiplicity (a real logarithm needs pairs of equal Jordan blocks); else not decided here
  formula                    log [[M, c, C], [0, 1, 0], [0, 0, 1]] = R + sum_i sum_{f_i(l) = 0} log(l) H_i(l) / d_i(l) with
                             H_i(x) = sum_k x^k H_ik; the first rows, divided by dt, are the ODE's X, y and Y
  global.p_matrix            all principal minors of A + W are positive, for A diagonal, V = 1, b = 0
  global.principal           and A is positive: E2 holds in all 2^n regions (theorem G1)
  global.continuous          and the ODE with state switching is continuous (theorem C1)
  global.regions             the patterns that some state has are these and no others (see check_cells)

Why the identities of a formula suffice. Let F be the matrix, F = S + N with S N = N S, N nilpotent, f_1 f_2 ... squarefree, and
E(l) = H_i(l) / d_i(l), where d_i has no root in common with f_i. If S H_i(x) = x H_i(x) modulo f_i(x) for all i, the columns
of E(l) are eigenvectors of S for l, or 0. If also the sum of all E(l) is 1, each vector v is the sum of the E(l) v, which are
its components in the eigenspaces of S: so the E(l) are the spectral projectors of the diagonalisable S, and with U = S^-1 N
    log F = log S + log(1 + U) = sum log(l) E(l) + U - U^2/2 + U^3/3 - ...
"""

import json
import re
import sys
from fractions import Fraction
from math import gcd, lcm

VERSION = 1
LONGEST = 200_000  # digits of a number
LARGEST = 400  # rows of a matrix
MINORS = 14  # units whose minors are all computed here
FILE = 4 * 10**8  # characters of a file
WORK = 3 * 10**10  # about the products of 64-bit words: some minutes
WHOLE = re.compile(r"-?[0-9]+")


class Refused(Exception):
    """A claim is not proved; the text says where, and which identity fails."""


class Meter:
    """Stops a check that would take too long."""

    left = WORK

    @classmethod
    def spend(cls, count, *bits):
        words = 1
        for b in bits:
            words *= 1 + b // 64
        cls.left -= count * words
        if cls.left < 0:
            raise Refused("the certificate would take too long to check")


def need(condition, text):
    """Refuse unless a condition holds."""
    if not condition:
        raise Refused(text)


# Numbers, matrices and polynomials. A rational is a pair (p, q) with q > 0, a matrix is Z/q with whole numbers Z; polynomials are
# lists, lowest power first.


def whole(text):
    """Return a whole number from its text."""
    need(isinstance(text, str) and len(text) <= LONGEST and WHOLE.fullmatch(text), "a whole number is expected, as text")
    return int(text)


def rational(text):
    """Return a rational from a text such as "-3/4"."""
    need(isinstance(text, str), "a number is expected as text, such as -3/4")
    p, slash, q = text.partition("/")
    numerator, denominator = whole(p), whole(q) if slash else 1
    need(denominator > 0, "a denominator is positive")
    return numerator, denominator


def matrix(rows, height, width, where):
    """Return (Z, q) with whole numbers Z and q > 0: the matrix is Z/q."""
    need(isinstance(rows, list) and len(rows) == height, f"{where}: {height} rows are expected")
    need(all(isinstance(row, list) and len(row) == width for row in rows), f"{where}: rows of {width} numbers are expected")
    entries = [[rational(x) for x in row] for row in rows]
    q = common_multiple([d for row in entries for _, d in row])
    Meter.spend(height * width, q.bit_length())
    return [[p * (q // d) for p, d in row] for row in entries], q


def common_multiple(numbers):
    """Return the least common multiple of positive numbers."""
    length = sum(map(int.bit_length, numbers))
    if len(set(numbers)) > 1:
        Meter.spend(1, length, length)
    return lcm(*numbers)


def shared(data, size, where):
    """Return (Z, q) from {"denominator": q, "rows": Z}."""
    need(isinstance(data, dict) and set(data) == {"denominator", "rows"}, f"{where}: a denominator and rows are expected")
    q, rows = whole(data["denominator"]), data["rows"]
    need(q > 0, f"{where}: a denominator is positive")
    need(isinstance(rows, list) and len(rows) == size, f"{where}: {size} rows are expected")
    need(all(isinstance(row, list) and len(row) == size for row in rows), f"{where}: rows of {size} numbers are expected")
    return [[whole(x) for x in row] for row in rows], q


def bits(Z):
    """Return the length of the longest entry."""
    return max((abs(x).bit_length() for row in Z for x in row), default=0)


def times(X, Y):
    """Return the product of two matrices of whole numbers."""
    Meter.spend(len(X) * len(Y) * (len(Y[0]) if Y else 0), bits(X), bits(Y))
    columns = list(zip(*Y))
    return [[sum(map(int.__mul__, row, column)) for column in columns] for row in X]


def combined(*terms):
    """Return the numerators of a sum of terms (p, q, Z): the sum of p/q Z, and its denominator."""
    q = common_multiple([q for _, q, _ in terms])
    total = None
    for p, d, Z in terms:
        factor = p * (q // d)
        Meter.spend(len(Z) ** 2, factor.bit_length(), bits(Z))
        total = [[factor * x + y for x, y in zip(row, other)] for row, other in zip(Z, total or [[0] * len(Z[0])] * len(Z))]
    return total, q


def is_zero(Z):
    """Return whether all entries are 0."""
    return not any(any(row) for row in Z)


def trimmed(p):
    """Return a polynomial without leading zeros, divided by the greatest divisor of its coefficients."""
    while p and p[-1] == 0:
        p = p[:-1]
    divisor = gcd(*p) if p else 1
    return [x // divisor for x in p]


def remainder(p, f):
    """Return a positive multiple of p modulo f, primitive."""
    p, lead = list(p), abs(f[-1])
    sign = 1 if f[-1] > 0 else -1
    while len(p) >= len(f):
        top, shift = p[-1] * sign, len(p) - len(f)
        Meter.spend(2 * len(p), max(map(int.bit_length, p)), max(map(int.bit_length, f)))
        p = [lead * x for x in p]
        for k, x in enumerate(f):
            p[shift + k] -= top * x
        p = trimmed(p[:-1])
    return trimmed(p)


def derivative(p):
    """Return the derivative."""
    return [k * x for k, x in enumerate(p)][1:]


def greatest_divisor(p, q):
    """Return the greatest common divisor of two polynomials, primitive."""
    p, q = trimmed(p), trimmed(q)
    while q:
        p, q = q, remainder(p, q)
    return p


def quotient(p, f):
    """Return p / f up to a constant, where f divides p."""
    p, found = list(p), []
    while len(p) >= len(f):
        divisor = gcd(p[-1], f[-1])
        lead, top = f[-1] // divisor, p[-1] // divisor
        p, found = [lead * x for x in p], [lead * x for x in found]
        for k, x in enumerate(f):
            p[len(p) - len(f) + k] -= top * x
        found.append(top)
        p.pop()
    need(not any(p), "a polynomial does not divide another")
    return trimmed(found[::-1])


def sign_changes(values):
    """Return how often the sign changes in a list, zeros left out."""
    signs = [x > 0 for x in values if x]
    return sum(a != b for a, b in zip(signs, signs[1:]))


def negative_roots(p):
    """Return the number of distinct roots in (-inf, 0) by a Sturm chain."""
    p = trimmed(p)
    while p and p[0] == 0:
        p = p[1:]
    chain = [p, derivative(p)]
    while chain[-1] and len(chain[-1]) > 1:
        rest = remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-x for x in rest])
    chain = [q for q in chain if q]
    at_minus_infinity = [q[-1] * (-1) ** (len(q) - 1) for q in chain]
    return sign_changes(at_minus_infinity) - sign_changes([q[0] for q in chain])


def odd_negative_root(p):
    """Return whether some negative root has an odd multiplicity, from squarefree parts (Yun)."""
    p = trimmed(p)
    common = greatest_divisor(p, derivative(p))
    rest = quotient(p, common)  # each root once
    multiplicity = 1
    while len(rest) > 1:
        more = greatest_divisor(rest, common)  # the roots of multiplicity above this one
        if multiplicity % 2 and negative_roots(quotient(rest, more)):
            return True
        common, rest, multiplicity = quotient(common, more), more, multiplicity + 1
    return False


def characteristic_polynomial(Z, q):
    """Return the monic polynomial det(x - Z/q) as (numerators, q^n), by Faddeev and LeVerrier."""
    n = len(Z)
    coefficients, B = [1], [[int(i == j) for j in range(n)] for i in range(n)]
    for k in range(1, n + 1):
        ZB = times(Z, B)
        trace = sum(ZB[i][i] for i in range(n))
        coefficients.append(-trace // k)  # whole: the polynomial of a matrix of whole numbers is
        B = [[x + (coefficients[-1] if i == j else 0) for j, x in enumerate(row)] for i, row in enumerate(ZB)]
    # det(x - Z/q) = sum_k coefficients[k] x^(n - k) / q^k
    return [coefficients[n - j] * q**j for j in range(n + 1)], q**n


# The claims


def region_map(network, pattern):
    """Return (F, q): the map of a region on (z, 1, s) is F/q, F = [[M, c, C], [0, 1, 0], [0, 0, 1]] up to q."""
    n, p, m = network["sizes"]
    need(
        isinstance(pattern, str) and len(pattern) == p and not set(pattern) - {"0", "1"},
        "a pattern has a digit 0 or 1 for each unit",
    )
    on = [i for i in range(p) if pattern[i] == "1"]
    (A, a), (W, w), (h, e), (C, d), (V, v), (b, g) = (network[name] for name in "AWhCVb")
    W, V, b = [[row[i] for i in on] for row in W], [V[i] for i in on], [b[i] for i in on]
    WV = times(W, V) if on else [[0] * n for _ in range(n)]
    Wb = times(W, b) if on else [[0]] * n
    M, q1 = combined((1, a, A), (1, w * v, WV))
    c, q2 = combined((1, e, h), (1, w * g, Wb))
    q = lcm(q1, q2, d)
    rows = [[x * (q // q1) for x in M[i]] + [c[i][0] * (q // q2)] + [x * (q // d) for x in C[i]] for i in range(n)]
    return rows + [[q * int(j == i) for j in range(n + 1 + m)] for i in range(n, n + 1 + m)], q


def check_region(network, region, where):
    """Return what is proved of a region."""
    known = {"pattern", "characteristic_polynomial", "zero", "one", "negative", "E1", "E2", "E3", "formula"}
    need(isinstance(region, dict) and set(region) <= known and "pattern" in region, f"{where}: unknown claims")
    n = network["sizes"][0]
    F, q = region_map(network, region["pattern"])
    chi, scale = characteristic_polynomial([row[:n] for row in F[:n]], q)
    negative, at_0, at_1 = negative_roots(chi), chi[0], sum(chi)
    E2 = not negative and at_0 != 0
    E3 = True if E2 else False if at_0 == 0 or odd_negative_root(chi) else None
    facts = {"zero": at_0 == 0, "one": at_1 == 0, "negative": negative, "E2": E2, "E1": E2 and at_1 != 0, "E3": E3}
    for name, value in facts.items():
        if name in region:
            claim = region[name]
            need(type(claim) is type(value) and claim == value, f"{where}: {name} is {value}, not {claim}")
    if "characteristic_polynomial" in region:
        claim = region["characteristic_polynomial"]
        need(isinstance(claim, list) and len(claim) == n + 1, f"{where}: the characteristic polynomial has {n + 1} coefficients")
        for x, text in zip(chi, claim):
            p, d = rational(text)
            need(p * scale == x * d, f"{where}: the characteristic polynomial is another")
    if "formula" in region:
        need(E2, f"{where}: a formula is claimed, but an eigenvalue is in (-inf, 0]")
        check_formula(F, q, region["formula"], where)
    return {name: region[name] for name in sorted(region) if name not in ("formula", "characteristic_polynomial", "pattern")}


def check_formula(F, q, formula, where):
    """Check that the closed form is the logarithm of F/q."""
    size = len(F)
    need(
        isinstance(formula, dict) and set(formula) == {"nilpotent", "rational_part", "unipotent", "terms"},
        f"{where}: a formula is expected",
    )
    N, U, R = (shared(formula[name], size, f"{where}: {name}") for name in ("nilpotent", "unipotent", "rational_part"))
    S = combined((1, q, F), (-1, N[1], N[0]))
    same(times(S[0], N[0]), 1, times(N[0], S[0]), 1, f"{where}: S N = N S fails")
    same(times(S[0], U[0]), S[1] * U[1], N[0], N[1], f"{where}: S U = N fails")
    power, terms, order = U[0], [], 1
    while not is_zero(power):
        need(order < size, f"{where}: U is not nilpotent")
        terms.append(((-1) ** (order - 1), order * U[1] ** order, power))
        power, order = times(power, U[0]), order + 1
    total, d = combined(*terms) if terms else ([[0] * size for _ in range(size)], 1)
    same(R[0], R[1], total, d, f"{where}: R = U - U^2/2 + ... fails")
    need(isinstance(formula["terms"], list) and formula["terms"], f"{where}: terms are expected")
    product, sums = [1], []
    for number, term in enumerate(formula["terms"], 1):
        at = f"{where}: term {number}"
        need(
            isinstance(term, dict) and set(term) == {"factor", "denominator", "matrices", "root_sums"},
            f"{at}: factor, denominator, matrices are expected",
        )
        f, g = polynomial(term["factor"], at), polynomial(term["denominator"], at)
        degree = len(f) - 1
        need(f[-1] == 1, f"{at}: the factor is not monic")
        need(
            degree >= 1 and isinstance(term["matrices"], list) and len(term["matrices"]) == degree,
            f"{at}: as many matrices as the degree of the factor",
        )
        H = [shared(Z, size, at) for Z in term["matrices"]]
        for k in range(degree):  # S H(x) = x H(x) modulo f, by coefficients: S H_k = H_{k-1} - f_k H_{d-1}
            before = [(1, H[k - 1][1], H[k - 1][0])] if k else []
            right = combined((-f[k].numerator, f[k].denominator * H[-1][1], H[-1][0]), *before)
            same(times(S[0], H[k][0]), S[1] * H[k][1], *right, f"{at}: S H(x) = x H(x) modulo the factor fails")
        product = multiplied(product, primitive(f))
        weights = root_sums(f, g, term["root_sums"], at)
        sums += [(t.numerator, t.denominator * Z[1], Z[0]) for t, Z in zip(weights, H)]
    need(len(greatest_divisor(product, derivative(product))) == 1, f"{where}: the factors share a root, or one has a double root")
    need(product[0] != 0 and not negative_roots(product), f"{where}: a factor has a root in (-inf, 0]")
    total, d = combined(*sums)
    same(total, d, [[int(i == j) for j in range(size)] for i in range(size)], 1, f"{where}: the projectors do not sum to 1")


def root_sums(f, g, texts, where):
    """Return the sums of l^k / g(l) over the roots of f, k < d, which are claimed, from those of l^k = l^k g(l) / g(l)."""
    degree = len(f) - 1
    need(isinstance(texts, list) and len(texts) == degree, f"{where}: {degree} sums over roots are expected")
    need(len(greatest_divisor(primitive(f), primitive(g))) == 1, f"{where}: the denominator is 0 at a root of the factor")
    t, powers = [Fraction(*rational(text)) for text in texts], [Fraction(degree)]
    for k in range(1, degree):  # Newton's identities
        powers.append(-k * f[degree - k] - sum((f[degree - i] * powers[k - i] for i in range(1, k)), Fraction(0)))
    row = (g + [Fraction(0)] * degree)[:degree]
    need(len(g) <= degree, f"{where}: the degree of the denominator is too high")
    for k in range(degree):
        Meter.spend(degree, max(x.numerator.bit_length() for x in row), max(x.numerator.bit_length() for x in t))
        need(sum(map(Fraction.__mul__, row, t)) == powers[k], f"{where}: the sums over the roots are others")
        row = [(row[j - 1] if j else 0) - row[-1] * f[j] for j in range(degree)]  # times x, modulo f
    return t


def polynomial(texts, where):
    """Return the coefficients of a polynomial as fractions."""
    need(isinstance(texts, list) and 1 <= len(texts) <= LARGEST, f"{where}: a polynomial is expected")
    found = [Fraction(*rational(text)) for text in texts]
    need(found[-1] != 0, f"{where}: the first coefficient of a polynomial is not 0")
    return found


def primitive(p):
    """Return a positive multiple of a polynomial with whole coefficients."""
    q = common_multiple([x.denominator for x in p])
    return trimmed([x.numerator * (q // x.denominator) for x in p])


def same(X, p, Y, q, text):
    """Refuse unless X/p = Y/q."""
    Meter.spend(2 * len(X) ** 2, max(bits(X), bits(Y)), max(p.bit_length(), q.bit_length()))
    need(all(x * q == y * p for row, other in zip(X, Y) for x, y in zip(row, other)), text)


def multiplied(p, q):
    """Return the product of two polynomials of whole numbers."""
    found = [0] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            found[i + j] += x * y
    return found


def check_global(network, claims):
    """Return what is proved of all regions at once."""
    need(
        isinstance(claims, dict) and set(claims) <= {"p_matrix", "principal", "continuous", "evidence"}, "global: unknown claims"
    )
    n, p, _ = network["sizes"]
    (A, a), (W, w), (h, _), (C, _), (V, v), (b, _) = (network[name] for name in "AWhCVb")
    plain = p == n and all(x == v * (i == j) for i, row in enumerate(V) for j, x in enumerate(row)) and is_zero(b)
    need(plain and all(x == 0 for i, row in enumerate(A) for j, x in enumerate(row) if i != j), "global: the network is no PLRNN")
    evidence = claims.get("evidence")
    need(isinstance(evidence, dict) and len(evidence) == 1, "global: one kind of evidence is expected")
    p_matrix = check_p_matrix(combined((1, a, A), (1, w, W))[0], next(iter(evidence.items())))
    positive = all(A[i][i] > 0 for i in range(n))
    matters = [i for i in range(n) if any(row[i] for row in W)]
    still = not any(W[i][k] for i in matters for k in range(n) if k != i) and not any(h[i][0] or any(C[i]) for i in matters)
    principal = p_matrix and positive
    facts = {"p_matrix": p_matrix, "principal": principal, "continuous": still if principal else None}
    for name in ("p_matrix", "principal", "continuous"):
        if name in claims:
            need(claims[name] is facts[name], f"global: {name} is {facts[name]}, not {claims[name]}")
    return {name: claims[name] for name in sorted(claims) if name != "evidence"}


def check_p_matrix(B, evidence):
    """Return whether all principal minors of a matrix of whole numbers are positive, by evidence (kind, data)."""
    (kind, data), n = evidence, len(B)
    if kind == "dominant":  # x > 0 with b_ii x_i > sum_{j != i} |b_ij| x_j
        x = [row[0] for row in matrix([[t] for t in data] if isinstance(data, list) else None, n, 1, "dominant")[0]]
        Meter.spend(n * n, bits(B), bits([x]))
        need(all(value > 0 for value in x), "dominant: x is positive")
        for i in range(n):
            others = sum(abs(B[i][j]) * x[j] for j in range(n) if j != i)
            need(B[i][i] * x[i] > others, f"dominant: row {i + 1} is not")
        return True
    if kind == "definite":  # T (B + B^T) T^T strictly dominant, T triangular with positive diagonal
        T = matrix(data, n, n, "definite")[0]
        need(all(T[i][i] > 0 and not any(T[i][i + 1 :]) for i in range(n)), "definite: T is triangular with positive diagonal")
        product = times(times(T, [[B[i][j] + B[j][i] for j in range(n)] for i in range(n)]), list(zip(*T)))
        need(all(2 * row[i] > sum(map(abs, row)) for i, row in enumerate(product)), "definite: T (B + B^T) T^T is not dominant")
        return True
    if kind == "minors":  # none but the matrix itself
        need(data is True and n <= MINORS, f"minors: they are computed for up to {MINORS} units")
        return all_minors_positive([[Fraction(x) for x in row] for row in B])
    need(kind == "failing", "global: evidence of this kind is unknown")
    units = [whole(text) - 1 for text in data] if isinstance(data, list) else []
    need(units and len(set(units)) == len(units) and all(0 <= i < n for i in units), "failing: different units are expected")
    need(determinant([[B[i][j] for j in units] for i in units]) <= 0, "failing: the minor is positive")
    return False


def all_minors_positive(B):
    """Return whether all principal minors are positive, by Schur complements."""
    if not B:
        return True
    if B[0][0] <= 0:
        return False
    rest = [row[1:] for row in B[1:]]
    Meter.spend(len(B) ** 2, max(x.numerator.bit_length() for row in B for x in row), 256)
    complement = [[x - row[0] * top / B[0][0] for x, top in zip(row[1:], B[0][1:])] for row in B[1:]]
    return all_minors_positive(rest) and all_minors_positive(complement)


def determinant(Z):
    """Return the determinant of a matrix of whole numbers, by Bareiss's elimination."""
    Z, n, before, flips = [list(row) for row in Z], len(Z), 1, 1
    for k in range(n - 1):
        pivot = next((i for i in range(k, n) if Z[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            Z[k], Z[pivot], flips = Z[pivot], Z[k], -flips
        Meter.spend(2 * (n - k) ** 2, bits(Z), bits(Z))
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                Z[i][j] = (Z[i][j] * Z[k][k] - Z[i][k] * Z[k][j]) // before
        before = Z[k][k]
    return flips * Z[-1][-1]


def check_cells(network, claim):
    """Return what is proved of the list of all patterns that some state has.

    Each has a state. A prefix, the first digits of patterns, is empty if multipliers y > 0 of some of its units make the sum of
    y_i (V z + b)_i over the active ones minus that over the others a number that does not depend on z and is negative, or 0 with
    an active unit among them: a state with this prefix would make the sum >= 0, and > 0 with an active unit. The list is complete
    if the patterns and the empty prefixes stand for all 2^p patterns: none begins with another one, and they count as many.
    """
    n, p, _ = network["sizes"]
    (V, v), (b, g) = network["V"], network["b"]
    rows = [[x * g for x in row] + [b[i][0] * v] for i, row in enumerate(V)]  # V z + b up to a positive factor
    need(isinstance(claim, dict) and set(claim) == {"nonempty", "empty"}, "global.regions: nonempty and empty are expected")
    need(all(isinstance(part, dict) for part in claim.values()), "global.regions: patterns with their evidence are expected")
    leaves = sorted([*claim["nonempty"], *claim["empty"]])
    need(all(len(leaf) <= p and not set(leaf) - {"0", "1"} for leaf in leaves), "global.regions: a pattern has digits 0 and 1")
    for pattern, state in claim["nonempty"].items():
        where = f"global.regions: {pattern}"
        Z, q = matrix([state], 1, n, where)
        values = times(rows, [[x] for x in Z[0]] + [[q]])
        need(len(pattern) == p, f"{where}: a pattern has a digit for each unit")
        need(all((x > 0) == (d == "1") for (x,), d in zip(values, pattern)), f"{where}: the state has another pattern")
    for prefix, multipliers in claim["empty"].items():
        where = f"global.regions: {prefix}"
        need(isinstance(multipliers, dict) and multipliers, f"{where}: multipliers are expected")
        units = [whole(text) - 1 for text in multipliers]
        need(all(0 <= i < len(prefix) for i in units), f"{where}: a multiplier is of none of its units")
        (y,), _ = matrix([list(multipliers.values())], 1, len(units), where)
        need(all(x > 0 for x in y), f"{where}: a multiplier is not positive")
        (total,) = times([[x if prefix[i] == "1" else -x for x, i in zip(y, units)]], [rows[i] for i in units])
        need(not any(total[:n]), f"{where}: the sum depends on the state")
        strict = any(prefix[i] == "1" for i in units)
        need(total[n] < 0 or (total[n] == 0 and strict), f"{where}: the sum contradicts nothing")
    apart = not any(second.startswith(first) for first, second in zip(leaves, leaves[1:]))
    need(apart, "global.regions: a pattern or prefix begins with another one")
    Meter.spend(len(leaves), p)
    need(sum(2 ** (p - len(leaf)) for leaf in leaves) == 2**p, "global.regions: the list is not complete")
    return {"complete": True, "nonempty": len(claim["nonempty"])}


def check(document):
    """Return what is proved, as pairs (where, claims); raise Refused if a claim is not."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(LONGEST)
    Meter.left = WORK
    try:
        return check_document(document)
    finally:
        sys.set_int_max_str_digits(digits)


def check_document(document):
    """Return what is proved; see `check`."""
    need(
        isinstance(document, dict) and document.get("symplrnn certificate") == VERSION,
        f"a certificate of version {VERSION} is expected",
    )
    need(
        set(document) == {"symplrnn certificate", "network", "dt", "regions", "global"},
        "network, dt, regions and global are expected",
    )
    data = document["network"]
    need(isinstance(data, dict) and set(data) == set("AWhCVb"), "network: A, W, h, C, V and b are expected")
    sizes = [len(data[name]) if isinstance(data[name], list) else -1 for name in "AV"]
    need(isinstance(data["C"], list) and data["C"] and isinstance(data["C"][0], list), "network: C has a row for each state")
    n, p, m = *sizes, len(data["C"][0])
    need(
        0 < n <= LARGEST and 0 <= p <= LARGEST and m <= LARGEST, f"network: up to {LARGEST} states, units and inputs are accepted"
    )
    shapes = {"A": (n, n), "W": (n, p), "h": (n, 1), "C": (n, m), "V": (p, n), "b": (p, 1)}
    network = {name: matrix(data[name], *shape, f"network: {name}") for name, shape in shapes.items()} | {"sizes": (n, p, m)}
    need(rational(document["dt"])[0] > 0, "dt is positive")
    need(isinstance(document["regions"], list), "regions: a list is expected")
    proved = []
    for number, region in enumerate(document["regions"], 1):
        proved.append(
            (
                f"region {region.get('pattern')}" if isinstance(region, dict) else "",
                check_region(network, region, f"region number {number}"),
            )
        )
    patterns = [region["pattern"] for region in document["regions"]]
    need(len(set(patterns)) == len(patterns), "regions: a region is there twice")
    claims = document["global"]
    if isinstance(claims, dict) and "regions" in claims:
        proved.append(("the list of regions", check_cells(network, claims["regions"])))
        claims = {name: claim for name, claim in claims.items() if name != "regions"} or None
    if claims is not None:
        proved.append((f"all 2^{p} regions", check_global(network, claims)))
    return proved


def main(arguments):
    """Check a file and print what is proved; return 0, or 1 if it is refused, or 2 if it cannot be read."""
    if len(arguments) != 1:
        print("usage: python -I check.py FILE", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            text = file.read(FILE + 1)
        need(len(text) <= FILE, f"the file has more than {FILE} characters")
        document = json.loads(text)
        proved = check(document)
    except Refused as reason:
        print(f"refused: {reason}")
        return 1
    except (OSError, ValueError, RecursionError) as error:
        print(f"{arguments[0]}: not a certificate: {error}", file=sys.stderr)
        return 2
    for where, claims in proved:
        print(f"proved, {where}: " + ", ".join(f"{name} {claim}" for name, claim in claims.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
