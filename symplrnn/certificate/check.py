"""Check a certificate of symplrnn with nothing but Python: ``python -I check.py FILE``.

This file stands alone: it imports the standard library only, so it can be copied out, read in one sitting, and trusted without
the package that wrote the certificate. It accepts a claim only if it proves it, and else says which identity fails. All
arithmetic is exact. A certificate that would take too long is refused, not believed. proofs/checker.md proves what is said here.

A network maps z to A z + W relu(V z + b) + h + C s. In the region of a pattern (one digit a unit, 1 for active) that is
M z + c + C s with M = A + W D V, c = h + W D b, or (z, 1, s) to F (z, 1, s) with F = [[M, c, C], [0, 1, 0], [0, 0, 1]]. These
claims on regions are checked:

  characteristic_polynomial  of M                                by Faddeev and LeVerrier
  zero, one                  is 0, is 1 an eigenvalue of M       by its factors, multiplied out
  negative                   number of negative eigenvalues      distinct ones, by a Sturm chain of each factor
  unit_circle, stable        numbers of eigenvalues inside, on and outside the unit circle, with multiplicity; are all inside
  E1, E2                     no eigenvalue is in (-inf, 0] (and none is 1): the principal logarithm gives a real ODE
  E3                         M has a real logarithm: 0 is no eigenvalue, and Jordan blocks of negative ones come in equal pairs
  real_odes                  how many real ODEs there are (E4): none, one, countable, uncountable
  extra                      the fewest extra coordinates of a real ODE (E5), after the jump if there is one
  kind                       principal, real, lifted, impulsive or lifted+impulsive
  jump                       F = F' J with the Fitting projector P: J = 1 - P + F P, F' = F (1 - P) + P, invertible (E6)
  formula                    the closed form of a real logarithm of F, or of F' after a jump, or of a lift of it

and on the whole network

  global.p_matrix            all principal minors of A + W are positive, for A diagonal, V = 1, b = 0
  global.principal           and A is positive: E2 holds in all 2^n regions (theorem G1)
  global.continuous          and the ODE with state switching is continuous (theorem C1)
  global.regions             the patterns that some state has are these and no others (see check_cells)

Why the evidence suffices is said where it is checked. Networks with letters are checked by check_letters.py, which needs this
file beside it.
"""

import json
import re
import sys
from contextlib import contextmanager
from fractions import Fraction
from math import gcd, lcm

VERSION = 3
LONGEST = 200_000  # digits of a number
LARGEST = 400  # rows of a matrix
SHOWN = 300  # characters of a reason
MINORS = 14  # units whose minors are all computed here
FILE = 4 * 10**8  # characters of a file
WORK = 3 * 10**10  # about the products of 64-bit words: some minutes
PRIME = 2**61 - 1
WHOLE = re.compile(r"-?[0-9]+")
PLACE = []  # where in the certificate the check is


class Refused(Exception):
    """A claim is not proved; the text says where, and which identity fails."""

    def __init__(self, text):
        shown = ascii(": ".join([*PLACE, text]))[1:-1]  # one line that any terminal prints as it is, whatever the claim holds
        super().__init__(shown if len(shown) <= SHOWN else shown[:SHOWN] + "...")


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


def at(depth, *place):
    """Say where the check is, for the reason of a refusal."""
    PLACE[depth:] = place


def need(condition, text):
    """Refuse unless a condition holds."""
    if not condition:
        raise Refused(text)


def fields(data, names, where):
    """Refuse unless the data are an object with these fields and no others."""
    need(isinstance(data, dict) and set(data) == set(names.split(", ")), f"{where}: {names} are expected")


# Numbers, matrices and polynomials. A rational is a pair (p, q) with q > 0, a matrix is Z/q with whole numbers Z; polynomials are
# lists of whole numbers, lowest power first.


def whole(text):
    """Return a whole number from its text."""
    need(isinstance(text, str) and len(text) <= LONGEST and WHOLE.fullmatch(text), "a whole number is expected, as text")
    return int(text)


def rational(text):
    """Return a rational from a text such as "-3/4"."""
    if not isinstance(text, str) or "/" not in text:
        return whole(text), 1
    p, q = map(whole, text.split("/"))
    need(q > 0, "a denominator is positive")
    return p, q


def matrix(data, height, width):
    """Return (Z, q) for the matrix Z/q, from its rows of rationals, or from {"denominator": d, "rows": ...} for these over d."""
    over = 1
    if isinstance(data, dict):
        fields(data, "denominator, rows", "a matrix")
        over, data = whole(data["denominator"]), data["rows"]
        need(over > 0, "a denominator is positive")
    shape = isinstance(data, list) and len(data) == height and all(isinstance(row, list) and len(row) == width for row in data)
    need(shape, f"{height} rows of {width} numbers are expected")
    entries = [[rational(x) for x in row] for row in data]
    q = common_multiple([d for row in entries for _, d in row])
    Meter.spend(height * width * (1 + 100 * (q.bit_length() // 64)))
    return [[p * (q // d) for p, d in row] for row in entries], q * over


def common_multiple(numbers):
    """Return the least common multiple of positive numbers."""
    length = sum(map(int.bit_length, numbers))
    if len(set(numbers)) > 1:
        Meter.spend(1, length, length)
    return lcm(*numbers)


def bits(Z):
    """Return the length of the longest entry."""
    return max((max(*row, -min(row)) for row in Z if row), default=0).bit_length()


def unit(n):
    """Return the identity matrix."""
    return [[int(i == j) for j in range(n)] for i in range(n)]


def transposed(Z):
    """Return the transpose."""
    return [list(column) for column in zip(*Z)]


def times(X, Y):
    """Return the product of two matrices of whole numbers."""
    Meter.spend(len(X) * len(Y) * (len(Y[0]) if Y else 0), bits(X), bits(Y))
    columns = list(zip(*Y))
    return [[sum(map(int.__mul__, row, column)) for column in columns] for row in X]


def combined(*terms):
    """Return the numerators of a sum of terms (p, q, Z): the sum of p/q Z, and its denominator."""
    q = common_multiple([q for _, q, _ in terms])
    parts = [scaled(p * (q // d), Z) for p, d, Z in terms]
    return [[sum(entries) for entries in zip(*rows)] for rows in zip(*parts)], q


def beside(*parts):
    """Return matrices side by side as one, with one denominator."""
    q = common_multiple([d for _, d in parts])
    return [[x for row in rows for x in row] for rows in zip(*(scaled(q // d, Z) for Z, d in parts))], q


def scaled(factor, Z):
    """Return a multiple of a matrix; long factors of large matrices count for their memory, too."""
    Meter.spend(sum(map(len, Z)) * (1 + 100 * (factor.bit_length() // 64)), bits(Z))
    return [[factor * x for x in row] for row in Z]


def same(X, p, Y, q, text):
    """Refuse unless X/p = Y/q."""
    Meter.spend(2 * len(X) * len(X[0]), max(bits(X), bits(Y)), max(p.bit_length(), q.bit_length()))
    need(all(x * q == y * p for row, other in zip(X, Y) for x, y in zip(row, other)), text)


def powers(q, count):
    """Return 1, q, ..., q^count."""
    Meter.spend(count, count * q.bit_length(), q.bit_length())
    return [q**k for k in range(count + 1)]


def independent(rows):
    """Return whether rows are independent modulo the prime, which they are not if they are dependent."""
    rows = [[x % PRIME for x in row] for row in rows]
    while rows:
        row = rows.pop()
        k = next((j for j, x in enumerate(row) if x), None)
        if k is None:
            return False
        inverse = pow(row[k], -1, PRIME)
        Meter.spend(2 * len(rows) * len(row))
        for other in rows:
            if other[k]:
                factor = other[k] * inverse % PRIME
                other[:] = [(x - factor * y) % PRIME for x, y in zip(other, row)]
    return True


def trimmed(p):
    """Return a polynomial without leading zeros, divided by the greatest divisor of its coefficients."""
    while p and p[-1] == 0:
        p = p[:-1]
    divisor = gcd(*p) if p else 1
    return [x // divisor for x in p]


def multiplied(p, q):
    """Return the product of two polynomials."""
    Meter.spend(len(p) * len(q), bits([p]), bits([q]))
    found = [0] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            found[i + j] += x * y
    return found


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


def is_squarefree(p):
    """Return whether the prime shows that all roots of p are simple: the resultant with the derivative (Sylvester) is not 0."""
    d, other = len(p) - 1, derivative(p)
    shifts = [[0] * k + p + [0] * (d - 2 - k) for k in range(d - 1)]
    return independent(shifts + [[0] * k + other + [0] * (d - 1 - k) for k in range(d)])


def shifted(p, a):
    """Return p(x + a) for a whole number a."""
    p = list(p)
    Meter.spend(len(p) ** 2, bits([p]) + len(p))
    for i in range(len(p) - 1):
        for k in range(len(p) - 2, i - 1, -1):
            p[k] += a * p[k + 1]
    return p


def sturm_chain(p, q):
    """Return p, q and the negative remainders, up to positive factors; the last one is a greatest common divisor."""
    chain = [p, q] if q else [p]
    while len(chain) > 1 and len(chain[-1]) > 1 and (rest := remainder(chain[-2], chain[-1])):
        chain.append([-x for x in rest])
    return chain


def sign_changes(values):
    """Return how often the sign changes in a list, zeros left out."""
    signs = [x > 0 for x in values if x]
    return sum(a != b for a, b in zip(signs, signs[1:]))


def at_infinity(chain):
    """Return the changes of sign of a chain at -infinity and at +infinity."""
    return sign_changes([q[-1] * (-1) ** (len(q) - 1) for q in chain]), sign_changes([q[-1] for q in chain])


def root_counts(p):
    """Return how many roots of a squarefree polynomial are negative, how many positive, and how many pairs are complex."""
    if p[0] == 0:
        p = p[1:]
    chain = sturm_chain(p, derivative(p))
    (before, after), middle = at_infinity(chain), sign_changes([q[0] for q in chain])
    return before - middle, middle - after, (len(p) - 1 - before + after) // 2


def circle_counts(p):
    """Return how many roots of a squarefree polynomial other than x - 1, and without its root, are in, on and out of the circle.

    x = (w + 1)/(w - 1) is inside iff Re w < 0. For the transformed polynomial p of degree d write p(iy) = u + i v. Its argument
    grows by pi times (roots on the left - roots on the right), which is the Cauchy index of u/v (d odd) or minus that of v/u (d
    even), by a Sturm chain; it ends with the greatest common divisor of u and v, whose real roots are those on the axis.
    """
    if p == [-1, 1]:
        return 0, 1, 0
    d = len(p) - 1
    about_1 = shifted(p, 1)
    p = shifted([about_1[d - k] << d - k for k in range(d + 1)], -1)  # (w - 1)^d p(1 + 2/(w - 1))
    parts = [[x * (1, 0, -1, 0)[(k - odd) % 4] for k, x in enumerate(p)] for odd in (0, 1)]  # u and v
    full, other = (trimmed(part) for part in (parts if d % 2 == 0 else parts[::-1]))
    chain = sturm_chain(full, other)
    before, after = at_infinity(chain)
    before_g, after_g = at_infinity(sturm_chain(chain[-1], derivative(chain[-1])))
    axis, difference = before_g - after_g, (before - after) * (-1) ** (d + 1)
    return (d - axis + difference) // 2, axis, (d - axis - difference) // 2


def characteristic_polynomial(Z, q):
    """Return the monic polynomial det(x - Z/q) as (numerators, q^n), by Faddeev and LeVerrier."""
    n = len(Z)
    coefficients, B = [1], unit(n)
    for k in range(1, n + 1):
        ZB = times(Z, B)
        trace = sum(ZB[i][i] for i in range(n))
        coefficients.append(-trace // k)  # whole: the polynomial of a matrix of whole numbers is
        B = [[x + (coefficients[-1] if i == j else 0) for j, x in enumerate(row)] for i, row in enumerate(ZB)]
    scale = powers(q, n)  # det(x - Z/q) = sum_k coefficients[k] x^(n - k) / q^k
    return [coefficients[n - j] * scale[j] for j in range(n + 1)], scale[n]


# Regions


def region_map(network, pattern):
    """Return (F, q): the map of a region on (z, 1, s) is F/q, F = [[M, c, C], [0, 1, 0], [0, 0, 1]] up to q."""
    n, p, m = network["sizes"]
    digits = isinstance(pattern, str) and len(pattern) == p and not set(pattern) - {"0", "1"}
    need(digits, "a pattern has a digit 0 or 1 for each unit")
    on = [i for i in range(p) if pattern[i] == "1"]
    (AhC, d), (W, w), (Vb, v) = (network[name] for name in ("AhC", "W", "Vb"))
    product = times([[row[i] for i in on] for row in W], [Vb[i] for i in on]) if on else [[0] * (n + 1)] * n
    rows, q = combined((1, d, AhC), (1, w * v, [row + [0] * m for row in product]))
    return rows + [[q * int(j == i) for j in range(n + 1 + m)] for i in range(n, n + 1 + m)], q


def check_region(network, region):
    """Return what is proved of a region."""
    need(isinstance(region, dict) and "factors" in region, "a pattern, factors and claims are expected")
    n = network["sizes"][0]
    F, q = region_map(network, region["pattern"])
    M = [row[:n] for row in F[:n]]
    chi, scale = characteristic_polynomial(M, q)
    if "characteristic_polynomial" in region:
        same([chi], scale, *matrix([region["characteristic_polynomial"]], 1, n + 1), "the characteristic polynomial is another")
    factors = check_factors(M, q, chi, region["factors"])
    unit_blocks = None
    if "lengthened" in region:
        fields(region["lengthened"], "sizes, generators", "lengthened")
        unit_blocks = check_blocks(F, q, [-1, 1], multiplicity(factors, 1) + len(F) - n, region["lengthened"])
    zero, one = multiplicity(factors, 0), multiplicity(factors, 1)
    negative = sum(counts[0] for *_, counts in factors)
    circle = [sum(counts) for counts in zip(*([m * x for x in circle_counts(f)] for f, m, _, _ in factors))]
    E2, (E3, extra) = not zero and not negative, pairing(factors, zero)
    names = [name for name, holds in (("lifted", extra), ("impulsive", zero)) if holds]
    facts = {
        "zero": zero > 0,
        "one": one > 0,
        "negative": negative,
        "unit_circle": circle,
        "stable": circle[0] == n,
        "E1": E2 and not one,
        "E2": E2,
        "E3": E3,
        "real_odes": number_of_odes(factors, E3, unit_blocks),
        "extra": extra,
        "kind": None if extra is None else "+".join(names) or ("real" if negative else "principal"),
    }
    evidence = {"pattern", "characteristic_polynomial", "factors", "lengthened", "jump", "formula"}
    need(set(region) <= {*evidence, *facts}, "unknown claims")
    for name, value in facts.items():
        if name in region:
            claim = region[name]
            need(value is not None, f"{name}: the evidence does not suffice")
            need(type(claim) is type(value) and repr(claim) == repr(value), f"{name} is {value}, not {claim}")
    if "jump" in region:
        need(zero, "a jump is claimed, but 0 is no eigenvalue")
        F, q = check_jump(F, q, region["jump"], zero)
    if "formula" in region:
        need("jump" in region or not zero, "a formula is claimed, but 0 is an eigenvalue: a jump is missing")
        found = check_formula(F, q, region["formula"], factors)
        need(found == extra, f"the formula has {found} extra coordinates; the fewest are {extra}")
    proved = {name: region[name] for name in facts if name in region}
    return proved | {name: True for name in ("jump", "formula") if name in region}


# Factors and Jordan blocks


def check_factors(M, q, chi, evidence):
    """Return (f, m, sizes, counts of roots) for each factor f of chi: its roots have the multiplicity m.

    All roots of all f are different, and the product of all f^m is chi. Roots 0 and 1 are only those of the factors x and x - 1.
    The sizes are those of the Jordan blocks of M/q at each root, None if the evidence does not say.
    """
    found, radical, product = [], [1], [1]
    for number, item in enumerate(evidence, 1):
        at(1, f"factor {number}")
        fields(item, "factor, multiplicity" + ", sizes, generators" * ("sizes" in item), "a factor")
        f, m = [whole(text) for text in item["factor"]], item["multiplicity"]
        good = isinstance(item["factor"], list) and len(f) > 1 and f[-1] > 0
        need(good, "a factor has a positive degree and first coefficient")
        need(type(m) is int and 0 < m * (len(f) - 1) <= len(chi) - len(product), "the multiplicity is too large")
        need((f[0] or f == [0, 1]) and (sum(f) or f == [-1, 1]), "0 and 1 are roots of x and x - 1 only")
        sizes = check_blocks(M, q, f, m, item) if "sizes" in item else (1,) if m == 1 else None
        radical = multiplied(radical, f)
        for _ in range(m):
            product = multiplied(product, f)
        found.append((f, m, sizes, root_counts(f)))
    at(1)
    need(trimmed(product) == trimmed(chi), "the product of the factors is not the characteristic polynomial")
    need(is_squarefree(radical), f"the roots of the factors are not shown to be different, modulo {PRIME}")
    return found


def multiplicity(factors, root):
    """Return the multiplicity of 0 or 1."""
    return next((m for f, m, _, _ in factors if f == [-root, 1]), 0)


def check_blocks(Z, q, f, multiplicity, item):
    """Return the sizes m_1, m_2, ... of the Jordan blocks of Z/q at each root of a squarefree f; they have this multiplicity.

    If f(Z/q)^m_i g_i = 0, Q[Z] g_i is a quotient of Q[x]/f^m_i; if all Z^k g_i, k < m_i deg f, are independent, as they are if
    they are so modulo the prime, it is Q[x]/f^m_i, and the sum of all is direct and is the kernel of f(Z/q)^multiplicity.
    """
    n, d = len(Z), len(f) - 1
    sizes, generators = item["sizes"], item["generators"]
    need(len(sizes) == len(generators), "a size for each generator is expected")
    good = all(type(size) is int and size > 0 for size in sizes) and sum(sizes) == multiplicity
    need(good, "the sizes of the blocks do not add up to the multiplicity")
    columns, krylov = transposed(Z), []
    for size, texts in zip(sizes, generators):
        (g,), _ = matrix([texts], 1, n)
        power, vectors = [1], [g]
        for _ in range(size):
            power = multiplied(power, f)
        while len(vectors) < len(power):
            vectors.append(times([vectors[-1]], columns)[0])
        weights = [c * scale for c, scale in zip(power, reversed(powers(q, d * size)))]
        need(not any(times([weights], vectors)[0]), "f(M)^m g = 0 fails")
        krylov += vectors[:-1]
    need(independent(krylov), f"the vectors M^k g are not independent modulo {PRIME}")
    return tuple(sorted(sizes, reverse=True))


def pairing(factors, zero):
    """Return whether there is a real logarithm (E3), and the fewest extra coordinates (E5); None if that is open."""
    negative = [(m, sizes, counts[0]) for _, m, sizes, counts in factors if counts[0]]
    open_ = any(sizes is None for _, sizes, _ in negative)
    extra = None if open_ else sum(count * (sum(sizes[::2]) - sum(sizes[1::2])) for _, sizes, count in negative)
    odd = any(m % 2 for m, _, _ in negative) or any(sizes and sizes[::2] != sizes[1::2] for _, sizes, _ in negative)
    return (False if zero or odd else None if open_ else True), extra


def number_of_odes(factors, E3, unit_blocks):
    """Return how many real ODEs there are (E4), or None if that is open.

    At 1 only blocks count that c and C do not lengthen: ``unit_blocks`` are those of F, each size n_j of M less those that are
    longer in F.
    """
    if not E3:
        return None if E3 is None else "none"
    answers = []  # for each reason for uncountably many whether it holds
    for f, _, sizes, (negative, positive, pairs) in factors:
        if negative:
            answers.append(True)
        if sizes is None:
            answers += [None] if positive or pairs else []
            continue
        if pairs:
            answers.append(len(sizes) > 1)
        if positive and len(set(sizes)) < len(sizes):
            if f != [-1, 1]:
                answers.append(True)
            elif unit_blocks is None:
                answers.append(None)
            else:
                longer = {j: sum(x > j for x in unit_blocks) - sum(x > j for x in sizes) for j in set(sizes)}
                answers.append(any(sizes.count(j) - longer[j] > 1 for j in longer))
    if True in answers or None in answers:
        return "uncountable" if True in answers else None
    return "countable" if any(counts[2] for *_, counts in factors) else "one"


# The closed form


def check_jump(F, q, jump, multiplicity):
    """Return F' = F (1 - P) + P, if P is the projector onto the generalised kernel, and J = 1 - P + F P: then F' J = F.

    P^2 = P, P F = F P, P F is nilpotent and the trace of P is the multiplicity of 0: so P projects onto the generalised kernel
    along the invariant complement, and F' is invertible.
    """
    size = len(F)
    fields(jump, "projector, map", "jump")
    (P, p), (J, j) = (matrix(jump[name], size, size) for name in ("projector", "map"))
    same(times(P, P), p, P, 1, "jump: P^2 = P fails")
    FP, one = times(F, P), unit(size)
    same(FP, 1, times(P, F), 1, "jump: F P = P F fails")
    need(sum(P[i][i] for i in range(size)) == multiplicity * p, "jump: the trace of P is not the multiplicity of 0")
    power, order = FP, 1
    while order < multiplicity:
        power, order = times(power, power), 2 * order
    need(not any(map(any, power)), "jump: F P is not nilpotent")
    same(J, j, *combined((1, 1, one), (-1, p, P), (1, q * p, FP)), "jump: J = 1 - P + F P fails")
    return combined((1, q, F), (-1, q * p, FP), (1, p, P))


def check_formula(F, q, formula, factors):
    """Check that the closed form is a real logarithm of F/q or of its lift; return the number of extra coordinates.

    F is invertible, F = S + N with S N = N S, and E(l) = H(l) / g(l) for the roots l of each factor f. If S H(x) = x H(x) modulo
    f(x), the columns of E(l) are eigenvectors of S for l, or 0. If w g = f' modulo f, E(l) = H(l) w(l) / f'(l): f'(l) is not 0.
    The sum of l^k / f'(l) over the roots is 0 for k < deg f - 1, and 1 over the first coefficient of f for k = deg f - 1 (Euler),
    so the sum of l^k w(l) / f'(l) is the last coefficient of x^k w modulo f over that of f, and with these follows that of E(l).
    If all of them add up to 1, each vector v is the sum of the E(l) v, its components in the eigenspaces of S: so the E(l) are
    the spectral projectors of S, and with a nilpotent U = S^-1 N those of F. With R = U - U^2/2 + U^3/3 - ..., if no l is
    negative, log F = log S + log(1 + U) = R + sum log(l) E(l), which is real.
    """
    size = len(F)
    fields(formula, "nilpotent, rational_part, unipotent, terms", "formula")
    N, U, R = (matrix(formula[name], size, size) for name in ("nilpotent", "unipotent", "rational_part"))
    S = combined((1, q, F), (-1, N[1], N[0]))
    same(times(S[0], N[0]), 1, times(N[0], S[0]), 1, "S N = N S fails")
    same(times(S[0], U[0]), S[1] * U[1], N[0], N[1], "S U = N fails")
    power, series, order = U[0], [(0, 1, U[0])], 1
    while any(map(any, power)):
        need(order < size, "U is not nilpotent")
        series.append(((-1) ** (order - 1), order * powers(U[1], order)[order], power))
        power, order = times(power, U[0]), order + 1
    same(*R, *combined(*series), "R = U - U^2/2 + ... fails")
    factors = [each for each in factors if each[0] != [0, 1]]
    if not multiplicity(factors, 1):  # F has the eigenvalue 1, and not 0
        factors.append(([-1, 1], 0, (), (0, 1, 0)))
    need(len(formula["terms"]) == len(factors), "the factors are not those of det(x - F)")
    sums, extra = [], 0
    for number, (term, (f, m, _, (turning, _, _))) in enumerate(zip(formula["terms"], factors), 1):
        at(1, f"term {number}")
        fields(term, "factor, denominator, weight, matrices" + ", half_turns" * (turning > 0), "a term")
        need(term["factor"] == [str(x) for x in f], "the factors are not those of det(x - F)")
        need(len(term["matrices"]) == len(f) - 1, "as many matrices as the degree of the factor are expected")
        H = [matrix(Z, size, size) for Z in term["matrices"]]
        check_multiple(*S, *beside(*H), f, "S H(x) = x H(x) modulo the factor fails")
        (G, g), (W, w) = (matrix([term[name]], 1, len(H)) for name in ("denominator", "weight"))
        product = multiplied(G[0], W[0])
        for k, x in enumerate(derivative(f)):
            product[k] -= g * w * x
        need(not remainder(product, f), "w g = f' modulo the factor fails")
        monic, row = [Fraction(x, f[-1]) for x in f[:-1]], [Fraction(x, w * f[-1]) for x in W[0]]
        for Z, z in H:
            sums.append((row[-1].numerator, row[-1].denominator * z, Z))
            longest = (max(max(abs(x.numerator), x.denominator).bit_length() for x in p) for p in (monic, row))
            Meter.spend(2 * len(row), *longest)
            row = [y - row[-1] * x for x, y in zip(monic, [0, *row])]  # times x, modulo f
        if turning:
            extra += turning * check_half_turns(F, q, f, m, term["half_turns"])
    at(1)
    same(*combined(*sums), unit(size), 1, "the projectors do not sum to 1")
    return extra


def check_half_turns(F, q, f, multiplicity, pairs):
    """Check the chains of a factor with negative roots; return the number of extra coordinates for each of them.

    For negative l the formula with log|l| for log(l) is real, and where l is negative its exponential is -F: half a turn is
    missing. Let f have chains of columns a_k(l) and rows c_k(l) with F a_k = l a_k + a_(k+1), c_k F = l c_k + c_(k-1) modulo f,
    c_j a_k = 1 if they belong to each other, else 0; as many as the multiplicity of l. Then the a_k(l) are a basis of the range
    of E(l), and c_k(l) the coordinates on it, because c_k (F - l)^n = 0. Two chains a, b of one length are turned by K a_k = b_k,
    K b_k = -a_k: K commutes with F and K^2 = -1, so exp(pi K) = -1. A second chain that is shorter by q, or missing, is continued
    to the front by q extra coordinates b_0, ..., with F^ b_k = l b_k + b_(k+1). On two chains F^ - l is nilpotent and commutes
    with K. So L = log|l| + (F^ - l)/l - ((F^ - l)/l)^2/2 + ... + pi K on the chains of negative l, and log F elsewhere, is real
    with exp L = F^, and F^ is F on the coordinates (z, 1, s): they follow the network, with 0 in the extra coordinates at each
    grid time. Each row (0, 1, 0), (0, 0, 1) that F keeps is one that L sends to 0; so the first rows of L/dt are an ODE.
    """
    columns, rows, extra, d = [], [], 0, len(f) - 1
    for pair in pairs:
        lengths = []
        for chain in pair:
            fields(chain, "columns, rows", "a chain")
            a, c = ([matrix(vector, d, len(F)) for vector in chain[name]] for name in ("columns", "rows"))
            a, c = ([(transposed(Z), z) for Z, z in vectors] for vectors in (a, c))
            need(len(a) == len(c) > 0, "a row for each column is expected")
            for vectors, X, text in ((a, F, "F a = l a + a' fails"), (c[::-1], transposed(F), "c F = l c + c' fails")):
                for (Z, z), after in zip(vectors, [*([(1, b, B)] for B, b in vectors[1:]), []]):
                    check_multiple(X, q, Z, z, f, text, *after)
            columns, rows = columns + a, rows + c
            lengths.append(len(a))
        need(len(pair) in (1, 2) and lengths[-1] <= lengths[0], "one or two chains are a pair, the first is not shorter")
        extra += lengths[0] - sum(lengths[1:])
    need(len(columns) == multiplicity, "the chains are not as many as the multiplicity of the factor")
    for i, (Z, z) in enumerate(columns):
        for j, (Y, y) in enumerate(rows):  # the product of row and column, a polynomial modulo f
            sums = [0] * (2 * d - 1)
            for k, line in enumerate(times(transposed(Y), Z)):
                for h, x in enumerate(line):
                    sums[k + h] += x
            sums[0] -= z * y * (i == j)
            need(not remainder(sums, f), "c a = 1 or 0 fails")
    return extra


def check_multiple(X, x, Z, z, f, text, *following):
    """Refuse unless X/x a = t a + b modulo f(t) for a = (Z_0 + Z_1 t + ...)/z, Z = [Z_0, Z_1, ...]; b is (1, q, B) or 0."""
    width, lead = len(Z[0]) // (len(f) - 1), f[-1]
    Meter.spend(2 * len(Z) * len(Z[0]), bits(Z), bits([f]))
    ta = [[lead * y - f[k // width] * row[k % width - width] for k, y in enumerate([0] * width + row[:-width])] for row in Z]
    same(times(X, Z), x * z, *combined((1, lead * z, ta), *following), text)


# The whole network


def check_global(network, claims):
    """Return what is proved of all regions at once."""
    good = (
        isinstance(claims, dict) and "evidence" in claims and set(claims) <= {"p_matrix", "principal", "continuous", "evidence"}
    )
    need(good, "global: evidence, or unknown claims")
    n, p, _ = network["sizes"]
    (A, a), (W, w), (AhC, _), (Vb, v) = (network[name] for name in ("A", "W", "AhC", "Vb"))
    plain = p == n and all(x == v * (i == j) for i, row in enumerate(Vb) for j, x in enumerate(row))
    need(plain and all(x == 0 for i, row in enumerate(A) for j, x in enumerate(row) if i != j), "global: the network is no PLRNN")
    need(len(claims["evidence"]) == 1, "global: one kind of evidence is expected")
    p_matrix = check_p_matrix(combined((1, a, A), (1, w, W))[0], *claims["evidence"].items())
    positive = all(A[i][i] > 0 for i in range(n))
    matters = [i for i in range(n) if any(row[i] for row in W)]
    still = not any(W[i][k] for i in matters for k in range(n) if k != i) and not any(any(AhC[i][n:]) for i in matters)
    principal = p_matrix and positive
    facts = {"p_matrix": p_matrix, "principal": principal, "continuous": still if principal else None}
    for name in ("p_matrix", "principal", "continuous"):
        if name in claims:
            need(facts[name] is not None, f"global: {name} is open where E2 does not hold in all regions")
            need(claims[name] is facts[name], f"global: {name} is {facts[name]}, not {claims[name]}")
    return {name: claims[name] for name in sorted(claims) if name != "evidence"}


def check_p_matrix(B, evidence):
    """Return whether all principal minors of a matrix of whole numbers are positive, by evidence (kind, data)."""
    (kind, data), n = evidence, len(B)
    if kind == "dominant":  # x > 0 with b_ii x_i > sum_{j != i} |b_ij| x_j
        (x,), _ = matrix([data], 1, n)
        need(all(value > 0 for value in x), "dominant: x is positive")
        Meter.spend(n * n, bits(B), bits([x]))
        need(is_dominant([[y * value for y, value in zip(row, x)] for row in B]), "dominant: b_ii x_i is too small")
        return True
    if kind == "definite":  # T (B + B^T) T^T strictly dominant, T triangular with positive diagonal
        T = matrix(data, n, n)[0]
        need(all(T[i][i] > 0 and not any(T[i][i + 1 :]) for i in range(n)), "definite: T is triangular with positive diagonal")
        product = times(times(T, [[B[i][j] + B[j][i] for j in range(n)] for i in range(n)]), list(zip(*T)))
        need(is_dominant(product), "definite: T (B + B^T) T^T is not dominant")
        return True
    if kind == "minors":  # none but the matrix itself
        need(data is True and n <= MINORS, f"minors: they are computed for up to {MINORS} units")
        return all_minors_positive([[Fraction(x) for x in row] for row in B])
    need(kind == "failing", "global: evidence of this kind is unknown")  # x != 0 with x_i (B x)_i <= 0 (Fiedler and Ptak)
    (x,), _ = matrix([data], 1, n)
    need(any(x), "failing: x is not 0")
    need(all(y * z <= 0 for y, (z,) in zip(x, times(B, transposed([x])))), "failing: x_i (B x)_i <= 0 fails")
    return False


def is_dominant(Z):
    """Return whether each diagonal entry is positive and larger than the sum of the sizes of the others of its row."""
    return all(2 * row[i] > sum(map(abs, row)) for i, row in enumerate(Z))


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


def check_cells(network, claim):
    """Return what is proved of the list of all patterns that some state has.

    Each has a state. A prefix, the first digits of patterns, is empty if multipliers y > 0 of some of its units make the sum of
    y_i (V z + b)_i over the active ones minus that over the others a number that does not depend on z and is negative, or 0 with
    an active unit among them: a state with this prefix would make the sum >= 0, and > 0 with an active unit. The list is complete
    if the patterns and the empty prefixes stand for all 2^p patterns: none begins with another one, and they count as many.
    """
    n, p, _ = network["sizes"]
    rows = network["Vb"][0]  # V z + b up to a positive factor
    fields(claim, "nonempty, empty", "global.regions")
    leaves = sorted([*claim["nonempty"], *claim["empty"]])
    need(all(len(leaf) <= p and not set(leaf) - {"0", "1"} for leaf in leaves), "global.regions: a pattern has digits 0 and 1")
    for pattern, state in claim["nonempty"].items():
        at(0, f"global.regions: {pattern}")
        Z, q = matrix([state], 1, n)
        values = times(rows, [[x] for x in Z[0]] + [[q]])
        need(len(pattern) == p, "a pattern has a digit for each unit")
        need(all((x > 0) == (d == "1") for (x,), d in zip(values, pattern)), "the state has another pattern")
    for prefix, multipliers in claim["empty"].items():
        at(0, f"global.regions: {prefix}")
        units = [whole(text) - 1 for text in multipliers]
        need(units and all(0 <= i < len(prefix) for i in units), "a multiplier is of none of its units, or there is none")
        (y,), _ = matrix([list(multipliers.values())], 1, len(units))
        need(all(x > 0 for x in y), "a multiplier is not positive")
        (total,) = times([[x if prefix[i] == "1" else -x for x, i in zip(y, units)]], [rows[i] for i in units])
        need(not any(total[:n]), "the sum depends on the state")
        strict = any(prefix[i] == "1" for i in units)
        need(total[n] < 0 or (total[n] == 0 and strict), "the sum contradicts nothing")
    at(0)
    apart = not any(second.startswith(first) for first, second in zip(leaves, leaves[1:]))
    need(apart, "global.regions: a pattern or prefix begins with another one")
    Meter.spend(len(leaves), p)
    need(sum(2 ** (p - len(leaf)) for leaf in leaves) == 2**p, "global.regions: the list is not complete")
    return {"complete": True, "nonempty": len(claim["nonempty"])}


def check(document):
    """Return what is proved, as pairs (where, claims); raise Refused if a claim is not."""
    return bounded(check_document, document)


def bounded(function, document):
    """Return the result of a check with a bound on its work. Data of a wrong shape may raise errors, which accept nothing."""
    with bounds():
        try:
            return function(document)
        except (TypeError, KeyError, IndexError, AttributeError, ValueError, ArithmeticError) as error:
            raise Refused(f"the certificate is malformed: {error}") from None


@contextmanager
def bounds():
    """Bound the work and the length of numbers."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(LONGEST)
    Meter.left = WORK
    try:
        yield
    finally:
        Meter.left = WORK
        at(0)
        sys.set_int_max_str_digits(digits)


def check_document(document):
    """Return what is proved; see `check`."""
    shapes, data = shapes_of(document, "symplrnn certificate, network, dt, regions, global"), document["network"]
    n, p, m = *shapes["V"][::-1], shapes["C"][1]
    network = {"sizes": (n, p, m)}
    for name, shape in shapes.items():
        at(0, f"network: {name}")
        network[name] = matrix(data[name], *shape)
    network |= {"AhC": beside(network["A"], network["h"], network["C"]), "Vb": beside(network["V"], network["b"])}
    at(0)
    need(rational(document["dt"])[0] > 0, "dt is positive")
    proved = {}
    for number, region in enumerate(document["regions"], 1):
        at(0, f"region number {number}")
        found = check_region(network, region)
        need(f"region {region['pattern']}" not in proved, "regions: a region is there twice")
        proved[f"region {region['pattern']}"] = found
    at(0)
    claims = document["global"]
    if isinstance(claims, dict) and "regions" in claims:
        proved["the list of regions"] = check_cells(network, claims["regions"])
        claims = {name: claim for name, claim in claims.items() if name != "regions"} or None
    if claims is not None:
        proved[f"all 2^{p} regions"] = check_global(network, claims)
    return list(proved.items())


def shapes_of(document, names):
    """Return the heights and widths of the matrices of a network, once a certificate has its fields."""
    version = document.get("symplrnn certificate")
    need(version == VERSION, f"a certificate of version {VERSION} is expected; write it anew")
    need(names.endswith("letters") or "letters" not in document, "a network with letters: check_letters.py checks it")
    fields(document, names, "the certificate")
    data = document["network"]
    fields(data, "A, W, h, C, V, b", "network")
    n, p, m = len(data["A"]), len(data["V"]), len(data["C"][0])
    need(0 < n <= LARGEST and max(p, m) <= LARGEST, f"network: up to {LARGEST} states, units and inputs are accepted")
    return {"A": (n, n), "W": (n, p), "h": (n, 1), "C": (n, m), "V": (p, n), "b": (p, 1)}


def main(arguments, check=check):
    """Check a file and print what is proved; return 0, or 1 if it is refused, or 2 if it cannot be read."""
    if len(arguments) != 1:
        print("usage: python -I PROGRAM FILE", file=sys.stderr)
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
        print(f"proved, {where}: " + "; ".join(f"{name} {claim}" for name, claim in claims.items()))
    return 0


def run(check=check):
    """Run the program, and end it."""
    try:
        status = main(sys.argv[1:], check)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough
        sys.stderr.close()
        status = 141
    sys.exit(status)


if __name__ == "__main__":
    run()
