from itertools import product

import pytest
import sympy as sp

from symplrnn.conditions.formula import positive, zero
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, all_of, any_of, conditional, truth_of
from symplrnn.errors import UndecidedError

VALUES = [TRUE, FALSE, UNKNOWN("a")]
RANK = {False: 0, None: 1, True: 2}  # Kleene's order: and is min, or is max


@pytest.mark.parametrize(("x", "y"), list(product(VALUES, VALUES)))
def test_connectives_are_minimum_and_maximum_of_kleenes_order(x, y):
    assert RANK[(x & y).value] == min(RANK[x.value], RANK[y.value])
    assert RANK[(x | y).value] == max(RANK[x.value], RANK[y.value])
    assert RANK[(~x).value] == 2 - RANK[x.value]


def test_unknown_refuses_to_be_a_condition_and_keeps_its_reason():
    with pytest.raises(UndecidedError, match="not checked"):
        bool(UNKNOWN("not checked"))
    with pytest.raises(ValueError, match="not checked"):
        _ = "x" if UNKNOWN("not checked") else "y"
    assert (UNKNOWN("a") & UNKNOWN("b")).reason == "a; b"
    assert (~UNKNOWN("a")).reason == "a"


def test_conditions_on_decided_values():
    assert bool(TRUE)
    assert not bool(FALSE)
    assert truth_of(False) == FALSE
    assert all_of([]) == TRUE
    assert any_of([]) == FALSE
    assert (TRUE.is_true, TRUE.is_false, TRUE.is_unknown) == (True, False, False)
    assert (FALSE.is_true, FALSE.is_false, FALSE.is_unknown) == (False, True, False)
    assert (UNKNOWN("a").is_true, UNKNOWN("a").is_false, UNKNOWN("a").is_unknown) == (False, False, True)


def test_truths_are_sympy_citizens():
    """sympify gives a Boolean in the same symbols, also inside of SymPy's own functions."""
    a, b = sp.Symbol("a", positive=True), sp.Symbol("b")
    truth = conditional(positive(a - b) | zero(b - 2))
    boolean = sp.sympify(truth)
    assert isinstance(boolean, sp.logic.boolalg.Boolean)
    assert boolean.free_symbols == {a, b}
    for x, y in ((1, 0), (1, 2), (1, 1), (1, 3)):
        assert bool(boolean.subs({a: x, b: y})) == truth.at({a: x, b: y}).value
    assert sp.And(positive(a - b), a < 5) == sp.And(a - b > 0, a < 5)
    assert sp.Piecewise((a, boolean), (0, True)).subs({a: 1, b: 0}) == 1
    assert (sp.sympify(TRUE), sp.sympify(FALSE)) == (sp.true, sp.false)
    assert conditional(positive(a - 3)).as_set() == sp.Interval.open(3, sp.oo)
    with pytest.raises(sp.SympifyError):
        sp.sympify(UNKNOWN("too long"))
    for no_condition in (TRUE, UNKNOWN("too long")):
        with pytest.raises(ValueError, match="no conditions"):
            no_condition.as_set()
