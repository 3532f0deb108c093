""".env.example explains every setting there is, and gives away nothing."""

from __future__ import annotations

import re

import pytest

from scripts.console import ROOT

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = (ROOT / "later" / "settings.py").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
READ = re.findall(r"env\.(?:text|flag|number|url|words)\(\s*\"([A-Z_]+)\"", SETTINGS)


@pytest.mark.parametrize("name", sorted(set(READ)))
def test_every_setting_is_explained(name):
    assert re.search(rf"^(# )?{name}=", EXAMPLE, re.MULTILINE)


def test_every_variable_of_the_compose_file_is_explained():
    for name in set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)):
        assert re.search(rf"^(# )?{name}=", EXAMPLE, re.MULTILINE), name


def test_no_secret_has_a_value():
    for name in ("SECRET_KEY", "TOKEN_KEYS", "POSTGRES_PASSWORD"):
        assert f"\n{name}=\n" in EXAMPLE
    assert not re.findall(r"^# PLATFORM_\w+(?:SECRET|TOKEN|ID)=\S+", EXAMPLE, re.M)
