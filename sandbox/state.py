"""What the sandbox remembers: typed tables, kept as one JSON snapshot."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")

SNAPSHOT_EVERY_S = 1.0
# Names of serials whose readers remember how far they came: they only ever rise.
LASTING = "lasting."


@dataclass(slots=True)
class Identity:
    """Somebody or something one can sign in as or publish on.

    `kind` and `extra` belong to the platform's double; both are plain JSON.
    """

    id: str
    platform: str
    handle: str
    name: str
    kind: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """An access or refresh token. Times are Unix seconds; no expiry is None.

    `revoked` is empty while the token is good, else the double's word for why.
    """

    value: str
    platform: str
    identity: str
    kind: str
    app: str
    scopes: list[str]
    issued_at: float
    expires_at: float | None = None
    revoked: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Code:
    """An authorization code. `extra` carries what the platform adds (PKCE, assets)."""

    value: str
    platform: str
    identity: str
    app: str
    redirect_uri: str
    scopes: list[str]
    expires_at: float
    used: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


class Table(dict[str, Row], Generic[Row]):
    """Rows of one dataclass by key. Fields must be plain JSON values."""

    def __init__(self, row_type: type[Row]) -> None:
        super().__init__()
        self.row_type = row_type

    def load(self, rows: dict[str, dict[str, Any]]) -> None:
        """Fields a later version dropped are passed over."""
        known = self.row_type.__dataclass_fields__  # type: ignore[attr-defined]
        for key, row in rows.items():
            kept = {name: value for name, value in row.items() if name in known}
            self[key] = self.row_type(**kept)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class State:
    """All tables of the sandbox. `touch()` after a change that must be kept."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.tables: dict[str, Table[Any]] = {}
        self.serials: dict[str, int] = {}
        self.dirty = False
        self._waiting: dict[str, dict[str, dict[str, Any]]] = {}
        self.identities = self.table("identities", Identity)
        self.tokens = self.table("tokens", Token)
        self.codes = self.table("codes", Code)

    def table(self, name: str, row_type: type[Row]) -> Table[Row]:
        """Declare a table once, at start; its rows return after a restart."""
        table = Table(row_type)
        table.load(self._waiting.pop(name, {}))
        self.tables[name] = table
        return table

    def serial(self, name: str) -> int:
        """1, 2, 3 … for each name; a reset starts all but the lasting ones again."""
        self.serials[name] = self.serials.get(name, 0) + 1
        return self.serials[name]

    def touch(self) -> None:
        self.dirty = True

    def clear(self) -> None:
        for table in self.tables.values():
            table.clear()
        self.serials = {
            name: last
            for name, last in self.serials.items()
            if name.startswith(LASTING)
        }
        self.touch()

    def load(self) -> bool:
        """True if there was a snapshot. Unknown tables wait for their double."""
        if self.path is None or not self.path.exists():
            return False
        saved = json.loads(self.path.read_text("utf-8"))
        self.serials = saved["serials"]
        for name, rows in saved["tables"].items():
            if name in self.tables:
                self.tables[name].load(rows)
            else:
                self._waiting[name] = rows
        return True

    def save(self) -> None:
        """Write the snapshot beside its place, then move it in one step."""
        if self.path is None or not self.dirty:
            return
        self.dirty = False
        saved = {"serials": self.serials, "tables": self.tables}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".part")
        draft.write_text(json.dumps(saved, default=_plain), "utf-8")
        draft.replace(self.path)

    async def keep_saving(self) -> None:
        while True:
            await asyncio.sleep(SNAPSHOT_EVERY_S)
            self.save()

    def identity(self, platform: str, ref: str) -> Identity | None:
        """By id, else by handle."""
        found = self.identities.get(f"{platform}:{ref}")
        if found is not None:
            return found
        return next(
            (i for i in self.identities_of(platform) if i.handle == ref),
            None,
        )

    def identities_of(self, platform: str) -> list[Identity]:
        return [i for i in self.identities.values() if i.platform == platform]

    def add_identity(self, identity: Identity) -> Identity:
        self.identities[f"{identity.platform}:{identity.id}"] = identity
        self.touch()
        return identity

    def tokens_of(self, platform: str, identity: str) -> list[Token]:
        return [
            token
            for token in self.tokens.values()
            if token.platform == platform and token.identity == identity
        ]

    def add_token(self, token: Token) -> Token:
        self.tokens[token.value] = token
        self.touch()
        return token
