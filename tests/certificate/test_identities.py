"""The checker names the identity that fails, where all others hold: certificates that are made up by hand."""

import copy
import re
from fractions import Fraction
from math import lcm

import pytest

from symplrnn.certificate.check import Refused, check
from tests.certificate.documents import certificate, certified, linear
from tests.certificate.formula_reader import is_right


def exact(rows):
    """Return a matrix of rationals as it stands in a certificate."""
    q = lcm(*(Fraction(x).denominator for row in rows for x in row))
    return {"denominator": str(q), "rows": [[str(int(q * Fraction(x))) for x in row] for row in rows]}


def by_hand(rows, **claims):
    """Return a document with claims made up for the map z -> M z."""
    document = certified(linear(rows, [0] * len(rows)))
    [region] = document["regions"]
    document["regions"] = [{"pattern": "", **{name: claims.get(name, region.get(name)) for name in ("factors", "jump", *claims)}}]
    if document["regions"][0]["jump"] is None:
        del document["regions"][0]["jump"]
    return document


def jump(F, P):
    """Return the jump of a projector; F is made of whole numbers."""
    J = [[int(i == j) - P[i][j] + sum(F[i][k] * P[k][j] for k in range(3)) for j in range(3)] for i in range(3)]
    return {"projector": exact(P), "map": exact(J)}


def unit(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]


def part(*places):
    """Return a matrix of size 3 with entries (i, j, value)."""
    found = [[0] * 3 for _ in range(3)]
    for i, j, value in places:
        found[i][j] = value
    return found


def term(root, H):
    return {"factor": [str(-root), "1"], "denominator": ["1"], "weight": ["1"], "matrices": [exact(H)]}


def factor(f, multiplicity, **blocks):
    return {"factor": f, "multiplicity": multiplicity, **blocks}


def formula(N, U, *terms):
    return {"nilpotent": exact(N), "unipotent": exact(U), "rational_part": exact(U), "terms": list(terms)}


NOTHING = part()
DOUBLE = [factor(["2", "1"], 2)]  # (x + 2)^2, nothing said of blocks
SINGULAR, TWO = [[0, 0], [0, 2]], [[2, 0], [0, 2]]
TURN = {
    "columns": [exact([[0, 2, 0], [0, 1, 0]])],
    "rows": [exact([[3, -2, 0], [1, -1, 0]])],
}  # (x + 2) a, and a, of (x+2)(x+3)
ONE_IDENTITY = {
    "P^2 = P fails": lambda: by_hand([[0, 0], [0, 0]], jump=jump(part((2, 2, 1)), part((0, 0, 2)))),
    "F P = P F fails": lambda: by_hand(SINGULAR, jump=jump(part((1, 1, 2), (2, 2, 1)), part((0, 0, 1), (0, 1, 1)))),
    "F P is not nilpotent": lambda: by_hand(SINGULAR, jump=jump(part((1, 1, 2), (2, 2, 1)), part((1, 1, 1)))),
    "trace of P": lambda: by_hand(SINGULAR, jump=jump(part((1, 1, 2), (2, 2, 1)), NOTHING)),
    "J = 1 - P": lambda: by_hand(SINGULAR, jump=jump(part((2, 2, 1)), part((0, 0, 1))) | {"map": exact(unit(3))}),
    "0 is no eigenvalue": lambda: by_hand(TWO, jump=jump(part((2, 2, 1)), NOTHING)),
    "a jump is missing": lambda: by_hand(SINGULAR, formula={}, jump=None),
    "S N = N S fails": lambda: by_hand(
        [[2, 1], [0, 3]],
        formula=formula(
            part((0, 1, 1)),
            part((0, 1, "1/2")),
            term(2, part((0, 0, 1))),
            term(3, part((1, 1, 1))),
            term(1, part((2, 2, 1))),
        ),
    ),
    "S U = N fails": lambda: by_hand(
        TWO, formula=formula(NOTHING, part((0, 1, 1)), term(2, part((0, 0, 1), (1, 1, 1))), term(1, part((2, 2, 1))))
    ),
    "U is not nilpotent": lambda: by_hand(TWO, formula=formula(part((0, 0, 1), (1, 1, 1)), part((0, 0, 1), (1, 1, 1)))),
    "the factors are not those": lambda: by_hand(
        TWO,
        formula=formula(NOTHING, NOTHING, term(2, part((0, 0, 1), (1, 1, 1))), term(1, part((2, 2, 1))), term(-5, NOTHING)),
    ),
    "c a = 1 or 0 fails": lambda: by_hand(
        [[-2, 0], [0, -3]],
        extra=2,
        factors=[factor(["6", "5", "1"], 1)],
        formula=formula(
            NOTHING,
            NOTHING,
            {
                "factor": ["6", "5", "1"],
                "denominator": ["1", "0"],
                "weight": ["5", "2"],
                "matrices": [exact(part((0, 0, 3), (1, 1, -2))), exact(part((0, 0, 1), (1, 1, -1)))],
                "half_turns": [[TURN]],
            },
            term(1, part((2, 2, 1))),
        ),
    ),
    "the sizes of the blocks do not add up": lambda: by_hand(
        [[-2, 0, 0], [0, -2, 0], [0, 0, -2]],
        factors=[factor(["2", "1"], 3, sizes=[1, 1], generators=[["1", "0", "0"], ["0", "1", "0"]])],
    ),
    "blocks do not add up to the multiplicity": lambda: by_hand(
        unit(2),
        lengthened={"sizes": [1, 1], "generators": [["1", "0", "0"], ["0", "1", "0"]]},
    ),
    "w g = f' modulo the factor fails": lambda: by_hand(
        TWO,
        formula=formula(
            NOTHING,
            NOTHING,
            {**term(2, part((0, 0, "1/2"), (1, 1, "1/2"))), "weight": ["2"]},
            term(1, part((2, 2, 1))),
        ),
    ),
    "the projectors do not sum to 1": lambda: by_hand(TWO, formula=formula(NOTHING, NOTHING, term(2, NOTHING), term(1, NOTHING))),
    "the product of the factors is not": lambda: by_hand(
        [[-2, 0], [0, -2]], factors=[factor(["2", "1"], 1), factor(["3", "1"], 1)]
    ),
    "term 2: the factors are not those": lambda: by_hand(
        [[2, 0], [0, 3]],
        factors=[factor(["-2", "1"], 1), factor(["-3", "1"], 1)],
        formula=formula(NOTHING, NOTHING, *(term(2, part((0, 0, 1))) for _ in range(2)), term(1, part((2, 2, 1)))),
    ),
    "the chains are not as many": lambda: by_hand(
        [[-2]],
        extra=1,
        formula={
            **{name: exact([[0, 0], [0, 0]]) for name in ("nilpotent", "unipotent", "rational_part")},
            "terms": [{**term(-2, [[1, 0], [0, 0]]), "half_turns": []}, term(1, [[0, 0], [0, 1]])],
        },
    ),
    "E3: the evidence does not suffice": lambda: by_hand([[-2, 0], [0, -2]], factors=DOUBLE, E3=True),
    "kind: the evidence does not suffice": lambda: by_hand([[-2, 0], [0, -2]], factors=DOUBLE, kind="real"),
    "real_odes: the evidence does not suffice": lambda: by_hand(TWO, factors=[factor(["-2", "1"], 2)], real_odes="uncountable"),
}


@pytest.mark.parametrize("message", ONE_IDENTITY)
def test_a_single_identity_that_fails_is_named(message):
    with pytest.raises(Refused, match=re.escape(message)):
        check(ONE_IDENTITY[message]())


@pytest.mark.parametrize(
    ("rows", "factors", "message"),
    [
        (SINGULAR, [factor(["0", "-2", "1"], 1)], "roots of x and x - 1 only"),  # hides the eigenvalue 0
        ([[1, 0], [0, -2]], [factor(["-2", "1", "1"], 1)], "roots of x and x - 1 only"),
        (SINGULAR, [factor(["0", "2"], 1), factor(["-2", "1"], 1)], "roots of x and x - 1 only"),
        ([[-2, 0], [0, -2]], [factor(["4", "4", "1"], 1)], "not shown to be different"),  # hides that a root is double
        ([[-2, 1], [0, -2]], [factor(["2", "1"], 1)] * 2, "not shown to be different"),
        ([[-2, 0], [0, -2]], [factor(["2", "1"], 3)], "too large"),
        ([[-2]], [factor(["2", "1"], True)], "too large"),
        ([[-2]], [factor(["2", "1"], 0)], "too large"),
        ([[-2]], [factor(["-2", "-1"], 1)], "first coefficient"),
        ([[-2]], [factor(["2", "1", "0"], 1)], "first coefficient"),
        ([[-2]], [factor(["1"], 1), factor(["2", "1"], 1)], "degree"),
        ([[-2]], [factor("21", 1)], "degree"),
        ([[-2]], [], "the product of the factors is not"),
        ([[-2, 1], [0, -2]], [factor(["2", "1"], 2, sizes=[1, 1], generators=[["1", "0"], ["0", "1"]])], "f(M)^m g = 0 fails"),
        ([[-2, 0], [0, -2]], [factor(["2", "1"], 2, sizes=[2], generators=[["1", "1"]])], "are not independent"),
        ([[-2, 0], [0, -2]], [factor(["2", "1"], 2, sizes=[1, 1], generators=[["1", "1"], ["2", "2"]])], "are not independent"),
        ([[-2, 0], [0, -2]], [factor(["2", "1"], 2, sizes=[3, -1], generators=[["1", "1"], ["2", "2"]])], "do not add up"),
        (
            [[-2, 0], [0, -2]],
            [factor(["2", "1"], 2, sizes=[2], generators=[["1", "1"], ["1", "0"]])],
            "a size for each generator",
        ),
    ],
)
def test_false_factors_are_refused(rows, factors, message):
    with pytest.raises(Refused, match=re.escape(message)):
        check(by_hand(rows, factors=factors, zero=False))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda pairs: pairs[0].reverse(), "the first is not shorter"),
        (lambda pairs: pairs[0].append(pairs[0][1]), "one or two chains are a pair"),
        (lambda pairs: pairs[0].pop(), "the chains are not as many"),
        (lambda pairs: pairs[0][0]["rows"].pop(), "a row for each column"),
        (lambda pairs: pairs[0][0]["columns"].reverse(), "F a = l a + a' fails"),
        (lambda pairs: pairs[0][0]["rows"].reverse(), "c F = l c + c' fails"),
        (
            lambda pairs: [row.update(denominator=str(2 * int(row["denominator"]))) for row in pairs[0][0]["rows"]],
            "c a = 1 or 0 fails",
        ),
    ],
)
def test_false_chains_are_refused(change, message):
    document = copy.deepcopy(certificate("unequal chains"))
    change(next(term["half_turns"] for term in document["regions"][0]["formula"]["terms"] if "half_turns" in term))
    with pytest.raises(Refused, match=re.escape(message)):
        check(document)


def test_chains_that_could_be_paired_are_no_smallest_lift():
    document = copy.deepcopy(certificate("paired chains"))
    check(document)
    half_turns = next(term["half_turns"] for term in document["regions"][0]["formula"]["terms"] if "half_turns" in term)
    half_turns[:] = [[chain] for chain in half_turns[0]]
    assert is_right(document, document["regions"][0])
    with pytest.raises(Refused, match="the formula has 4 extra coordinates; the fewest are 0"):
        check(document)
