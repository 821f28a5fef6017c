"""Taylor models of the flow inside one step: each activation as polynomials with ball coefficients that contain it on [0, 1].

During a step the extended state w = (x, u, 1, s) follows w(r) = exp(r L) w(0), r in [0, 1], with L = dt X^. An activation, or its
negative, is f(r) = v w(r) with a row v of numbers. The step is cut into pieces of length h. On a piece that starts at w_j,

    f(r_j + h t) = sum_{k < d} t^k v (hL)^k w_j / k!  +  t^d e(t),      |e(t)| <= |v (hL)^d / d!|_1  sup_{q <= h} |exp(q L) w_j|,

and the remainder is kept as a ball in the place of the top coefficient. So it vanishes at t = 0, where the state is known
exactly, with all its derivatives up to order d - 1; the last piece is expanded backwards from the exact state at its end, where
u = 0 again. In Bernstein form, positive coefficients prove a positive function, and all pieces of a step are one matrix product.

The coordinates are scaled by powers of two that balance L, and the pieces are so short that |(hL)^8| <= 1, not |hL| <= 1: an L
that is large but almost nilpotent needs no more pieces for that.

Reference: N. J. Higham, Functions of Matrices, SIAM 2008, chapter 4; R. T. Farouki, The Bernstein polynomial basis: a centennial
retrospective, Computer Aided Geometric Design 29 (2012) 379-419; docs/theory, section 5, "Crossing certificate".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, isfinite, ldexp, log2
from typing import Any

from flint import arb, arb_mat, fmpq

from symplrnn import limits
from symplrnn.dynamics.first_exit import Piece
from symplrnn.exact.balls import working_precision
from symplrnn.exact.fields.real import real_field
from symplrnn.logarithm.closed_form import Logarithm
from symplrnn.logarithm.half_turns import multiplicity
from symplrnn.systems.region_ode import RegionODE

__all__ = ["ExactFlow", "FlowModel", "exact_flow", "flow_model"]

NORM_POWER = 8
SWEEPS = 8


@dataclass(frozen=True, eq=False)
class FlowModel:
    """The Taylor models of the rows v_1 ... v_g for one region at one precision; see the head of this file.

    Attributes
    ----------
    bits : int
    pieces : int
        Their number, a power of two from 2 on.
    scales : arb_mat (N, N)
        The diagonal matrix of powers of two that scales the state.
    forward, backward : arb_mat (g (d + 1), N)
        Row k g + i maps the scaled state at the left (right) end of a piece to Bernstein coefficient k of f_i.
    shifts : tuple of arb_mat (N, N)
        exp(j h L) for the left ends j = 1 ... pieces - 2, scaled.
    remainders : tuple of arb
        For each row, what bounds e(t) when it is multiplied by the largest entry of the scaled state.
    """

    bits: int
    pieces: int
    scales: arb_mat
    forward: arb_mat
    backward: arb_mat
    shifts: tuple[arb_mat, ...]
    remainders: tuple[arb, ...]

    def polynomials(self, start: arb_mat, end: arb_mat) -> list[list[Piece]]:
        """Return for each row the pieces of f on [0, 1], from the states (N, 1) at r = 0 and r = 1."""
        g, h = len(self.remainders), fmpq(1, self.pieces)
        with working_precision(self.bits):
            start, end = self.scales * start, self.scales * end
            states = [start, *(shift * start for shift in self.shifts), end]
            found: list[list[Piece]] = [[] for _ in range(g)]
            for j, state in enumerate(states):
                last = j == self.pieces - 1
                values = ((self.backward if last else self.forward) * state).entries()
                size = _largest(state.entries())
                for i in range(g):
                    coefficients = values[i::g]
                    reach = self.remainders[i] * size
                    coefficients[0 if last else -1] += reach.union(-reach)
                    found[i].append(Piece(h * j, h * (j + 1), coefficients))
        return found


def flow_model(ode: RegionODE, rows: Any, bits: int) -> FlowModel | None:
    """Return the Taylor models of the rows (g, n + 1 + m) on (x, 1, s) in a region, or None if these bits are too few.

    >>> import symplrnn as sr
    >>> from flint import fmpq_mat
    >>> ode = sr.derive(sr.PLRNN(["1/2"], [[0]], [1]), dt=1)["1"]
    >>> model = flow_model(ode, fmpq_mat([[1, 0]]), 64)
    >>> [[piece]] = [[pieces[-1]] for pieces in model.polynomials(arb_mat([[4], [1]]), arb_mat([[3], [1]]))]
    >>> piece.lower, piece.upper, piece.coefficients[-1], piece.coefficients[0].overlaps(2 + arb(2).sqrt())
    (1/2, 1, 3.00000000000000, True)
    """
    with working_precision(bits):
        L = _generator(ode, bits)
        if L is None:
            return None
        exponents = _balance(L)
        N, twos = L.nrows(), [arb(2) ** k for k in exponents]
        L = arb_mat(N, N, [L[i, j] * twos[j] / twos[i] for i in range(N) for j in range(N)])
        powers = [L]
        while len(powers) < NORM_POWER:
            powers.append(powers[-1] * L)
        norms = [_norm(power) for power in powers]
        pieces = _number_of_pieces(norms[-1])
        if pieces is None:
            return None
        h = arb(fmpq(1, pieces))
        degree = _degree(bits)
        terms = [_widened(rows, ode) * _diagonal(twos)]
        for k in range(1, degree + 1):
            terms.append(terms[-1] * L * (h / k))
        growth = (norms[-1] * h**NORM_POWER).exp() * sum(
            (norm * h**k / arb(k).fac() for k, norm in enumerate(norms[:-1], 1)), arb(1)
        )
        remainders = tuple(sum((abs(x) for x in row), arb(0)) * growth for row in terms.pop().tolist())
        mirrored = [-term if k % 2 else term for k, term in enumerate(terms)]
        forward, backward = _bernstein(terms, degree), _bernstein(mirrored, degree)
        shift = (L * h).exp() if pieces > 2 else L
        shifts = [shift] if pieces > 2 else []
        while len(shifts) < pieces - 2:
            shifts.append(shifts[-1] * shift)
        scales = _diagonal([1 / x for x in twos])
        return FlowModel(bits, pieces, scales, _stacked(forward), _stacked(backward[::-1]), tuple(shifts), remainders)


def _generator(ode: RegionODE, bits: int) -> arb_mat | None:
    """Return L = dt X^ in balls that are about as narrow as the precision allows, or None if that takes too many bits more.

    The closed form may lose digits to cancellation between its terms; they are not lost again in the flow.
    """
    for more in (2 * bits, 4 * bits, 8 * bits):
        with working_precision(more):
            L = ode.enclosure(more) * ode.step_ball()
            if all(x.is_finite() for x in L.entries()) and _largest([x.rad() for x in L.entries()]) * 2**bits <= _largest(
                L.entries()
            ):
                return L
    return None


def _balance(L: arb_mat) -> list[int]:
    """Return exponents k such that the entries 2^(k_j - k_i) L_ij have rows and columns of about the same size.

    Osborne's iteration, in floats, since any exponents will do. What is smaller than the diagonal, or than 1/2, counts as that:
    more scaling would not make pieces longer.
    """
    sizes = [[float(x.abs_upper()) for x in row] for row in L.tolist()]
    order = range(len(sizes))
    floor = max(0.5, *(sizes[i][i] for i in order))
    exponents = [0] * len(sizes)
    if not all(isfinite(x) for row in sizes for x in row):
        return exponents
    for _ in range(SWEEPS):
        for i in order:
            row = sum(ldexp(sizes[i][j], exponents[j] - exponents[i]) for j in order if j != i)
            column = sum(ldexp(sizes[j][i], exponents[i] - exponents[j]) for j in order if j != i)
            exponents[i] += round(log2((row + floor) / (column + floor)) / 2)
    return exponents


def _diagonal(entries: list[arb]) -> arb_mat:
    """Return a diagonal matrix."""
    order = range(len(entries))
    return arb_mat(len(entries), len(entries), [entries[i] if i == j else arb(0) for i in order for j in order])


def _widened(rows: Any, ode: RegionODE) -> arb_mat:
    """Return rows on (x, 1, s) as rows on (x, u, 1, s)."""
    n, g, balls = ode.n, rows.nrows(), real_field(ode.region.network.field).balls(rows)
    wide = [[*row[:n], *[arb(0)] * ode.extra, *row[n:]] for row in balls.tolist()]
    return arb_mat(g, rows.ncols() + ode.extra, [x for row in wide for x in row])


def _norm(matrix: arb_mat) -> arb:
    """Return an upper bound of the norm that belongs to the largest entry of a vector."""
    return _largest([sum((abs(x) for x in row), arb(0)) for row in matrix.tolist()])


def _largest(balls: list[arb]) -> arb:
    """Return an upper bound of the absolute values of numbers; infinite if one of the balls is."""
    if not all(ball.is_finite() for ball in balls):
        return arb.pos_inf()
    return max((ball.abs_upper() for ball in balls), default=arb(0))


def _number_of_pieces(norm: arb) -> int | None:
    """Return the least power of two s with |(L/s)^8| <= 1, at least 2; None if it is too large. Only economy hangs on it."""
    pieces = 2
    while arb(pieces) ** NORM_POWER < norm:
        pieces *= 2
        if pieces > limits.TAYLOR_PIECES:
            return None
    return pieces


def _degree(bits: int) -> int:
    """Return the least d with d! >= 2^bits, so that remainders are about as small as rounding errors."""
    degree, factorial = 1, 1
    while factorial < 1 << bits:
        degree += 1
        factorial *= degree
    return degree


def _bernstein(terms: list[arb_mat], degree: int) -> list[arb_mat]:
    """Return the Bernstein coefficients b_k = sum_{j <= k} C(k, j)/C(d, j) a_j of coefficients a_0 ... a_{d-1}, and a_d = 0."""
    found = []
    for k in range(degree + 1):
        total = terms[0]
        for j in range(1, min(k, degree - 1) + 1):
            total = total + terms[j] * arb(fmpq(comb(k, j), comb(degree, j)))
        found.append(total)
    return found


def _stacked(blocks: list[arb_mat]) -> arb_mat:
    """Return matrices one below the other."""
    rows = [row for block in blocks for row in block.tolist()]
    return arb_mat(len(rows), blocks[0].ncols(), [x for row in rows for x in row])


@dataclass(frozen=True, eq=False)
class ExactFlow:
    """The flow v F^r w on (x, 1, s) in exact terms, with the principal logarithm of F in closed form over a field K.

    If F has negative eigenvalues the flow is the real part of that if each of them has its extra coordinates; where a pair of
    Jordan blocks has a real logarithm without them, only from states w without a part in that eigenvalue's subspace.
    Rows v and states w are matrices over K.
    """

    log: Logarithm
    turning: tuple[Any, ...]

    def holds(self, state: Any) -> bool:
        """Return whether the flow from a state is the real part of F^r w."""
        return all(self._is_zero(H * state) for H in self.turning)

    def _is_zero(self, matrix: Any) -> bool:
        return all(self.log.field.is_zero(x) for x in matrix.entries())

    def vanishes(self, row: Any, state: Any) -> bool:
        """Return whether f(r) = v F^r w is 0 for every r, decided exactly from v F^k w = 0 for k < N, for a row v and a state w.

        f is a sum of terms p(r) l^r over the eigenvalues, with polynomials p, which are linearly independent functions, also when
        their real parts are taken; the sequence in k is 0 iff all p are.
        """
        for _ in range(self.log.matrix.nrows()):
            if not self._is_zero(row * state):
                return False
            state = self.log.matrix * state
        return True

    def vanishing_order(self, row: Any, state: Any, limit: int) -> int:
        """Return how many derivatives of f, from the first on, are 0 at r = 0 whatever the logarithms are, up to a limit.

        With L = R + sum_l log(l) E(l), derivative j is v R^j w + sum_{l, 0 < a <= j} C(j, a) log(l)^a v R^{j-a} E(l) w. It counts
        as 0 if the first term and all v R^{j-a} E(l) w with l != 1 are; for j = 1 those with l = -1 do not matter: log(-1) is
        imaginary. (Others may be 0 by relations between logarithms, such as log 4 = 2 log 2; they do not count.)

        >>> from symplrnn.exact.fields.rational import QQ
        >>> from symplrnn.logarithm.closed_form import logarithm
        >>> flow = ExactFlow(logarithm(QQ, QQ.matrix([[1, 1, fmpq(1, 2)], [0, 1, 1], [0, 0, 1]])), ())
        >>> flow.vanishing_order(QQ.matrix([[1, 0, 0]]), QQ.matrix([[0], [0], [1]]), 5)  # f = r^2 / 2
        1
        >>> flow = ExactFlow(logarithm(QQ, QQ.matrix([[-1, 0], [0, 1]])), ())
        >>> flow.vanishing_order(QQ.matrix([[1, -1]]), QQ.matrix([[1], [1]]), 5)  # f = cos(pi r) - 1
        1
        """
        K, R = self.log.field, self.log.rational_part
        unit, minus = (K.polynomial([K.element(x), K.element(1)]) for x in (-1, 1))
        moving = [H for term in self.log.terms if term.factor not in (unit, minus) for H in term.matrices]
        turning = [H for term in self.log.terms if term.factor == minus for H in term.matrices]
        for order in range(limit):
            if not all(self._is_zero(row * H * state) for H in moving):
                return order
            turns = not all(self._is_zero(row * H * state) for H in turning)
            row = row * R
            if not self._is_zero(row * state) or (turns and order):
                return order
            if turns:
                return 1
        return limit


def exact_flow(ode: RegionODE) -> ExactFlow:
    """Return the flow of a region ODE in exact terms, over the network's field."""
    log, K = ode.logarithm, ode.logarithm.field
    turning: list[Any] = []
    characteristic, lifted = K.characteristic_polynomial(log.matrix), 0
    for term in log.terms:
        negative = len(term.negative_roots)
        if negative:
            turning += term.matrices
            lifted += negative * multiplicity(characteristic, term.factor)
    return ExactFlow(log, () if lifted == ode.extra else tuple(turning))
