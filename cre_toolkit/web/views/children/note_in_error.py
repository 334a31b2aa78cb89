"""Saying of a note that it was written in error. It stays on the timeline, and says so."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.note import in_error as notes_in_error
from cre_toolkit.casework.note.notes import in_words, title
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.events import InErrorForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import typed_in
from cre_toolkit.web.views.children.describe import age_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def note_in_error(request: HttpRequest, reference: str, note: uuid.UUID) -> HttpResponse:
    """GET says what follows and asks why, or what was said; POST says it, once however often it is sent."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.in-error-viewed", standing=standing)
    written = notes_in_error.find(child, note)
    stands = getattr(written, "in_error", None)
    if not stands and not in_error.is_theirs(standing, entered_by=written.by_id, authority=child.authority):
        raise access.NotAllowed(in_error.WHOSE)
    form = None if stands else InErrorForm(held_forms.typed(request), auto_id="%s")
    timeline = reverse("child-timeline", args=[child.reference])
    if request.method == "POST" and form and form.is_valid():
        notes_in_error.say_in_error(by=user, note=written, why=form.cleaned_data["why"])
        messages.success(request, "It stays on the timeline, and says that it was recorded in error.")
        return HttpResponseRedirect(timeline)
    context = {
        "child": child,
        "age": age_in_words(child),
        "note": written,
        "title": title(written),
        "words": in_words(written),
        "stands": stands,
        # Somebody else was quicker: what was typed is shown, to be copied.
        "typed": typed_in(request.POST) if stands and request.POST.get("why") != stands.why else [],
        "form": form,
        "back_url": timeline,
        "back_text": "Everything that happened",
    }
    status = 422 if request.method == "POST" and form else 200
    return TemplateResponse(request, "children/note_in_error.html", context, status=status)
