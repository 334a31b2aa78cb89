"""Who is locked out of a child's record for a conflict of interest: the list, one more, and ending it."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access, lock_outs, restriction
from cre_toolkit.children.models import Child, LockOut
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.closing import LockOutForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.lock-outs-viewed"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def locked_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is locked out now, and a form to lock out somebody else."""
    user = user_of(request)
    child = _find(user, reference)
    form = LockOutForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid() and _lock_out(user, child, form):
        messages.success(request, f"{form.person.name} is locked out of this record. They are not told.")
        return HttpResponseRedirect(reverse("home") if form.person == user else request.path)
    context = {
        "child": child,
        "age": age_in_words(child),
        "lock_outs": list(lock_outs.lock_outs_of(child)),
        "form": form,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(
        request, "children/lock_outs.html", context, status=422 if request.method == "POST" else 200
    )


def _lock_out(user: User, child: Child, form: LockOutForm) -> bool:
    try:
        lock_outs.lock_out(
            by=user,
            child=child,
            user=form.person,
            conflict=LockOut.Conflict(form.cleaned_data["conflict"]),
            why=form.cleaned_data["why"],
        )
    except (lock_outs.CannotLockOut, restriction.Refused) as refused:
        form.add_error("email", str(refused))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def end(request: HttpRequest, reference: str, lock_out: uuid.UUID) -> HttpResponse:
    """Asks once more: the person may see the record again."""
    user = user_of(request)
    child = _find(user, reference)
    found = lock_outs.lock_outs_of(child).filter(pk=lock_out).first()
    if found is None:
        raise access.NotVisible(str(lock_out))
    back = reverse("child-lock-outs", args=[child.reference])
    if request.method == "POST":
        return _let_in(request, child, found.user)
    context = {
        "child": child,
        "age": age_in_words(child),
        "lock_out": found,
        "back_url": back,
        "back_text": "Who is locked out",
    }
    return TemplateResponse(request, "children/lock_out_end.html", context)


@fresh_sign_in_required
def _let_in(request: HttpRequest, child: Child, person: User) -> HttpResponse:
    lock_outs.let_in_again(by=user_of(request), child=child, user=person)
    messages.success(request, f"{person.name} is no longer locked out of this record.")
    return HttpResponseRedirect(reverse("child-lock-outs", args=[child.reference]))


def _find(user: User, reference: str) -> Child:
    return access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.RESTRICT)
