"""Networks from modules and state dicts of torch in memory, by what they can do; torch is not imported."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isfunction
from typing import Any

import numpy as np

from symplrnn import limits
from symplrnn.errors import FormatError, ShapeError
from symplrnn.network.files.arrays import Unread, shape_text
from symplrnn.network.files.recognition import is_wanted, network_from_state
from symplrnn.network.in_files import Choices
from symplrnn.network.network import ReLURNN

__all__ = ["from_torch"]

# Layers, by their classes, that stand between the states of a step where they are in the module of a network.
LAYERS = {
    "LeakyReLU": "leaky_relu", "LayerNorm": "layer_norm", "Tanh": "tanh", "Sigmoid": "sigmoid", "Softplus": "softplus",
    "ELU": "elu", "GELU": "gelu", "SiLU": "silu", "BatchNorm1d": "batch_norm",
}  # fmt: skip


def from_torch(
    module_or_state_dict: Any,
    *,
    kind: str | None = None,
    P: int | None = None,
    clipped: bool | None = None,
    thresholds: str | None = None,
    relu: str | None = None,
    k: Any = None,
    activation: str | None = None,
    hold_inputs: Any = None,
    prefix: str | None = None,
    decimal: bool = False,
) -> ReLURNN:
    """Return the network that a module of torch is, or whose parameters a state dict holds.

    Torch is not imported: a module is what has ``state_dict()``, a tensor what has ``detach()``. Names, options and what is
    asked for are those of `load`. What a module itself says is used: the number P of rectified states, the ``nonlinearity`` of a
    torch.nn.RNN, and layers and a ``clip_range`` with which the step is of another form, which are refused.

    Parameters
    ----------
    module_or_state_dict : torch.nn.Module, or mapping of names to tensors or arrays
        It may hold more than the network, such as a readout; see ``prefix``.
    kind, P, clipped, thresholds, relu, k, activation, hold_inputs, prefix, decimal
        As in `load`.

    Raises
    ------
    FormatError
        If no network is recognised, or what it leaves open is not said.

    Examples
    --------
    >>> state = {"rnn.weight_hh_l0": np.array([[0.5]]), "rnn.weight_ih_l0": np.array([[1.0]]), "rnn.bias_hh_l0": np.ones(1)}
    >>> from_torch(state, activation="relu", hold_inputs=0).step([1])
    Matrix([[3/2]])
    """
    choices = Choices(kind, P, clipped, thresholds, relu, k, activation, hold_inputs, prefix, decimal)
    state, hints = module_or_state_dict, {}
    if hasattr(state, "state_dict") and not isinstance(state, Mapping):
        hints = _hints(state)
        state = state.state_dict()
    if not isinstance(state, Mapping):
        raise ShapeError(
            f"from_torch: expected a module or a state dict, got a value of type {type(module_or_state_dict).__name__}"
        )
    arrays = {str(name): _array(str(name), value) for name, value in state.items()}
    return network_from_state(arrays, choices, hints)


def _array(name: str, value: Any) -> Any:
    """Return a tensor as an array; bfloat16 becomes float32, exactly."""
    if isinstance(value, np.ndarray) or not hasattr(value, "shape"):
        return value if isinstance(value, np.ndarray) else Unread(f"a value of type {type(value).__name__}")
    if not is_wanted(name):
        return Unread(shape_text(tuple(value.shape)))
    if 8 * int(np.prod([int(size) for size in value.shape], dtype=object)) > limits.ARRAY_BYTES:
        raise FormatError(f"{name}: more than {limits.ARRAY_BYTES} bytes of arrays")
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            if "bfloat16" in str(value.dtype):
                value = value.float()
            return np.asarray(value.numpy())
        return np.asarray(value)
    except (RuntimeError, TypeError, ValueError) as error:
        raise FormatError(f"{name}: this tensor has no array: {str(error).splitlines()[0][:120]}") from error


def _hints(module: Any) -> dict[str, dict[str, Any]]:
    """Return what the modules inside of a module, and it itself, say of the options, by their prefixes."""
    found: dict[str, dict[str, Any]] = {}
    for path, part in module.named_modules():
        hint: dict[str, Any] = {}
        if type(getattr(part, "P", None)) is int:
            hint["P"] = part.P
        if isinstance(getattr(part, "nonlinearity", None), str):
            hint["activation"] = part.nonlinearity
        if getattr(part, "clip_range", None) is not None:
            hint["activation"] = "clip_range"
        elif isfunction(getattr(part, "norm", None)):  # as the code of the dendritic PLRNN centres its states
            hint["activation"] = "mean_centring"
        layers = (LAYERS.get(type(inside).__name__) for _, inside in part.named_children())
        if layer := next(filter(None, layers), None):
            hint["activation"] = layer
        if hint:
            found[f"{path}." if path else ""] = hint
    return found
