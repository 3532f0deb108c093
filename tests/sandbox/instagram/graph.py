"""Speaks the Graph API to the sandbox as an app would."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.sandbox import Sandbox

IGL = "graph.instagram.com/v26.0"
FBL = "graph.facebook.com/v26.0"


class Graph:
    """One token on one host. Answers are `requests.Response`."""

    def __init__(self, sandbox: Sandbox, token: str, base: str = IGL) -> None:
        self.base = f"{sandbox.url}/{base}"
        self.token = token

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params={"access_token": self.token, **query})

    def post(self, path: str, **form: Any) -> requests.Response:
        return self.call("POST", path, data={"access_token": self.token, **form})

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path, params={"access_token": self.token})

    def call(self, method: str, path: str, **how: Any) -> requests.Response:
        return requests.request(method, f"{self.base}/{path}", timeout=30, **how)


class Profile(Graph):
    """An account with its usual steps; each asserts that it went well."""

    def __init__(self, sandbox: Sandbox, minted: dict[str, Any], base: str) -> None:
        super().__init__(sandbox, minted["access_token"], base)
        self.sandbox = sandbox
        self.id = minted["user_id"]
        self.minted = minted

    def create(self, **form: Any) -> str:
        return good(self.post(f"{self.id}/media", **form))["id"]

    def status(self, container: str) -> dict[str, Any]:
        return good(self.get(container, fields="status_code,status"))

    def settled(self, container: str) -> dict[str, Any]:
        """The status once it is no longer IN_PROGRESS."""
        for _ in range(400):
            found = self.status(container)
            if found["status_code"] != "IN_PROGRESS":
                return found
        raise AssertionError("The container never settled.")

    def publish(self, container: str) -> str:
        form = {"creation_id": container}
        return good(self.post(f"{self.id}/media_publish", **form))["id"]


def profile(sandbox: Sandbox, handle: str, **wish: Any) -> Profile:
    """Signed in without Facebook."""
    return Profile(sandbox, sandbox.token("instagram", handle, **wish), IGL)


def page_profile(sandbox: Sandbox, handle: str, **wish: Any) -> Profile:
    """Signed in with Facebook."""
    minted = sandbox.token("instagram", handle, dialect="facebook", **wish)
    return Profile(sandbox, minted, FBL)


def good(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return answer.json()


def refusal(answer: requests.Response) -> tuple[int, int]:
    """Code and subcode (0 = none) of a Graph error."""
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["fbtrace_id"]
    assert error["message"]
    return error["code"], error.get("error_subcode", 0)
