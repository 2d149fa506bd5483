"""The house: which room may use which, what each may import, and how large a file or function may grow."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(p.name for p in (ROOT / "registry").iterdir() if p.is_dir() and (p / "__init__.py").exists())
SOURCES = sorted(p for top in ("registry", "sop", "seed", "tests") for p in (ROOT / top).rglob("*.py"))
CODE = [p for p in SOURCES if p.relative_to(ROOT).parts[0] != "tests"]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
SHARED_NAMES = {"utils", "helpers", "common", "misc"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, typing_too: bool = False) -> set[str]:
    """Return the modules that a file imports when it runs; those for type checking alone only when asked."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING" and not typing_too
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "registry" and len(parts) > 1 and parts[1] in ROOMS else None


def test_the_procedure_is_pure_and_knows_nothing_of_the_application() -> None:
    allowed = set(sys.stdlib_module_names) | {"sop"}
    forbidden = {"time", "random", "socket", "subprocess", "logging", "sqlite3", "gettext"}
    for path in CODE:
        if name_of(path).startswith("sop"):
            tops = {module.split(".")[0] for module in imports(path, typing_too=True)}
            assert tops <= allowed, f"{path}: {tops - allowed}"
            assert not tops & forbidden, f"{path}: {tops & forbidden}"
            words = path.read_text(encoding="utf-8")
            assert ".today()" not in words, f"{path} asks for the day; rules are told it"
            assert ".now(" not in words, f"{path} asks for the time; rules are told it"


def test_nobody_imports_views_but_their_own_room_when_it_starts() -> None:
    for path in CODE:
        for module in imports(path):
            parts = module.split(".")
            if parts[0] == "registry" and "views" in parts:
                own = name_of(path).split(".")[:2] == parts[:2]
                assert own, f"{path} imports {module}"


def test_a_room_uses_another_through_its_service_or_queries_and_never_its_tables() -> None:
    for path in CODE:
        own = room_of(name_of(path))
        if own is None:
            continue
        for module in imports(path):
            other = room_of(module)
            if other not in (None, own, "vault"):
                assert module.split(".")[2:3] != ["models"], f"{path} reaches into the tables of {other}: {module}"


def test_rooms_form_no_circle() -> None:
    graph: dict[str, set[str]] = {room: set() for room in ROOMS}
    for path in CODE:
        own = room_of(name_of(path))
        if own:
            graph[own] |= {other for m in imports(path) if (other := room_of(m)) not in (None, own)}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"rooms use each other in a circle: {error.args[1]}")
    assert set(order) == set(ROOMS)


def test_only_settings_reads_the_environment() -> None:
    readers = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        if "os.environ" in text or "getenv" in text:
            readers.add(str(path.relative_to(ROOT)))
    # The demonstration hands its settings over the way an operator would; it reads none.
    assert readers == {"registry/settings.py", "seed/demo/start.py"}
    assert "os.environ.update(" in (ROOT / "seed/demo/start.py").read_text(encoding="utf-8")


def test_only_the_vault_touches_cryptography() -> None:
    users = {
        room_of(name_of(path)) or name_of(path)
        for path in CODE
        if any(module.split(".")[0] == "cryptography" for module in imports(path))
    }
    assert users == {"vault"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_within_their_budget(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE, "split it into a folder of well-named files"
    assert path.stem not in SHARED_NAMES, "a name that says nothing: name it after what belongs in it"
    tree = ast.parse(text)
    assert not text.strip() or ast.get_docstring(tree), "needs one line on what belongs in it"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


def test_templates_stay_within_their_budget() -> None:
    for path in sorted((ROOT / "registry").rglob("templates/**/*.html")):
        assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE, path


def test_only_the_boundary_the_worker_and_the_installation_commit() -> None:
    readers = [path for path in CODE if ".commit(" in path.read_text(encoding="utf-8")]
    found = {str(path.relative_to(ROOT)) for path in readers}
    assert found == {
        "registry/boundary.py",
        "registry/installing.py",
        "registry/jobs/worker.py",  # one commit a batch, and for the job row
        "seed/demo/load.py",
    }


def test_what_a_room_does_and_reads_never_sees_a_request() -> None:
    allowed = {
        "accounts.arrival",  # finds who sends it
        "accounts.navigation",  # draws the frame around its page
        "audit.service",  # keeps a request's notes until its page leaves
    }
    for path in CODE:
        room, module = room_of(name_of(path)), name_of(path).removeprefix("registry.")
        if room not in (None, "web") and "views" not in module.split(".") and module not in allowed:
            assert not imports(path) & {"flask.request", "flask.session", "flask.g"}, path
