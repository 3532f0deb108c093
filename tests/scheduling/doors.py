"""The two doors to one set of rules: the pages' forms and the API."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

JSON = {"HTTP_ACCEPT": "application/json"}


@dataclass(frozen=True)
class Answer:
    status: int
    errors: list[tuple[str, str]]
    messages: list[str]


def answer(response) -> Answer:
    is_json = "json" in response.headers.get("Content-Type", "")
    body = response.json() if is_json and response.content else {}
    errors = body.get("errors", [])
    return Answer(
        response.status_code,
        [(error["code"], error["field"]) for error in errors],
        [error["message"] for error in errors],
    )


class Pages:
    """Forms, as a browser with scripts sends them."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def url(self, name, group, post=None, target=None):
        ids = {"group_id": group.pk}
        if post:
            ids["pk"] = post.pk
        if target:
            ids["target_id"] = target.pk
        return reverse(f"scheduling:{name}", kwargs=ids)

    def post(self, url, fields):
        return answer(self.client.post(url, fields, **JSON))

    def create(self, group, *profiles, **what):
        return self.post(self.url("compose", group), form(*profiles, **what))

    def edit(self, post, *profiles, version=None, **what):
        fields = {**form(*profiles, **what), "version": version or post.version}
        return self.post(self.url("edit", post.group, post), fields)

    def reschedule(self, post, wall):
        url = self.url("reschedule", post.group, post)
        return self.post(url, {"wall_at": wall})

    def delete(self, post):
        return self.post(self.url("delete", post.group, post), {})

    def resume(self, post, plan="now"):
        target = post.targets.get()
        url = self.url("resume", post.group, post, target)
        return self.post(url, {"plan": plan})

    def settle(self, post, verdict, link=""):
        url = self.url("settle", post.group, post, post.targets.get())
        return self.post(url, {"verdict": verdict, "link": link})


class Api(Pages):
    """JSON, as a program sends it."""

    def url(self, name, group, post=None, target=None):
        if name == "compose":
            return super().url("api_posts", group)
        page = {"edit": "api_post", "delete": "api_post"}.get(name, f"api_{name}")
        return super().url(page, group, post, target)

    def post(self, url, fields, method="post"):
        send = getattr(self.client, method)
        return answer(send(url, fields, content_type="application/json"))

    def create(self, group, *profiles, **what):
        return self.post(self.url("compose", group), body(*profiles, **what))

    def edit(self, post, *profiles, version=None, **what):
        fields = {**body(*profiles, **what), "version": version or post.version}
        return self.post(self.url("edit", post.group, post), fields, "patch")

    def delete(self, post):
        return self.post(self.url("delete", post.group, post), {}, "delete")


def form(
    *profiles, text="Hello", mode="schedule", wall="", media=(), own=None, kind=""
):
    date, _, time = wall.partition("T")
    fields = {
        "text": text,
        "profiles": [str(pk) for pk in profiles],
        "media": [str(pk) for pk in media],
        "mode": mode,
        "date": date,
        "time": time,
    }
    for pk in profiles:
        fields[f"kind-{pk}"] = kind
        if own is not None:
            fields |= {f"own-{pk}": "1", f"text-{pk}": own}
    return fields


def body(
    *profiles, text="Hello", mode="schedule", wall="", media=(), own=None, kind=""
):
    rows = [{"profile_id": str(pk), "text": own, "kind": kind} for pk in profiles]
    return {
        "text": text,
        "variations": rows,
        "media": [str(pk) for pk in media],
        "mode": mode,
        "wall_at": wall,
    }
