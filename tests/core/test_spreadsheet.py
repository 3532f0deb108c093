"""CSV cells that no spreadsheet runs (R-I5)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from core.spreadsheet import Sheet, cell


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(0)",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",  # noqa: RUF001
        "＠SUM(A1)",  # noqa: RUF001
    ],
)
def test_what_begins_like_a_formula_becomes_text(text):
    """R-I5: an apostrophe in front, the rest as it was written."""
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Mira = best", "5 - 3", "mira@example.org"])
def test_other_text_stays_as_it_is(text):
    assert cell(text) == text


def test_numbers_and_moments_stay_what_they_are():
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    cells = [cell(each) for each in (-5, 1.5, True, None, moment)]
    assert cells == ["-5", "1.5", "yes", "", "2026-01-02T03:04:00+00:00"]


def test_lists_become_json_and_hide_no_formula():
    assert cell(["a", "ü"]) == '["a", "ü"]'
    assert cell({"a": 1}) == '{"a": 1}'


def test_a_sheet_is_read_back_as_it_was_written():
    """Commas, quotes and line breaks inside of cells don't break the table."""
    out = io.StringIO()
    sheet = Sheet(out, ["name", "text"])
    sheet.add(['Mira "M", Ltd', "two\nlines"])
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert rows == [["name", "text"], ['Mira "M", Ltd', "two\nlines"]]


def test_headings_and_nul_bytes_are_made_harmless_too():
    out = io.StringIO()
    Sheet(out, ["=cmd"]).add(["a\0b"])
    assert out.getvalue() == '"\'=cmd"\r\n"ab"\r\n'
