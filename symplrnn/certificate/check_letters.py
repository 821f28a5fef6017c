"""Check a certificate of a network with letters: ``python -I check_letters.py FILE``, with check.py beside it.

The standard library only, as there. A network maps z to A z + W relu(V z + b) + h + C s, its entries are polynomials in letters,
and what is assumed of the letters is part of the document. Of a region, M z + c + C s, these claims are checked for all values of
the letters at which the assumptions hold:

  determinant, matrices  q(t) = det(1 + t N) and B_0, B_1, ... with (1 + t N) (B_0 + t B_1 + ...) = q(t), N = M - 1
  factors                monic polynomials in x whose product is det(x - M)
  entries                the entries of log F where E2 holds, as divided differences (see check_entries); F as in check.py
  conditions             where E1, E2, E3 hold, 0 or 1 is an eigenvalue (a jump is needed, E6), a lift is needed (E5), all are
                         inside the unit circle, and where there are no, one, countably and uncountably many real ODEs (E4)
  other_cases            closed forms of a system, with a jump or a lift, wherever E2 fails (see check_system)

and of all regions of a PLRNN

  global.minors          E2 holds in all exactly where A and these principal minors of A + W are positive (G1)
  global.principal       a formula that says the same

Why the evidence suffices.

E2 holds exactly where q > 0 on [0, 1], since an eigenvalue l of M makes q vanish at t = 1/(1 - l). Then log M = N Phi and
phi(M) = Phi = int_0^1 (1 + t N)^-1 dt = sum_k B_k int_0^1 t^k/q dt, and X = N Phi/dt, y = Phi c/dt, Y = Phi C/dt.

Cases. A tree divides the values of the letters by the signs of polynomials. That a sign follows from those above it, or that a
case is impossible, is proved by a sum of positive products. In each case the distinct roots of the factors, their
multiplicities, the signs of the real ones and the Jordan blocks (by ranks) are found from signs that are known; so are the
truth of each claim and that of its formula, which must be the same.
"""

import sys
from fractions import Fraction
from pathlib import Path

if __package__:
    from symplrnn.certificate import check as numbers
else:  # run alone
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import check as numbers

LARGEST, MINORS, Meter, Refused = numbers.LARGEST, numbers.MINORS, numbers.Meter, numbers.Refused
fields, need, rational, whole = numbers.fields, numbers.need, numbers.rational, numbers.whole


# Polynomials in letters are dicts of coefficients, ints or fractions, by exponents.


TERMS = 10**6  # of a polynomial: for memory


def number(x):
    """Return a fraction as an int if it is whole, which is faster."""
    return x.numerator if x.denominator == 1 else x


def in_letters(data, count):
    """Return a polynomial from a text such as "-3/4", or from an object such as {"1 0 2": "3"} for 3 a c^2."""
    if not isinstance(data, dict):
        p, q = rational(data)
        return {(0,) * count: number(Fraction(p, q))} if p else {}
    found = {tuple(whole(k) for k in name.split(" ")): number(Fraction(*rational(text))) for name, text in data.items()}
    good = all(len(k) == count and min(k) >= 0 and max(k) <= LARGEST for k in found)
    need(good and all(name == " ".join(map(str, k)) for name, k in zip(data, found)), f"a monomial has {count} exponents")
    return {k: x for k, x in found.items() if x}


def sum_of_products(pairs, scale=1):
    """Return the sum of products of two polynomials in letters, times a number."""
    total = {}
    for p, q in pairs:
        for k, x in p.items():
            for h, y in q.items():
                Meter.spend(40, x.numerator.bit_length() + x.denominator.bit_length(), y.numerator.bit_length())
                power = tuple(map(int.__add__, k, h))
                total[power] = total.get(power, 0) + x * y
            need(len(total) <= TERMS, "a polynomial has too many terms")
    return {k: number(x * scale) for k, x in total.items() if x}


def product_in_letters(X, Y):
    """Return the product of two matrices of polynomials in letters."""
    return [[sum_of_products(zip(row, column)) for column in zip(*Y)] for row in X]


def sum_in_letters(*terms):
    """Return the sum of polynomials in letters, each a pair of a number and a polynomial."""
    total = {}
    for x, p in terms:
        Meter.spend(40 * len(p))
        for k, y in p.items():
            total[k] = total.get(k, 0) + x * y
    need(len(total) <= TERMS, "a polynomial has too many terms")
    return {k: number(x) for k, x in total.items() if x}


def divided(p, f):
    """Return q and r with p = q f + r for polynomials in letters, no term of r a multiple of that term of f which is first."""
    p, q, r, lead = dict(p), {}, {}, max(f)
    while p:
        top = max(p)
        shift = tuple(map(int.__sub__, top, lead))
        if min(shift) < 0:
            r[top] = p.pop(top)
            continue
        q[shift] = factor = number(Fraction(p[top]) / f[lead])
        Meter.spend(40 * len(f), *(x.numerator.bit_length() + x.denominator.bit_length() for x in (factor, f[lead])))
        p = sum_in_letters((1, p), (-factor, {tuple(map(int.__add__, shift, k)): x for k, x in f.items()}))
    return q, r


def resolvent(N, one):
    """Return q_0, q_1, ... and B_0, B_1, ... with q(t) = det(1 + t N) and (1 + t N) (B_0 + t B_1 + ...) = q(t)."""
    n = len(N)
    q, B = [one], [identity_in_letters(n, one)]
    for k in range(1, n + 1):
        NB = product_in_letters(N, B[-1])
        q.append(sum_in_letters(*((Fraction(1, k), NB[i][i]) for i in range(n))))
        B.append([[sum_in_letters((int(i == j), q[k]), (-1, NB[i][j])) for j in range(n)] for i in range(n)])
    return q, B[:-1]


def identity_in_letters(n, one):
    """Return the identity matrix."""
    return [[one if i == j else {} for j in range(n)] for i in range(n)]


# Cases of the letters


class Open(Refused):
    """The sign of a polynomial is not known in a case."""

    def __init__(self, polynomial):
        super().__init__("cases: the sign of a polynomial is open")
        self.polynomial = polynomial


class Case:
    """Values of the letters at which some polynomials have known signs: pairs (polynomial, sign)."""

    def __init__(self, known=(), zeros=()):
        self.known, self.zeros = list(known), list(zeros)

    def extended(self, p, sign):
        """Return the part of the case where p has a sign."""
        case = Case([*self.known, (p, sign)], self.zeros)
        new = [p] if sign == 0 else []
        while new:  # each zero is reduced by the others
            f = case.rest(new.pop())
            if f:
                new += [g for g in case.zeros if any(min(map(int.__sub__, k, max(f))) >= 0 for k in g)]
                case.zeros = [g for g in case.zeros if g not in new] + [f]
        return case

    def rest(self, p):
        """Return a polynomial that is p at these values: what the polynomials that are 0 leave of it."""
        before = None
        while p != before:
            before = p
            for f in self.zeros:
                p = divided(p, f)[1]
        return p

    def sign(self, p):
        """Return the sign of p at these values, by the factors that are known; raise Open if it is not known."""
        p, sign = self.rest(p), 1
        for f, known in self.known:
            while known and p and any(map(any, f)):
                q, r = divided(p, f)
                if r:
                    break
                p, sign = self.rest(q), sign * known
        if p and any(map(any, p)):
            raise Open(p)
        return sign * (1 if next(iter(p.values())) > 0 else -1) if p else 0

    def prove(self, target, products, count, text):
        """Refuse unless a polynomial is a positive combination of positive products, and of products with a square.

        An item [x, [i, ...]] stands for x > 0 times the product of known polynomials, made positive; a third entry is a
        polynomial, by whose square it is multiplied. One without a square is among them, so the target is positive.
        """
        total, strict = target, False
        need(isinstance(products, list) and all(isinstance(item, list) and len(item) in (2, 3) for item in products), text)
        for factor, indices, *square in products:
            x, term, strict = Fraction(*rational(factor)), {(0,) * count: 1}, strict or not square
            need(x > 0 and isinstance(indices, list) and all(type(i) is int and 0 <= i < len(self.known) for i in indices), text)
            factors = [(p, sign) for p, sign in (self.known[i] for i in indices)]
            need(all(sign for _, sign in factors), text)
            for p, sign in factors + [(in_letters(p, count), 1) for p in square * 2]:
                term = sum_of_products([(term, p)], sign)
            total = sum_in_letters((1, total), (-x, term))
        need(strict and not self.rest(total), text)


def check_cases(node, case, count, leaf):
    """Call leaf for each case of a tree of cases, which are all that there are.

    A node that is true is one case. Else it divides by the sign of a polynomial p, or says one that follows: p or -p is a
    combination of positive products, see `Case.prove`. Or its case is impossible: 0 is such a combination.
    """
    Meter.spend(1000)
    if node is True:
        leaf(case)
        return
    need(isinstance(node, dict), "cases: a case is expected")
    if set(node) == {"impossible"}:
        case.prove({}, node["impossible"], count, "cases: that a case is impossible is not proved")
        return
    p = in_letters(node.get("polynomial"), count)
    if set(node) == {"polynomial", "sign", "products", "case"}:
        sign = node["sign"]
        need(type(sign) is int and sign in (-1, 1), "cases: a sign is expected")
        case.prove(sum_in_letters((sign, p)), node["products"], count, "cases: a sign does not follow")
        check_cases(node["case"], case.extended(p, sign), count, leaf)
        return
    fields(node, "polynomial, negative, zero, positive", "cases")
    for sign, name in ((-1, "negative"), (0, "zero"), (1, "positive")):
        check_cases(node[name], case.extended(p, sign), count, leaf)


SIGNS = {">": {1}, "<": {-1}, "=": {0}, ">=": {0, 1}, "<=": {-1, 0}, "!=": {-1, 1}}


def holds(case, formula, count):
    """Return whether a formula holds in a case: true, false, ["and", ...], ["or", ...] or [relation, polynomial] to 0."""
    if isinstance(formula, bool):
        return formula
    need(isinstance(formula, list) and formula and isinstance(formula[0], str), "a formula is expected")
    name, *parts = formula
    if name in SIGNS:
        need(len(parts) == 1, "a formula is expected")
        return case.sign(in_letters(parts[0], count)) in SIGNS[name]
    need(name in ("and", "or"), "a formula is expected")
    unknown = None
    for part in parts:
        try:
            if holds(case, part, count) == (name == "or"):
                return name == "or"
        except Open as sign:
            unknown = unknown or sign
    if unknown:
        raise unknown
    return name == "and"


def in_words(formula, letters):
    """Return the text of a formula."""
    if isinstance(formula, bool):
        return "always" if formula else "never"
    return "where " + clause(formula, letters)


def clause(formula, letters):
    """Return the text of a formula that is not constant, or of a part of it."""
    name, *parts = formula
    if name in ("and", "or"):
        if not parts:
            return "0 = 0" if name == "and" else "0 != 0"
        texts = [clause(part, letters) for part in parts]
        return f" {name} ".join(f"({text})" if part[0] in ("and", "or") else text for part, text in zip(parts, texts))
    terms = []
    for k, x in in_letters(parts[0], len(letters)).items():
        powers = [letter if e == 1 else f"{letter}**{e}" for letter, e in zip(letters, k) if e]
        terms.append("*".join(([] if x == 1 and powers else ["-1" if x == -1 else str(x)]) + powers).replace("-1*", "-"))
    return f"{' + '.join(terms) or '0'} {name} 0".replace("+ -", "- ")


def sizes_of_blocks(case, Z, f, m, one):
    """Return the sizes of the Jordan blocks of Z at each root of f, of which it has m, by the ranks of the powers of f(Z)."""
    n, d = len(Z), len(f) - 1
    value = identity_in_letters(n, {})
    for x in reversed(f):  # Horner
        value = product_in_letters(value, Z)
        value = [[sum_in_letters((1, y), (int(i == j), x)) for j, y in enumerate(row)] for i, row in enumerate(value)]
    power, kernel, counts = identity_in_letters(n, one), 0, []
    while kernel < m * d:
        power = [[case.rest(x) for x in row] for row in product_in_letters(power, value)]
        larger = n - rank(case, power)
        need(larger > kernel, "cases: the multiplicity of an eigenvalue is another")
        counts.append((larger - kernel) // d)  # of blocks that are at least so long
        kernel = larger
    return tuple(sum(count > i for count in counts) for i in range(counts[0]))


def rank(case, Z):
    """Return the rank of a matrix in a case, by elimination without division."""
    rows, count = [list(row) for row in Z], 0
    while True:
        pivot, unknown = None, None
        for i, row in enumerate(rows):
            for j, x in enumerate(row):
                try:
                    if case.sign(x):
                        pivot = pivot or (i, j)
                except Open as sign:
                    unknown = unknown or sign
        if pivot is None:
            if unknown:
                raise unknown
            return count
        i, j = pivot
        row, count = rows.pop(i), count + 1
        rows = [[case.rest(difference(row[j], y, other[j], x)) for x, y in zip(row, other)] for other in rows]


def difference(a, b, c, d):
    """Return a b - c d."""
    return sum_of_products([(a, b), (sum_in_letters((-1, c)), d)])


def distinct_factors(case, factors, one):
    """Return the linear and the quadratic factors of a product that are distinct in a case, as lists [f, multiplicity].

    The roots of quadratic ones are complex, or are neither equal nor 0, 1 or the roots of linear ones.
    """
    linear, quadratic = [], []

    def add(root, m):
        for known in linear:
            if not case.sign(sum_in_letters((1, root), (1, known[0][0]))):
                known[1] += m
                return
        linear.append([[sum_in_letters((-1, root)), one], m])

    for f, m in factors:
        if len(f) == 2:
            add(sum_in_letters((-1, f[0])), m)
    for f, m in factors:
        need(len(f) in (2, 3), "cases: the factors are linear or quadratic")
        if len(f) == 2:
            continue
        d, minus_t, _ = f
        shape = case.sign(discriminant(f))
        if shape == 0:
            add(sum_in_letters((Fraction(-1, 2), minus_t)), 2 * m)
            continue
        roots = [{}, one, *(sum_in_letters((-1, g[0])) for g, _ in linear)] if shape > 0 else []
        root = next((r for r in roots if not case.sign(at(f, r))), None)
        if root is None:
            quadratic.append([f, m])
        else:
            add(root, m)
            add(sum_in_letters((-1, minus_t), (-1, root)), m)
    found = []
    for f, m in quadratic:
        for g, _ in linear:
            need(
                case.sign(discriminant(f)) < 0 or case.sign(at(f, sum_in_letters((-1, g[0])))),
                "cases: factors have a common root",
            )
        for known in found:
            g, both = known[0], {case.sign(discriminant(f)), case.sign(discriminant(known[0]))}
            if len(both) == 1:
                d, t = (sum_in_letters((1, x), (-1, y)) for x, y in zip(f[:2], g[:2]))
                common = difference(d, d, t, difference(g[1], f[0], f[1], g[0]))  # the resultant, up to its sign
                if not case.sign(common):
                    need(not case.sign(d) and not case.sign(t), "cases: factors have a common root")
                    known[1] += m
                    break
        else:
            found.append([f, m])
    return linear, found


def discriminant(f):
    """Return t^2 - 4 d of x^2 - t x + d."""
    return sum_in_letters((1, sum_of_products([(f[1], f[1])])), (-4, f[0]))


def at(f, x):
    """Return the value of a polynomial, coefficients and place polynomials in letters."""
    value = {}
    for c in reversed(f):
        value = sum_in_letters((1, sum_of_products([(value, x)])), (1, c))
    return value


def facts_in_case(case, region, one):
    """Return what is true of a region in a case."""
    M, F, factors = region
    n, pieces, unit_blocks = len(M), [], None
    linear, quadratic = distinct_factors(case, factors, one)
    facts = {"zero": False, "one": False}
    for f, m in linear:
        root = sum_in_letters((-1, f[0]))
        sign = case.sign(root)
        is_one = sign > 0 and not case.sign(sum_in_letters((1, root), (-1, one)))
        sizes = sizes_of_blocks(case, M, f, m, one) if m > 1 and sign else (1,) * m
        if is_one and len(set(sizes)) < m:
            unit_blocks = sizes_of_blocks(case, F, f, m + len(F) - n, one)
        facts["zero"], facts["one"] = facts["zero"] or not sign, facts["one"] or is_one
        pieces.append(([-1 if is_one else 1, 1], m, sizes, (int(sign < 0), int(sign > 0), 0)))
    for f, m in quadratic:
        shape = case.sign(discriminant(f))
        counts = (0, 0, 1)
        if shape > 0:
            sides = case.sign(f[0])
            counts = (1, 1, 0) if sides < 0 else (2, 0, 0) if case.sign(f[1]) > 0 else (0, 2, 0)
        need(m == 1 or shape < 0, "cases: a quadratic factor is repeated, and its real roots may have different blocks")
        pieces.append(([1, 0, 1], m, sizes_of_blocks(case, M, f, m, one) if m > 1 else (1,), counts))
    facts["negative"] = sum(counts[0] for *_, counts in pieces)
    facts["E2"] = not facts["negative"] and not facts["zero"]
    facts["E1"] = facts["E2"] and not facts["one"]
    facts["E3"], extra = numbers.pairing(pieces, facts["zero"])
    facts["lift"] = extra > 0
    facts["real_odes"] = numbers.number_of_odes(pieces, facts["E3"], unit_blocks)
    return facts


def is_stable(case, factors, one):
    """Return whether all roots of linear and quadratic factors are inside the unit circle: |t| < 1 + d and d < 1."""
    values = []
    for f in factors:
        need(len(f) in (2, 3), "cases: the factors are linear or quadratic")
        ends = [at(f, one), at(f, sum_in_letters((-1, one)))]
        values += [ends[0], sum_in_letters((-1, ends[1]))] if len(f) == 2 else [*ends, sum_in_letters((1, one), (-1, f[0]))]
    return all_positive(case, values)


def product_of_factors(factors, one):
    """Return the product of polynomials whose coefficients are polynomials in letters."""
    product = [one]
    for f in factors:
        found = [{}] * (len(product) + len(f) - 1)
        for i, x in enumerate(product):
            for j, y in enumerate(f):
                found[i + j] = sum_in_letters((1, found[i + j]), (1, sum_of_products([(x, y)])))
        product = found
    return product


def values_of_difference(f, power, count, one):
    """Return (x^(k + power) / f)'s residues, the divided differences of x^(k + power) on the roots of f, for k < count.

    It is the coefficient of x^(d - 1) in x^(k + power) modulo f, d the degree. The power "sum" stands for f' in place of x^power:
    then it is the sum of x^k over the roots (Euler).
    """
    d, found = len(f) - 1, []
    u = [sum_of_products([(x, one)], k) for k, x in enumerate(f)][1:] if power == "sum" else [one] + [{}] * (d - 1)
    for step in range(count + (0 if power == "sum" else power)):
        if power == "sum" or step >= power:
            found.append(u[-1])
        u = [difference(before, one, u[-1], c) for before, c in zip([{}, *u[:-1]], f)]
    return found


def check_entries(F, factors, data, n, count, where):
    """Check the entries of log F, each the sum of a (x^m log)[points] for roots of factors of det(x - M) (x - 1).

    Both sides are linear in the function, and depend on its values and derivatives at the roots of that polynomial only: F is one
    of its roots. So they agree for log, where E2 holds, if they agree for 1, x, ..., x^n.
    """
    size, one = len(F), {(0,) * count: 1}
    choices = [f for f, _ in factors]
    limits = [m for _, m in factors]
    x_minus_1 = [{k: -x for k, x in one.items()}, one]
    if x_minus_1 not in choices:
        choices, limits = [*choices, x_minus_1], [*limits, 0]
    limits[choices.index(x_minus_1)] += 1
    wanted, power = [], identity_in_letters(size, one)
    for _ in range(n + 1):
        wanted.append(power)
        power = product_in_letters(power, F)
    need(isinstance(data, list) and len(data) == n, f"{where}: entries: {n} rows are expected")
    known = {}
    for i, row in enumerate(data):
        need(isinstance(row, list) and len(row) == size, f"{where}: entries: rows of {size} entries are expected")
        for j, terms in enumerate(row):
            totals = [{}] * (n + 1)
            need(isinstance(terms, list), f"{where}: entries: terms are expected")
            for term in terms:
                fields(term, "coefficient, power, points", f"{where}: entries")
                points, m = term["points"], term["power"]
                good = isinstance(points, list) and points and all(type(k) is int and 0 <= k < len(choices) for k in points)
                need(good and all(points.count(k) <= limits[k] for k in points), f"{where}: entries: points are roots of factors")
                need(
                    (m == "sum" and len(points) == 1) or (type(m) is int and 0 <= m <= n),
                    f"{where}: entries: a power is expected",
                )
                key = (*points, m)
                if key not in known:
                    f = product_of_factors([choices[k] for k in points], one)
                    known[key] = values_of_difference(f, m, n + 1, one)
                coefficient = in_letters(term["coefficient"], count)
                totals = [sum_in_letters((1, x), (1, sum_of_products([(coefficient, y)]))) for x, y in zip(totals, known[key])]
            need(totals == [Z[i][j] for Z in wanted], f"{where}: entry {i + 1}, {j + 1} of the logarithm fails")


def check(document):
    """Return what is proved, as pairs (where, claims), also of a network of numbers; raise Refused if a claim is not."""
    lettered = isinstance(document, dict) and "letters" in document
    return numbers.bounded(check_letters if lettered else numbers.check_document, document)


# The systems where E2 fails. A matrix of quotients is a pair (Z, q) of a matrix of polynomials and one that is not 0.


def product_of(X, Y):
    """Return the product of two matrices of quotients."""
    return product_in_letters(X[0], Y[0]), sum_of_products([(X[1], Y[1])])


def sum_of(*terms):
    """Return the sum of matrices of quotients, each with a polynomial as its factor."""
    factor, (Z, p) = terms[0]
    total = [[sum_of_products([(factor, x)]) for x in row] for row in Z], p
    for factor, (Z, q) in terms[1:]:
        (Y, p), one = total, {(0,) * len(max(q)): 1}
        quotient, rest = divided(p, q)
        mine, theirs = (q, p) if rest else (one, quotient)  # if q divides p, that is the common denominator
        numerator = sum_of_products([(factor, theirs)])
        rows = [[sum_of_products([(y, mine), (x, numerator)]) for y, x in zip(*pair)] for pair in zip(Y, Z)]
        total = rows, sum_of_products([(p, mine)])
    return total


def same(case, X, Y, text):
    """Refuse unless two matrices of quotients are the same in a case."""
    (Z, p), (W, q) = X, Y
    need(not any(case.rest(difference(z, q, w, p)) for rows in zip(Z, W) for z, w in zip(*rows)), text)


def negative_roots(case, f):
    """Return how many roots of a linear or quadratic polynomial are negative, with multiplicity; none may be 0."""
    need(case.sign(f[0]), "systems: an eigenvalue is 0")
    if len(f) == 2:
        return int(case.sign(f[0]) > 0)
    if case.sign(discriminant(f)) < 0:
        return 0
    return 1 if case.sign(f[0]) < 0 else 2 if case.sign(f[1]) > 0 else 0


def check_system(case, system, F, n, count, where):
    """Check in one case the closed form of the system of a region: the map F is that of a jump, and then of a flow.

    The map is G J, J a jump or 1, and G = S (1 + U) with U nilpotent, S U = U S. If S H_i(x) = x H_i(x) modulo f_i, the columns
    of H_i(l) are eigenvectors of S or 0 for each root l of f_i; if all H_i(l) add up to 1, g(S) is the sum of the g(l) H_i(l) for
    each function g. So L = R + the sum of log(l) H_i(l), with R = U - U^2/2 + ..., is a logarithm of G, real but for i pi P with
    the sum P of the H_i(l) of negative l. If all of these belong to one f_i, P is a polynomial in S. If P = V w and w V = 1, the
    flow of x' = Re(L) x - pi V u, u' = pi w x + w Re(L) V u takes (x, 0) to (G x, 0) (proofs/beyond.md, section 4). Of one
    negative root among others V is a column of H_i(l) divided by its entry on the diagonal, and w the row of this entry.

    Returned are the polynomials that must not be 0, and the factors. All else depends on what is 0 in the case only.
    """
    fields(system, "condition, extra, map, jump, semisimple, unipotent, rational_part, terms, turn", where)
    size, one, below = len(F), {(0,) * count: 1}, []

    def read(data, height=size, width=size):
        fields(data, "denominator, rows", where)
        below.append(in_letters(data["denominator"], count))
        return entries(data["rows"], height, width, count, where), below[-1]

    unit, zero = (identity_in_letters(size, one), one), (identity_in_letters(size, {}), one)
    G, S, U, R = (read(system[name]) for name in ("map", "semisimple", "unipotent", "rational_part"))
    J = unit if system["jump"] is None else read(system["jump"])
    same(case, product_of(G, J), (F, one), f"{where}: the jump and the flow do not make the map")
    same(case, (G[0][n:], G[1]), (unit[0][n:], one), f"{where}: the flow changes 1 or the inputs")
    same(case, product_of(S, sum_of((one, unit), (one, U))), G, f"{where}: S (1 + U) is another map")
    same(case, product_of(S, U), product_of(U, S), f"{where}: S U = U S fails")
    total, power, k = zero, U, 1
    while any(case.rest(x) for row in power[0] for x in row):
        need(k < size, f"{where}: U is not nilpotent")
        total = sum_of((one, total), ({(0,) * count: Fraction((-1) ** (k + 1), k)}, power))
        power, k = product_of(power, U), k + 1
    same(case, total, R, f"{where}: R = U - U^2/2 + ... fails")
    terms, parts, factors = system["terms"], [], []
    need(isinstance(terms, list) and 0 < len(terms) <= size, f"{where}: terms are expected")
    for term in terms:
        fields(term, "factor, matrices", where)
        need(
            isinstance(term["matrices"], list) and len(term["matrices"]) in (1, 2),
            f"{where}: linear or quadratic factors are expected",
        )
        (f,) = entries([term["factor"]], 1, 1 + len(term["matrices"]), count, where)
        need(f[-1] == one, f"{where}: a factor is not monic")
        H, degree = [read(Z) for Z in term["matrices"]], len(f) - 1
        for k in range(degree):
            right = sum_of((sum_in_letters((-1, f[k])), H[-1]), (one, H[k - 1]) if k else (one, zero))
            same(case, product_of(S, H[k]), right, f"{where}: S H(x) = x H(x) modulo a factor fails")
        parts.append(list(zip(values_of_difference(f, "sum", degree, one), H)))
        factors.append(f)
    same(case, sum_of(*(x for part in parts for x in part)), unit, f"{where}: the projectors do not add up to 1")
    turn, extra = system["turn"], 0
    if turn is not None:
        fields(turn, "term, row" if "row" in turn else "term, V, w", f"{where}: turn")
        need(type(turn["term"]) is int and 0 <= turn["term"] < len(terms), f"{where}: turn: a term is expected")
        f, part = factors[turn["term"]], parts[turn["term"]]
        if "row" in turn:
            extra = 1
            below.append(check_single_root(case, turn["row"], f, [H for _, H in part], where))
        else:
            extra = len(turn["w"]["rows"]) if isinstance(turn["w"], dict) and isinstance(turn["w"].get("rows"), list) else 0
            need(0 < extra <= size, f"{where}: turn: rows are expected")
            V, w = read(turn["V"], size, extra), read(turn["w"], extra, size)
            same(case, product_of(V, w), sum_of(*part), f"{where}: P = V w fails")
            same(case, product_of(w, V), (identity_in_letters(extra, one), one), f"{where}: w V = 1 fails")
    need(type(system["extra"]) is int and system["extra"] == extra, f"{where}: there are {extra} extra coordinates")
    return below, factors


def check_single_root(case, row, f, H, where):
    """Check that H(l) has rank 1 for a root of a quadratic f; return a polynomial: if it is not 0, H(l)[row, row] is not 0."""
    need(len(H) == 2 and type(row) is int and 0 <= row < len(H[0][0]), f"{where}: turn: a row is expected")
    (Z, p), (Y, q) = H
    one = {(0,) * len(max(p)): 1}
    p, q = (one, one) if p == q else (p, q)
    values = [[(sum_of_products([(x, q)]), sum_of_products([(y, p)])) for x, y in zip(*pair)] for pair in zip(Z, Y)]
    for line in values:
        for j, x in enumerate(line):
            minor = zip(times_modulo(x, values[row][row], f), times_modulo(line[row], values[row][j], f))
            need(not any(case.rest(sum_in_letters((1, a), (-1, b))) for a, b in minor), f"{where}: turn: the rank is not 1")
    a, b = values[row][row]
    norm = sum_of_products([(a, a), (sum_of_products([(b, b)]), f[0])])  # of a + b l
    return sum_in_letters((1, norm), (-1, sum_of_products([(sum_of_products([(a, b)]), f[1])])))


def check_signs(case, system, below, factors, where):
    """Check what signs in a case say of a system: denominators are not 0, and the negative eigenvalues are those that turn."""
    need(all(case.sign(q) for q in below), f"{where}: a denominator is 0 in a case")
    for k, f in enumerate(factors):
        negative, turn = negative_roots(case, f), system["turn"]
        if turn is None or turn["term"] != k:
            need(not negative, f"{where}: a negative eigenvalue does not turn")
        else:
            need(negative == (1 if "row" in turn else len(f) - 1), f"{where}: an eigenvalue turns that is not negative")


def times_modulo(a, b, f):
    """Return the product of two linear polynomials modulo a monic quadratic one."""
    top = sum_of_products([(a[1], b[1])])
    middle = sum_of_products([(a[0], b[1]), (a[1], b[0])])
    return difference(a[0], b[0], top, f[0]), sum_in_letters((1, middle), (-1, sum_of_products([(top, f[1])])))


def check_other_case(case, others, F, n, count, where):
    """Check in one case the system that is given for it, if E2 fails; raise Open if a sign is missing for it."""
    principal, systems, assumptions, known = others
    if not holds(case, ["and", *assumptions], count) or holds(case, principal, count):
        return
    for k, system in enumerate(systems):
        need(isinstance(system, dict) and "condition" in system, f"{where}: a condition is expected")
        if holds(case, system["condition"], count):
            key = k, *sorted(tuple(sorted(p.items())) for p in case.zeros)
            if key not in known:
                known[key] = check_system(case, system, F, n, count, where)
            check_signs(case, system, *known[key], where)
            return
    raise Refused(f"{where}: no system is given in a case")


def check_letters(document):
    """Return what is proved of a network with letters; see `check`."""
    shapes = numbers.shapes_of(document, "symplrnn certificate, network, dt, regions, global, assumptions, letters")
    letters, network = document["letters"], {}
    names = isinstance(letters, list) and all(isinstance(name, str) and name.isidentifier() for name in letters)
    need(names and 0 < len(set(letters)) == len(letters) <= LARGEST, "letters: different names are expected")
    count, assumptions = len(letters), document["assumptions"]
    one, n, p = {(0,) * count: 1}, *shapes["W"]
    need(isinstance(assumptions, list), "assumptions: formulas are expected")
    for name, (height, width) in shapes.items():
        network[name] = entries(document["network"][name], height, width, count, f"network: {name}")
    need(document["dt"] in letters or rational(document["dt"])[0] > 0, "dt is positive")
    proved = {}
    for number, region in enumerate(document["regions"], 1):
        need(isinstance(region, dict), f"region number {number}: claims are expected")
        more = [name for name in ("factors", "entries", "conditions", "cases", "other_cases") if name in region]
        fields(region, ", ".join(["pattern, determinant, matrices", *more]), f"region number {number}")
        pattern = region["pattern"]
        good = isinstance(pattern, str) and len(pattern) == p and not set(pattern) - {"0", "1"}
        need(good, "a pattern has a digit 0 or 1 for each unit")
        where = f"region {pattern}"
        need(where not in proved, "regions: a region is there twice")
        W = [[x if digit == "1" else {} for x, digit in zip(row, pattern)] for row in network["W"]]
        WV, Wb = product_in_letters(W, network["V"]), product_in_letters(W, network["b"])
        M = [[sum_in_letters((1, x), (1, y)) for x, y in zip(*rows)] for rows in zip(network["A"], WV if p else [[{}] * n] * n)]
        c = [[sum_in_letters((1, x), (1, y)) for x, y in zip(*rows)] for rows in zip(network["h"], Wb if p else [[{}]] * n)]
        N = [[sum_in_letters((1, x), (-int(i == j), one)) for j, x in enumerate(row)] for i, row in enumerate(M)]
        q, B = resolvent(N, one)
        (claim,) = entries([region["determinant"]], 1, n + 1, count, f"{where}: determinant")
        need(claim == q, f"{where}: q(t) = det(1 + t N) fails")
        claims = region["matrices"]
        need(isinstance(claims, list) and len(claims) == n, f"{where}: {n} matrices are expected")
        found = [entries(Z, n, n, count, f"{where}: matrices") for Z in claims]
        need(found == B, f"{where}: (1 + t N) (B_0 + t B_1 + ...) = q(t) fails")
        proved[where] = {"E2": "where q > 0 on [0, 1]", "formula": "an integral over [0, 1]"}
        if more:
            need(more[0] == "factors", f"{where}: factors are missing")
            factors = factors_in_letters(M, region["factors"], count, where)
            m = len(network["C"][0])
            F = [[*row, *c[i], *network["C"][i]] for i, row in enumerate(M)]
            F += [[one if i == j else {} for j in range(n + 1 + m)] for i in range(n, n + 1 + m)]
        if "entries" in more:
            check_entries(F, factors, region["entries"], n, count, where)
            proved[where]["formula"] = "by divided differences where E2 holds"
        if "conditions" in more or "cases" in more:
            need(set(more) >= {"conditions", "cases"}, f"{where}: conditions and cases belong together")
            proved[where] |= check_conditions((M, F, factors), region, assumptions, letters, where)
        if "other_cases" in more:
            need("conditions" in more and "E2" in region["conditions"], f"{where}: other cases are those where E2 fails")
            data, principal = region["other_cases"], region["conditions"]["E2"]
            fields(data, "systems, tree", where)
            need(isinstance(data["systems"], list), f"{where}: systems are expected")
            others = principal, data["systems"], assumptions, {}
            check_cases(data["tree"], Case(), count, lambda case: check_other_case(case, others, F, n, count, where))  # noqa: B023
            proved[where]["other_cases"] = "systems where E2 fails"
    if document["global"] is not None:
        proved[f"all 2^{p} regions"] = check_minors(network, document["global"], assumptions, letters, one)
    return list(proved.items())


def factors_in_letters(M, data, count, where):
    """Return (f, multiplicity) for monic polynomials whose product is det(x - M)."""
    one, factors = {(0,) * count: 1}, []
    need(isinstance(data, list), f"{where}: factors: a list is expected")
    for item in data:
        fields(item, "polynomial, multiplicity", f"{where}: factors")
        f, m = item["polynomial"], item["multiplicity"]
        need(
            isinstance(f, list) and 1 < len(f) <= len(M) + 1 and type(m) is int and 0 < m <= len(M),
            f"{where}: a factor is expected",
        )
        factors.append(([in_letters(x, count) for x in f], m))
        need(factors[-1][0][-1] == one, f"{where}: a factor is not monic")
    need(len(factors) <= len(M), f"{where}: there are more factors than eigenvalues")
    chi = resolvent([[sum_in_letters((-1, x)) for x in row] for row in M], one)[0][::-1]  # det(1 - t M), backwards
    need(product_of_factors([f for f, m in factors for _ in range(m)], one) == chi, f"{where}: the product of the factors fails")
    return factors


def check_conditions(region, claims, assumptions, letters, where):
    """Check where E1 to E4 and the others hold, case by case."""
    conditions, count = claims["conditions"], len(letters)
    single, numbers = {"E1", "E2", "E3", "zero", "one", "lift", "stable"}, {"none", "one", "countable", "uncountable"}
    good = isinstance(conditions, dict) and set(conditions) <= {*single, "real_odes"}
    need(good, f"{where}: conditions: unknown claims")
    odes = conditions.get("real_odes")
    need(odes is None or (isinstance(odes, dict) and set(odes) == numbers), f"{where}: real_odes: four conditions are expected")

    done = []
    need(isinstance(claims["cases"], list), f"{where}: cases: trees are expected")
    for item in claims["cases"]:
        fields(item, "claims, tree", f"{where}: cases")
        chosen = {name: conditions[name] for name in conditions if name in item["claims"]}
        check_cases(item["tree"], Case(), count, lambda case: check_case(region, chosen, assumptions, case, count, where))  # noqa: B023
        done += chosen
    need(sorted(done) == sorted(conditions), f"{where}: cases: each condition belongs to one tree")
    words = {name: in_words(formula, letters) for name, formula in conditions.items() if name != "real_odes"}
    listed = {number: in_words(formula, letters) for number, formula in (odes or {}).items() if formula is not False}
    return words | ({"real_odes": ", ".join(f"{number} {text}" for number, text in listed.items())} if odes else {})


def check_case(region, conditions, assumptions, case, count, where):
    """Check in one case that conditions hold exactly where what they are for does; raise Open if a sign is missing for it."""
    if not holds(case, ["and", *assumptions], count):
        return
    one = {(0,) * count: 1}
    facts = facts_in_case(case, region, one) if set(conditions) != {"stable"} else {}
    if "stable" in conditions:
        facts["stable"] = is_stable(case, [f for f, _ in region[2]], one)
    for name, condition in conditions.items():
        for value, formula in condition.items() if name == "real_odes" else [(True, condition)]:
            need(holds(case, formula, count) == (facts[name] == value), f"{where}: {name} fails in a case")


def entries(rows, height, width, count, where):
    """Return a matrix of polynomials in letters."""
    need(isinstance(rows, list) and len(rows) == height, f"{where}: {height} rows are expected")
    need(all(isinstance(row, list) and len(row) == width for row in rows), f"{where}: rows of {width} entries are expected")
    return [[in_letters(x, count) for x in row] for row in rows]


def check_minors(network, claim, assumptions, letters, one):
    """Return what is proved of all regions of a PLRNN with letters: where E2 holds in all of them."""
    n, V, count = len(network["A"]), network["V"], len(letters)
    need(isinstance(claim, dict) and isinstance(claim.get("minors"), dict), "global: minors are expected")
    fields(claim, "minors" + ", principal, cases" * ("principal" in claim), "global")
    plain = len(V) == n and all(x == (one if i == j else {}) for i, row in enumerate(V) for j, x in enumerate(row))
    need(plain and not any(x for (x,) in network["b"]), "global: the network is no PLRNN")
    need(not any(x for i, row in enumerate(network["A"]) for j, x in enumerate(row) if i != j), "global: A is not diagonal")
    B = [[sum_in_letters((1, a), (1, w)) for a, w in zip(*rows)] for rows in zip(network["A"], network["W"])]
    listed, values = claim["minors"], [network["A"][i][i] for i in range(n)]
    need(n <= MINORS and len(listed) == 2**n - 1, "global: a minor of each set of units is expected")
    for name, value in listed.items():
        units = [whole(text) - 1 for text in name.split(" ")]
        need(units == sorted(set(units)) and units[0] >= 0 and units[-1] < n, "minors: units in their order are expected")
        q, _ = resolvent([[B[i][j] for j in units] for i in units], one)
        need(in_letters(value, count) == q[-1], f"minors: that of the units {name} is another")
        values.append(q[-1])
    if "principal" not in claim:
        return {"E2": "where A and all principal minors of A + W are positive"}

    check_cases(claim["cases"], Case(), count, lambda case: check_whole(claim["principal"], values, assumptions, case, count))
    return {"E2": in_words(claim["principal"], letters)}


def check_whole(formula, values, assumptions, case, count):
    """Check in one case that a formula holds exactly where all values are positive."""
    if holds(case, ["and", *assumptions], count):
        need(holds(case, formula, count) == all_positive(case, values), "global: principal fails in a case")


def all_positive(case, values):
    """Return whether all polynomials are positive in a case."""
    unknown = None
    for value in values:
        try:
            if case.sign(value) <= 0:
                return False
        except Open as sign:
            unknown = unknown or sign
    if unknown:
        raise unknown
    return True


if __name__ == "__main__":
    numbers.run(check)
