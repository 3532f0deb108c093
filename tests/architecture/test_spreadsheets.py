"""R-I5: one place writes CSV, so that no export can forget about formulas."""

from __future__ import annotations

import ast

from tests.architecture.trees import GENERIC, ROOT, python_files, tree

WRITER = ROOT / "core" / "spreadsheet.py"


def imported(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_only_one_place_writes_csv():
    """What it writes is attacked in tests/core/test_spreadsheet.py; the exports that go
    through it in tests/leaving/test_export.py and tests/staff/test_export.py."""
    found = [path for path in python_files(*GENERIC) if "csv" in imported(tree(path))]
    assert found == [WRITER]
