"""The plan that the public pages are about."""

from django.http import Http404

from comments.models import Plan


def current_plan() -> Plan:
    """Return the newest published plan. Raises Http404 before there is one."""
    plan = Plan.objects.current()
    if plan is None:
        raise Http404("no plan is published")
    return plan
