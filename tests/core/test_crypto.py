"""AES-256-GCM under a ring of keys (R-D2)."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import (
    KeyMissing,
    KeyRing,
    KeyRingError,
    Tampered,
    new_key,
    sealed_under,
)

# Fixed, because parallel workers must name the tests alike.
OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
RING = KeyRing.parse(f"new:{NEW},old:{OLD}")
AAD = "profiles.connection:1:sealed"


@given(st.text(), st.text())
def test_what_was_sealed_opens_again(text, aad):
    assert RING.unseal(RING.seal(text, aad), aad) == text


def test_the_first_key_seals():
    assert RING.seal("secret", AAD).startswith("v1.new.")


def test_every_key_of_the_ring_opens():
    """R-D2: keys are rotated while the system works."""
    before = KeyRing.parse(f"old:{OLD}").seal("secret", AAD)
    assert RING.unseal(before, AAD) == "secret"


def test_a_text_is_resealed_under_the_first_key():
    before = KeyRing.parse(f"old:{OLD}").seal("secret", AAD)
    after = RING.reseal(before, AAD)
    assert after.startswith(sealed_under("new"))
    assert RING.unseal(after, AAD) == "secret"


def test_a_key_taken_out_opens_no_more():
    """Told apart from what was altered: the key can be put back."""
    sealed = RING.seal("secret", AAD)
    with pytest.raises(KeyMissing):
        KeyRing.parse(f"old:{OLD}").unseal(sealed, AAD)


def test_the_same_text_is_sealed_differently_each_time():
    assert RING.seal("secret", AAD) != RING.seal("secret", AAD)


def test_a_text_moved_to_another_row_does_not_open():
    sealed = RING.seal("secret", AAD)
    with pytest.raises(Tampered):
        RING.unseal(sealed, "profiles.connection:2:sealed")


def test_every_altered_byte_is_noticed():
    version, key, body = RING.seal("secret", AAD).split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    for index in range(len(raw)):
        raw[index] ^= 1
        changed = base64.urlsafe_b64encode(bytes(raw)).decode()
        with pytest.raises(Tampered):
            RING.unseal(f"{version}.{key}.{changed}", AAD)
        raw[index] ^= 1


@pytest.mark.parametrize(
    "sealed",
    ["", "v1", "v1.new", "v1.new.!!!", "v1.nobody.AAAA", "plain text", "a.b.c.d"],
)
def test_other_texts_do_not_open(sealed):
    with pytest.raises(Tampered):
        RING.unseal(sealed, AAD)


def test_a_later_version_does_not_open():
    _, key, body = RING.seal("secret", AAD).split(".")
    with pytest.raises(Tampered):
        RING.unseal(f"v2.{key}.{body}", AAD)


def test_too_short_a_text_does_not_open():
    with pytest.raises(Tampered):
        RING.unseal("v1.new." + base64.urlsafe_b64encode(b"x" * 5).decode(), AAD)


def test_a_refusal_to_open_tells_nothing():
    with pytest.raises(Tampered) as caught:
        RING.unseal(RING.seal("canary", AAD), "elsewhere")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" , ", "empty"),
        (f"a b:{NEW}", "unique ids"),
        (f":{NEW}", "unique ids"),
        (f"a:{NEW},a:{OLD}", "unique ids"),
        (f"a:{NEW},b:{NEW}", "one key twice"),
        ("a:???", "not base64"),
        ("a", "0 bytes"),
        (f"a:{base64.b64encode(b'short').decode()}", "5 bytes"),
    ],
)
def test_a_senseless_ring_says_why(text, reason):
    with pytest.raises(KeyRingError, match=reason):
        KeyRing.parse(text)


def test_complaints_show_no_key():
    short = base64.b64encode(b"canary-key-bytes").decode()
    with pytest.raises(KeyRingError) as caught:
        KeyRing.parse(f"a:{short}")
    assert short not in str(caught.value)


def test_a_ring_shows_no_key():
    """It stands in tracebacks and error reports."""
    assert repr(base64.b64decode(NEW)) not in repr(RING)
    assert repr(RING) == "KeyRing()"


def test_new_keys_fit_and_differ():
    assert len(base64.b64decode(new_key())) == 32
    assert new_key() != new_key()
