"""Form fields that several of the citizen's forms share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from comments import attachments, intake
from comments.forms.choices import Offer
from comments.forms.lists import ListSelect

_DIGIT = re.compile(r"\d")
REPLY_LENGTH = _("Between 10 and 2,000 characters. Please leave out personal details of other people.")
NOT_OFFERED = {"invalid_choice": _("Please choose from the list.")}


class TextField(forms.CharField):
    """Text that can be stored and given back exactly; optional unless told otherwise."""

    def __init__(self, *, max_length: int | None, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=max_length, **kwargs)
        # Our check finds null characters too, and says what to do in both languages.
        self.validators = [
            check for check in self.validators if not isinstance(check, ProhibitNullCharactersValidator)
        ]
        self.validators.append(intake.check_storable)


class Lent(dict[str, forms.Field]):
    """The fields of a form's class, of which each form gets copies of its own only as far as it changes them.

    That is a field's and its widget's attributes, its messages and validators, and the widget's HTML attributes; `copy`
    takes ten times as long.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, forms.Field]:
        """Return the copies."""
        return {name: self._copy(field) for name, field in self.items()}

    def _copy(self, field: forms.Field) -> forms.Field:
        copy: Any = _twin(field)
        copy.error_messages, copy.validators = dict(field.error_messages), list(field.validators)
        copy.widget = _twin(field.widget)
        copy.widget.attrs = dict(field.widget.attrs)
        return copy  # type: ignore[no-any-return]


def _twin(thing: Any) -> Any:
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def check_phone(phone: str) -> str:
    """Return `phone` as typed, once it is empty or holds as many digits as a telephone number.

    Raises ValidationError.
    """
    if phone and not 8 <= len(_DIGIT.findall(phone)) <= 20:
        raise ValidationError(_("Please write a telephone number such as 02 123 4567."))
    return phone


class WordField(forms.ChoiceField):
    """An optional choice among the words of a model."""

    widget = ListSelect

    def __init__(self, words: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=list(words), required=False, error_messages=NOT_OFFERED, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> WordField:
        """Share the words, which never change, with the copy that each form gets."""
        # What is in the memo counts as copied.
        memo[id(self._choices)] = self._choices  # type: ignore[attr-defined]
        return super().__deepcopy__(memo)


class FilesInput(forms.FileInput):
    """A button by which several files are chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        """Return every file that was chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """Files that may be attached; it cleans to a tuple of what is kept of them."""

    widget = FilesInput

    def clean(self, data: Any, _initial: Any = None) -> Any:
        """Look into each file. Raises ValidationError with a message for each one that can't be taken."""
        chosen = list(data or [])
        attachments.check_number(len(chosen))
        accepted, errors = [], []
        for upload in chosen:
            try:
                accepted.append(attachments.accept(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return tuple(accepted)


class RowField(forms.TypedChoiceField):
    """A choice among rows that were fetched once; it cleans to the row itself, or None."""

    widget = ListSelect

    def __init__(self, **kwargs: Any) -> None:
        messages = NOT_OFFERED | kwargs.pop("error_messages", {})
        super().__init__(empty_value=None, error_messages=messages, **kwargs)
        self.rows: Mapping[str, Any] = {}

    def offer(self, offered: Offer, *, empty: Any = None) -> None:
        """Take the rows by value, and what to draw, after an empty choice with this label."""
        self.rows = offered.rows
        self.coerce: Callable[[Any], Any] = offered.rows.__getitem__
        first = () if empty is None else (("", empty),)
        widget: Any = self.widget
        if isinstance(widget, ListSelect):
            widget.offer(offered, first)
        # Not gone through unless somebody asks for them.
        self.choices = lambda: [*first, *offered.choices]

    def valid_value(self, value: Any) -> bool:
        """Tell whether a row is offered under `value`."""
        return str(value) in self.rows


def row_field(form: forms.Form, name: str) -> RowField:
    """Return a field of `form` that is known to be a RowField."""
    return cast("RowField", form.fields[name])
