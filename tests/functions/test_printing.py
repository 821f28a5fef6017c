"""How divided differences are printed."""

import pytest
import sympy as sp

from symplrnn.functions import log_difference, phi, power_difference

x, y, t = sp.symbols("x y t", positive=True)
tau, delta, s, e = sp.symbols("tau delta s e")
CASES = [
    (phi(x), "phi(x)", r"\varphi(x)", "φ(x)"),
    (phi(x / y), "phi(x/y)", r"\varphi\left(\frac{x}{y}\right)", None),
    (log_difference([x, y]), "log[x, y]", r"\log[x, y]", "log[x, y]"),
    (log_difference([1, x, y]), "phi[x, y]", r"\varphi[x, y]", "φ[x, y]"),
    (log_difference([1, 1, x]), "phi[1, x]", r"\varphi[1, x]", "φ[1, x]"),
    (log_difference([(tau, delta)]), "log[roots(tau, delta)]", r"\ell(\tau, \delta)", "log[roots(τ, δ)]"),
    (log_difference([1, (tau, delta)]), "phi[roots(tau, delta)]", r"\varphi[\tau; \delta]", "φ[roots(τ, δ)]"),
    (log_difference([x, (tau, delta)]), "log[x, roots(tau, delta)]", r"\log[x, \tau; \delta]", "log[x, roots(τ, δ)]"),
    (
        log_difference([(tau, delta, e)], 1),
        "(t*log(t))[roots(tau, delta, e)]",
        r"\left(t \log{\left(t \right)}\right)[\tau; \delta; e]",
        "(t⋅log(t))[roots(τ, δ, e)]",
    ),
    (power_difference(s, [x, y]), "(t**s)[x, y]", r"\left(t^{s}\right)[x, y]", None),
    (power_difference(s, [t, y]), "(z**s)[t, y]", r"\left(z^{s}\right)[t, y]", None),
    (power_difference(s, [x, y]).diff(s), "(t**s*log(t))[x, y]", r"\left(t^{s} \log{\left(t \right)}\right)[x, y]", None),
]


@pytest.mark.parametrize(("value", "text", "latex", "pretty"), CASES, ids=[case[1] for case in CASES])
def test_print(value, text, latex, pretty):
    assert str(value) == text
    assert sp.latex(value) == latex
    assert pretty is None or sp.pretty(value, use_unicode=True) == pretty
    assert sp.latex(value**2) == f"{latex}^{{2}}"


def test_print_in_expressions():
    assert str(-2 * phi(x) + y) == "y - 2*phi(x)"
    assert sp.latex(x * log_difference([x, y])) == r"x \log[x, y]"
    assert sp.pretty(phi(x) ** 2, use_unicode=True) == "    2\nφ(x) "
    assert sp.pretty(power_difference(s, [x, y]), use_unicode=True) == "⎛ s⎞      \n⎝t ⎠[x, y]"
