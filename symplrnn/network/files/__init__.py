"""Reading networks from files: JSON, NPZ, MAT, checkpoints of torch, safetensors. Safe by construction: nothing in a file is run.

Sizes are bounded before anything is unpacked. A reader gives named arrays; `recognition` finds the class of network that they
are.

Reference: docs/how-to/trained.md.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from symplrnn import limits
from symplrnn.errors import FormatError, MissingExtra, SymplrnnError, require_kind
from symplrnn.network.in_files import Choices
from symplrnn.network.network import ReLURNN

__all__ = ["load"]

READERS = {
    ".json": "json_", ".npz": "npz", ".mat": "mat", ".safetensors": "safetensors_",
    ".pt": "torch_", ".pth": "torch_", ".ckpt": "torch_",
}  # fmt: skip
FUNCTIONS = {"torch_": "network_from_torch_file"}


def load(
    path: str | os.PathLike[str],
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
    """Read a network from a file: .json, .npz, .mat, .pt, .pth, .ckpt or .safetensors; a checkpoint of torch needs no suffix.

    JSON: keys A, W, h and optionally V, b, C, dt, names, initial_states; an entry is a JSON number, taken as the decimal that is
    written, or text such as "3/7" or "2*(1/3 + 1)^2". The other kinds hold named arrays, whose floats are taken exactly, as
    dyadic rationals. NPZ and MAT files hold A, W, h and optionally V, b, C, dt, mu0 (start states), or the variables of one of
    the classes below, and MAT files also structs of them. In NPZ, axes of length 1 beyond a matrix are left out; an all-zero C
    means no inputs; A may be a vector or a diagonal matrix. MAT files are those of versions 5 to 7.2, and with h5py (the extra
    ``io``) of 7.3. Checkpoints of torch are read without torch, and nothing in them is run: they hold a state dict.

    =========== ====================================== ============================================================
    ``kind``    variables                              network
    =========== ====================================== ============================================================
    "plrnn"     A, W, h, or AW, h                      `PLRNN`; AW has A on its diagonal and W beside it
    "alrnn"     A, W, h                                `ALRNN`; needs P
    "shallow"   A, W1, W2, h1, h2                      `ShallowPLRNN`; needs clipped
    "dendritic" A, W (or AW), h, alphas, thetas        `DendriticPLRNN`; needs thresholds and clipped
    "rate"      W_rec, W_in, b_rec, or h2h, input2h    `RateRNN`; needs relu, k, and hold_inputs where the ReLU has inputs
    "rnn"       weight_hh_l0, weight_ih_l0, ...        torch.nn.RNN with one layer, `RateRNN` with k = 1; needs activation
                                                       and hold_inputs
    =========== ====================================== ============================================================

    What a file does not say has to be given; the message names it. A network that looks as if matrices were mixed up gets a
    warning `SuspiciousNetwork`.

    Parameters
    ----------
    path : str or path
        The file.
    kind : str, optional
        The class of network, if the variables fit several. Then parameters beside those of the class are not looked at.
    P : int, optional
        Number of rectified states of an AL-RNN, the last ones; in NPZ and MAT files it may be a variable.
    clipped : bool, optional
        Whether relu of the argument without threshold is subtracted (shallow and dendritic).
    thresholds : str, optional
        "add" for relu(z + theta), as the Python code of the dendritic PLRNN has it, "subtract" for relu(z - theta), as in the
        paper and the Julia code.
    relu : str, optional
        What the ReLU of a rate network takes: "state", "drive" or "sum"; see `RateRNN`.
    k : number, optional
        The leak dt/tau of a rate network, such as "1/5".
    activation : str, optional
        "relu", to say that it is; torch.nn.RNN has tanh unless it is told.
    hold_inputs : vector, 0 or False, optional
        The inputs to hold, or False for states that are what the ReLU takes; see `RateRNN`.
    prefix : str, optional
        What stands before the names, such as "model.latent_step", if there are networks behind several prefixes.
    decimal : bool
        Take each float as the shortest decimal that rounds to it, so that 0.1 is 1/10.

    Raises
    ------
    FormatError
        If the file is missing, too large, damaged or no network, or leaves something open; the message says what and where in
        one line.
    MissingExtra
        If it is a MAT file of version 7.3 and h5py is not installed.

    Examples
    --------
    >>> load("missing.json")
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: missing.json: no such file
    """
    require_kind(path, str | os.PathLike, "load", "a path")
    file = Path(path)
    if file.suffix.lower() not in READERS and not file.is_file():
        raise FormatError(f"{file}: {_unknown(file)}" if file.suffix else f"{file}: no such file")
    if not file.is_file():
        raise FormatError(f"{file}: no such file")
    if file.stat().st_size > limits.FILE_BYTES:
        raise FormatError(f"{file}: larger than {limits.FILE_BYTES} bytes")
    try:
        choices = Choices(kind, P, clipped, thresholds, relu, k, activation, hold_inputs, prefix, decimal)
        content = file.read_bytes()
        is_checkpoint = content.startswith(b"PK\x03\x04") and b"/data.pkl" in content[:4096]
        reader = READERS.get(file.suffix.lower(), "torch_" if is_checkpoint else "")
        if not reader:
            raise FormatError(_unknown(file))
        module = import_module(f"symplrnn.network.files.{reader}")
        network: ReLURNN = getattr(module, FUNCTIONS.get(reader, f"network_from_{reader.strip('_')}"))(content, choices)
        return network
    except OSError as error:
        raise FormatError(f"{file}: cannot be read: {error.strerror}") from error
    except MissingExtra as error:
        raise MissingExtra(f"{file}: {error}") from error
    except SymplrnnError as error:
        raise FormatError(f"{file}: {error}") from error


def _unknown(file: Path) -> str:
    return f"unknown kind of file {file.suffix!r}; accepted are {', '.join(READERS)}"
