"""The plan that the public pages are about."""

from django.http import Http404

from comments import remembering
from comments.models import Plan


def current_plan() -> Plan:
    """Return the newest published plan. Raises Http404 before there is one."""
    plan = remembering.of_frame(Plan.objects.current, "current plan")
    if plan is None:
        raise Http404("no plan is published")
    return plan
