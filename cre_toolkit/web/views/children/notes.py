"""A discussion, a decision or an intervention is written onto a case."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.models import Note
from cre_toolkit.casework.note.notes import DRAWN_IN, write_note
from cre_toolkit.children import access, network
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.notes import FORMS, NoteForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.note-viewed"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A form for each kind; the address says which, and whether it is about adults who draw the child in."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.WRITE_NOTE)
    asked = request.GET.get("kind", "")
    kind = Note.Kind(asked) if asked in FORMS else Note.Kind.DISCUSSION
    drawn_in = kind == Note.Kind.DISCUSSION and request.GET.get("about") == DRAWN_IN
    form = FORMS[kind](others_around(child, user), held_forms.typed(request))
    timeline = reverse("child-timeline", args=[child.reference])
    if request.method == "POST" and form.is_valid():
        write_note(
            by=user,
            child=child,
            said=form.written(),
            action=DRAWN_IN if drawn_in else "",
            told=form.chosen("tell"),
            form_id=form.cleaned_data["form_id"],
        )
        messages.success(request, f"The {kind.label.lower()} is written down.{told_in_words(form)}")
        return HttpResponseRedirect(timeline)
    context = {
        "child": child,
        "age": age_in_words(child),
        "kind": kind,
        "kinds": [] if drawn_in else _kinds(kind),
        "drawn_in": drawn_in,
        "form": form,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    wrong = request.method == "POST"
    return TemplateResponse(request, "children/note.html", context, status=422 if wrong else 200)


def others_around(child: Child, user: User) -> list[User]:
    """The people of the network, but for the one who writes. One query."""
    return [person for person in network.people(child) if person != user]


def told_in_words(form: NoteForm) -> str:
    """Who is told of it, for the words above the next page; with the space before them."""
    people = form.chosen("tell")
    names = ", ".join(person.name for person in people)
    return f" By e-mail {names} {'is' if len(people) == 1 else 'are'} being told." if people else ""


def _kinds(chosen: Note.Kind) -> list[dict[str, object]]:
    return [
        {"text": f"A {kind.label.lower()}" if kind != Note.Kind.INTERVENTION else "An intervention",
         "href": f"?kind={kind.value}", "current": kind == chosen}
        for kind in Note.Kind
    ]  # fmt: skip
