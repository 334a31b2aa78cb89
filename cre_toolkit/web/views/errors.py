"""What a person sees when the service itself has failed."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cre_toolkit.web.typed import typed_in


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. What was typed is shown, to be copied; neither session nor database is asked."""
    typed = typed_in(request.POST) if request.method == "POST" else []
    return HttpResponse(render_to_string("500.html", {"typed": typed}), status=500)
