"""Calls that platforms make by themselves: which there are, and what is refused."""

from __future__ import annotations

import pytest

from tests.support.sandbox import ControlError, Sandbox

NOWHERE = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("platform", "who", "name", "reason"),
    [
        ("mastodon", "ada@mastodon.social", "deauthorize", "sends no callbacks"),
        ("facebook", "nora.quist", "newsletter", "name must be one of"),
        ("facebook", "cornerbakery", "deauthorize", "are about persons"),
    ],
)
def test_what_a_platform_does_not_send_is_refused(
    sandbox: Sandbox, platform: str, who: str, name: str, reason: str
) -> None:
    with pytest.raises(ControlError, match=reason):
        sandbox.call_back(platform, who, NOWHERE, name=name)


def test_every_delivery_is_told_with_its_answer(sandbox: Sandbox) -> None:
    """To an address of the sandbox itself, which knows no such path."""
    to = f"{sandbox.url}/nowhere.example/hook"
    answers = sandbox.call_back(
        "facebook", "nora.quist", to, name="deauthorize", times=2
    )
    assert len(answers) == 2
    assert {answer["status"] for answer in answers} != {200}
