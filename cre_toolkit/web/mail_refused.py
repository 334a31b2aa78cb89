"""Whoever does something that tells people by mail learns at once where no mail may go."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from cre_toolkit.jobs.aloud import hearing


class MailRefused:
    """Says on the next page which addresses were refused while a request was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with hearing() as refused:
            response = self.get_response(request)
        for address in sorted(set(refused)):
            messages.error(
                request,
                f"The message to {address} could not go: its domain is not on the authority’s list. Telephone"
                " them. It stays under “Messages that did not arrive” until somebody has seen to it.",
            )
        return response
