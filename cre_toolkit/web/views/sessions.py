"""The lock screen, the list of where one is signed in, and what the page's script asks about the session."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cre_toolkit.accounts import sessions
from cre_toolkit.accounts.models import Session
from cre_toolkit.accounts.sessions import Ended
from cre_toolkit.audit import actions as audit
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.unlocking import UnlockForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.sessions import not_use, open_while_locked, row_of

# So many passwords may be tried on the lock screen; after them the session ends, and signing in counts too.
TRIES = 5
WRONG_TOO_OFTEN = "The password was wrong too often, so you were signed out. Sign in again."


@not_use
@open_while_locked
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """For how many seconds the session lasts, and whether it is locked. Asking is no use of it."""
    session = row_of(request)
    return JsonResponse({"left": int(sessions.seconds_left(session)), "locked": session.locked})


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is there: they type, or said so."""
    return HttpResponse(status=204)


@open_while_locked
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen; and, where it is locked, ask for the password."""
    user, session = user_of(request), row_of(request)
    if request.POST.get("then") == "lock":
        sessions.lock(by=user, session=session)
        return HttpResponseRedirect(f"{reverse('lock')}?{urlencode({'next': _came_from(request)})}")
    if not session.locked:
        # Opened by its address, or unlocked in another tab.
        return HttpResponseRedirect(_next(request)) if request.method == "POST" else _page(request, None)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    counted = _counts(session)
    if counted and user.check_password(form.cleaned_data["password"]):
        sessions.unlock(by=user, session=session)
        request.session.cycle_key()
        return HttpResponseRedirect(held_forms.back_to(user, _next(request)))
    audit.record(by=user, kind="account.unlock-refused", subject_kind="user", subject=user.pk)
    if not counted:
        sessions.end(by=None, session=session, why=Ended.WRONG_PASSWORDS)
        request.session.flush()
        messages.info(request, WRONG_TOO_OFTEN)
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': _next(request)})}")
    form.add_error("password", "The password is not correct")
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def mine(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and how to end that."""
    user, here = user_of(request), row_of(request)
    if request.method == "POST":
        if "others" in request.POST:
            sessions.end_all(by=user, user=user, why=Ended.BY_ITS_USER, but=here)
            messages.success(request, "You are signed out everywhere but here.")
        elif found := user.sessions.filter(pk=request.POST.get("end", "")).exclude(pk=here.pk).first():
            sessions.end(by=user, session=found, why=Ended.BY_ITS_USER)
            messages.success(request, f"Signed out: {_called(found)}.")
        return HttpResponseRedirect(reverse("sessions"))
    rows = [(session, _called(session), session.pk == here.pk) for session in sessions.of(user)]
    return TemplateResponse(request, "account/sessions.html", {"rows": rows})


def _called(session: Session) -> str:
    return session.device or "A browser"


def _counts(session: Session) -> bool:
    """Take one of the tries that a locked session has; False where none is left, for several at once too."""
    lasting = sessions.WHOLE.total_seconds()
    return any(cache.add(f"unlock:{session.pk}:{turn}", True, timeout=lasting) for turn in range(TRIES))


def _page(request: HttpRequest, form: UnlockForm | None) -> HttpResponse:
    """Locked, with the form; or the question whether to lock."""
    context = {"form": form, "next": _next(request)}
    return TemplateResponse(request, "account/lock.html" if form else "account/lock_now.html", context)


def _next(request: HttpRequest) -> str:
    """Where somebody goes on: a page of this service, and of no other."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "/"


def _came_from(request: HttpRequest) -> str:
    """The page on which the button was pressed. The browser says so to this service alone."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = f"{came.path}?{came.query}" if came.query else came.path
    return path if came.netloc == request.get_host() and came.path != request.path else "/"
