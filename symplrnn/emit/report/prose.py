r"""HTML from the pages of LaTeX that this package prints: paragraphs, displays and tables of words and formulas.

A formula that MathML cannot be made of is shown as its LaTeX source, which says the same.
"""

from __future__ import annotations

import re
from html import escape

from symplrnn.emit.report.mathml import UnknownLatex, balanced, mathml

__all__ = ["formula", "page_html"]

DISPLAY = re.compile(r"\\begin\{(align\*|gather\*|equation\*|tabular)\}(.*?)\\end\{\1\}", re.DOTALL)
LEFT_OUT = re.compile(
    r"\\(?:noindent|bigskip|smallskip|centering|(?:setlength|renewcommand)\{[^{}]*\}\{[^{}]*\}|(?:begin|end)\{(?:center|table\*?)\}(?:\[[^\]]*\])?)\s*"
)
RULE = re.compile(r"\\\\|\\hline|\\toprule|\\midrule|\\bottomrule")
CHARACTERS = {"~": "\u00a0", "--": "–", "``": "“", "''": "”", r"\ ": " ", r"\%": "%", r"\_": "_", r"\&": "&", r"\#": "#"}
TITLED = re.compile(r"\\(paragraph|caption|textbf)\{")
WORDS = 4  # formulas in a cell that is not to be narrow
CHARACTER = re.compile("|".join(map(re.escape, CHARACTERS)))


def formula(latex: str, display: bool = False) -> str:
    r"""Return a formula in HTML; see `symplrnn.emit.report.mathml`.

    >>> formula("<")
    '<math><mo>&lt;</mo></math>'
    >>> formula(r"\unknown{<}")
    '<code class="latex">\\unknown{&lt;}</code>'
    """
    try:
        text = mathml(latex, display)
    except UnknownLatex:
        text = f'<code class="latex">{escape(latex.strip())}</code>'
    return f'<div class="display" tabindex="0" role="group" aria-label="formula">{text}</div>' if display else text


def page_html(latex: str) -> str:
    r"""Return a fragment of LaTeX in HTML.

    >>> print(page_html(r"\paragraph{One.} Here $a < 1$."))
    <p><strong>One.</strong> Here <math><mi>a</mi><mo>&lt;</mo><mn>1</mn></math>.</p>
    """
    parts: list[str] = []
    at = 0
    for found in DISPLAY.finditer(latex):
        parts += _paragraphs(latex[at : found.start()])
        name, body = found.groups()
        if name == "tabular":
            parts.append(_table(body))
        else:
            parts.append(formula(body if name == "equation*" else found[0], display=True))
        at = found.end()
    return "\n".join([*parts, *_paragraphs(latex[at:])])


def _paragraphs(text: str) -> list[str]:
    plain = LEFT_OUT.sub("", text)
    return [f"<p>{_inline(part.strip())}</p>" for part in re.split(r"\n\s*\n", plain) if part.strip()]


def _inline(text: str) -> str:
    """Return running text with formulas between dollar signs."""
    titled = TITLED.search(text)
    if titled:
        title, end = balanced(text, titled.end() - 1)
        shown = _inline(title) if titled[1] == "caption" else f"<strong>{_inline(title)}</strong>"
        return _inline(text[: titled.start()]) + shown + _inline(text[end:])
    return "".join(formula(part) if k % 2 else _words(part) for k, part in enumerate(_parted(text)))


def _words(text: str) -> str:
    return escape(CHARACTER.sub(lambda found: CHARACTERS[found[0]], text))


def _parted(text: str) -> list[str]:
    r"""Return running text and the formulas in it, in turns; text in a formula may have formulas of its own.

    >>> _parted(r"a $b \text{ in $c$}$ d")
    ['a ', 'b \\text{ in $c$}', ' d']
    """
    parts, depth = [""], 0
    for token in re.findall(r"\\.|.", text, re.DOTALL):
        if len(parts) % 2 == 0:
            depth += {"{": 1, "}": -1}.get(token, 0)
        if token == "$" and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _table(body: str) -> str:
    """Return a table; its first row is the head."""
    _, start = balanced(body, body.index("{"))
    rows = [row for line in RULE.split(body[start:]) if (row := line.strip())]
    head, *others = [[_inline(cell.strip()) for cell in re.split(r"(?<!\\)&", row)] for row in rows]
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in others)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="table" tabindex="0" role="group" aria-label="table">{table}</div>'


def _cell(content: str) -> str:
    kind = ' class="words"' if content.count("<math") > WORDS else ""
    return f"<td{kind}>{content}</td>"
