"""Reading whole numbers from text that people type and from addresses."""

from __future__ import annotations

import pytest

from deliberation.kernel.plain_text import number_in


@pytest.mark.parametrize(
    ("typed", "digits", "number"),
    [
        ("0", 9, 0),
        ("007", 9, 7),
        ("9" * 9, 9, 999_999_999),
        ("9" * 10, 9, None),
        ("12345", 4, None),
        ("", 9, None),
        ("-1", 9, None),
        (" 1", 9, None),
        ("1_0", 9, None),
        ("²", 9, None),
        ("١", 9, None),
        ("9" * 5000, 9, None),
    ],
)
def test_a_number_is_digits_alone_and_bounded(typed: str, digits: int, number: int | None) -> None:
    assert number_in(typed, digits) == number
