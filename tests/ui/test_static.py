"""What holds for every stylesheet, module and template, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from later.context import SECTIONS
from scripts.vendor import sprite_icons
from tests.ui import sources

CSS_LINES, JS_LINES, TEMPLATE_LINES = 200, 200, 150
COLOUR = re.compile(
    r":[^;{}]*(#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\()"
    r"|:[^;{}]*[\s:,(](white|black|red|green|blue|gray|grey|orange|yellow|purple|pink)"
    r"[\s;,)]",
    re.IGNORECASE,
)
FORBIDDEN = {
    "inline style": re.compile(r"""\sstyle\s*=\s*["'{]"""),
    "style element": re.compile(r"<style\b"),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "inline handler": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*="),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign script or style": re.compile(r"""<(?:script|link)\b[^>]*=["']https?://"""),
    "colour": re.compile(
        r"""(?:fill|stroke|color|content)=["']#[0-9a-fA-F]{3,8}["']"""
    ),
}


@pytest.mark.parametrize("path", sources.stylesheets(), ids=sources.named)
def test_no_stylesheet_but_the_tokens_names_a_colour(path: Path) -> None:
    if path.name == "tokens.css":
        assert COLOUR.search(path.read_text())
        return
    found = COLOUR.search(sources.without_comments(path))
    assert found is None, found and found.group(0)


@pytest.mark.parametrize("path", sources.web_templates(), ids=sources.named)
def test_a_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    text = sources.without_comments(path)
    assert [name for name, rule in FORBIDDEN.items() if rule.search(text)] == []


@pytest.mark.parametrize("path", sources.modules(), ids=sources.named)
def test_a_module_neither_evaluates_text_nor_names_a_colour(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function\(|document\.write\(", text)
    assert not re.search(r"""["'`](#[0-9a-fA-F]{3,8}|rgba?\([^)]*\))["'`]""", text)


@pytest.mark.parametrize(
    ("files", "budget"),
    [
        (sources.stylesheets(), CSS_LINES),
        (sources.modules(), JS_LINES),
        (sources.templates(), TEMPLATE_LINES),
    ],
    ids=["css", "js", "templates"],
)
def test_files_stay_within_their_budget_of_lines(
    files: list[Path], budget: int
) -> None:
    assert [sources.named(p) for p in files if sources.lines(p) > budget] == []


@pytest.mark.parametrize("path", sources.templates(), ids=sources.named)
def test_every_template_compiles(path: Path) -> None:
    assert get_template(str(path.relative_to(sources.TEMPLATES)))


def test_every_template_that_is_named_exists() -> None:
    for path in sources.templates():
        for name in re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text()):
            # Ours, or of Django's admin.
            assert get_template(name), (sources.named(path), name)


def test_every_static_file_that_is_named_exists() -> None:
    for path in sources.templates():
        for name in re.findall(r"{% static '([^']+)' %}", path.read_text()):
            assert finders.find(name), (sources.named(path), name)


def test_every_module_that_is_imported_exists() -> None:
    for path in sources.modules():
        for name in re.findall(r'(?:from|import) "(\.[^"]+)"', path.read_text()):
            assert (path.parent / name).is_file(), (sources.named(path), name)


def asked_icons() -> dict[str, str]:
    """Icon name → one place that asks for it."""
    in_template = re.compile(
        r'(?:ui/icon\.html" with name|\b(?:icon|action_icon))="([\w-]+)"'
    )
    in_module = re.compile(r'\bicon\("([\w-]+)"')
    asked = {icon: "later/context.py" for _, _, icon, _ in SECTIONS}
    for rule, files in (
        (in_template, sources.templates()),
        (in_module, sources.modules()),
    ):
        for path in files:
            for name in rule.findall(path.read_text()):
                asked[name] = sources.named(path)
    return asked


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    asked = asked_icons()
    assert len(asked) > 30
    assert {name: asked[name] for name in asked.keys() - sprite_icons()} == {}


def test_every_stylesheet_of_a_component_is_linked() -> None:
    linked = (sources.TEMPLATES / "ui" / "styles.html").read_text()
    for path in (sources.STATIC / "css" / "ui").glob("*.css"):
        assert f"css/ui/{path.name}" in linked
