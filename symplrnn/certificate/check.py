"""Check a certificate of symplrnn with nothing but Python: ``python -I check.py FILE``.

This file stands alone: it imports the standard library only, so it can be copied out, read in one sitting, and trusted without
the package that wrote the certificate. It accepts a claim only if it proves it, and else says which identity fails. All
arithmetic is exact. A certificate that would take too long is refused, not believed.

A network maps z to A z + W relu(V z + b) + h + C s. In the region of a pattern (one digit a unit, 1 for active) that is
M z + c + C s with M = A + W D V, c = h + W D b, or (z, 1, s) to F (z, 1, s) with F = [[M, c, C], [0, 1, 0], [0, 0, 1]]. These
claims on regions are checked:

  characteristic_polynomial  of M                                by Faddeev and LeVerrier
  zero, one                  is 0, is 1 an eigenvalue of M       by its values there
  negative                   number of negative eigenvalues      distinct ones, by Sturm chains of its squarefree parts
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

Networks with letters are checked by check_letters.py, which needs this file beside it.

Why the evidence suffices.

Blocks. Let each root of a squarefree f be a root of chi of multiplicity m, and generators g_1, ... with sizes m_1, ... that add
up to m be given. If f(M)^m_i g_i = 0, Q[M] g_i is a quotient of Q[x]/f^m_i; if all M^k g_i, k < m_i deg f, are independent (as
they are if they are so modulo a prime), it is Q[x]/f^m_i, and the sum of all is direct and has dimension m deg f: it is the
kernel of f(M)^m. So each root of f has the Jordan blocks m_1, m_2, ..., whether f is irreducible or not. A simple root has one
block of size 1. E3, E4 and E5 are read off the sizes and the numbers of negative, positive and complex roots of each f.

Unit circle. x = (w + 1)/(w - 1) is inside iff Re w < 0. For the transformed polynomial p of degree d write p(iy) = u + i v. Its
argument grows by pi times (roots on the left - roots on the right), which is the Cauchy index of u/v (d odd) or minus that of v/u
(d even), by a Sturm chain; it ends with the greatest common divisor of u and v, whose real roots are those on the axis.

Jump. P^2 = P, P F = F P, P F is nilpotent and the trace of P is the multiplicity of 0: so P projects onto the generalised kernel
along the invariant complement, F' is invertible, and F' J = F (1 - P) + F P = F.

Formula. Let F be invertible (after the jump F' stands for it), F = S + N with S N = N S, f_1 f_2 ... the product of x - l over
the eigenvalues l, and E(l) = H_i(l) / d_i(l) for f_i(l) = 0, with d_i coprime to f_i. If S H_i(x) = x H_i(x) modulo f_i(x), the
columns of E(l) are eigenvectors of S for l, or 0. If also the sum of all E(l) is 1, each vector v is the sum of the E(l) v, its
components in the eigenspaces of S: so the E(l) are the spectral projectors of S, and with a nilpotent U = S^-1 N those of F. With
R = U - U^2/2 + U^3/3 - ..., if no l is negative, log F = log S + log(1 + U) = R + sum log(l) E(l), which is real.

Half turns. For negative l this with log|l| for log(l) is real, and where l is negative its exponential is -F: half a turn is
missing. Let f_i have chains of columns a_k(l) and rows c_k(l) with F a_k = l a_k + a_(k+1), c_k F = l c_k + c_(k-1) modulo f_i,
c_j a_k = D(l) if they belong to each other, else 0, and D coprime to f_i; as many as f_i divides chi. Then the a_k(l) are a basis
of the range of E(l), and c_k(l) / D(l) the coordinates on it, because c_k (F - l)^n = 0. Two chains a, b of one length are turned
by K a_k = b_k, K b_k = -a_k: K commutes with F and K^2 = -1, so exp(pi K) = -1. A second chain that is shorter by q, or missing,
is continued to the front by q extra coordinates b_0, ..., with F^ b_k = l b_k + b_(k+1). On two chains F^ - l is nilpotent and
commutes with K. So
    L = log|l| + (F^ - l)/l - ((F^ - l)/l)^2/2 + ... + pi K  on the chains of negative l,   log F elsewhere
is real with exp L = F^, and F^ is F on the coordinates (z, 1, s): they follow the network, with 0 in the extra coordinates at
each grid time. Each row (0, 1, 0), (0, 0, 1) that F keeps is one that L sends to 0; so the first rows of L/dt are an ODE.
"""

import json
import re
import sys
from fractions import Fraction
from math import gcd, lcm

VERSION = 2
LONGEST = 200_000  # digits of a number
LARGEST = 400  # rows of a matrix
SHOWN = 300  # characters of a reason
MINORS = 14  # units whose minors are all computed here
FILE = 4 * 10**8  # characters of a file
WORK = 3 * 10**10  # about the products of 64-bit words: some minutes
PRIME = 2**61 - 1
WHOLE = re.compile(r"-?[0-9]+")


class Refused(Exception):
    """A claim is not proved; the text says where, and which identity fails."""

    def __init__(self, text):
        shown = ascii(text)[1:-1]  # one line that any terminal prints as it is, whatever the claim holds
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


def need(condition, text):
    """Refuse unless a condition holds."""
    if not condition:
        raise Refused(text)


def fields(data, names, where):
    """Refuse unless the data are an object with these fields and no others."""
    need(isinstance(data, dict) and set(data) == set(names.split(", ")), f"{where}: {names} are expected")


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


def shared(data, height, width, where):
    """Return (Z, q) from {"denominator": q, "rows": Z}."""
    fields(data, "denominator, rows", where)
    q, rows = whole(data["denominator"]), data["rows"]
    need(q > 0, f"{where}: a denominator is positive")
    need(isinstance(rows, list) and len(rows) == height, f"{where}: {height} rows are expected")
    need(all(isinstance(row, list) and len(row) == width for row in rows), f"{where}: rows of {width} numbers are expected")
    return [[whole(x) for x in row] for row in rows], q


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
    total = None
    for p, d, Z in terms:
        factor = p * (q // d)
        Meter.spend(len(Z) * len(Z[0]), factor.bit_length(), bits(Z))
        total = [[factor * x + y for x, y in zip(row, other)] for row, other in zip(Z, total or [[0] * len(Z[0])] * len(Z))]
    return total, q


def powers(q, count):
    """Return 1, q, ..., q^count."""
    found = [1]
    for _ in range(count):
        Meter.spend(1, found[-1].bit_length(), q.bit_length())
        found.append(found[-1] * q)
    return found


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


def coprime(p, q):
    """Return whether two polynomials that are not 0 have no common root: by a prime if it shows that, else exactly."""
    if p[-1] % PRIME and q[-1] % PRIME:
        a, b = [x % PRIME for x in p], [x % PRIME for x in q]
        Meter.spend(len(a) * len(b))
        while b:
            inverse = pow(b[-1], -1, PRIME)
            while len(a) >= len(b):
                factor, shift = a[-1] * inverse % PRIME, len(a) - len(b)
                a[shift:] = [(x - factor * y) % PRIME for x, y in zip(a[shift:], b)]
                while a and not a[-1]:
                    a.pop()
            a, b = b, a
        if len(a) == 1:
            return True
    return len(greatest_divisor(p, q)) == 1


def quotient(p, f):
    """Return p / f up to a constant, where f divides p."""
    p, found = list(p), []
    while len(p) >= len(f):
        divisor = gcd(p[-1], f[-1])
        lead, top = f[-1] // divisor, p[-1] // divisor
        Meter.spend(2 * len(p), bits([p]), bits([f]))
        p, found = [lead * x for x in p], [lead * x for x in found]
        for k, x in enumerate(f):
            p[len(p) - len(f) + k] -= top * x
        found.append(top)
        p.pop()
    need(not any(p), "a polynomial does not divide another")
    return trimmed(found[::-1])


def shifted(p, a):
    """Return p(x + a) for a whole number a."""
    p = list(p)
    Meter.spend(len(p) ** 2, bits([p]) + len(p))
    for i in range(len(p) - 1):
        for k in range(len(p) - 2, i - 1, -1):
            p[k] += a * p[k + 1]
    return p


def squarefree_parts(p):
    """Return (s, m) for each multiplicity m that a root has, s with these roots once (Yun)."""
    p = trimmed(p)
    if coprime(p, derivative(p)):
        return [(p, 1)]
    common = greatest_divisor(p, derivative(p))
    rest = quotient(p, common)  # each root once
    parts, multiplicity = [], 1
    while len(rest) > 1:
        more = greatest_divisor(rest, common)  # the roots of multiplicity above this one
        if len(more) < len(rest):
            parts.append((quotient(rest, more), multiplicity))
        common, rest, multiplicity = quotient(common, more), more, multiplicity + 1
    return parts


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
    """Return how many roots of a squarefree polynomial are inside, on and outside the unit circle; see the head of this file."""
    on = int(sum(p) == 0)
    if on:
        p = quotient(p, [-1, 1])
    d = len(p) - 1
    about_1 = shifted(p, 1)
    p = shifted([about_1[d - k] << d - k for k in range(d + 1)], -1)  # (w - 1)^d p(1 + 2/(w - 1))
    parts = [[x * (1, 0, -1, 0)[(k - odd) % 4] for k, x in enumerate(p)] for odd in (0, 1)]  # u and v
    full, other = (trimmed(part) for part in (parts if d % 2 == 0 else parts[::-1]))
    chain = sturm_chain(full, other)
    before, after = at_infinity(chain)
    before_g, after_g = at_infinity(sturm_chain(chain[-1], derivative(chain[-1])))
    axis, difference = before_g - after_g, (before - after) * (-1) ** (d + 1)
    return (d - axis + difference) // 2, on + axis, (d - axis - difference) // 2


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
    facts = dict.fromkeys(["zero", "one", "negative", "unit_circle", "stable", "E1", "E2", "E3", "real_odes", "extra", "kind"])
    known = {"pattern", "characteristic_polynomial", *facts, "blocks", "lengthened", "jump", "formula"}
    need(isinstance(region, dict) and set(region) <= known and "pattern" in region, f"{where}: unknown claims")
    n = network["sizes"][0]
    F, q = region_map(network, region["pattern"])
    M = [row[:n] for row in F[:n]]
    chi, scale = characteristic_polynomial(M, q)
    if "characteristic_polynomial" in region:
        claim = region["characteristic_polynomial"]
        need(isinstance(claim, list) and len(claim) == n + 1, f"{where}: the characteristic polynomial has {n + 1} coefficients")
        for x, text in zip(chi, claim):
            p, d = rational(text)
            need(p * scale == x * d, f"{where}: the characteristic polynomial is another")
    parts = squarefree_parts(chi)
    pieces = block_pieces(M, q, parts, region.get("blocks", []), where)
    unit_blocks = check_blocks(F, q, [-1, 1], region["lengthened"], where) if "lengthened" in region else None
    multiplicity_of_1 = next((m for s, m in parts if sum(s) == 0), 0)
    need(
        unit_blocks is None or sum(unit_blocks) == multiplicity_of_1 + len(F) - n,
        f"{where}: lengthened: the sizes do not add up to the multiplicity of 1",
    )
    facts["zero"], facts["one"] = chi[0] == 0, sum(chi) == 0
    facts["negative"] = sum(negative for _, _, _, (negative, _, _) in pieces)
    facts["E2"] = not facts["negative"] and not facts["zero"]
    facts["E1"] = facts["E2"] and not facts["one"]
    if "unit_circle" in region or "stable" in region:
        counted = [[m * x for x in circle_counts(s)] for s, m in parts]
        facts["unit_circle"] = [sum(column) for column in zip(*counted)]
        facts["stable"] = facts["unit_circle"][0] == n
    facts["E3"], facts["extra"] = pairing(pieces, facts["zero"])
    facts["real_odes"] = number_of_odes(pieces, facts, unit_blocks)
    if facts["extra"] is not None:
        names = [name for name, holds in (("lifted", facts["extra"]), ("impulsive", facts["zero"])) if holds]
        facts["kind"] = "+".join(names) or ("real" if facts["negative"] else "principal")
    for name, value in facts.items():
        if name in region:
            claim = region[name]
            need(value is not None, f"{where}: {name}: the evidence does not suffice")
            need(type(claim) is type(value) and repr(claim) == repr(value), f"{where}: {name} is {value}, not {claim}")
    if "jump" in region:
        need(facts["zero"], f"{where}: a jump is claimed, but 0 is no eigenvalue")
        F, q = check_jump(F, q, region["jump"], next(m for s, m in parts if s[0] == 0), where)
    if "formula" in region:
        need("jump" in region or not facts["zero"], f"{where}: a formula is claimed, but 0 is an eigenvalue: a jump is missing")
        extra = check_formula(F, q, region["formula"], parts, facts["negative"], where)
        need(extra == facts["extra"], f"{where}: the formula has {extra} extra coordinates; the fewest are {facts['extra']}")
    proved = {name: region[name] for name in facts if name in region}
    return proved | {name: True for name in ("jump", "formula") if name in region}


# Jordan blocks


def block_pieces(M, q, parts, evidence, where):
    """Return (f, m, sizes, counts of roots) for squarefree f whose product, with the multiplicities m, is chi.

    The sizes are those of the Jordan blocks of M/q at each root; None if the evidence does not say.
    """
    need(isinstance(evidence, list), f"{where}: blocks: a list is expected")
    rest, found = {m: s for s, m in parts if m > 1}, [(s, 1, (1,)) for s, m in parts if m == 1]
    for number, item in enumerate(evidence, 1):
        at = f"{where}: blocks {number}"
        need(isinstance(item, dict) and "factor" in item, f"{at}: a factor is expected")
        f = primitive(polynomial(item["factor"], at))
        sizes = check_blocks(M, q, f, {name: item[name] for name in item if name != "factor"}, at)
        m = sum(sizes)
        need(len(f) > 1 and len(rest.get(m, [])) >= len(f), f"{at}: the sizes do not add up to the multiplicity of the factor")
        rest[m] = quotient(rest[m], f)
        found.append((f, m, sizes))
    found += [(s, m, None) for m, s in rest.items() if len(s) > 1]
    return [(f, m, sizes, root_counts(f)) for f, m, sizes in found]


def check_blocks(Z, q, f, item, where):
    """Return the sizes of the Jordan blocks of Z/q at each root of a squarefree f, if they add up to its multiplicity."""
    n, d = len(Z), len(f) - 1
    fields(item, "sizes, generators", where)
    sizes, generators = item["sizes"], item["generators"]
    lists = isinstance(sizes, list) and isinstance(generators, list)
    need(lists and len(sizes) == len(generators) > 0, f"{where}: a size for each generator is expected")
    need(all(type(size) is int and 0 < size <= n for size in sizes) and d * sum(sizes) <= n, f"{where}: the sizes are too large")
    columns, reduced, krylov = transposed(Z), [[x % PRIME for x in row] for row in Z], []
    weights = [c * scale for c, scale in zip(f, reversed(powers(q, d)))]
    for size, texts in zip(sizes, generators):
        need(isinstance(texts, list) and len(texts) == n, f"{where}: a generator has {n} entries")
        g = [whole(text) for text in texts]
        vector = g
        for _ in range(size):  # f(Z/q) vector, by Horner, up to a factor
            value = [weights[d] * x for x in vector]
            for k in range(d - 1, -1, -1):
                value = [x + weights[k] * y for x, y in zip(times([value], columns)[0], vector)]
            divisor = gcd(*value) or 1
            vector = [x // divisor for x in value]
        need(not any(vector), f"{where}: f(M)^m g = 0 fails")
        power = [x % PRIME for x in g]
        Meter.spend(d * size * n * n)
        for _ in range(d * size):
            krylov.append(power)
            power = [sum(map(int.__mul__, row, power)) % PRIME for row in reduced]
    need(independent(krylov), f"{where}: the vectors M^k g are not independent modulo {PRIME}")
    return tuple(sorted(sizes, reverse=True))


def independent(rows):
    """Return whether rows are independent modulo the prime, which they are not if they are dependent."""
    rows = [list(row) for row in rows]
    while rows:
        row = rows.pop()
        at = next((j for j, x in enumerate(row) if x), None)
        if at is None:
            return False
        inverse = pow(row[at], -1, PRIME)
        Meter.spend(2 * len(rows) * len(row))
        for other in rows:
            if other[at]:
                factor = other[at] * inverse % PRIME
                other[:] = [(x - factor * y) % PRIME for x, y in zip(other, row)]
    return True


def pairing(pieces, zero):
    """Return whether there is a real logarithm (E3), and the fewest extra coordinates (E5); None if that is open."""
    negative = [(m, sizes, counts[0]) for _, m, sizes, counts in pieces if counts[0]]
    extra = 0
    for _, sizes, count in negative:
        if sizes is None or extra is None:
            extra = None
        else:
            extra += count * (sum(sizes[::2]) - sum(sizes[1::2]))
    odd = any(m % 2 for m, _, _ in negative) or any(sizes and sizes[::2] != sizes[1::2] for _, sizes, _ in negative)
    return (False if zero or odd else None if extra is None else True), extra


def number_of_odes(pieces, facts, unit_blocks):
    """Return how many real ODEs there are (E4), or None if that is open.

    At 1 only blocks count that c and C do not lengthen: ``unit_blocks`` are those of F, each size n_j of M less those that are
    longer in F.
    """
    if not facts["E3"]:
        return None if facts["E3"] is None else "none"
    answers = [True] if facts["negative"] else []  # for each reason for uncountably many whether it holds
    for f, _, sizes, (_, positive, pairs) in pieces:
        if sizes is None:
            answers += [None] if positive or pairs else []
            continue
        if pairs:
            answers.append(len(sizes) > 1)
        if positive and len(set(sizes)) < len(sizes):
            at_1 = sum(f) == 0
            if not at_1 or positive > 1:
                answers.append(True)
            elif len(f) > 2 or unit_blocks is None:
                answers.append(None)
            else:
                longer = {j: sum(x > j for x in unit_blocks) - sum(x > j for x in sizes) for j in set(sizes)}
                answers.append(any(sizes.count(j) - longer[j] > 1 for j in longer))
    if True in answers or None in answers:
        return "uncountable" if True in answers else None
    return "countable" if any(counts[2] for *_, counts in pieces) else "one"


# The closed form


def check_jump(F, q, jump, multiplicity, where):
    """Return F' = F (1 - P) + P, if P is the projector onto the generalised kernel, and J = 1 - P + F P."""
    size = len(F)
    fields(jump, "projector, map", f"{where}: jump")
    (P, p), (J, j) = (shared(jump[name], size, size, f"{where}: jump: {name}") for name in ("projector", "map"))
    same(times(P, P), p, P, 1, f"{where}: jump: P^2 = P fails")
    FP, one = times(F, P), unit(size)
    same(FP, 1, times(P, F), 1, f"{where}: jump: F P = P F fails")
    need(sum(P[i][i] for i in range(size)) == multiplicity * p, f"{where}: jump: the trace of P is not the multiplicity of 0")
    power, order = FP, 1
    while order < multiplicity:
        power, order = times(power, power), 2 * order
    need(is_zero(power), f"{where}: jump: F P is not nilpotent")
    same(J, j, *combined((1, 1, one), (-1, p, P), (1, q * p, FP)), f"{where}: jump: J = 1 - P + F P fails")
    return combined((1, q, F), (-1, q * p, FP), (1, p, P))


def check_formula(F, q, formula, parts, negative, where):
    """Check that the closed form is a real logarithm of F/q or of its lift; return the number of extra coordinates."""
    size = len(F)
    fields(formula, "nilpotent, rational_part, unipotent, terms", f"{where}: formula")
    N, U, R = (shared(formula[name], size, size, f"{where}: {name}") for name in ("nilpotent", "unipotent", "rational_part"))
    S = combined((1, q, F), (-1, N[1], N[0]))
    same(times(S[0], N[0]), 1, times(N[0], S[0]), 1, f"{where}: S N = N S fails")
    same(times(S[0], U[0]), S[1] * U[1], N[0], N[1], f"{where}: S U = N fails")
    power, terms, order = U[0], [], 1
    while not is_zero(power):
        need(order < size, f"{where}: U is not nilpotent")
        terms.append(((-1) ** (order - 1), order * powers(U[1], order)[order], power))
        power, order = times(power, U[0]), order + 1
    total, d = combined(*terms) if terms else ([[0] * size for _ in range(size)], 1)
    same(R[0], R[1], total, d, f"{where}: R = U - U^2/2 + ... fails")
    need(isinstance(formula["terms"], list) and 0 < len(formula["terms"]) <= size, f"{where}: terms are expected")
    product, sums, extra = [1], [], 0
    for number, term in enumerate(formula["terms"], 1):
        at = f"{where}: term {number}"
        turns = isinstance(term, dict) and "half_turns" in term
        fields(term, "factor, denominator, matrices, root_sums" + ", half_turns" * turns, at)
        f, g = polynomial(term["factor"], at), polynomial(term["denominator"], at)
        degree = len(f) - 1
        need(f[-1] == 1, f"{at}: the factor is not monic")
        need(
            degree >= 1 and isinstance(term["matrices"], list) and len(term["matrices"]) == degree,
            f"{at}: as many matrices as the degree of the factor",
        )
        H = [shared(Z, size, size, at) for Z in term["matrices"]]
        for k in range(degree):  # S H(x) = x H(x) modulo f, by coefficients: S H_k = H_{k-1} - f_k H_{d-1}
            before = [(1, H[k - 1][1], H[k - 1][0])] if k else []
            right = combined((-f[k].numerator, f[k].denominator * H[-1][1], H[-1][0]), *before)
            same(times(S[0], H[k][0]), S[1] * H[k][1], *right, f"{at}: S H(x) = x H(x) modulo the factor fails")
        product = multiplied(product, primitive(f))
        weights = root_sums(f, g, term["root_sums"], at)
        sums += [(t.numerator, t.denominator * Z[1], Z[0]) for t, Z in zip(weights, H)]
        turning = root_counts(primitive(f))[0] if negative else 0
        need(bool(turning) == turns, f"{at}: half turns belong to factors with negative roots")
        if turning:
            extra += turning * check_half_turns(F, q, f, term["half_turns"], parts, at)
    radical = [1]
    for s, _ in parts:
        radical = multiplied(radical, s[1:] if s[0] == 0 else s)
    radical = trimmed(radical if sum(radical) == 0 else multiplied(radical, [-1, 1]))  # F has the eigenvalue 1
    need(product in (radical, [-x for x in radical]), f"{where}: the factors are not those of det(x - F)")
    total, d = combined(*sums)
    same(total, d, unit(size), 1, f"{where}: the projectors do not sum to 1")
    return extra


def check_half_turns(F, q, f, item, parts, where):
    """Check the chains of a factor with negative roots; return the number of extra coordinates for each of them."""
    fields(item, "divisor, pairs", f"{where}: half turns")
    D, pairs, size, degree = polynomial(item["divisor"], where), item["pairs"], len(F), len(f) - 1
    need(len(D) <= degree and coprime(primitive(D), primitive(f)), f"{where}: the divisor is 0 at a root of the factor")
    one_or_two = isinstance(pairs, list) and all(isinstance(pair, list) and 0 < len(pair) < 3 for pair in pairs)
    need(one_or_two, f"{where}: pairs of one or two chains are expected")
    w = common_multiple([x.denominator for x in f])
    phi = [x.numerator * (w // x.denominator) for x in f]  # f = phi/w
    all_columns, all_rows, extra, turned = [], [], 0, transposed(F)
    for pair in pairs:
        lengths = []
        for chain in pair:
            fields(chain, "columns, rows", f"{where}: a chain")
            lists = chain["columns"], chain["rows"]
            count = len(lists[0]) if isinstance(lists[0], list) else 0
            need(count and isinstance(lists[1], list) and len(lists[1]) == count, f"{where}: a row for each column is expected")
            need((len(all_columns) + count) * degree <= size, f"{where}: the chains are too long")
            columns, rows = ([shared(vector, degree, size, where) for vector in part] for part in lists)
            check_chain(columns, turned, q, phi, w, f"{where}: F a = l a + a' fails")
            check_chain(rows[::-1], F, q, phi, w, f"{where}: c F = l c + c' fails")
            all_columns, all_rows = all_columns + columns, all_rows + rows
            lengths.append(count)
        extra += lengths[0] - sum(lengths[1:])
        need(lengths[-1] <= lengths[0], f"{where}: the second chain of a pair is longer than the first")
    m = len(all_columns)
    part = next((s for s, multiplicity in parts if multiplicity == m), None)
    need(part and not remainder(part, primitive(f)), f"{where}: the chains are not as many as the multiplicity of the factor")
    for i, (Z, p) in enumerate(all_columns):
        for j, (Y, y) in enumerate(all_rows):  # the product of row and column, a polynomial modulo f
            products, sums = times(Y, transposed(Z)), [0] * (2 * degree - 1)
            for k, line in enumerate(products):
                for h, x in enumerate(line):
                    sums[k + h] += x
            scale = p * y
            while len(sums) > degree:
                top, scale = sums.pop(), scale * w
                Meter.spend(2 * len(sums), max(abs(top), scale).bit_length(), bits([phi]))
                sums = [w * x for x in sums]
                for k in range(degree):
                    sums[len(sums) - degree + k] -= top * phi[k]
            wanted = D if i == j else []
            values = [Fraction(x, scale) for x in sums]
            need(values == wanted + [0] * (degree - len(wanted)), f"{where}: c a = D or 0 fails")
    return extra


def check_chain(vectors, F, q, phi, w, text):
    """Refuse unless v F/q = x v + v' modulo phi/w for each vector v(x), by coefficients, and the next one v', in the end 0."""
    for (Z, p), following in zip(vectors, [*vectors[1:], None]):
        Meter.spend(2 * len(Z) * len(F), bits(Z), bits([phi]))
        last = Z[-1]
        shift = [[w * x - c * y for x, y in zip(before, last)] for c, before in zip(phi, [[0] * len(last), *Z[:-1]])]
        right = combined((1, w * p, shift), *([(1, following[1], following[0])] if following else []))
        same(times(Z, F), q * p, *right, text)


def root_sums(f, g, texts, where):
    """Return the sums of l^k / g(l) over the roots of f, k < d, which are claimed, from those of l^k = l^k g(l) / g(l)."""
    degree = len(f) - 1
    need(isinstance(texts, list) and len(texts) == degree, f"{where}: {degree} sums over roots are expected")
    need(coprime(primitive(f), primitive(g)), f"{where}: the denominator is 0 at a root of the factor")
    t, powers = [Fraction(*rational(text)) for text in texts], [Fraction(degree)]
    for k in range(1, degree):  # Newton's identities
        Meter.spend(k, *(max(max(abs(x.numerator), x.denominator) for x in p).bit_length() for p in (f, powers)))
        powers.append(-k * f[degree - k] - sum((f[degree - i] * powers[k - i] for i in range(1, k)), Fraction(0)))
    row = (g + [Fraction(0)] * degree)[:degree]
    need(len(g) <= degree, f"{where}: the degree of the denominator is too high")
    for k in range(degree):
        Meter.spend(degree, *(max(max(abs(x.numerator), x.denominator) for x in p).bit_length() for p in (row, t)))
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
    Meter.spend(2 * len(X) * len(X[0]), max(bits(X), bits(Y)), max(p.bit_length(), q.bit_length()))
    need(all(x * q == y * p for row, other in zip(X, Y) for x, y in zip(row, other)), text)


def multiplied(p, q):
    """Return the product of two polynomials of whole numbers."""
    Meter.spend(len(p) * len(q), bits([p]), bits([q]))
    found = [0] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            found[i + j] += x * y
    return found


# The whole network


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
            need(facts[name] is not None, f"global: {name} is open where E2 does not hold in all regions")
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
    fields(claim, "nonempty, empty", "global.regions")
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
    return bounded(check_document, document)


def bounded(function, document):
    """Return the result of a check with a bound on its work."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(LONGEST)
    Meter.left = WORK
    try:
        return function(document)
    finally:
        sys.set_int_max_str_digits(digits)


def check_document(document):
    """Return what is proved; see `check`."""
    shapes, data = shapes_of(document, "symplrnn certificate, network, dt, regions, global"), document["network"]
    n, p, m = *shapes["V"][::-1], shapes["C"][1]
    network = {name: matrix(data[name], *shape, f"network: {name}") for name, shape in shapes.items()} | {"sizes": (n, p, m)}
    need(rational(document["dt"])[0] > 0, "dt is positive")
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


def shapes_of(document, names):
    """Return the heights and widths of the matrices of a network, once a certificate has its fields."""
    version = document.get("symplrnn certificate") if isinstance(document, dict) else None
    need(version == VERSION, f"a certificate of version {VERSION} is expected")
    need(names.endswith("letters") or "letters" not in document, "a network with letters: check_letters.py checks it")
    fields(document, names, "the certificate")
    need(isinstance(document["regions"], list), "regions: a list is expected")
    data = document["network"]
    fields(data, "A, W, h, C, V, b", "network")
    sizes = [len(data[name]) if isinstance(data[name], list) else -1 for name in "AV"]
    need(isinstance(data["C"], list) and data["C"] and isinstance(data["C"][0], list), "network: C has a row for each state")
    n, p, m = *sizes, len(data["C"][0])
    need(
        0 < n <= LARGEST and 0 <= p <= LARGEST and m <= LARGEST, f"network: up to {LARGEST} states, units and inputs are accepted"
    )
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
