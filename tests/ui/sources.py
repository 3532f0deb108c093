"""The files of the front end, as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"

# Mail readers know no stylesheet of ours: these two carry their looks themselves.
MAIL_FRAME = {TEMPLATES / "email" / "base.html", TEMPLATES / "email" / "button.html"}


def own(folder: Path, pattern: str) -> list[Path]:
    """Our files below a folder, without the vendored ones."""
    return sorted(p for p in folder.rglob(pattern) if "vendor" not in p.parts)


def stylesheets() -> list[Path]:
    return own(STATIC / "css", "*.css")


def modules() -> list[Path]:
    return own(STATIC / "js", "*.js")


def templates() -> list[Path]:
    return own(TEMPLATES, "*.html")


def web_templates() -> list[Path]:
    return [path for path in templates() if path not in MAIL_FRAME]


def without_comments(path: Path) -> str:
    """Text of a stylesheet or template without what is said about it."""
    text = path.read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())
