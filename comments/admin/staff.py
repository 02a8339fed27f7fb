"""Users and roles: administrators keep both, and can't make themselves superusers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from comments import passwords, roles, second_factor, signing_in
from comments.admin.base import RowInline, SealedMixin, StaffAdmin, flag_column, moment_column, signed_in
from comments.models import OfficeMembership, SignIn
from comments.views import clients

_ACTIONS = {"view": _("view"), "add": _("add"), "change": _("change"), "delete": _("delete")}
MOMENTS: list[Any] = [
    moment_column("last_login", _("last sign-in")),
    moment_column("date_joined", _("account created")),
]
SHOWN: list[Any] = ["title", "description", "members", "permitted"]

admin.site.unregister(User)
admin.site.unregister(Group)


class RoleChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Roles by their names for people."""

    def label_from_instance(self, obj: Any) -> str:
        return role_title(obj)


def role_title(group: Group) -> str:
    """Return the name of a role in the active language; other groups keep theirs."""
    role = roles.ROLES.get(group.name)
    return str(role.title) if role else group.name


class PasswordForm(auth_forms.AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Django's form; the end of its warning is English in every language."""

    usable_password_help_text: Any = format_lazy(
        '{} <ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        auth_forms.SetUnusablePasswordMixin.usable_password_help_text,
        _("If disabled, the current password of this person is lost."),
    )

    def save(self, commit: bool = True) -> User:
        """Store it as a password that its owner has to change."""
        user: User = super().save(commit)
        (passwords.give if user.has_usable_password() else passwords.make_own)(user)
        return user


class OfficeInline(RowInline):
    """The offices that a member of the staff answers for."""

    model = OfficeMembership


@admin.register(User)
class UserAdmin(StaffAdmin, auth_admin.UserAdmin):  # type: ignore[type-arg]
    """Members of the staff."""

    list_display = [
        "username",
        "full_name",
        "role_names",
        flag_column("is_active", gettext_lazy("active")),
        "has_second_step",
        moment_column("last_login", _("last sign-in")),
    ]
    list_filter = ["groups", "is_active"]
    ordering = ["username"]
    filter_horizontal = []
    inlines = [OfficeInline]
    change_password_form = PasswordForm
    readonly_fields = MOMENTS
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (gettext_lazy("Personal info"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Role"), {"fields": ["is_active", "is_staff", "groups"]}),
        (gettext_lazy("Important dates"), {"fields": MOMENTS}),
    ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # The name stands in the form; in a heading it would be read as words of the page's language.
        shown = self.get_object(request, object_id) if object_id else None
        may_reset = bool(
            shown and self.has_change_permission(request, shown) and second_factor.is_enrolled(shown)
        )
        context = {"subtitle": None, "may_reset": may_reset}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the way out for who has lost the telephone."""
        view = self.admin_site.admin_view(self.reset_second_step)
        own = path("<int:pk>/second-step/", view, name="auth_user_reset_second_step")
        return [own, *super().get_urls()]

    def reset_second_step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the second step away from an account; it is set up anew at the next sign-in."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if second_factor.reset(account):
            address = clients.address(request)
            signing_in.record(SignIn.Kind.RESET, account, address=address, by=signed_in(request))
            messages.success(request, _("The second step was taken away."))
        return redirect("admin:auth_user_change", pk)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Have the owner of a new account change its password."""
        super().save_model(request, obj, form, change)
        if not change and obj.has_usable_password():
            passwords.give(obj)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        # A new account is a name and a password; the rest follows on the next page.
        return self.inlines if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("authenticator").prefetch_related("groups")

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

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or bool(request.user.is_superuser)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
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
    def full_name(self, user: User) -> SafeString:
        """Name the person."""
        return format_html("<bdi>{}</bdi>", user.get_full_name())

    @admin.display(description=_("second step"), empty_value="–")
    def has_second_step(self, user: User) -> str | None:
        """Say whether the account has set the second step up."""
        return gettext("set up") if hasattr(user, "authenticator") else None

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """Name the roles."""
        names = [gettext("superuser")] if user.is_superuser else []
        return ", ".join([*names, *(role_title(group) for group in user.groups.all())])


@admin.register(Group)
class GroupAdmin(SealedMixin, StaffAdmin):
    """Roles: what each may do, and who has it. The table is code, so it is only read here."""

    list_display = ["title", "description", "members"]
    fields = SHOWN
    readonly_fields = SHOWN
    ordering = ["pk"]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().changeform_view(
            request, object_id, form_url, {"title": _("Role")} | (extra_context or {})
        )

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
    def members(self, group: Group) -> SafeString:
        """Name the people."""
        names = ((user.get_full_name() or user.username,) for user in group.user_set.all())
        return format_html_join(", ", "<bdi>{}</bdi>", names)

    @admin.display(description=_("permissions"))
    def permitted(self, group: Group) -> SafeString:
        """List what the role may do, one line a kind of object."""
        lines: dict[str, list[str]] = {}
        for permission in group.permissions.select_related("content_type").order_by("content_type_id", "pk"):
            lines.setdefault(permission.content_type.name, []).append(_may(permission))
        rows = ((name, ", ".join(actions)) for name, actions in lines.items())
        return format_html_join("", "<p>{}: {}</p>", rows)


def _may(permission: Permission) -> str:
    action = permission.codename.partition("_")[0]
    # Names of permissions are stored in English; these of our own are in the catalogue.
    return str(_ACTIONS[action]) if action in _ACTIONS else gettext(permission.name)
