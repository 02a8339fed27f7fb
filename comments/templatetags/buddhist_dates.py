"""Dates as people read them: Buddhist era, in the active language, machine-readable underneath."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments.text import buddhist_era

register = template.Library()


def _day(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def era_date(value: date | None) -> str:
    """Return the day in words: 23 กุมภาพันธ์ 2565, or 23 February 2022 (B.E. 2565)."""
    return "" if value is None else _in_words(_day(value), in_english=_is_english())


@lru_cache(maxsize=1_000)
def _in_words(day: date, *, in_english: bool) -> str:
    return buddhist_era.long_en(day) if in_english else buddhist_era.long_th(day)


@register.filter
def era_moment(value: datetime | None) -> str:
    """Return the day and the clock time in Bangkok, in words."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if _is_english():
        return f"{era_date(local)}, {local:%H:%M}"
    return f"{era_date(local)} เวลา {local:%H.%M} น."


@register.simple_tag
def day(value: date | None) -> SafeString:
    """Return a time element for a day; nothing for None."""
    if value is None:
        return SafeString("")
    return _element(_day(value), in_english=_is_english())


def days() -> Callable[[datetime], SafeString]:
    """Return what draws the day of a moment as `day` does, for many: it has looked up time zone and language."""
    zone, in_english = timezone.get_current_timezone(), _is_english()
    return lambda moment: _element(moment.astimezone(zone).date(), in_english=in_english)


@lru_cache(maxsize=1_000)
def _element(day: date, *, in_english: bool) -> SafeString:
    words = _in_words(day, in_english=in_english)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Return a time element for a moment; nothing for None."""
    if value is None:
        return SafeString("")
    stamp = timezone.localtime(value).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', stamp, era_moment(value))


@register.filter
def era_month(value: date) -> str:
    """Return the month in words: กุมภาพันธ์ 2565, or February 2022 (B.E. 2565)."""
    return era_date(value).partition(" ")[2]
