"""Conditions where SymPy expects a Boolean: as they are, without `sympify`."""

import copy
import pickle

import pytest
import sympy as sp

import symplrnn as sr
from symplrnn.conditions.formula import negative, positive, zero
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, conditional
from symplrnn.errors import UndecidedError

a, b = sp.symbols("a b", real=True)
x = sp.Symbol("x")
FORMULA = positive(a - 1) & (negative(b) | zero(a * b - 2))


@pytest.mark.parametrize("condition", [FORMULA, conditional(FORMULA)])
class TestConditions:
    def test_stand_in_a_piecewise_and_in_connectives(self, condition):
        boolean = sp.sympify(condition)
        assert sp.Piecewise((x, condition), (1, True)) == sp.Piecewise((x, boolean), (1, True))
        assert sp.ITE(condition, a > 0, b > 0) == sp.ITE(boolean, a > 0, b > 0)
        assert condition & (b < 3) == (b < 3) & condition == sp.And(boolean, b < 3)
        assert condition | (b < 3) == sp.Or(boolean, b < 3)
        assert sp.Piecewise((x, condition), (1, True)).subs({a: 2, b: -1}) == x

    def test_are_what_they_stand_for_in_all_that_sympy_makes_of_them(self, condition):
        boolean = sp.sympify(condition)
        assert not isinstance(boolean, type(condition))
        assert condition.free_symbols == {a, b}
        assert condition.has(b)
        assert not condition.has(x)
        assert condition.xreplace({a: x}) == boolean.xreplace({a: x})
        assert condition.func(*condition.args) == boolean
        assert condition == boolean
        assert sp.latex(condition) == sp.latex(boolean)
        assert sp.pretty(condition) == sp.pretty(boolean)

    def test_are_no_truth_values_of_python(self, condition):
        with pytest.raises(UndecidedError):
            bool(condition)

    def test_are_copied(self, condition):
        for found in (pickle.loads(pickle.dumps(condition)), copy.copy(condition), copy.deepcopy(condition)):
            assert (found, hash(found), type(found)) == (condition, hash(condition), type(condition))


def test_constants_and_what_is_unknown():
    assert sp.Piecewise((x, TRUE), (1, True)) == x
    assert sp.Piecewise((x, FALSE), (1, True)) == 1
    with pytest.raises(sp.SympifyError, match="too long"):
        sp.Piecewise((x, UNKNOWN("too long")), (1, True))
    assert bool(TRUE)
    assert not bool(FALSE)


def test_the_condition_of_an_ode():
    net = sr.PLRNN(["a"], [["w"]], [1], parameters={"a": "positive", "w": "real"})
    ode = sr.derive(net.region("1"), dt=1)
    a, w = net.parameters
    entry = sp.Piecewise((ode.matrix[0, 0], ode.condition), (sp.nan, True))
    assert entry == sp.Piecewise((sp.log(a + w), a + w > 0), (sp.nan, True))
    assert sp.lambdify([a, w], entry)(1, 0) == 0
    assert [sp.Piecewise((1, case.condition)).args[0].cond for case in ode.other_cases] == [a + w < 0, sp.Eq(a + w, 0)]
