"""Cells as offices fill them in."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from comments.imports import values
from comments.imports.cells import NO_RESULT

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def moment(cell):
    at, _named, code = values.moment(cell, NOW)
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M"), code


@pytest.mark.parametrize(
    ("cell", "expected", "code"),
    [
        ("23/02/2565", "2022-02-23 12:00", ""),
        ("๒๓/๐๒/๒๕๖๕", "2022-02-23 12:00", ""),
        ("23 กุมภาพันธ์ 2565", "2022-02-23 12:00", ""),
        ("2022-02-23", "2022-02-23 12:00", ""),
        ("2565-02-23", "2022-02-23 12:00", ""),
        ("23/02/2565 14:30 น.", "2022-02-23 14:30", ""),
        ("23/2/2565, 9:05:30", "2022-02-23 09:05", ""),
        ("2022-02-23T09:00:00+07:00", "2022-02-23 09:00", ""),
        ("2022-02-23T02:00:00+00:00", "2022-02-23 09:00", ""),
        ("23/02/65", "2022-02-23 12:00", "short_year"),
        ("23 ก.พ. 65", "2022-02-23 12:00", "short_year"),
        ("วันที่ ๒๓ กพ ๖๕ เวลา 09.30 น.", "2022-02-23 09:30", "short_year"),
        ("23 กุมภาพันธ์ 2565 เวลา 14.30 น.", "2022-02-23 14:30", ""),
        ("23 กุมภาพันธ์ พ.ศ. 2565", "2022-02-23 12:00", ""),
        # As a spreadsheet in English writes a CSV, with a year of either era.
        ("23-Feb-2022", "2022-02-23 12:00", ""),
        ("23-Feb-22", "2022-02-23 12:00", "short_year"),
        ("23-Feb-65", "2022-02-23 12:00", "short_year"),
        ("29/02/2567", "2024-02-29 12:00", ""),
        (44615, "2022-02-23 12:00", "serial"),
        (44615.5, "2022-02-23 12:00", "serial"),
        ("44615", "2022-02-23 12:00", "serial"),
        ("๔๔๖๑๕", "2022-02-23 12:00", "serial"),
        (242942, "2022-02-23 12:00", "serial"),
        (datetime(2022, 2, 23), "2022-02-23 12:00", ""),  # noqa: DTZ001
        (datetime(2022, 2, 23, 14, 30), "2022-02-23 14:30", ""),  # noqa: DTZ001
        (datetime(2565, 2, 23), "2022-02-23 12:00", ""),  # noqa: DTZ001
        (date(2565, 2, 23), "2022-02-23 12:00", ""),
        # This day: its noon, or now.
        ("22/11/2569", "2026-11-22 10:00", ""),
    ],
    ids=repr,
)
def test_days_are_read_in_both_eras_all_digits_and_as_spreadsheets_count_them(cell, expected, code):
    assert moment(cell) == (expected, code)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/2565", "not_a_date"),
        ("เมื่อวาน", "not_a_date"),
        (7, "not_a_date"),
        (1e300, "not_a_date"),
        (float("nan"), "not_a_date"),
        ("9" * 400, "not_a_date"),
        ("23/02/2565 25:00", "not_a_date"),
        (datetime(2564, 2, 29), "not_a_date"),  # noqa: DTZ001
        ("23/11/2569", "future"),
        ("22/11/2569 12:00", "future"),
        ("01/01/9999", "future"),
        (NO_RESULT, "no_result"),
        ("#N/A", "failed"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_day_or_yet_to_come_is_said(cell, code):
    with pytest.raises(values.UnfitError) as unfit:
        values.moment(cell, NOW)
    assert unfit.value.code == code


def test_an_empty_cell_names_no_moment():
    assert values.moment(None, NOW) == values.moment(" ", NOW) == (None, "", "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (812345678, ("0812345678", "zero_put_back")),
        (812345678.0, ("0812345678", "zero_put_back")),
        ("812345678", ("0812345678", "zero_put_back")),
        # As another program writes a number into a CSV.
        ("812345678.0", ("0812345678", "zero_put_back")),
        ("๘๑๒๓๔๕๖๗๘", ("0812345678", "zero_put_back")),
        (21234567, ("021234567", "zero_put_back")),
        ("'0812345678", ("0812345678", "")),
        ("๐๘๑-๒๓๔-๕๖๗๘", ("081-234-5678", "")),
        ("02 123 4567", ("02 123 4567", "")),
        (66812345678, ("66812345678", "")),
        (None, ("", "")),
    ],
    ids=repr,
)
def test_the_zero_that_a_spreadsheet_took_from_a_number_is_put_back(cell, expected):
    assert values.phone(cell) == expected


@pytest.mark.parametrize("cell", ["8.12E+08", "ไม่มี", "123"])
def test_what_is_no_telephone_number_is_said(cell):
    with pytest.raises(values.UnfitError) as unfit:
        values.phone(cell)
    assert unfit.value.code == "not_a_phone"


@pytest.mark.parametrize("cell", ["ใช่", "Yes", "/", "✓", 1, "TRUE", "ยินยอม"], ids=repr)
def test_a_yes_is_known(cell):
    assert values.is_yes(cell)


@pytest.mark.parametrize("cell", ["ไม่", "no", "", None, 0, "FALSE"], ids=repr)
def test_all_else_is_no(cell):
    assert not values.is_yes(cell)
