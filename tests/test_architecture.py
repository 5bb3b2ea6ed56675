"""What the tree promises and no library checks: one door to a state, no query in a view."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ("engine", "referentiel", "access", "followup", "billing", "config")
SOURCES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
# Where a state may be set: the machine itself, and the creation of a row in its first state.
WRITES_STATE = re.compile(r"\.state\s*=(?!=)|\.update\([^)]*\bstate=")
BANNED = re.compile(
    r"timezone\.now|datetime\.now\(|datetime\.utcnow|date\.today\(|auto_now|"
    r"\bsend_mail\(|post_save|pre_save|@receiver"
)
ONE_CLOCK = {"engine/clocks.py"}


def lines_matching(path, pattern):
    text = path.read_text(encoding="utf-8")
    found = [line.strip() for line in text.splitlines() if pattern.search(line)]
    return [line for line in found if not line.startswith("#")]


def offenders(paths, find):
    """What a check finds, file by file; empty when the promise holds."""
    found = {str(path.relative_to(ROOT)): find(path) for path in paths}
    return {name: what for name, what in found.items() if what}


def test_a_state_is_written_by_perform_only():
    paths = [path for path in SOURCES if path.name != "errors.py"]
    assert offenders(paths, lambda path: lines_matching(path, WRITES_STATE)) == {}


def test_there_is_one_clock_and_no_signal():
    paths = [path for path in SOURCES if str(path.relative_to(ROOT)) not in ONE_CLOCK]
    assert offenders(paths, lambda path: lines_matching(path, BANNED)) == {}


def bare_queries(path):
    """Calls on a manager that do not start from `visible_to`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        target = node.func.value
        managers = ("objects", "_base_manager", "_default_manager")
        manager = isinstance(target, ast.Attribute) and target.attr in managers
        if manager and node.func.attr != "visible_to":
            found.append(f"line {node.lineno}: objects.{node.func.attr}()")
    return found


def test_a_view_queries_nothing_itself():
    views = [p for p in SOURCES if {"views", "api"} & set(p.parts) or p.name == "views.py"]
    assert len(views) > 20
    assert offenders(views, bare_queries) == {}


def silent_functions(path):
    """Public functions of a module that do not say what they do."""
    return [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_every_function_of_a_rule_or_service_says_what_it_does():
    rooms = {"rules", "services", "workflows", "tasks.py", "formats", "exporters", "importers"}
    paths = [path for path in SOURCES if rooms & set(path.relative_to(ROOT).parts)]
    assert len(paths) > 60
    assert offenders(paths, silent_functions) == {}


def test_no_file_speaks_of_where_it_was_made():
    """No machine path, index address or workplace word in what is committed."""
    words = re.compile(r"(?<![\w.])/(?:work|root|home)/|pypi\.org|files\.pythonhosted")
    texts = [
        path
        for pattern in ("*.py", "*.html", "*.md", "*.toml", "*.txt", "*.yml", "*.css", "*.js")
        for path in ROOT.rglob(pattern)
        if not {".venv", "var", ".git"} & set(path.relative_to(ROOT).parts)
        and path != Path(__file__).resolve()
    ]
    assert [str(p.relative_to(ROOT)) for p in texts if lines_matching(p, words)] == []
