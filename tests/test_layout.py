"""The house rules that a machine can check: one-way imports, no extras at import, documented names, no forbidden calls."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import symplrnn as sr

ROOT = Path(sr.__file__).parent
# From first to last; a module imports only from rooms before its own, or from its own.
ORDER = [
    "errors", "exact", "blocks", "coupling", "clauses", "signgrid", "formula", "truth", "orbit", "network", "substitution", "affine", "region",
    "subresultants", "numberroots", "rootcounts", "rootconditions", "commonroots", "equations", "onevariable", "coincidence", "equilibria", "spectrum", "jordanconditions",
    "symbolic_spectrum", "bifurcation", "representation", "theorems", "checking",
    "logarithm", "spectralform", "componentwise", "negativeroots", "chainpairs", "rootchains", "turning", "cases", "beyond", "rationality", "halfturn",
    "reallogarithm", "rationalpower", "verification", "evaluation", "rootsum", "orderedroot", "closedform", "namedform", "liftedform", "specialise",
    "enclosure", "ode", "frequencies", "planes", "aliases", "caseode", "casealias", "pointcase", "parametricflow", "parametric", "derivation", "face", "firstexit", "flowmodel",
    "departure", "crossing", "emit", "flowtable", "trajectory", "events",
    "simulation", "io", "examples", "__init__", "cli_options", "cli_simulate", "cli", "__main__",
]  # fmt: skip
# Methods that the contract puts on early values, though a later room does the work: they import it when they are called.
LATE = {
    ("network", "region"), ("network", "substitution"), ("spectrum", "symbolic_spectrum"), ("checking", "emit"), ("ode", "emit"),
    ("ode", "aliases"), ("caseode", "derivation"), ("caseode", "casealias"), ("parametric", "derivation"), ("parametric", "emit"), ("derivation", "emit"), ("derivation", "simulation"),
    ("crossing", "emit"), ("derivation", "crossing"), ("derivation", "face"),
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "symplrnn":
            yield node, [*node.module.split("."), "__init__"][1]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "symplrnn":
                    yield node, [*alias.name.split("."), "__init__"][1]


def modules():
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path):
    tree = ast.parse(path.read_text())
    top = {id(node) for node in tree.body}
    for block in tree.body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            block.body = []  # names for annotations only; nothing is imported
    for node, target in imports(tree):
        late = (room(path), target) in LATE and id(node) not in top
        assert late or ORDER.index(target) <= ORDER.index(room(path)), f"line {node.lineno} imports {target}"


def test_every_room_has_its_place():
    assert {room(path) for path in modules()} == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_are_documented_small_and_safe(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or path.name == "__init__.py"
    assert text.count("\n") <= 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
        assert not isinstance(node, ast.Assert)
        if isinstance(node, ast.Call):
            assert getattr(node.func, "id", getattr(node.func, "attr", "")) not in {"eval", "exec", "sympify", "parse_expr", "S"}


def public_objects():
    for name in sr.__all__:
        value = getattr(sr, name)
        yield name, value
        if inspect.isclass(value):
            for key, member in vars(value).items():
                if not key.startswith("_") and (callable(member) or isinstance(member, property) or hasattr(member, "func")):
                    yield f"{name}.{key}", getattr(member, "func", member)


@pytest.mark.parametrize(("name", "value"), list(public_objects()), ids=[n for n, _ in public_objects()])
def test_public_names_are_documented(name, value):
    if name in {"TRUE", "FALSE"}:  # values of a documented class
        return
    documentation = inspect.getdoc(value)
    assert documentation
    assert documentation.split("\n\n")[0].rstrip().endswith((".", ":")), name
    assert not documentation.startswith(f"{name}(")  # what a dataclass writes by itself


MAIN = [sr.check, sr.derive, sr.latex, sr.load, sr.PLRNN, sr.ALRNN, sr.ReLURNN, sr.example, sr.spectrum, sr.RegionODE]


@pytest.mark.parametrize("value", MAIN, ids=lambda v: v.__name__)
def test_the_main_entry_points_have_examples(value):
    assert ">>>" in inspect.getdoc(value)


def test_import_needs_no_extras():
    code = (
        "import sys, symplrnn; print([m for m in ('scipy', 'matplotlib', 'torch', 'numpy', 'rich', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_at_top_level_are_imported_at_their_first_use():
    rooms = {room(path) for path in modules()}
    assert not rooms & set(sr._HOMES)  # a module of that name would take its place
    assert set(sr._HOMES) < set(sr.__all__)
    for name, home in sr._HOMES.items():
        assert getattr(sr, name) is getattr(sys.modules[home], name)
    code = (
        "import sys, symplrnn; print('symplrnn.derivation' in sys.modules, symplrnn.derive.__module__, len(dir(symplrnn)) > 60)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "symplrnn.derivation", "True"]
    with pytest.raises(AttributeError, match="module 'symplrnn' has no attribute 'nothing'"):
        _ = sr.nothing
