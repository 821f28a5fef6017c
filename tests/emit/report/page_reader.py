"""Reads a page of HTML as a browser would, strictly: every element is closed, and no attribute or name is there twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "input", "link", "img"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, *tags: str) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] * (child.tag in tags or not tags) + child.all(*tags)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, attrs)
        found = Element(tag, dict(attrs))
        self.open[-1].children.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, tag

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], "an element is not closed"
    names = re.findall(r'\sid="([^"]*)"', page)
    assert len(set(names)) == len(names), "a name is there twice"
    return reader.root


def rows(page: Element, caption: str) -> list[list[str]]:
    """The cells of the body of the first table with a caption."""
    table = next(t for t in page.all("table") if t.all("caption") and t.all("caption")[0].text.startswith(caption))
    return [[cell.text for cell in row.all("td", "th")] for row in table.all("tbody")[0].all("tr")]
