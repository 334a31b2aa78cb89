"""The floor's views for the pages on which several people work together."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bench.floor.views import SHOWN, audit
from cre_toolkit.accounts.models import Membership, RoleHeld
from cre_toolkit.casework.models import Awaiting, Meeting
from cre_toolkit.children.models import Child


@login_required
@transaction.atomic
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """A meeting, who was asked to come, each version of its minutes, and what it asked for."""
    found = get_object_or_404(Meeting.objects.select_related("child", "chair"), reference=reference)
    context = {
        "meeting": found,
        "invited": found.invited.select_related("user"),
        "minutes": found.minutes.select_related("by").prefetch_related("actions__owner").order_by("-version"),
    }
    audit(request, "meeting.viewed", found.child)
    return render(request, "floor/meeting.html", context)


@login_required
@transaction.atomic
def waiting(request: HttpRequest) -> HttpResponse:
    """Fifty assessments of the people of one's teams that wait for an answer, the oldest first."""
    managed = Membership.objects.filter(user=request.user, manages=True).values("team")
    people = Membership.objects.filter(team__in=managed).values("user")
    rows = Awaiting.objects.filter(record__author__in=people).select_related(
        "record__child", "record__author", "record__assessment"
    )
    entries = list(rows.defer("record__deflated").order_by("since")[:SHOWN])
    audit(request, "countersign.viewed", detail=[one.record.child.reference for one in entries])
    return render(request, "floor/waiting.html", {"waiting": entries})


@login_required
@transaction.atomic
def tasking(request: HttpRequest) -> HttpResponse:
    """Fifty of the children at medium or high of the authority, and how many there are."""
    roles = RoleHeld.objects.filter(user=request.user, until=None).values("authority")
    rows = Child.objects.filter(authority__in=roles, working_level__in=("medium", "high"))
    order = rows.select_related("allocated_worker").order_by("working_level", "family_name", "pk")
    page = Paginator(order, SHOWN).get_page(1)
    children = list(page.object_list)
    audit(request, "tasking.viewed", detail=[child.reference for child in children])
    return render(request, "floor/tasking.html", {"found": children, "number": page.paginator.count})
