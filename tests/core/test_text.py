from __future__ import annotations

import pytest

from core.text import one_line


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  two\r\n\tlines\0 ", "two lines"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u2066a\u2069 \u200bb\ufeff", "a b"),
        ("half \ud83d", "half"),
        ("\x1b[31mred\x7f", "[31mred"),
    ],
)
def test_what_hides_or_turns_or_breaks_is_taken_out(given, kept):
    """R-I5."""
    assert one_line(given) == kept


@pytest.mark.parametrize(
    "name",
    [
        "Zoë & Söhne",
        "نیم‌فاصله",
        "מירה ‏!",
        "👩‍👩‍👧",
        "🏴\U000e0067\U000e0062\U000e007f",
        "बिल्ली",
    ],
)
def test_every_script_and_emoji_keeps_its_signs(name):
    assert one_line(name) == name
