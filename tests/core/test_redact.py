"""Secrets leave text before it is kept or shown (R-D2)."""

from __future__ import annotations

import pytest

from core.redact import MASK, redact

BOT = "123456789:AAcanary-telegram-bot-token-0123456789"
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJkaWQifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refresh_token",
        "client_secret",
        "fb_exchange_token",
        "input_token",
        "code",
        "code_verifier",
        "password",
        "Access_Token",
    ],
)
def test_named_secrets_go_from_forms_and_json(name):
    assert redact(f"{name}=canary&x=1") == f"{name}={MASK}&x=1"
    assert redact(f"a=1&{name}=canary") == f"a=1&{name}={MASK}"
    assert redact(f"https://h/p?{name}=canary") == f"https://h/p?{name}={MASK}"
    assert redact(f'{{"{name}": "canary"}}') == f'{{"{name}": "{MASK}"}}'
    assert redact(f'{{"{name}":"canary"}}') == f'{{"{name}":"{MASK}"}}'


@pytest.mark.parametrize("scheme", ["Bearer", "DPoP", "OAuth", "bearer"])
def test_authorization_headers_lose_their_token(scheme):
    assert redact(f"Authorization: {scheme} abc.def-ghi_123") == (
        f"Authorization: {scheme} {MASK}"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{BOT}/sendMessage",
        f"/bot{BOT}/getMe",
        f"/file/bot{BOT}/photos/1.jpg",
        f"token {BOT} is wrong",
        "/bot" + BOT.replace(":", "%3A") + "/getMe",
    ],
)
def test_bot_tokens_are_masked_wherever_they_stand(text):
    assert "AAcanary" not in redact(text)
    assert MASK in redact(text)


TIKTOK = ("act.canary-access-token!4521.va", "rft.canary-refresh-token!4521.va")
LINKEDIN = ("AQV" + "canary-Token_" * 8,)
GOOGLE = ("ya29.a0canary-access_token", "1//0canary-refresh-token", "GOCSPX-canary-x")


@pytest.mark.parametrize(
    "token", [JWT, "IGAAcanary-token", "EAAcanary_token", *TIKTOK, *GOOGLE, *LINKEDIN]
)
def test_tokens_are_known_by_their_look(token):
    assert redact(f"Error validating {token}.").startswith("Error validating ***")


@pytest.mark.parametrize(
    "text",
    [
        "Bad Request: chat not found",
        '{"error":{"code":190,"error_subcode":463}}',
        "/v26.0/17841400000000001/media_publish",
        "at 12:30:45 of 2026-11-21",
        "",
    ],
)
def test_harmless_text_stays(text):
    assert redact(text) == text


def test_long_text_is_cut():
    assert redact("x" * 50, limit=10) == "x" * 10 + "…"


def test_a_secret_is_masked_before_the_cut():
    """Or its first half would stand there."""
    assert "canary" not in redact(f"{'x' * 20}&access_token=canary", limit=36)
