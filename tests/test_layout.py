"""The house rules that a machine can check: one-way imports, no extras at import, documented names, no forbidden calls."""

import ast
import inspect
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import symplrnn as sr

ROOT = Path(sr.__file__).parent
# From the ground up; a module imports from layers before its own, or from its own, at its top.
LAYERS = [
    "errors", "limits", "version", "parallel", "progress", "views", "exact", "functions", "conditions", "network", "eigenvalues", "theorems", "logarithm", "systems", "certificate", "dynamics", "emit",
    "derivation", "__init__", "cli", "__main__",
]  # fmt: skip


def layer(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "symplrnn":
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield node, name if (ROOT.parent / f"{name.replace('.', '/')}.py").exists() else node.module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "symplrnn":
                    yield node, alias.name


def modules():
    return sorted(ROOT.rglob("*.py"))


def without_annotations(path: Path) -> ast.Module:
    """Return a module without what it imports for annotations only, which is not imported when it runs."""
    tree = ast.parse(path.read_text())
    for block in tree.body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            block.body = []
    return tree


ANY = "*"
# Imports inside functions, with their reasons.
LATE = {
    ("symplrnn.__main__", "symplrnn.cli"),  # start-up time, in which one may press Ctrl-C
    ("symplrnn.cli", ANY),  # commands import what they work with when they run: help and completion are there at once
    ("symplrnn.functions.differences", "symplrnn.functions.doubles"),  # start-up time: NumPy
    ("symplrnn.eigenvalues.counting", "symplrnn.eigenvalues.together"),  # start-up time: NumPy
    ("symplrnn.eigenvalues.spectrum", "symplrnn.eigenvalues.together"),  # start-up time: NumPy
    ("symplrnn.theorems.g2", "symplrnn.exact.p_matrix"),  # start-up time: NumPy
    ("symplrnn.network.network", "symplrnn.exact.cells"),  # start-up time: NumPy
    ("symplrnn.certificate.check_letters", "symplrnn.certificate.check"),  # both also run without the package
}
# Modules that import others by name, when they are needed.
BY_NAME = {
    "symplrnn",  # the public names: importing the package costs hardly more than importing SymPy
    "symplrnn.views",  # what registers for the generic functions
    "symplrnn.network.files",  # the readers of files: each needs another library
    "symplrnn.network.files.hdf5",  # h5py, which is an extra
    "symplrnn.theorems",  # every theorem that has a file
    "symplrnn.emit.fields.tensors",  # JAX and torch, which are extras
    "symplrnn.emit.plot.canvas",  # matplotlib, which is an extra
}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path):
    tree = without_annotations(path)
    top = {id(node) for node in tree.body}
    here = name_of(path)
    for node, target in imports(tree):
        down = LAYERS.index(layer(target)) <= LAYERS.index(layer(here))
        late = (here, target) in LATE or (down and (f"symplrnn.{layer(here)}", ANY) in LATE)
        assert (down and id(node) in top) or late, f"line {node.lineno} imports {target}"
    called = {getattr(node.func, "id", getattr(node.func, "attr", "")) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"import_module", "__import__"} or here in BY_NAME


def test_imports_make_no_circle():
    found = {name_of(path): {target for _, target in imports(without_annotations(path))} for path in modules()}
    for here, target in LATE:
        found[here].discard(target)
    order = list(TopologicalSorter(found).static_order())  # raises CycleError
    assert set(order) == set(found)  # every target is a module


def test_every_folder_is_a_layer_and_says_what_it_is_for():
    assert {layer(name_of(path)) for path in modules()} == set(LAYERS)
    for path in ROOT.rglob("__init__.py"):
        assert len(ast.get_docstring(ast.parse(path.read_text())) or "") > 60, path


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_are_documented_and_safe(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
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


def test_help_imports_no_mathematics():
    code = (
        "import sys; from symplrnn.cli import cli, main; main([]); main(['--version']); "
        "[main([name, '--help']) for name in cli.commands]; "
        "print([m for m in ('sympy', 'flint', 'numpy', 'rich', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stdout.count("Usage: ") > 10


def test_import_needs_no_extras():
    code = (
        "import sys, symplrnn; print([m for m in ('scipy', 'matplotlib', 'torch', 'numpy', 'rich', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_at_top_level_are_imported_at_their_first_use():
    layers = {layer(name_of(path)) for path in modules()}
    assert not layers & set(sr._HOMES)  # a module of that name would take its place
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
