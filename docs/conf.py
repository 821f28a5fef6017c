"""The documentation: MyST pages, notebooks in text form, and the docstrings, built by Sphinx (`make docs`)."""

import re
from pathlib import Path

from docutils import nodes

from symplrnn import __version__

project = "symplrnn"
author = "the symplrnn authors"
copyright = "the symplrnn authors, MIT licence"
version = release = __version__

# sphinx-mathjax-offline puts MathJax beside the pages: they can be read without a network.
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax", "sphinx-mathjax-offline"]
html_theme = "furo"
html_title = f"symplrnn {version}"
html_show_sphinx = False
highlight_language = "default"
default_role = "code"

myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 4

# The worked examples are run each time the pages are built; an exception in one is an error of the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 60
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_inherit_docstrings = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

# Names in a type such as "vector (n,)" are no references.
suppress_warnings = ["ref.python"]


SECTIONS = {path.name[0]: path.stem for path in (Path(__file__).parent / "theory").glob("[1-9]-*.md")}


def _plain_text(app, what, name, obj, options, lines):
    """Docstrings are plain text: outside examples and `code`, the characters *, | and a last _ stand for themselves."""
    example = False
    for place, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if not example and not line.lstrip().startswith(".."):
            parts = line.split("`")
            parts[::2] = [_linked(re.sub(r"(?<=\w)_(?!\w)|[*|]", r"\\\g<0>", part)) for part in parts[::2]]
            lines[place] = "`".join(parts)


def _linked(text):
    """Link "docs/theory, section 3" and "proofs/lift.md" to their pages."""
    text = re.sub(r"docs/theory, section (\d)", lambda found: f":doc:`{found[0]} </theory/{SECTIONS[found[1]]}>`", text)
    return re.sub(r"proofs/(\w+)\.md", r":doc:`\g<0> </proofs/\1>`", text)


def _coloured(app, doctree):
    """Indented examples have the colours of Python."""
    for block in doctree.findall(nodes.literal_block):
        if block.astext().startswith(">>>"):
            block["language"] = "pycon"


def setup(app):
    app.connect("autodoc-process-docstring", _plain_text, priority=400)  # before napoleon
    app.connect("doctree-read", _coloured)
