"""The certificate of a network with letters: the one formula of each region, which holds wherever E2 does.

With N = M - I and q(t) = det(I + t N), E2 holds exactly where q > 0 on [0, 1], and there (docs/theory, section 6, (6) and (7))

    X = N Phi / dt,  y = Phi c / dt,  Y = Phi C / dt,    Phi = sum_k B_k int_0^1 t^k / q(t) dt,

where B_0 = I and B_k = q_k I - N B_(k-1). The q_k and B_k are polynomials in the letters; they are the evidence. For a PLRNN the
polynomials are listed which are all positive exactly where E2 holds in every region (G1).

Reference: proofs/oneformula.md, Theorems 1 and 2; proofs/global.md.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from symplrnn.errors import EntryError
from symplrnn.exact.fields.rational import QQ
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region

__all__ = ["LETTER_UNITS", "polynomial_entry", "region_with_letters", "whole_with_letters"]

LETTER_UNITS = 6  # units whose principal minors are listed


def polynomial_entry(value: Any) -> Any:
    """Return an entry as text if it is rational, else as an object of coefficients by exponents of the letters."""
    terms = {exponents: QQ.element(int(x)) for exponents, x in value.numer.to_dict().items()}
    if not value.denom.is_constant():
        raise EntryError(f"certificate: {value} is a quotient; accepted are entries that are polynomials in letters")
    (divisor,) = value.denom.to_dict().values()
    found = {" ".join(map(str, exponents)): str(x / QQ.element(int(divisor))) for exponents, x in terms.items()}
    constant = " ".join("0" * len(value.numer.context().names()))
    return found.get(constant, "0") if set(found) <= {constant} else found


def region_with_letters(region: Region) -> dict[str, Any]:
    """Return the polynomial q and the matrices B_k of a region."""
    K, n = region.network.field, region.network.n
    one = K.identity(n)
    N = region.affine.M - one
    chi = K.characteristic_polynomial(N)
    q = [chi[n - k] * K.element((-1) ** k) for k in range(n + 1)]
    matrices = [one]
    for k in range(1, n):
        diagonal = K.fill(n, n, [q[k] if i == j else K.element(0) for i in range(n) for j in range(n)])
        matrices.append(diagonal - N * matrices[-1])
    return {
        "pattern": region.pattern,
        "determinant": [polynomial_entry(x) for x in q],
        "matrices": [[[polynomial_entry(x) for x in row] for row in B.tolist()] for B in matrices],
    }


def whole_with_letters(network: ReLURNN) -> dict[str, Any] | None:
    """Return the polynomials that are all positive exactly where E2 holds in all regions: A, and principal minors, by units."""
    if not network.is_plrnn or network.n > LETTER_UNITS:
        return None
    K, B, minors = network.field, (network.exact.A + network.exact.W).tolist(), {}
    for size in range(1, network.n + 1):
        for units in combinations(range(network.n), size):
            part = K.fill(size, size, [B[i][j] for i in units for j in units])
            minor = K.characteristic_polynomial(part)[0] * K.element((-1) ** size)
            minors[" ".join(str(i + 1) for i in units)] = polynomial_entry(minor)
    return {"minors": minors}
