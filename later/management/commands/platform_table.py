"""Write the README's platform table from the adapters' own data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platforms import registry
from platforms.adapter import Adapter

BEGIN = "<!-- platforms: made by manage.py platform_table -->"
END = "<!-- end of platforms -->"
UNITS = {
    "codepoints": "characters",
    "utf16": "UTF-16 units",
    "graphemes": "characters as people see them",
}
HEAD = (
    "| Platform | Posts | Text | Who can connect | Sign-in lasts | Limits read |\n"
    "|---|---|---|---|---|---|\n"
)


def table() -> str:
    return HEAD + "".join(_row(adapter) for adapter in registry.every())


def _row(adapter: Adapter) -> str:
    posts, text, read_on = _posting(adapter)
    cells = (
        f"**{adapter.name}**",
        posts,
        text,
        f"{adapter.facts.accounts} {adapter.facts.role}".strip(),
        adapter.facts.token_life,
        read_on,
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"


def _posting(adapter: Adapter) -> tuple[str, str, str]:
    """What goes out, how long a text, and when the limits were read."""
    if not adapter.publishes:
        return "connect only", "", ""
    text = adapter.limits.text
    return (
        ", ".join(kind.label.lower() for kind in adapter.kinds),
        f"{text.maximum:,} {UNITS[text.counting]}",
        f"{adapter.limits.read_on:%Y-%m-%d}",
    )


def with_table(text: str) -> str:
    """The README with the part between the marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise CommandError(f"README.md has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table()}{END}{after}"


class Command(BaseCommand):
    help = "Write the README's platform table; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "README.md"
        text = path.read_text()
        fresh = with_table(text)
        if options["check"]:
            if fresh != text:
                raise CommandError("README.md is behind: run manage.py platform_table")
            return
        path.write_text(fresh)
