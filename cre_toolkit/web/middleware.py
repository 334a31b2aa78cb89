"""Headers that keep personal pages private, and what a refusal looks like."""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cre_toolkit.assessments import queries as assessments
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.children import access, break_glass_queries, pairs
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.ids import is_reference
from cre_toolkit.records import queries as records
from cre_toolkit.web import walks

# What somebody asked for who was refused, as far as the audit keeps it: longer is no reference of ours.
LONGEST_REFERENCE = 40


class PrivatePages:
    """Only static files may be kept by a browser or a proxy: after signing out, Back shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Refusals:
    """Turns the access policy's refusals into pages, and writes each to the audit trail.

    What a person may not see is not found, as if it did not exist; what they may see but not do is refused
    with the reason. The refused act's own transaction has ended by now, so the event gets one of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotVisible | NotAllowed):
            return None
        found = isinstance(exception, NotAllowed)
        with transaction.atomic():
            _record_refusal(request, "access.not-allowed" if found else "access.not-visible")
            too_many = None if found else _counted(request)
        if too_many:
            return too_many
        if found:
            return render(request, "403.html", {"why": str(exception)}, status=403)
        return render(request, "404.html", status=404)


def _counted(request: HttpRequest) -> HttpResponse | None:
    """The answer to one reference too many; None to whoever is no walker, or not signed in."""
    reference = _reference(request)
    return walks.missed(request, reference) if reference and request.user.is_authenticated else None


def _reference(request: HttpRequest) -> str:
    route = request.resolver_match
    return str(route.kwargs.get("reference", ""))[:LONGEST_REFERENCE] if route else ""


def _record_refusal(request: HttpRequest, kind: str) -> None:
    """Who asked for what, by which way, and whose record it would have been: a walk over references shows."""
    route, reference = request.resolver_match, _reference(request)
    audit.record(
        by=request.user if request.user.is_authenticated else None,
        kind=kind,
        children=_children_of(reference) if reference else (),
        detail={
            "route": route.view_name if route else "",
            "method": request.method or "",
            # People type names into addresses; no name stands on the trail.
            "reference": reference if is_reference(reference) else "",
        },
    )


def _children_of(reference: str) -> list[uuid.UUID]:
    for of_kind in (access, assessments, break_glass_queries, records, referral_queries, meeting_queries):
        if child := of_kind.child_of(reference):
            return [child]
    return pairs.children_of(reference)
