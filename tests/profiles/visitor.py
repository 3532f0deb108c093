"""One person's browser without scripts, on the way to a platform and back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from profiles.models import Journey


class Visitor:
    """One person's browser: the pages' addresses and the platform's answers."""

    def __init__(self, cast, client) -> None:
        self.cast = cast
        self.client = client
        self.base = f"/g/{cast.group.pk}"

    def connect(self, platform="orbit", data=None, **query):
        query = {"set": str(self.cast.social_set.pk), **query}
        url = f"{self.base}/connect/{platform}/"
        return self.client.post(url, data or {}, query_params=query)

    def back(self, answer, **query):
        """Follow a redirect to the platform back to our callback."""
        parts = urlsplit(answer["Location"])
        assert parts.netloc == "orbit.example"
        state = parse_qs(parts.query)["state"][0]
        sent = {"state": state, "code": "canary-code", **query}
        return self.client.get("/connect/orbit/callback/", sent)

    def journey(self, step: str) -> str:
        journey = Journey.objects.latest("created_at")
        return f"{self.base}/connect/{journey.platform}/{journey.pk}/{step}/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())
