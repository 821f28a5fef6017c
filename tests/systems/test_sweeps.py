"""Long sweeps (marker slow): every region of the real networks, and more of the hypothesis-drawn matrices."""

import pytest
from flint import acb_mat
from hypothesis import given, settings

import symplrnn as sr
from symplrnn.exact.balls import contains, working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.logarithm.closed_form import logarithm
from symplrnn.logarithm.enclosure import logarithm_enclosure
from tests.hard import POSITIVE as EIGENVALUES
from tests.hard import Hard, anything, hard_matrices, principal

pytestmark = pytest.mark.slow


def exponentiates_back(M, bits=700, accuracy=1e-60):
    with working_precision(bits):
        back = acb_mat(logarithm_enclosure(logarithm(QQ, M), bits)).exp()
        assert contains(back.real, M)
        assert all(float(x.real.rad()) < accuracy for x in back.entries())


def test_the_closed_form_of_all_1024_van_der_pol_regions(van_der_pol):
    for region in van_der_pol.regions():
        exponentiates_back(region.affine.augmented())


@settings(max_examples=1000)
@given(principal)
def test_many_hard_matrices(hard: Hard):
    exponentiates_back(hard.region.affine.augmented())


@settings(max_examples=150)
@given(hard_matrices(EIGENVALUES, max_n=10))
def test_larger_hard_matrices(hard: Hard):
    exponentiates_back(hard.region.affine.augmented(), bits=1500)


@settings(max_examples=1000)
@given(anything)
def test_the_kind_follows_from_the_verdicts(hard: Hard):
    verdicts, ode = sr.check(hard.network).verdicts[""], sr.derive(hard.region, 1)
    assert (ode.kind == "real") == verdicts.real.is_true
    assert ode.is_principal == (not sr.spectrum(hard.region).negative_count)
    assert ("impulsive" in ode.kind) == verdicts.needs_jump.is_true
    assert ("lifted" in ode.kind) == verdicts.needs_lift.is_true
