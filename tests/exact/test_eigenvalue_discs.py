"""Discs in double precision: against roots of the exact characteristic polynomial, enclosed by FLINT in ball arithmetic."""

import random

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from symplrnn.exact.eigenvalue_discs import are_apart, discs, doubles
from symplrnn.exact.roots import root_enclosures


def of_exact(matrices: list[fmpq_mat]):
    approximations = np.array([doubles(M) for M in matrices])
    return discs(approximations, 2.0**-52 * np.abs(approximations))


def exact_roots(M: fmpq_mat) -> list[complex]:
    """Return the eigenvalues, which are simple, each right to 1e-15 of its size."""
    return [complex(float(z.real.mid()), float(z.imag.mid())) for z in root_enclosures(M.charpoly(), 200)]


@pytest.mark.parametrize("n", [1, 2, 5, 9, 16])
def test_each_disc_holds_one_eigenvalue_of_the_exact_matrix(n):
    rng = random.Random(n)
    matrices = [
        fmpq_mat(n, n, [fmpq(rng.randint(-30, 30), rng.choice([3, 7, 10**20 + 39])) for _ in range(n * n)]) for _ in range(8)
    ]
    centers, radii = of_exact(matrices)
    assert are_apart(centers, radii).sum() >= 6
    assert (radii[are_apart(centers, radii)] < 1e-6 * (1 + np.abs(centers[are_apart(centers, radii)]))).all()
    for M, z, r in zip(matrices, centers, radii, strict=True):
        if not are_apart(z[None], r[None])[0] or M.charpoly().gcd(M.charpoly().derivative()).degree() > 0:
            continue
        for root in exact_roots(M):
            inside = np.abs(z - root) <= r + 4e-16 * abs(root)
            assert inside.sum() == 1, (M, root)


def test_the_bounds_hold_for_every_matrix_within_the_errors():
    rng = np.random.default_rng(0)
    A, errors = rng.normal(size=(6, 5, 5)), 1e-3 * rng.random((6, 5, 5))
    centers, radii = discs(A, errors)
    for _ in range(20):
        near = A + errors * rng.choice([-1.0, 1.0], A.shape)
        for z, r, M in zip(centers, radii, near, strict=True):
            assert all((np.abs(z - root) <= r).any() for root in np.linalg.eigvals(M))
    assert (discs(A, 0 * errors)[1].max(axis=1) < radii.max(axis=1)).all()


def test_the_radius_is_not_larger_than_it_has_to_be():
    A = np.diag([1.0, 2.0, 3.0])[None]
    assert (discs(A, np.zeros_like(A))[1] < 1e-13).all()
    assert (discs(A, np.full_like(A, 1e-6))[1] > 1e-6).all()


def test_what_doubles_do_not_tell_apart_stays_open():
    near = fmpq_mat([[1, 0], [0, 1 + fmpq(1, 10**30)]])
    jordan, nilpotent = fmpq_mat([[2, 1], [0, 2]]), fmpq_mat([[0, 1], [0, 0]])
    turned = fmpq_mat([[3, 1], [-1, 1]])  # a block at 2
    assert not are_apart(*of_exact([near, jordan, nilpotent, turned])).any()
    assert are_apart(*of_exact([fmpq_mat([[1, 0], [0, 2]])])).all()


def test_numbers_out_of_range_spoil_nothing_else():
    good, far = fmpq_mat([[1, 2], [3, 4]]), fmpq_mat([[fmpq(10) ** 400, 1], [1, 2]])
    large, tiny = fmpq_mat([[fmpq(10) ** 300, 1], [1, fmpq(10) ** 300]]), fmpq_mat([[fmpq(1, 10**320), 0], [0, 0]])
    centers, radii = of_exact([good, far, large, tiny])
    assert are_apart(centers, radii).tolist() == [True, False, False, False]
    assert np.isfinite(radii[0]).all()
    assert np.isinf(radii[1]).all()
    assert (radii[3] > 1e-320).all()
    z, r = discs(np.zeros((3, 0, 0)), np.zeros((3, 0, 0)))
    assert z.shape == r.shape == (3, 0)
    assert are_apart(z, r).all()


def test_a_matrix_that_numpy_refuses_is_left_open_alone(monkeypatch):
    inverse = np.linalg.inv

    def refuses(V):
        if (np.abs(V.imag) > 0).any():
            raise np.linalg.LinAlgError("Singular matrix")
        return inverse(V)

    monkeypatch.setattr(np.linalg, "inv", refuses)
    real, turn = np.array([[1.0, 1.0], [0.0, 2.0]]), np.array([[0.0, -1.0], [1.0, 0.0]])
    A = np.array([real, real, turn, real, turn])
    radii = discs(A, np.zeros_like(A))[1]
    assert np.isfinite(radii).all(axis=1).tolist() == [True, True, False, True, False]


def test_doubles_are_nearest():
    assert doubles(fmpq_mat([[fmpq(1, 3), fmpq(2**53 + 1)], [0, fmpq(1, 2**1074)]])).tolist() == [[1 / 3, 2.0**53], [0.0, 5e-324]]
    assert np.isnan(doubles(fmpq_mat([[fmpq(10) ** 309]]))).all()


@pytest.mark.parametrize("scale", [0.0, 0.4, 0.51, 0.6, 0.9, 1.1, 1.4, 1.49, 1.6, 1e6])
def test_the_disc_of_a_wrong_eigenvalue_and_a_wrong_inverse(scale, monkeypatch):
    """W misses V^-1 by a factor: its rows are too small or too large, and the disc around 1.9 still reaches 2."""
    monkeypatch.setattr(np.linalg, "eig", lambda A: (np.full((1, 1), 1.9), np.ones((1, 1, 1))))
    monkeypatch.setattr(np.linalg, "inv", lambda V: V * scale)
    radius = discs(np.full((1, 1, 1), 2.0), np.zeros((1, 1, 1)))[1][0, 0]
    assert radius >= 0.1
    assert np.isinf(radius) == (abs(1 - scale) > 0.5)


def test_a_residual_that_is_rounded_to_0_has_a_radius(monkeypatch):
    """1.5 V and z V are one double for the next double z, so that only the bound of the rounding errors tells them apart."""
    z = np.nextafter(1.5, 2)
    V = next(v for v in np.linspace(1.34, 1.4, 50) if 1.5 * v == z * v)
    monkeypatch.setattr(np.linalg, "eig", lambda A: (np.full((1, 1), z), np.full((1, 1, 1), V)))
    assert z - 1.5 <= discs(np.full((1, 1, 1), 1.5), np.zeros((1, 1, 1)))[1][0, 0] < 1e-13
