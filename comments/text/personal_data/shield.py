"""Cover numbers that are plainly no personal data, so that no rule reads them together with others."""

import re

# A number in an address is an article's; a chat address carries a telephone number.
_ADDRESS = r"https?://(?!wa\.me|line\.me)[!-~]{1,2000}"
_MONEY = r"(?<![\d,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
_DECIMAL = r"(?<![\d.\-])(?<!\+66)(?<!\+66 )(?:0|[1-9]\d{0,12})\.\d{1,15}(?![\d_]|[.\-]\d)"
_TIME = r"(?<![\d.])(?<!\d-)(?:[01]?\d|2[0-4])[.:][0-5]\d(?!\d|[.]\d)"
_DATE = r"(?<!\d)(?<!\d[./-])(?:[0-3]?\d[./-][01]?\d[./-](?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?!\d|[./-]\d)"
_YEARS = r"(?<!\d)(?<!\d-)2[45]\d\d ?[-/] ?(?:2[45]\d\d|\d\d)(?!\d|-\d)"
_REFERENCE = r"(?<![\w-])[67]\d-[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])"
_GOAL = r"(?<![A-Za-z])[A-Z]\d\d-\d+(?:\.\d+)*-\d+(?!\d)"
_INDICATOR = r"(?<![\d-])\d{4}-\d{4}(?![\d-])"
_SAFE = re.compile(
    f"{_ADDRESS}|{_MONEY}|{_DATE}|{_DECIMAL}|{_TIME}|{_YEARS}|{_REFERENCE}|{_GOAL}|{_INDICATOR}"
)


def shield(text: str) -> str:
    """Return `text` with "#" over budgets, decimals, times, dates, years, references and goal codes.

    >>> shield("งบ 12,000,000 บาท ปี 2561-2580 โทร 081-000-0000")
    'งบ ########## บาท ปี ######### โทร 081-000-0000'
    """
    return _SAFE.sub(lambda match: "#" * len(match[0]), text)
