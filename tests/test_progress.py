"""Loops that are counted tell whoever listens how far they are, and nobody else."""

import pytest

import symplrnn as sr
from symplrnn.progress import counted, listening


def test_only_the_outermost_loop_is_told_of():
    told = []
    with listening(lambda *what: told.append(what)):
        for _ in counted(range(2), "regions", 2):
            list(counted(range(5), "steps", 5))
        list(counted(range(1), "rows"))
    assert told == [(0, 2, "regions"), (1, 2, "regions"), (2, 2, "regions"), (0, None, "rows"), (1, None, "rows")]
    assert list(counted(range(3), "rows")) == [0, 1, 2]
    assert len(told) == 5  # nobody listens any more


def test_a_loop_that_fails_or_is_left_does_not_silence_the_next():
    told = []
    with listening(lambda *what: told.append(what)):
        with pytest.raises(ZeroDivisionError):
            [1 / x for x in counted([0], "numbers", 1)]
        for _ in counted(range(9), "steps", 9):
            break
        list(counted("a", "letters", 1))
    assert told[-2:] == [(0, 1, "letters"), (1, 1, "letters")]


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (lambda net, ode: sr.check(net), (4, 4, "regions")),
        (lambda net, ode: net.orbit([2, -1], 7), (8, 8, "steps")),
        (lambda net, ode: net.orbit([2, -1], 7, exact=False), (7, 7, "steps")),
        (lambda net, ode: ode.simulate([2, -1], 7, switching="state"), (7, 7, "steps")),
        (lambda net, ode: ode.crossings([2, -1], 7), (7, 7, "steps")),
        (lambda net, ode: sr.latex(ode), (4, 4, "regions")),
    ],
    ids=["check", "orbit", "floats", "simulate", "crossings", "latex"],
)
def test_what_takes_long_is_counted(work, expected):
    net = sr.example("complex")
    told = []
    with listening(lambda *what: told.append(what)):
        work(net, sr.derive(net))
    assert expected in told
