"""Rate networks with a leak, as models of cognitive tasks have them, and with k = 1 the ReLU RNN that libraries offer.

Reference: H. F. Song, G. R. Yang, X.-J. Wang, Training excitatory-inhibitory recurrent neural networks for cognitive tasks, PLoS
Computational Biology 12, 2016; D. B. Ehrlich et al., PsychRNN, eNeuro 8, 2021; the documentation of torch.nn.RNN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from symplrnn.errors import FormatError, ShapeError
from symplrnn.exact.reading.numbers import matrix_parts, rational, rows_of, vector_of, vector_parts
from symplrnn.network.entries import product, reader, total
from symplrnn.network.in_files import Choices, InFiles
from symplrnn.network.network import ReLURNN

__all__ = ["IN_FILES", "IN_TORCH", "RateRNN"]

RECTIFIED = ("state", "drive", "sum")


def RateRNN(  # noqa: N802  (a kind of network)
    W: Any, b: Any, k: Any = 1, relu: str = "drive", C: Any = None, hold_inputs: Any = None, **options: Any
) -> ReLURNN:
    """Return a rate network with n units and the leak k = dt/tau; published equations differ in what the ReLU takes.

    ====================  ==============================================================================
    ``relu``              equation
    ====================  ==============================================================================
    "state"               z -> (1 - k) z + k (W relu(z) + b + C s)
    "drive"               z -> (1 - k) z + k relu(W z + b + C s);  torch.nn.RNN and vanilla RNNs: k = 1
    "sum"                 z -> relu((1 - k) z + k (W z + b + C s))
    ====================  ==============================================================================

    In the second and third the inputs are inside of the ReLU, which the form z -> A z + W relu(V z + b) + h + C s has not. There
    are two ways, and with C one has to be chosen:

    - ``hold_inputs`` is a vector s (or 0, for zeros): the inputs are held at it, the states remain z, there are no inputs.
    - ``hold_inputs=False``: the states are what the ReLU takes, y. They follow  y' = (1 - k) y + k W relu(y) + k b + C u  with
      u_t = s_{t+1} - (1 - k) s_t  for "drive", and  y' = Q relu(y) + k b + k C u,  Q = (1 - k) I + k W,  u_t = s_{t+1}  for
      "sum". From them  z -> (1 - k) z + k relu(y),  and  z -> relu(y).

    W is (n, n), b has length n, C is (n, m). Further keywords (dt, names, initial_states, parameters) are those of `ReLURNN`.

    >>> net = RateRNN([[0, 2], [1, 0]], b=[-1, 0], k="1/5")
    >>> net.step([1, 1])
    Matrix([
    [1],
    [1]])
    >>> RateRNN([[2]], b=[-1], C=[[3]], hold_inputs=False).step([1], [1])
    Matrix([[4]])

    Reference: H. F. Song, G. R. Yang, X.-J. Wang, 2016, eqs. (1) and (2).
    """
    if relu not in RECTIFIED:
        raise ShapeError(f"relu: expected one of {', '.join(RECTIFIED)}, got {relu!r}")
    read = reader(options.get("parameters"))
    n = len(vector_parts(b, "b"))
    weights = matrix_parts(W, "W", rows=n, columns=n)
    given: Any = [[]] * n if C is None else matrix_parts(C, "C", rows=n)
    leak = read(k, "k")
    weights, bias = rows_of(weights, "W", read), vector_of(vector_parts(b, "b"), "b", read)
    inputs = rows_of(given, "C", read)
    if relu == "state":
        if hold_inputs is not None:
            raise ShapeError('hold_inputs: only for relu="drive" and relu="sum", where inputs are inside of the ReLU')
        return ReLURNN(_keep(leak, n), _times(leak, weights), _times(leak, [bias])[0], C=_times(leak, inputs), **options)
    if hold_inputs is None and n and inputs[0]:
        raise ShapeError(
            "hold_inputs: the inputs are inside of the ReLU; give a vector or 0 to hold them at, or False for states that are "
            "what the ReLU takes"
        )
    if hold_inputs is not None and hold_inputs is not False:
        bias = _held(inputs, bias, hold_inputs, read)
    if relu == "sum":
        weights = [[total(product(leak, x), _keep(leak, 1)[0] if i == j else fmpq(0)) for j, x in enumerate(row)]
                   for i, row in enumerate(weights)]  # fmt: skip
        bias, inputs = _times(leak, [bias])[0], _times(leak, inputs)
        leak = fmpq(1)
    if hold_inputs is False:
        return ReLURNN(_keep(leak, n), _times(leak, weights), _times(leak, [bias])[0], C=inputs,
                       V=[[int(i == j) for j in range(n)] for i in range(n)], **options)  # fmt: skip
    identity = [[leak if i == j else fmpq(0) for j in range(n)] for i in range(n)]
    return ReLURNN(_keep(leak, n), identity, [0] * n, V=weights, b=bias, **options)


def _keep(leak: Any, n: int) -> list[Any]:
    """Return the diagonal 1 - k."""
    return [total(fmpq(1), -leak)] * n


def _times(factor: Any, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[product(factor, x) for x in row] for row in rows]


def _held(inputs: Sequence[Sequence[Any]], bias: Sequence[Any], values: Any, read: Any) -> list[Any]:
    """Return b + C s for inputs that are held at s."""
    width = len(inputs[0])
    if isinstance(values, int | str) and str(values).strip() == "0":
        values = [0] * width
    held = vector_of(vector_parts(values, "hold_inputs", width), "hold_inputs", read)
    return [total(x, *(product(c, s) for c, s in zip(row, held, strict=True))) for x, row in zip(bias, inputs, strict=True)]


def _build(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    n = len(parts["W"])
    if "C" in parts and len(parts["C"]) != n == len(parts["C"][0]):
        raise FormatError(f"the inputs have {len(parts['C'])} x {n} weights, as for states in rows, z @ W: transpose all weights")
    inside = choices.relu != "state" and "C" in parts
    choices.ask("a rate network", "relu", "k", *(["hold_inputs"] if inside else []))
    said = {"k": choices.k, "relu": choices.relu, "hold_inputs": choices.hold_inputs}
    return RateRNN(parts["W"], _bias(parts), C=parts.get("C"), **said, **options)


def _bias(parts: dict[str, Any]) -> list[Any]:
    """Return the sum of the biases that there are."""
    n = len(parts["W"])
    given = [vector_of(vector_parts(parts[name], name, n), name, rational) for name in ("b", "b_inputs") if name in parts]
    return [total(*terms) for terms in zip(*given, strict=True)] if given else [fmpq(0)] * n


def _build_torch(parts: dict[str, Any], choices: Choices, **options: Any) -> ReLURNN:
    rows, columns = len(parts["W"]), len(parts["W"][0])
    gates = {3: "a GRU", 4: "an LSTM"}
    if rows != columns and rows % columns == 0 and rows // columns in gates:
        raise FormatError(
            f"{gates[rows // columns]} multiplies by sigmoids; it is not piecewise linear, so that no theorem applies"
        )
    choices.ask("a torch.nn.RNN", "activation", *(["hold_inputs"] if "C" in parts else []))
    return RateRNN(parts["W"], _bias(parts), relu="drive", C=parts.get("C"), hold_inputs=choices.hold_inputs, **options)


IN_FILES = InFiles(
    "rate",
    "a rate network",
    {"W": ("W_rec", "h2h.weight", "recurrent_layer.weight")},
    {
        "b": ("b_rec", "bias_rec", "h2h.bias", "recurrent_layer.bias"),
        "C": ("W_in", "W_inp", "input2h.weight", "i2h.weight", "input_layer.weight"),
        "b_inputs": ("b_in", "input2h.bias", "i2h.bias", "input_layer.bias"),
    },
    ("relu", "k", "hold_inputs"),
    _build,
)
IN_TORCH = InFiles(
    "rnn",
    "a torch.nn.RNN",
    {"W": ("weight_hh_l0", "weight_hh")},
    {"C": ("weight_ih_l0", "weight_ih"), "b": ("bias_hh_l0", "bias_hh"), "b_inputs": ("bias_ih_l0", "bias_ih")},
    ("hold_inputs",),
    _build_torch,
)
