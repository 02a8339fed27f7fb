"""Users and roles: administrators keep both, and can't make themselves superusers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from comments import roles
from comments.admin.base import SealedMixin, StaffAdmin, moment_column

admin.site.unregister(User)
admin.site.unregister(Group)


class RoleChoices(forms.ModelMultipleChoiceField):
    """Roles by their names for people."""

    def label_from_instance(self, obj: Any) -> str:
        return role_title(obj)


def role_title(group: Group) -> str:
    """Return the name of a role in the active language; other groups keep theirs."""
    role = roles.ROLES.get(group.name)
    return str(role.title) if role else group.name


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin):
    """Members of the staff."""

    list_display = ["username", "full_name", "role_names", "is_active", moment_column("last_login", _("last sign-in"))]
    list_filter = ["groups", "is_active"]
    ordering = ["username"]
    show_full_result_count = False
    empty_value_display = "–"
    filter_horizontal: list[str] = []
    readonly_fields = [
        moment_column("last_login", _("last sign-in")),
        moment_column("date_joined", _("account created")),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (gettext_lazy("Personal info"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Role"), {"fields": ["is_active", "is_staff", "groups"]}),
        (gettext_lazy("Important dates"), {"fields": readonly_fields}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Offer the superuser's tick to superusers only."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.is_superuser:
            return fieldsets
        name = self.fieldsets[2][0]
        return [
            (title, options | {"fields": [*options["fields"], "is_superuser"]} if title == name else options)
            for title, options in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting many at once would walk past the question whether one is a superuser.
        return {}

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or bool(request.user.is_superuser)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            return RoleChoices(
                Group.objects.order_by("pk"),
                label=_("Roles"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("What a member of the staff may see and do follows from the roles."),
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """Name the person."""
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """Name the roles."""
        names = [gettext("superuser")] if user.is_superuser else []
        return ", ".join([*names, *(role_title(group) for group in user.groups.all())])


@admin.register(Group)
class GroupAdmin(SealedMixin, StaffAdmin):
    """Roles: what each may do, and who has it. The table is code, so it is only read here."""

    actions = None
    list_display = ["title", "description", "members"]
    fields = ["title", "description", "members", "may"]
    readonly_fields = fields
    ordering = ["pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("user_set")

    @admin.display(description=_("role"), ordering="name")
    def title(self, group: Group) -> str:
        """Name the role."""
        return role_title(group)

    @admin.display(description=_("description"))
    def description(self, group: Group) -> str:
        """Say what the role is for."""
        role = roles.ROLES.get(group.name)
        return str(role.description) if role else ""

    @admin.display(description=_("members"))
    def members(self, group: Group) -> str:
        """Name the people."""
        return ", ".join(user.get_full_name() or user.username for user in group.user_set.all())
