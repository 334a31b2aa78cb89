"""One referral: how far it has got, and a page for each step that somebody may take now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral import answering, chasing, no_route, sealed
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral.models import Reason
from cre_toolkit.casework.referral.offers import offered
from cre_toolkit.casework.referral.states import Step
from cre_toolkit.casework.referral.steps import NotNow
from cre_toolkit.children import access
from cre_toolkit.children.queries import possible_workers
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms import referrals as forms
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import typed_in
from cre_toolkit.web.views.children.describe import age_in_words

Act = Callable[[User, Referral, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of a step."""

    step: Step
    title: str
    button: str
    form: Callable[[Referral], Callable[..., Form]]
    """What makes its form, for a referral."""
    act: Act
    done: str
    """What is said afterwards."""
    lead: str = ""


def _plain(form: type[Form]) -> Callable[[Referral], type[Form]]:
    return lambda _: form


def _allocating(referral: Referral) -> Callable[..., Form]:
    return lambda data=None: forms.AllocateForm(possible_workers(referral.child), data)


PAGES: dict[str, StepPage] = {
    "acknowledge": StepPage(
        Step.ACKNOWLEDGED,
        "Acknowledge the referral",
        "Acknowledge",
        _plain(forms.NextForm),
        lambda by, referral, said: answering.acknowledge(by=by, referral=referral, **said),
        "The referral is acknowledged. Its sender can read what happens next.",
        "You say that it has arrived. To take it on, accept it instead: that acknowledges it too.",
    ),
    "accept": StepPage(
        Step.ACCEPTED,
        "Accept the referral",
        "Accept",
        _plain(forms.NextForm),
        lambda by, referral, said: answering.accept(by=by, referral=referral, **said),
        "The referral is accepted, and its sender is being told.",
        "You take it on. Its sender is told by e-mail, with the reference alone.",
    ),
    "return": StepPage(
        Step.RETURNED,
        "Return the referral",
        "Return it to its sender",
        _plain(forms.ReturnForm),
        lambda by, referral, said: answering.return_it(
            by=by, referral=referral, **{**said, "reason": Reason(said["reason"])}
        ),
        "The referral is returned, and its sender is being told. What it was to do is due again.",
        "What the referral was to do is due again for its sender. In danger, telephone them as well.",
    ),
    "allocate": StepPage(
        Step.ALLOCATED,
        "Allocate a worker",
        "Allocate",
        _allocating,
        lambda by, referral, said: answering.allocate(
            by=by, referral=referral, worker=said["worker"], form_id=said["form_id"]
        ),
        "The worker is allocated and is being told. The case is open to social care.",
    ),
    "chase": StepPage(
        Step.CHASED,
        "Chase the referral",
        "Save",
        _plain(forms.AskedForm),
        lambda by, referral, said: chasing.chase(by=by, referral=referral, **_asked(said)),
        "It is written down whom you asked. The referral waits for its answer as before.",
        "Telephone whoever should have it, and write down what they said.",
    ),
    "confirm": StepPage(
        Step.CONFIRMED,
        "Say that receipt is confirmed",
        "Save",
        _plain(forms.AskedForm),
        lambda by, referral, said: chasing.confirm(by=by, referral=referral, **_asked(said)),
        "Receipt is confirmed.",
        "They have told you that they have it and could open it.",
    ),
    "on-its-way": StepPage(
        Step.DISPATCHED,
        "Say that the sealed document is on its way",
        "Save",
        _plain(forms.DispatchForm),
        lambda by, referral, said: sealed.dispatch(by=by, referral=referral, **said),
        "It is on its way. Receipt is chased, as with every referral.",
        "Say so once you have sent it by the agreed channel.",
    ),
    "tried": StepPage(
        Step.TRIED,
        "Write down what was tried",
        "Save",
        _plain(forms.TriedForm),
        lambda by, referral, said: no_route.tried(by=by, referral=referral, **said),
        "It is written down. The entry stays in the queue.",
    ),
}


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """What an `AskedForm` says, with day and time as one."""
    return {name: value for name, value in said.items() if name not in ("day", "time")}


# Where each step that is offered is done, and how the link to it reads, in the order of the page.
LINKS: dict[Step, tuple[str, str]] = {
    Step.SEALED: ("sealed", "Make the sealed document"),
    **{page.step: (name, page.title) for name, page in PAGES.items()},
    Step.TAKEN: ("take", "Take it on, to find a route"),
    Step.ROUTED: ("route", "Send it to somebody else"),
}


@require_safe
@transaction.atomic
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """How far a referral has got, and what can be done. Its recipient has received it by opening it."""
    user = user_of(request)
    standing = access.standing_of(user)
    found = referral_queries.find(standing=standing, reference=reference)
    steps = offered(standing, found)
    context = {
        "referral": found,
        "child": found.child,
        "age": age_in_words(found.child),
        "steps": _links(found, steps),
        "answers": Step.ACKNOWLEDGED in steps,
        "sealed": sealed.last_of(found),
        "may": access.acts_of(standing),
        "back_url": reverse("child", args=[found.child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "referrals/referral.html", context)


def _links(found: Referral, steps: frozenset[Step]) -> list[dict[str, str]]:
    places = {"sealed": "referral-sealed", "take": "no-route-entry", "route": "referral-route"}
    return [
        {
            "text": words,
            "href": reverse(places[name], args=[found.reference])
            if name in places
            else reverse("referral-step", args=[found.reference, name]),
        }
        for step, (name, words) in LINKS.items()
        if step in steps
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """The page of one step; where it is not possible any more, it says how the referral stands."""
    page = PAGES.get(step)
    if page is None:
        raise Http404
    standing = access.standing_of(user_of(request))
    found = referral_queries.find(standing=standing, reference=reference)
    if request.method == "POST":
        form = page.form(found)(request.POST)
        if form.is_valid():
            return _take(request, page, found, form)
    if page.step not in offered(standing, found):
        return too_late(request, found)
    if request.method != "POST":
        form = page.form(found)(held_forms.typed(request))
    context = {
        "referral": found,
        "child": found.child,
        "age": age_in_words(found.child),
        "page": page,
        "form": form,
        "back_url": reverse("referral", args=[reference]),
        "back_text": "The referral",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "referrals/step.html", context, status=status)


def _take(request: HttpRequest, page: StepPage, found: Referral, form: Any) -> HttpResponse:
    """Take the step of a form that is right, and say so; or that somebody was quicker."""
    user, said = user_of(request), dict(form.cleaned_data)
    if isinstance(form, forms.AskedForm):
        said["at"] = form.moment()
    try:
        with transaction.atomic():
            page.act(user, found, said)
    except (NotNow, answering.CannotAllocate, sealed.NotMade):
        return too_late(request, found)
    messages.success(request, page.done)
    if referral_queries.is_seen(user, found):
        return HttpResponseRedirect(reverse("referral", args=[found.reference]))
    # Returned as not theirs, it is out of their sight.
    return HttpResponseRedirect(reverse("referrals"))


def too_late(request: HttpRequest, found: Referral) -> HttpResponse:
    """Somebody was quicker: how the referral stands, and what was typed, to be copied."""
    standing = access.standing_of(user_of(request))
    fresh = referral_queries.with_steps(Referral.objects.filter(pk=found.pk), standing)[0]
    context = {
        "referral": fresh,
        "child": fresh.child,
        "age": age_in_words(fresh.child),
        "typed": typed_in(request.POST),
        "back_url": reverse("referral", args=[found.reference]),
        "back_text": "The referral",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "referrals/too_late.html", context, status=status)
