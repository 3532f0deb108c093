from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from later.management.commands.platform_table import table, with_table
from platforms import registry


def test_the_readmes_table_is_the_adapters_own_data():
    """Made from declarations: it can't fall behind."""
    call_command("platform_table", check=True)


def test_each_platform_has_its_row():
    for adapter in registry.every():
        assert f"**{adapter.name}**" in table()
        assert adapter.facts.token_life in table()


def test_a_readme_that_is_behind_is_told():
    text = (settings.BASE_DIR / "README.md").read_text()
    assert with_table(text.replace("**", "")) != text.replace("**", "")


def test_a_readme_without_marks_is_told():
    with pytest.raises(CommandError, match="has no"):
        with_table("# Later")


def test_a_platform_without_publishing_is_called_connect_only(monkeypatch):
    bluesky = registry.adapter_class("bluesky")
    monkeypatch.setattr(bluesky, "publishes", False)
    (row,) = [line for line in table().splitlines() if bluesky.name in line]
    assert "| connect only |  | " in row
