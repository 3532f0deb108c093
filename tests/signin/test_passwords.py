"""Passwords that others try first are refused, by lists that are here (R-A8)."""

from __future__ import annotations

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from accounts.models import User
from accounts.signin.doctor import examine
from accounts.signin.passwords import is_listed, is_sorted
from core.doctor import Level
from later import env

WORDS = sorted(f"secret word {number:04}" for number in range(999))


def refusal(password: str, user: User | None = None) -> str:
    with pytest.raises(ValidationError) as caught:
        validate_password(password, user)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "Password2024!",
        "p4ssw0rd!!!!",
        "1qaz2wsx1qaz2wsx",
        "!!!Sunshine!!!",
        "dragondragon",
        "abcabcabcabc",
        "zzzzzzzzzzzz",
        "monkey1234567",
    ],
)
def test_well_known_ones_in_disguise_are_refused(password):
    assert "well-known" in refusal(password)


@pytest.mark.parametrize(
    "password",
    [
        "clay-and-coffee",
        "correct horse battery staple",
        "Tr4verse the m00r",
        "ñandú-вода-7",
    ],
)
def test_a_few_unrelated_words_are_fine(password):
    validate_password(password)


def test_the_list_that_ships_counts_as_well():
    assert "too common" in refusal("1234567890")


def test_ones_own_name_is_no_secret():
    user = User(email="lena.ortiz@example.org", name="Lena Ortiz")
    assert "similar" in refusal("lena.ortiz1", user)
    assert "similar" in refusal("Lena  Ortiz!", user)


@pytest.fixture(params=["words", "sums", "crlf"])
def blocklist(request, tmp_path, settings):
    lines = WORDS
    if request.param == "sums":
        sums = (hashlib.sha1(word.encode(), usedforsecurity=False) for word in WORDS)
        lines = sorted(f"{sum_.hexdigest().upper()}:7" for sum_ in sums)
    end = "\r\n" if request.param == "crlf" else "\n"
    path = tmp_path / "leaked.txt"
    path.write_bytes((end.join(lines) + end).encode())
    settings.PASSWORD_BLOCKLIST = str(path)
    return path


def test_every_line_of_the_operators_list_is_found(blocklist):
    assert all(is_listed(word, blocklist) for word in WORDS)
    assert is_sorted(blocklist)


def test_what_is_not_on_it_is_not_found(blocklist):
    others = ["", "a", "zzz", "secret word", "secret word 0001x", "secret word 9999"]
    assert not any(is_listed(word, blocklist) for word in others)


def test_one_that_leaked_is_refused_in_words(blocklist):
    assert "known from leaks" in refusal("secret word 0042")
    validate_password("another word 0042")


def test_an_empty_list_refuses_nothing(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    assert not is_listed("anything", path)
    assert is_sorted(path)


def test_a_list_that_is_not_sorted_is_noticed(tmp_path):
    path = tmp_path / "heap"
    path.write_text("zebra\napple\n")
    assert not is_sorted(path)


def test_a_list_that_is_not_there_stops_the_boot(monkeypatch):
    monkeypatch.setenv("PASSWORD_BLOCKLIST", "/no/such/list")
    with pytest.raises(ImproperlyConfigured, match="PASSWORD_BLOCKLIST"):
        env.file("PASSWORD_BLOCKLIST")


@pytest.mark.django_db
def test_sign_up_says_it_beside_the_field(client):
    answer = client.post(
        "/user/signup/",
        {"name": "Lena", "email": "lena@example.org", "password1": "Password2024!"},
    )
    assert "well-known password" in answer.content.decode()
    assert not User.objects.filter(email="lena@example.org").exists()


def test_the_doctor_tells_of_a_list_that_can_not_be_searched(tmp_path, settings):
    path = tmp_path / "heap"
    path.write_text("zebra\napple\n")
    settings.PASSWORD_BLOCKLIST = str(path)
    found = next(iter(examine()))
    assert (found.level, found.name) == (Level.FAIL, "password list")
    assert "LC_ALL=C sort" in found.todo


def test_the_doctor_tells_that_everybody_seems_to_come_from_the_proxy(settings):
    settings.HTTPS, settings.TRUSTED_PROXIES = True, ()
    assert [one.name for one in examine() if one.level is Level.WARN] == ["proxies"]
