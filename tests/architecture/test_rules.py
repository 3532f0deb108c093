"""Promises of docs/architecture.md that a machine can watch."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps

from platforms import registry
from tests.architecture.trees import GENERIC, ROOT, place, python_files, tree

LAYERS = (
    "core",
    "platforms",
    "accounts",
    "notifications",
    "billing",
    "media",
    "profiles",
    "scheduling",
    "publishing",
    "talent",
    "leaving",
    "support",
    "later",
)
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


def test_generic_code_knows_no_platform():
    """Adding a platform touches its own folders and one registry line."""
    names = re.compile(rf"\b({'|'.join(registry.keys())})\b", re.IGNORECASE)
    # The demo's content is written for the platforms that the sandbox plays.
    seed = ("later/management/commands/", "later/demo/")
    found = [
        place(path, node)
        for path in python_files(*GENERIC)
        if not str(path.relative_to(ROOT)).startswith(seed)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and names.search(node.value)
        and not _is_docstring(path, node)
    ]
    assert found == []


def _is_docstring(path, node) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return any(
        isinstance(holder, holders)
        and holder.body
        and isinstance(holder.body[0], ast.Expr)
        and holder.body[0].value is node
        for holder in ast.walk(tree(path))
    )


def test_templates_know_no_platform():
    names = re.compile(rf"\b({'|'.join(registry.keys())})\b")
    # They show what the product looks like, with names as people know them.
    pictures = ("landing", "guide")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "platforms" not in path.parts
        and not path.name.startswith(pictures)
        and names.search(path.read_text())
    ]
    assert found == []


def test_only_states_and_the_claim_write_a_state():
    """A state changes through `move`, and in the tick's bulk statements."""
    allowed = {
        "scheduling/states.py",
        "publishing/actions/claim.py",
        "profiles/actions/mark.py",
    }
    found = []
    for path in python_files(*GENERIC):
        if str(path.relative_to(ROOT)) in allowed:
            continue
        for node in ast.walk(tree(path)):
            writes = isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "state"
                for target in node.targets
            )
            updates = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "update"
                and any(keyword.arg == "state" for keyword in node.keywords)
            )
            if writes or updates:
                found.append(place(path, node))
    assert found == []


def test_functions_are_short():
    found = [
        f"{place(path, node)} {node.name}"
        for path in python_files(*GENERIC, "platforms", "sandbox")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert found == []


def test_files_are_short():
    found = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in python_files(*GENERIC, "platforms", "sandbox", "scripts")
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    ]
    assert found == []


@pytest.mark.parametrize("label", [name for name in LAYERS if apps.is_installed(name)])
def test_foreign_keys_point_down(label):
    """String references escape import-linter."""
    related = (
        (field, field.related_model._meta.app_label)
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
    )
    for field, other in related:
        if other in LAYERS:
            assert LAYERS.index(other) <= LAYERS.index(label), field


def test_no_model_signals():
    found = [
        place(path, node)
        for path in python_files(*GENERIC)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.db.models.signals"
    ]
    assert found == []


def test_task_names_say_their_app():
    for path in python_files(*GENERIC):
        if path.name != "tasks.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == (
                "shared_task"
            ):
                names = [k.value.value for k in node.keywords if k.arg == "name"]
                assert names and names[0].startswith(f"{path.parent.name}.")
