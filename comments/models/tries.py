"""How often something was tried lately, without keeping what or by whom."""

from django.db import models


class Tries(models.Model):
    """A counter; `comments.limits` says what is counted in it. There are never more rows than slots."""

    slot = models.PositiveIntegerField(primary_key=True)
    count = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.slot}: {self.count}"
