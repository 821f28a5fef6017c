"""The skeleton of a page of HTML that needs nothing else: style and script are in it, and no address leads out of it.

Whatever is not `Markup` is escaped. A content security policy lets the browser run the one script of this package, known by its
hash, and load nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

__all__ = ["Markup", "Section", "details", "element", "page", "table"]


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading; ``key`` is its address in the page."""

    key: str
    title: str
    parts: Sequence[Markup]


def html(value: Any) -> Markup:
    """Return a value as HTML.

    >>> html("<b>"), html(Markup("<b>"))
    ('&lt;b&gt;', '<b>')
    """
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def element(tag: str, *content: Any, **attributes: Any) -> Markup:
    """Return an element; an underscore at the end of an attribute's name is left out, others are hyphens.

    >>> element("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    named = "".join(f' {k.rstrip("_").replace("_", "-")}="{escape(str(v))}"' for k, v in attributes.items())
    return Markup(f"<{tag}{named}>{''.join(map(html, content))}</{tag}>")


def details(summary: Any, *content: Any) -> Markup:
    """Return what is folded away under a summary."""
    return element("details", element("summary", summary), *content)


def table(
    caption: Any, heads: Sequence[Any], rows: Iterable[Sequence[Any]], numbers: Sequence[int] = (), sortable: bool = False
) -> Markup:
    """Return a table in a frame that scrolls where it is wide; the first cell of a row is its head.

    ``numbers`` are the columns that are set to the right. A cell may be a pair: what is shown, and the value by which it is
    sorted.
    """
    style = {k: {"class_": "number"} for k in numbers}
    top = (element("th", head, scope="col", **style.get(k, {})) for k, head in enumerate(heads))
    lines = []
    for row in rows:
        cells = []
        for k, cell in enumerate(row):
            shown, *value = cell if isinstance(cell, tuple) else (cell,)
            more = style.get(k, {}) | ({"data_value": value[0]} if value else {}) | ({} if k else {"scope": "row"})
            cells.append(element("td" if k else "th", shown, **more))
        lines.append(element("tr", *cells))
    kind = {"class_": "sortable"} if sortable and len(lines) > 1 else {}
    head = element("thead", element("tr", *top))
    whole = element("table", element("caption", caption), head, element("tbody", *lines), **kind)
    frame = "table long" if len(lines) > LONG else "table"
    return element("div", whole, class_=frame, tabindex="0", role="group", aria_label=caption)


LONG = 24  # rows that are shown without a frame of their own


def page(title: str, head: Iterable[Markup], sections: Sequence[Section], foot: Markup) -> str:
    """Return a document of HTML."""
    style, script = (files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    known = b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"
    links = (element("li", element("a", s.title, href=f"#{s.key}")) for s in sections)
    body = (
        element("section", element("h2", s.title, id=f"{s.key}-title"), *s.parts, id=s.key, aria_labelledby=f"{s.key}-title")
        for s in sections
    )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8"/>',
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}"/>',
            element("title", title),
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            element("header", *head),
            element("nav", element("ul", *links), aria_label="Contents"),
            element("main", *body),
            element("footer", foot),
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )
