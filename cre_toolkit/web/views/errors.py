"""What a person sees when a page cannot be shown, with a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; the browser still holds what was typed."""
    return render(request, "403_csrf.html", status=403)
