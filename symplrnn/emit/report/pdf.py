"""The report as a PDF: the LaTeX of the network, its conditions and its ODE, and the table of regions, set by pdflatex.

pdflatex is run in a folder of its own, without the right to run programs, on text that this package wrote.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from symplrnn.emit.latex.appendix import latex_table
from symplrnn.emit.latex.dispatch import document, has_page, latex
from symplrnn.emit.report.subject import Subject
from symplrnn.errors import MissingExtra, SymplrnnError
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["latex_of", "pdf_of"]

SECONDS = 120  # for one run of pdflatex
SPECIAL = {**{c: f"\\{c}" for c in "#$%&_{}"}, "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def latex_of(subject: Subject) -> str:
    """Return the report as a document of LaTeX."""
    report, network = subject.report, subject.network
    parts = [rf"\section*{{{_plain(subject.name)}}}", f"{_plain(report.summary[:1].upper() + report.summary[1:])}."]
    parts += [_plain(note) for note in subject.notes]
    if not has_page(subject.shown):
        parts.append(latex(network))
    parts.append(latex(report))
    try:
        parts.append(latex(subject.shown))
        if not subject.has_letters:
            parts.append(latex_table(NetworkODE(network, subject.ode.dt, tuple(report.verdicts))))
    except SymplrnnError as reason:  # too long for a page
        parts.append(_plain(f"Not shown: {reason}"))
    return document(*parts)


def _plain(text: str) -> str:
    r"""Return text as it is printed; characters that pdflatex may not know are left out.

    >>> print(_plain("a_1 > \\input{x}"))
    a\_1 $>$ \textbackslash{}input\{x\}
    """
    found = "".join(SPECIAL.get(c, c) if c.isascii() and c.isprintable() else " " if c.isspace() else "?" for c in text)
    return re.sub(r"[<>|]+", lambda sign: f"${sign[0]}$", found)


def pdf_of(subject: Subject) -> bytes:
    """Return the report as a PDF; raise `MissingExtra` if pdflatex is not installed."""
    program = which("pdflatex")
    if program is None:
        raise MissingExtra(
            "report: pdflatex is not installed, which --pdf needs; install LaTeX (TeX Live or MiKTeX), or write HTML and print it"
        )
    with TemporaryDirectory() as folder:
        Path(folder, "report.tex").write_text(latex_of(subject), encoding="utf-8")
        options = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"]
        for _ in range(2):  # the columns of a long table are known after the first run
            done = subprocess.run([program, *options], cwd=folder, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        result = Path(folder, "report.pdf")
        if done.returncode or not result.is_file():
            lines = done.stdout.decode(errors="replace").splitlines()
            first = next((line for line in lines if line.startswith("!")), "no reason given")
            raise SymplrnnError(f"report: pdflatex failed: {first}")
        return result.read_bytes()
