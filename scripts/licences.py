"""What the locked packages are licensed under: `make check` compares, --write writes.

Red when a licence isn't known to go with the AGPL, or docs/licences.md isn't true.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

from scripts.audit import LOCK, pins
from scripts.console import ROOT, fail, say

PAGE = ROOT / "docs" / "licences.md"
# All go with AGPL-3.0-or-later.
FINE = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python"),
    *("HPND", "ISC", "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0"),
    *("PSF-2.0", "Unlicense", "Zlib"),
}
# What packages say that don't speak SPDX yet.
SPDX = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-3.0-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Read in the package itself, because what it declares is misleading.
READ = {
    # BSD; "other" is the MIT licence of the code it began with.
    "qrcode": "BSD AND MIT",
}
HEAD = """# Licences

Later itself is AGPL-3.0-or-later. It runs with these packages, each under a licence that goes with it.
Written by `python -m scripts.licences --write`; `make check` is red when it isn't true any more.

| package | licence |
|---|---|
"""
_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def licence_of(name: str) -> str:
    """SPDX where the package says it, else its classifiers, else its own words."""
    if name in READ:
        return READ[name]
    found = metadata.metadata(name)
    if "License-Expression" in found:
        return found["License-Expression"]
    classes = [_CLASSIFIER.fullmatch(each) for each in found.get_all("Classifier", [])]
    named = [match[1] for match in classes if match and match[1] != "OSI Approved"]
    words = found["License"].strip().splitlines()[:1] if "License" in found else []
    return " AND ".join(SPDX.get(each, each) for each in named or words)


def is_fine(licence: str) -> bool:
    """One is enough where a package offers a choice; else all of them."""
    plain = licence.replace("(", "").replace(")", "")
    choices = re.split(r"\s+OR\s+", plain)
    return any(set(re.split(r"\s+AND\s+", each)) <= FINE for each in choices)


def installed() -> dict[str, str]:
    """Package to licence, of those locked for running; by name."""
    names = sorted({pin.split("==")[0].split("[")[0] for pin in pins(LOCK)})
    found = {}
    for name in names:
        try:
            found[name] = licence_of(name)
        except metadata.PackageNotFoundError:
            # Locked for another kind of machine.
            continue
    return found


def page(found: dict[str, str]) -> str:
    return HEAD + "".join(
        f"| {name} | {licence} |\n" for name, licence in found.items()
    )


def main() -> None:
    found = installed()
    odd = {name: licence for name, licence in found.items() if not is_fine(licence)}
    if odd:
        lines = [
            f"{name}: {licence or 'says nothing'}" for name, licence in odd.items()
        ]
        fail("\n".join(["Not known to go with the AGPL:", *lines]))
    if "--write" in sys.argv:
        PAGE.write_text(page(found), encoding="utf-8")
        say(f"{len(found)} packages written.")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(found):
        fail("docs/licences.md isn't true: run `python -m scripts.licences --write`.")


if __name__ == "__main__":
    main()
