"""Signs in on a consent page without a browser: reads the form, sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests


class FormReader(HTMLParser):
    """All inputs and buttons of a page as (name, value, checked)."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("input", "button"):
            name, value = found.get("name") or "", found.get("value") or ""
            self.inputs.append((name, value, "checked" in found))


class ConsentPage:
    """What a consent page offers."""

    def __init__(self, address: str, query: dict[str, str]) -> None:
        self.address, self.query = address, query
        self.answer = requests.get(address, params=query, timeout=30)
        reader = FormReader()
        reader.feed(self.answer.text)
        self.inputs = reader.inputs

    def values(self, name: str) -> list[str]:
        return [value for found, value, _ in self.inputs if found == name]

    def decide(self, decision: str, **choices: Any) -> dict[str, str]:
        """Send the form; the redirect's query, with its address and fragment."""
        kept = {name: self.values(name) for name in ("scope", "asset")}
        form = {**kept, **choices, "decision": decision}
        answer = requests.post(
            self.address,
            params=self.query,
            data=form,
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 303, answer.text
        place = urlsplit(answer.headers["Location"])
        found = {name: values[0] for name, values in parse_qs(place.query).items()}
        base = f"{place.scheme}://{place.netloc}{place.path}"
        return {**found, "#": place.fragment, "address": base}
