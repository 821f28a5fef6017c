"""Pictures of `symplrnn.emit.plot` inside a page: SVG with a title, in colours that follow the page's light or dark scheme."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from symplrnn.emit.plot.canvas import library, save
from symplrnn.emit.report.page import Markup, element
from symplrnn.errors import MissingExtra, SymplrnnError

__all__ = ["Pictures"]

SCHEME = {"#000000": "var(--ink)", "#ffffff": "var(--paper)", "#e8eef4": "var(--pale)"}
COLOUR = re.compile("|".join(SCHEME))
OUTSIDE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
NAME = re.compile(r'(\bid="|href="#|url\(#)')


class Pictures:
    """Draws the pictures of one page; their inner names differ, as names in a page have to."""

    def __init__(self) -> None:
        self.count = 0

    def figure(self, caption: str, description: str, draw: Callable[[], Any]) -> Markup:
        """Return a figure, or the reason why there is none; ``description`` is for those who cannot see it."""
        try:
            axes = draw()
            svg = self._svg(axes, description)
        except MissingExtra:
            raise
        except SymplrnnError as reason:
            return element("p", f"{caption}: no picture; {reason}", class_="note")
        return element("figure", svg, element("figcaption", caption))

    def _svg(self, axes: Any, description: str) -> Markup:
        self.count += 1
        file = io.BytesIO()
        save(axes, file, "svg")
        first = axes[0] if isinstance(axes, tuple) else axes
        library().close(first.figure)
        text = OUTSIDE.sub("", file.getvalue().decode())
        text = NAME.sub(rf"\1f{self.count}-", text).replace("xlink:href", "href")
        text = COLOUR.sub(lambda found: SCHEME[found[0]], text)
        start, end = text.index("<svg"), text.index(">")
        [box] = re.findall(r'viewBox="[^"]*"', text[start:end])
        title = element("title", description, id=f"f{self.count}-title")
        body = re.sub(r"\n\s*", "\n", text[end + 1 :]).strip()
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="f{self.count}-title">{title}{body}'
        )
