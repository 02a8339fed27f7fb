"""Fields and descriptors that several models and forms share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comments.text import buddhist_era


class Bilingual:
    """Read `<name>_th` or `<name>_en` by the active language; Thai where English is empty."""

    def __init__(self, name: str) -> None:
        """Remember which pair of columns to read."""
        self.name = name

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> str:
        """Return the text in the active language."""
        if instance is None:
            return self.name
        thai: str = getattr(instance, f"{self.name}_th")
        if (get_language() or "").startswith("en"):
            return getattr(instance, f"{self.name}_en") or thai
        return thai


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(data: bytes) -> bytes:
    """Return `data` as it is stored at rest, with the first of `settings.CONTACT_KEYS`."""
    return _cipher(tuple(settings.CONTACT_KEYS)).encrypt(data)


def decrypt(data: bytes) -> bytes:
    """Return what `encrypt` was given. Raises `cryptography.fernet.InvalidToken`."""
    return _cipher(tuple(settings.CONTACT_KEYS)).decrypt(data)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted at rest with `settings.CONTACT_KEYS` and can't be searched.

    The first key encrypts, all of them decrypt. Raises `cryptography.fernet.InvalidToken` on
    reading a value that none of the keys made. The empty string is stored as it is.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        if not value:
            return value
        return encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        """Decrypt on the way from the database."""
        if not value:
            return value
        return decrypt(value.encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every comparison but "is empty": equal texts have different ciphertexts."""
        if lookup_name not in {"isnull", "exact"}:
            raise TypeError("an encrypted column can't be searched")
        return super().get_lookup(lookup_name)


def never(message: str) -> Callable[..., Any]:
    """Return a method that refuses with `message`, for what a row must never do."""

    def refuse(*_args: object, **_kwargs: object) -> Any:
        raise TypeError(message)

    return refuse


class BuddhistDateFormField(forms.DateField):
    """A day in either era and either numerals; drawn as dd/mm/yyyy in the Buddhist era."""

    default_error_messages: ClassVar = {
        "invalid": _("Write the day as 23/02/2565, or as 2022-02-23."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Draw a plain text input: a browser's date picker knows only the common era."""
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "23/02/2565"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the day, None for nothing. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return super().to_python(value)
        try:
            return buddhist_era.parse(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Return a date as it is typed: 23/02/2565."""
        return buddhist_era.slashed(value) if isinstance(value, date) else value


class PdfFormField(forms.FileField):
    """An uploaded PDF. Neither its name nor what the browser calls it is believed: it is looked into."""

    MOST_BYTES = 20 * 1024 * 1024
    default_error_messages = {
        "not_pdf": _("This file is not a whole PDF. Save it as PDF and choose it again."),
        "too_large": _("This file is larger than 20 MB. Make it smaller, or give a link to it."),
    }

    def to_python(self, data: Any) -> Any:
        """Return the uploaded file, None for nothing. Raises ValidationError."""
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > self.MOST_BYTES:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        if not _is_pdf(file):
            raise ValidationError(self.error_messages["not_pdf"], code="not_pdf")
        return file


def _is_pdf(file: File[bytes]) -> bool:
    """Tell whether a file begins and ends as a PDF does; leave it rewound."""
    file.seek(0)
    head = file.read(1024)
    file.seek(max(0, file.size - 2048))
    tail = file.read()
    file.seek(0)
    return head.startswith(b"%PDF-") and b"%%EOF" in tail


class PdfField(models.FileField):
    """A stored PDF; what a form uploads is looked into first."""

    def formfield(self, **kwargs: Any) -> Any:
        """Return the form field that looks into the file."""
        return super().formfield(**{"form_class": PdfFormField} | kwargs)
