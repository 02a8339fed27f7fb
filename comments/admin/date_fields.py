"""Inputs for days and moments, read and written in the Buddhist era."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import BuddhistDateFormField
from comments.text import buddhist_era

HELP = _("Day/month/year, such as 23/02/2565 or 23/02/2022, or 2022-02-23.")


class DayInput(forms.TextInput):
    """A text input that shows a day as dd/mm/yyyy in the Buddhist era."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"size": 12, "autocomplete": "off", "placeholder": "23/02/2565"} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        """Write a date in the Buddhist era; leave what was typed as it is."""
        return buddhist_era.slashed(value) if isinstance(value, date) else value


class DayField(BuddhistDateFormField):
    """A day, with a help text that says how to write it."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or HELP
        super().__init__(**kwargs)


class ClockInput(forms.TimeInput):
    """A text input that shows a time of day as 09:00."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {"size": 6, "autocomplete": "off", "placeholder": "09:00"}
        super().__init__(plain | (attrs or {}), "%H:%M")


class MomentInput(forms.MultiWidget):
    """A day and a time of day, side by side."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        inputs = [DayInput({"aria-label": _("Date")}), ClockInput({"aria-label": _("Time")})]
        super().__init__(inputs, attrs)

    def decompress(self, value: datetime | None) -> list[date | time | None]:
        """Return the day and the time as Bangkok's clocks show them."""
        if value is None:
            return [None, None]
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return [local.date(), local.time().replace(second=0, microsecond=0)]


class MomentField(forms.SplitDateTimeField):
    """A moment in Bangkok: a day in either era and a time of day."""

    widget = MomentInput
    default_error_messages = forms.SplitDateTimeField.default_error_messages | {
        "invalid_time": _("Write the time as 09:00.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = f"{kwargs.get('help_text') or ''} {HELP}".strip()
        super().__init__(**kwargs)
        clock = self.fields[1]
        self.fields = (BuddhistDateFormField(required=False), clock)
