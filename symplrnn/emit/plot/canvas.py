"""What all pictures share: axes of column width, colours that colour-blind people can tell apart, and files that repeat exactly.

matplotlib is an extra. It is imported by name when a picture is asked for, so that this folder can be imported without it.

Reference: M. Okabe, K. Ito, Color Universal Design, 2008 (the palette).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from symplrnn.emit.files import write_file
from symplrnn.errors import FormatError, MissingExtra, ShapeError
from symplrnn.network.network import ReLURNN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PALE",
    "PURPLE",
    "SKY",
    "TICK_POINTS",
    "VERMILLION",
    "WIDTH",
    "WITH_WINDOW",
    "chosen_states",
    "dress",
    "legend_above",
    "library",
    "new_axes",
    "plain",
    "save",
    "state_names",
]

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#999999"
PALE = "#E8EEF4"  # of areas
WIDTH = 3.4  # inches: a column of a two-column paper
LABEL_POINTS, TICK_POINTS = 8.0, 7.0
WITH_WINDOW = (2.0, 1.0)  # widths of axes and of a window beside them
NOT_PRINTED = str.maketrans("", "", "${}_\\")
FORMATS = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {}}  # with what is left out of each file


def library(name: str = "matplotlib.pyplot") -> Any:
    """Return a module of matplotlib, or one that it brings; raise `MissingExtra` if it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra('plot: matplotlib is not installed; install it with: pip install "symplrnn[plot]"') from error


def new_axes(height: float = 2.4, rows: int = 1, windows: bool = False, projection: str | None = None) -> Any:
    """Return the axes of a new figure of column width as an array (rows, 1), or (rows, 2) with narrow windows to the right.

    Rows have the same horizontal axis.
    """
    figure = library().figure(figsize=(WIDTH, height), layout="constrained")
    ratios = WITH_WINDOW if windows else (1.0,)
    return figure.subplots(
        rows, len(ratios), sharex="col", squeeze=False, width_ratios=ratios, subplot_kw={"projection": projection}
    )


def dress(ax: Axes, across: str, up: str, title: str = "") -> None:
    """Label axes in sizes that can be read at column width."""
    ax.set_xlabel(across, fontsize=LABEL_POINTS)
    ax.set_ylabel(up, fontsize=LABEL_POINTS)
    if title:
        ax.set_title(title, fontsize=LABEL_POINTS)
    ax.tick_params(labelsize=TICK_POINTS, width=0.6, length=2.5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_offset_text().set_fontsize(TICK_POINTS)
    for name, spine in ax.spines.items():
        spine.set_linewidth(0.6)
        spine.set_visible(name in {"left", "bottom"})


def legend_above(ax: Axes, handles: Sequence[Any] | None = None, columns: int = 4) -> Axes:
    """Return axes with a legend above them, where it covers nothing."""
    found = ax.get_legend_handles_labels()[0] if handles is None else list(handles)
    if found:
        formatter = ax.yaxis.get_major_formatter()
        formatter.format_ticks(list(ax.get_yticks()))
        power = formatter.get_offset()  # stands above the axis, such as 1e-5
        drawn = ax.legend(
            handles=found,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=_columns([str(handle.get_label()) for handle in found], ax, columns),
            fontsize=TICK_POINTS,
            frameon=False,
            borderaxespad=1.5 if power else 0.2,
            handlelength=1.6,
            handletextpad=0.5,
            columnspacing=1.0,
        )
        for line in drawn.get_lines():  # dots that are small in a picture of many are shown as dots
            line.set_markersize(max(line.get_markersize(), 3.0))
    return ax


def _columns(labels: Sequence[str], ax: Axes, most: int) -> int:
    """Return in how many columns labels fit above axes."""
    lengths = [len(label.translate(NOT_PRINTED)) for label in labels]
    room = ax.get_window_extent().width / ax.figure.dpi + 0.2
    for columns in range(min(most, len(labels)), 1, -1):
        rows, longer = divmod(len(labels), columns)  # the first columns have one more
        sizes = [rows + (k < longer) for k in range(columns)]
        starts = [sum(sizes[:k]) for k in range(columns)]
        widest = [max(lengths[k : k + size]) for k, size in zip(starts, sizes, strict=True)]
        if sum(0.36 + 0.053 * width for width in widest) <= room:  # inches, of a mark and of a letter
            return columns
    return 1


def plain(text: str) -> str:
    """Return a text that matplotlib prints as it is, without taking dollar signs for mathematics."""
    return text.replace("$", r"\$")


def state_names(network: ReLURNN) -> tuple[str, ...]:
    """Return the names of the states, as labels: those that the network carries, or z_1 ... z_n."""
    if network.names is not None:
        return tuple(map(plain, network.names))
    return tuple(f"$z_{{{i}}}$" for i in range(1, network.n + 1))


def chosen_states(units: Any, n: int, accepted: Sequence[int], where: str) -> tuple[int, ...]:
    """Return the states that a picture shows, counted from 0, for numbers from 1; ``accepted`` says how many there may be.

    >>> chosen_states((1, 3), 3, (2, 3), "state_space")
    (0, 2)
    >>> chosen_states([1], 3, (2, 3), "state_space")
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: state_space: units: expected 2 or 3 different whole numbers from 1 to 3, got [1]
    """
    if n < min(accepted):
        raise ShapeError(f"{where}: the network has {n} state{'s' * (n != 1)}; this picture needs {min(accepted)}")
    single = not isinstance(units, Iterable) or isinstance(units, str)
    numbers = [units] if single else list(units)
    whole = all(isinstance(k, Integral) and not isinstance(k, bool) and 1 <= int(k) <= n for k in numbers)
    if not whole or len(numbers) not in accepted or len(set(numbers)) < len(numbers):
        many = " or ".join(map(str, accepted)) if len(accepted) <= 2 else "some"
        raise ShapeError(f"{where}: units: expected {many} different whole numbers from 1 to {n}, got {units!r}")
    return tuple(int(k) - 1 for k in numbers)


def save(ax: Any, file: str | Path | BinaryIO, format: str | None = None, dpi: int = 300) -> None:
    """Write the figure of some axes as PDF, SVG or PNG, by the ending of the file's name; the same picture gives the same bytes.

    Parameters
    ----------
    ax : Axes, or sequence of Axes of one figure
        What a function of this module returned.
    file : path, or file open for writing bytes
    format : "pdf", "svg" or "png", optional
        For a file that has no name.
    dpi : int
        Dots an inch, of PNG.

    Raises
    ------
    FormatError
        For another ending.

    Examples
    --------
    >>> import io
    >>> import symplrnn as sr
    >>> file = io.BytesIO()
    >>> sr.plot.save(sr.plot.eigenvalues(sr.derive(sr.example("kinds"))), file, "svg")
    >>> file.getvalue()[:5]
    b'<?xml'
    """
    ending = f".{format}" if format is not None else Path(str(getattr(file, "name", file))).suffix
    if ending.lower() not in FORMATS:
        raise FormatError(f'plot.save: expected a name that ends in .pdf, .svg or .png, got "{getattr(file, "name", file)}"')
    first = ax[0] if isinstance(ax, Sequence) else ax
    with library("matplotlib").rc_context({"svg.hashsalt": "symplrnn", "pdf.fonttype": 42}):
        options = {"format": ending[1:].lower(), "dpi": dpi, "metadata": FORMATS[ending.lower()]}
        if isinstance(file, str | Path):
            write_file(str(file), lambda stream: first.figure.savefig(stream, **options))
        else:
            first.figure.savefig(file, **options)
