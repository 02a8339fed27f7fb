"""Texts of Django that staff can meet and that its own Thai catalogue lacks or says awkwardly.

Named here, they are collected into our catalogue, which wins over Django's. Nothing imports this.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

PAGES = [
    _("Authentication and Authorization"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Add %s"),
    _("Add %(name)s"),
    _("Change %s"),
    _("View %s"),
    _("Home"),
    _("Breadcrumbs"),
    _("Skip to main content"),
    _("Error:"),
    _("Clear all filters"),
    _("Hide counts"),
    _("Show counts"),
    _("Remove from sorting"),
    _("Toggle sorting"),
    _("Sorting priority: %(priority_number)s"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Empty"),
    _("Not empty"),
    _("Yes, I’m sure"),
    _("Cannot delete %(name)s"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected "
        "related objects:"
    ),
    _("Select this object for an action - {}"),
    _("Select all objects on this page for an action"),
    _("You don’t have permission to view or edit anything."),
    _("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    _("We’re sorry, but the requested page could not be found."),
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    _("groups"),
    _("staff status"),
    _("Designates whether the user can log into this admin site."),
    _("active"),
    _(
        "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."
    ),
    ngettext_lazy("entry", "entries"),
    ngettext_lazy("Please correct the error below.", "Please correct the errors below."),
]

DEEDS = [
    _("Added:"),
    _("Changed:"),
    _("Deleted:"),
    _("Added “%(object)s”."),
    _("Changed “%(object)s” — %(changes)s"),
    _("Deleted “%(object)s.”"),
    _("Added {name} “{object}”."),
    _("Changed {fields} for {name} “{object}”."),
    _("Deleted {name} “{object}”."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("%(model_name)s with this %(field_labels)s already exists."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    _("This field is required."),
    _("This field cannot be null."),
    _("This field cannot be blank."),
    _("Value %(value)r is not a valid choice."),
    _("“%(value)s” value must be an integer."),
    _("“%(value)s” value must be either True or False."),
    _("Constraint “%(name)s” is violated."),
    _("(Hidden field %(name)s) %(error)s"),
    _("No fields changed."),
    _("That page contains no results"),
    _("Enter a complete value."),
    _("Enter a valid integer."),
    _("Null characters are not allowed."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _("“%(pk)s” is not a valid value."),
    _("The inline value did not match the parent instance."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. "
        "You may need to file a bug report if the issue persists."
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
        "max",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
        "max",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
        "max",
    ),
]

ACCOUNTS = [
    _("Forgotten your login credentials?"),
    _("Please enter a correct %(username)s and password. Note that both fields may be case-sensitive."),
    _(
        "Please enter the correct %(username)s and password for a staff account. Note that both fields may be "
        "case-sensitive."
    ),
    _("Thanks for spending some quality time with the web site today."),
    _(
        "Please enter your old password, for security’s sake, and then enter your new password twice "
        "so we can verify you typed it in correctly."
    ),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Set password"),
    _("Reset password"),
    _("Set password: %s"),
    _("Enabled"),
    _("Disabled"),
    _("Password-based authentication"),
    _("Password-based authentication was disabled."),
    _("Disable password-based authentication"),
    _("Enable password-based authentication"),
    _("Enable password-based authentication for this user by setting a password."),
    _("This action will <strong>enable</strong> password-based authentication for this user."),
    _(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still "
        "be able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    _("Conflicting form data submitted. Please try again."),
    _("Raw passwords are not stored, so there is no way to see the user’s password."),
    _("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    _("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."),
    _("The two password fields didn’t match."),
    _("Enter the same password as before, for verification."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
]

# The names of our own permissions, which Django stores in English.
PERMISSIONS = [
    _("Can publish, reject and restore submissions"),
    _("Can give an opinion to an office"),
    _("Can draft answers"),
    _("Can approve answers"),
    _("Can export submissions of every status"),
    _("Can see contact details, with a logged reason"),
    _("Can erase a submission for good"),
    _("Can type in what came on paper, by telephone or on a meeting's floor"),
    _("Can bring in files of submissions"),
    _("Can give themes to opinions"),
]
