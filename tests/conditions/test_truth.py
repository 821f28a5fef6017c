from itertools import product

import pytest

from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, all_of, any_of, truth_of
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
