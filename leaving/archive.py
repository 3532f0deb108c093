"""The zip of an export: sections compressed, files as they are, all streamed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from core import clock

CHUNK = 1_000_000

README = """Everything of the account "{account}" in Later, as of {at} UTC.

Each table is here twice: as .json with all values, and as .csv for spreadsheets. In the
.csv files a text that a spreadsheet would take for a formula has an apostrophe in front.

The files of the media library are in the folder media/, named by the "id" of media.csv.
Columns such as "post", "target", "profile" and "item" name the "id" of another table.
Times are UTC. Access to platforms (tokens) is in no export.

Tables: {tables}
{missing}"""
MISSING = """
These files were not found on the disk of this installation:
{names}
"""


class Archive:
    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: Any) -> None:
        self._zip.close()

    def add_table(self, path: Path) -> None:
        self._zip.write(path, path.name)

    def add_file(self, name: str, stream: IO[bytes], at: datetime) -> None:
        """Pictures and videos are compressed already."""
        info = ZipInfo(name, at.timetuple()[:6])
        info.compress_type = ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as out:
            shutil.copyfileobj(stream, out, CHUNK)

    def add_readme(self, account: str, tables: list[str], missing: list[str]) -> None:
        text = README.format(
            account=account,
            at=f"{clock.now():%Y-%m-%d %H:%M}",
            tables=", ".join(tables),
            missing=MISSING.format(names="\n".join(missing)) if missing else "",
        )
        self._zip.writestr("README.txt", text)


def tables_in(folder: Path, name: str) -> Iterator[Path]:
    """Both files of a section."""
    yield folder / f"{name}.json"
    yield folder / f"{name}.csv"
