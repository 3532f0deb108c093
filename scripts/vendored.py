"""What `vendor.py` fetches: packages, the files we take, and the icons we use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """One pinned npm package; `files` maps a path inside it to a path of ours."""

    name: str
    version: str
    files: dict[str, str]
    licence_files: tuple[str, ...] = ("LICENSE",)
    # Set where the package ships no licence text: MIT, by this holder.
    mit_holder: str = ""


PACKAGES = (
    Package(
        "htmx.org", "2.0.11", {"dist/htmx.min.js": "static/vendor/htmx/htmx.min.js"}
    ),
    Package(
        "@alpinejs/csp",
        "3.17.4",
        {"dist/cdn.min.js": "static/vendor/alpine/alpine-csp.min.js"},
        licence_files=(),
        mit_holder="Caleb Porzio and contributors",
    ),
    Package(
        "fullcalendar",
        "6.1.21",
        {"index.global.min.js": "static/vendor/fullcalendar/index.global.min.js"},
        licence_files=("LICENSE.md",),
    ),
    Package(
        "bootstrap",
        "5.3.8",
        {"dist/js/bootstrap.bundle.min.js": "static/vendor/bootstrap/bootstrap.min.js"},
    ),
    Package(
        "sortablejs",
        "1.15.7",
        {"Sortable.min.js": "static/vendor/sortable/sortable.min.js"},
    ),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        {
            f"files/inter-{subset}-wght-normal.woff2": (
                f"static/vendor/inter/inter-{subset}.woff2"
            )
            for subset in ("latin", "latin-ext")
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        {"axe.min.js": "tests/support/vendor/axe/axe.min.js"},
        licence_files=("LICENSE", "LICENSE-3RD-PARTY.txt"),
    ),
)

ICON_PACKAGE = Package("bootstrap-icons", "1.13.2", {})
ICON_SPRITE = "static/vendor/icons/icons.svg"

# One name a line, as the icon package gives them; ui/icon.html asks for them.
ICONS = (Path(__file__).parent / "icons.txt").read_text().split()
