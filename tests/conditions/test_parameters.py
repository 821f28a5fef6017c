import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from symplrnn.conditions.parameters import check_value, declare, sign_set
from symplrnn.errors import EntryError

SIGNS = {
    "real": {-1, 0, 1},
    "positive": {1},
    "negative": {-1},
    "nonzero": {-1, 1},
    "nonnegative": {0, 1},
    "nonpositive": {-1, 0},
}


@given(st.lists(st.sampled_from(list(SIGNS)), max_size=4), st.sampled_from([", ", " ", ",", None]))
def test_words_leave_the_signs_that_all_of_them_admit(words, separator):
    signs = {-1, 0, 1}.intersection(*(SIGNS[word] for word in words))
    parameters = {"a": words if separator is None else separator.join(words)}
    if not signs:
        with pytest.raises(EntryError, match=r"^a: no number is "):
            declare(parameters)
    elif signs == {0}:
        with pytest.raises(EntryError, match="leaves only 0: write the number 0"):
            declare(parameters)
    else:
        symbol = declare(parameters)["a"]
        assert symbol.is_real
        assert sign_set(symbol) == signs
        for value in (fmpq(-1, 3), fmpq(0), fmpq(10**30)):
            sign = (value > 0) - (value < 0)
            if sign in signs:
                check_value(symbol, value)
            else:
                with pytest.raises(EntryError, match=r"^here: .* is not [a-z]+, as declared$"):
                    check_value(symbol, value, "here")


def test_declared_symbols_are_those_of_sympy():
    declared = declare({"b": "positive", "a": "", "w_1": ["real, nonzero", "nonnegative"]})
    assert list(declared.items()) == [
        ("b", sp.Symbol("b", positive=True)),
        ("a", sp.Symbol("a", real=True)),
        ("w_1", sp.Symbol("w_1", positive=True)),
    ]
    assert declare(["x", "y"]) == {"x": sp.Symbol("x", real=True), "y": sp.Symbol("y", real=True)}
    assert declare({}) == declare([]) == {}


def test_symbols_bring_their_assumptions():
    plain, positive, whole = sp.Symbol("a"), sp.Symbol("p", positive=True), sp.Symbol("n", integer=True)
    assert declare([plain, positive, whole]) == {"a": plain, "p": positive, "n": whole}
    assert declare({plain: "negative", positive: "nonzero"}) == {"a": sp.Symbol("a", negative=True), "p": positive}
    assert sign_set(plain) == {-1, 0, 1}
    check_value(whole, fmpq(3))
    with pytest.raises(EntryError, match="n: 1/2 is not integer, unlike declared"):
        check_value(whole, fmpq(1, 2))
    with pytest.raises(EntryError, match="p: -1 is not positive, as declared"):
        check_value(positive, fmpq(-1))


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        (["2a"], "'2a' is no name for a parameter"),
        (["a b"], "no name"),
        ([""], "no name"),
        (["class"], "no name"),
        (["sqrt"], "no name"),
        (["\u03bb"], "no name"),
        (["x" * 3 + "-"], "accepted are ASCII letters"),
        ([sp.Symbol("x_{1}")], "no name"),
        ([3], "of type int is no name"),
        ([None], "of type NoneType is no name"),
        ([sp.Symbol("a") + 1], "is no name"),
        ("abc", "expected a mapping"),
        (7, "expected a mapping"),
        (None, "expected a mapping"),
        (["a", "a"], "a: declared twice"),
        ({"a": 1, sp.Symbol("a"): 2}, "expected assumptions as text"),
        ({"a": "", sp.Symbol("a"): ""}, "a: declared twice"),
        ({"a": "positve"}, "a: unknown assumption 'positve'; accepted words are real, positive, negative"),
        ({"a": "Positive"}, "unknown assumption"),
        ({"a": "complex"}, "unknown assumption"),
        ({"a": None}, "a: expected assumptions as text"),
        ({"a": ["positive", 1]}, "a: expected assumptions as text"),
        ({"a": True}, "a: expected assumptions as text"),
        ({"a": b"positive"}, "a: expected assumptions as text"),
        ({"a": "positive nonpositive"}, "a: no number is positive, nonpositive"),
        ({"a": "nonnegative nonpositive nonzero"}, "a: no number is"),
        ({"a": "nonnegative nonpositive"}, "leaves only 0: write the number 0"),
        ([sp.Symbol("z", imaginary=True)], "parameters: by its assumptions the symbol 'z' is no real parameter; accepted"),
        ([sp.Symbol("z", complex=True)], "'z' is no real parameter"),
        ([sp.Dummy("z")], "parameters: '_z' is no name"),
        (["_z"], "beginning with a letter"),
        (["x" * 61], "up to 60"),
        ([sp.Symbol("z", zero=True)], "write the number 0"),
        ({sp.Symbol("a", real=True): "positive"}, "the symbol has other assumptions"),
        ([f"a{i}" for i in range(65)], "65 are declared; accepted are up to 64"),
    ],
)
def test_wrong_declarations_have_one_clear_line(parameters, problem):
    with pytest.raises(EntryError, match=problem) as caught:
        declare(parameters)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 250


def test_as_many_as_allowed_are_allowed():
    assert len(declare([f"a{i}" for i in range(64)])) == 64
