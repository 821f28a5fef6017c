"""Factors and common divisors over Q(theta)(parameters), against SymPy's, against their products, and modulo bad primes."""

import random

import pytest
import sympy as sp
from flint import fmpq
from sympy.polys.euclidtools import dup_gcd
from sympy.polys.factortools import dup_factor_list

from symplrnn.errors import TooLarge
from symplrnn.exact.fields import irrational_factors as algebraicfactors
from symplrnn.exact.fields import modular_images as images
from symplrnn.exact.fields.domain import field_of
from symplrnn.exact.fields.work import within

a, b, c = sp.symbols("a b c")
x = sp.Symbol("x")
NUMBERS = {
    "sqrt 2": [sp.sqrt(2)],
    "sqrt 2, sqrt 3": [sp.sqrt(2), sp.sqrt(3)],
    "cube root": [sp.root(2, 3)],
    "nested": [sp.sqrt(1 + sp.sqrt(2))],
    "half": [sp.sqrt(2) / 2],
}


@pytest.fixture
def small_primes(monkeypatch):
    """Primes below 500: many of them are bad in every way; and numbers are taken for short ones by chance."""
    monkeypatch.setattr(images, "LARGEST", 500)
    monkeypatch.setattr(images, "SLACK", 1)
    images._primes_found.cache_clear()
    yield
    images._primes_found.cache_clear()


def polynomials(rng, K, roots, letters, degrees):
    """Return random monic polynomials with denominators."""
    pool = [
        *letters,
        *roots,
        0,
        1,
        -1,
        sp.Rational(1, 2),
        1 / (letters[0] ** 2 + 1),
        letters[-1] * roots[0],
        letters[0] - roots[-1],
    ]
    pick = lambda: K.element(rng.choice(pool))  # noqa: E731
    return [K.polynomial([*(pick() * pick() + pick() for _ in range(d)), K.element(1)]) for d in degrees]


def product(K, factors):
    value = K.polynomial([K.element(1)])
    for f in factors:
        value = value * f
    return value


def with_multiplicities(found):
    return sorted((str(f), e) for f, e in found)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("roots", NUMBERS.values(), ids=NUMBERS)
def test_common_divisors_are_those_of_euclid(roots, seed):
    """gcd(f g, f h), its multiples by letters, and gcd(f, f') with a square in f, as SymPy finds them in the same field."""
    rng = random.Random(seed)
    K = field_of([a, b, *roots])
    f, g, h = polynomials(rng, K, roots, [a, b], [rng.choice([0, 1, 2]), 1, 2])
    pairs = [
        (f * g, f * h),
        (f * g * K.element(a - roots[0]), f * h * K.element(a - roots[0])),
        (f * f * g, (f * f * g).derivative()),
    ]
    for first, second in pairs:
        assert list(K.gcd(first, second).dense) == dup_gcd(list(first.dense), list(second.dense), K.domain)
    zero = K.polynomial([])
    assert K.gcd(f * K.element(2), zero) == K.gcd(zero, f * K.element(2)) == f


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("roots", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("letters", [[a], [a, b, c]], ids=str)
def test_products_of_irreducible_polynomials_split_into_them(roots, letters, seed):
    """Each factor found is a factor; what SymPy finds irreducible at some point is irreducible."""
    rng = random.Random(100 * len(letters) + seed)
    K = field_of([*letters, *roots])
    f = product(K, polynomials(rng, K, roots, letters, rng.choice([[2, 2], [3, 1], [1, 2, 1]])))
    found = K.factor(f)
    assert product(K, [g for g, e in found for _ in range(e)]) == f
    assert all(any(is_irreducible_at_random(rng, field_of(roots), K, g, letters) for _ in range(12)) for g, _ in found)


def is_irreducible_at_random(rng, numbers, K, f, letters):
    """Return whether SymPy finds a polynomial irreducible at a random point."""
    at = {letter: sp.Rational(rng.randint(-9, 9), rng.randint(2, 5)) for letter in letters}
    values = [K.to_sympy(k).subs(at) for k in f.dense]
    if any(value.is_finite is False for value in values):
        return False
    factors = dup_factor_list([numbers.element(value) for value in values], numbers.domain)[1]
    return len(factors) == 1 and factors[0][1] == 1


@pytest.mark.parametrize("roots", NUMBERS.values(), ids=NUMBERS)
def test_numbers_alone(roots):
    """Without letters SymPy factors over the same field."""
    rng = random.Random(7)
    K = field_of(roots)
    for degrees in ([1, 1], [2, 3], [2, 2, 1], [4]):
        draw = lambda: K.element(rng.randint(-3, 3) + rng.randint(-2, 2) * roots[0] / rng.randint(1, 4))  # noqa: E731
        f = product(K, [K.polynomial([*(draw() for _ in range(d)), K.element(1)]) for d in degrees])
        f = f * f if len(degrees) == 2 else f
        _, theirs = dup_factor_list(list(f.dense), K.domain)
        assert with_multiplicities(K.factor(f)) == with_multiplicities([(K._monic(g), e) for g, e in theirs])


@pytest.mark.parametrize("seed", range(8))
def test_bad_primes_change_nothing(seed, request):
    """Modulo primes below 500 leading terms vanish, norms have double roots, divisors are too large, several are needed."""
    rng = random.Random(seed)
    roots = [sp.sqrt(2)] if seed % 2 else [sp.sqrt(3) / 7]
    K = field_of([a, b, *roots])
    f, g, h = polynomials(rng, K, roots, [a, b], [2, 1, 1])
    f = f * K.polynomial([K.element(sp.Rational(rng.randint(1, 10**6), 479 * 457) * a), K.element(1)])
    divisor, factors = K.gcd(f * g, f * h), K.factor(f * g * h)
    request.getfixturevalue("small_primes")
    assert K.gcd(f * g, f * h) == divisor
    assert K.factor(f * g * h) == factors


@pytest.mark.parametrize("where", [(0, 1), (1,)], ids=["both roots", "one root"])
@pytest.mark.parametrize("wrong", range(5))
def test_images_that_are_too_large_are_left_out_or_forgotten(wrong, where):
    """A multiple of the images of one prime, at some roots, does no harm: three right ones are enough."""
    K = field_of([sp.sqrt(2), a]).domain
    g = [K.one, K.from_sympy(a) * K.from_sympy(sp.sqrt(2)) / K(3 * 10**9) + K.one]
    G, lift, found = images.cleared(K, g), images.Lift(K), []
    for number, (ring, roots) in zip(range(6), images.split_primes(K), strict=False):
        right = images.images(G, ring, roots)
        multiple = [h * (ring.gens()[0] + 1) if k in where else h for k, h in enumerate(right)]
        found.append(lift.add(ring, roots, multiple if number == wrong else right))
    assert found == [g if number >= 2 + (wrong <= 2) and number != wrong else None for number in range(6)]


def test_a_leading_term_that_a_prime_divides():
    """The first prime divides the leading coefficient of the denominator p a + 1."""
    K = field_of([sp.sqrt(2), a])
    p = next(images.split_primes(K.domain))[0].modulus()
    g = K.polynomial([K.element(-1 / (p * a + 1)), K.element(1)])
    h = K.polynomial([K.element(sp.sqrt(2) - a), K.element(0), K.element(1)])
    assert K.factor(g * h) == [(g, 1), (h, 1)]
    assert K.gcd(g * h, g * g) == g


def test_each_factor_of_an_image_meets_factors_of_the_norm_at_the_point():
    """Of (x - sqrt 2 a)(x - 3)(x + sqrt 3 a): one factor modulo a prime is one at the point, whatever the shift."""
    K = field_of([sp.sqrt(2), sp.sqrt(3), a])
    f = product(K, [K.polynomial([K.element(k), K.element(1)]) for k in (-sp.sqrt(2) * a, -3, sp.sqrt(3) * a)])
    F = images.cleared(K.domain, f.dense)
    place = algebraicfactors._place(K.domain, F)
    assert place.s > 0
    ring, roots = next(images.split_primes(K.domain))
    for image, root in zip(images.images(F, ring, roots), roots, strict=True):
        parts = [place.divided(g, root) for g, _ in image.factor()[1]]
        assert sorted(parts, key=min) == [{0}, {1}, {2}]


def test_places_are_no_poles(monkeypatch):
    """Where a denominator vanishes the norm has not its full degree."""

    class Trial(random.Random):
        def randint(self, low, high):
            return high - 20

    monkeypatch.setattr(algebraicfactors, "Random", Trial)
    K = field_of([sp.sqrt(2), a])
    f = K.polynomial([K.element(1 / (a * (a - 2))), K.element(1), K.element(sp.sqrt(2)), K.element(1)])
    place = algebraicfactors._place(K.domain, images.cleared(K.domain, f.dense))
    assert place.point[0] in (1, 3, 4, 5)
    assert sum(h.degree() for h in place.norms) == 6


def test_factors_at_a_point_that_belong_together_are_joined(monkeypatch):
    """x^2 - (1 + sqrt 2)^2 a and its conjugate: at a = 1 and 4 both split, over Q(sqrt 5) their product is irreducible."""
    g = sp.expand((x**2 - (3 + 2 * sp.sqrt(2)) * a) * (x**2 - (3 - 2 * sp.sqrt(2)) * a))
    K = field_of([sp.sqrt(5), a])
    f = K.polynomial([K.element(k) for k in reversed(sp.Poly(g, x).all_coeffs())])

    class Squares(random.Random):
        def randint(self, low, high):
            return (high - 19) ** 2

    monkeypatch.setattr(algebraicfactors, "Random", Squares)
    place = algebraicfactors._place(K.domain, images.cleared(K.domain, f.dense))
    assert place.point == (place.point[0],)
    assert sp.sqrt(place.point[0]).is_Integer
    assert len(place.norms) == 2
    assert K.factor(f) == [(f, 1)]
    wider = field_of([sp.sqrt(2), a])
    assert [h.degree() for h, _ in wider.factor(wider.polynomial([wider.element(K.to_sympy(k)) for k in f.coeffs()]))] == [2, 2]


def test_a_factor_that_many_shifts_do_not_separate():
    """(x - k sqrt 2), k = -6, ..., 6: the norm of f(x - s t) is squarefree for no s up to 12."""
    K = field_of([sp.sqrt(2), a])
    linear = [K.polynomial([K.element(-k * sp.sqrt(2)), K.element(1)]) for k in range(-6, 7)]
    assert with_multiplicities(K.factor(product(K, linear))) == with_multiplicities([(f, 1) for f in linear])


def test_a_pole_at_a_point_is_passed_by():
    """At the poles of the coefficients the norm has not its full degree."""
    K = field_of([sp.sqrt(2), a])
    f = K.polynomial([K.element(1 / sp.prod([a - k for k in range(-40, 41)])), K.element(sp.sqrt(2)), K.element(1)])
    assert K.factor(f) == [(f, 1)]


def test_three_square_roots_and_three_letters():
    """Rank 8, degree 5: the norm with the letters would have degree 40 in x and about as much in each letter."""
    roots = [sp.sqrt(2), sp.sqrt(3), sp.sqrt(5)]
    K = field_of([a, b, c, *roots])
    g = K.polynomial([K.element(a * roots[0] + 1 / (b + roots[1])), K.element(c * roots[2]), K.element(1)])
    h = K.polynomial([K.element(b - roots[2]), K.element(a / (c**2 + 1)), K.element(b * roots[1]), K.element(1)])
    assert K.factor(g * h) == [(g, 1), (h, 1)]


def test_the_work_is_counted():
    K = field_of([sp.sqrt(2), a, b])
    f, g = polynomials(random.Random(3), K, [sp.sqrt(2)], [a, b], [2, 3])
    with pytest.raises(TooLarge), within(100):
        K.factor(f * g)
    with within(10**6) as limit:
        K.factor(f * g)
    assert limit.left < limit.total
    F = images.cleared(K.domain, (f * g).dense)
    ring, roots = next(images.split_primes(K.domain))
    with pytest.raises(TooLarge), within(len(F)):
        images.images(F, ring, roots)


def test_rational_numbers_from_residues():
    """Those within the bound are found from their residues, and nothing is found in place of the others."""
    modulus, bound = 10007, 70
    within_bound = {}
    for q in range(1, bound + 1):
        for n in range(-bound, bound + 1):
            within_bound[n * pow(q, -1, modulus) % modulus] = fmpq(n, q)
    for residue in range(modulus):
        assert images._rational(residue, modulus, bound) == within_bound.get(residue)


def test_primes_have_all_the_roots():
    K = field_of([sp.sqrt(1 + sp.sqrt(2)), a]).domain
    for (ring, roots), _ in zip(images.split_primes(K), range(20), strict=False):
        p = ring.modulus()
        assert sp.isprime(p)
        assert len(set(roots)) == K.rank
        assert all((r**4 + sum(int(k) * r**i for i, k in enumerate(K.modulus))) % p == 0 for r in roots)
