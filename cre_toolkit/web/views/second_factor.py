"""One's own second step of signing in: an app, passkeys, recovery codes; and being asked for it."""

import base64
import datetime
import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts import factors
from cre_toolkit.accounts.factors import StillNeeded
from cre_toolkit.jobs import factor_mail
from cre_toolkit.web.forms.second_factor import NewAppForm, NewPasskeyForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.second_factor import is_proved, without_second_factor
from cre_toolkit.web.step_up import fresh_sign_in_required, fresh_to_open

# Setting one up takes longer than the gravest acts may: the telephone has to be fetched, an app installed.
SETTING_UP = datetime.timedelta(minutes=10)
CALLED = {Authenticator.Type.TOTP: "an app that shows codes", Authenticator.Type.WEBAUTHN: "a passkey"}

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@without_second_factor
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up, and what can be."""
    user = user_of(request)
    mine = list(factors.of(user))
    codes = [one.wrap() for one in mine if one.type == Authenticator.Type.RECOVERY_CODES]
    context = {
        "factors": [_row(one) for one in mine if one.type in factors.FACTORS],
        "has_app": any(one.type == Authenticator.Type.TOTP for one in mine),
        "codes_left": len(codes[0].get_unused_codes()) if codes else None,
        "needed": factors.needed_by(user),
        "proved": is_proved(request),
    }
    return TemplateResponse(request, "mfa/index.html", context)


@without_second_factor
@get_or_post
@fresh_to_open(SETTING_UP)
def add_app(request: HttpRequest) -> HttpResponse:
    """Show the secret to the app, and take the first code that it shows."""
    user = user_of(request)
    if factors.of(user).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("mfa_index")
    form = NewAppForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        with transaction.atomic():
            factors.add_app(by=user, secret=form.secret, code=form.cleaned_data["code"])
            _tell(request, "An app that shows codes was set up as the second step of signing in.")
        clear_totp_secret(request)
        return _set_up(request, Authenticator.Type.TOTP)
    adapter = get_adapter()
    link = adapter.build_totp_url(user, form.secret)
    picture = adapter.build_totp_svg(link).encode()
    context = {
        "form": form,
        "link": link,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}",
        "secret": _in_fours(form.secret),
    }
    return _answer(request, "mfa/totp/activate_form.html", context)


@without_second_factor
@get_or_post
@fresh_to_open(SETTING_UP)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Have the browser make a passkey, and keep what it answers."""
    user = user_of(request)
    form = NewPasskeyForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        made = form.cleaned_data
        with transaction.atomic():
            factors.add_passkey(by=user, name=made["name"], credential=made["credential"])
            _tell(request, "A passkey was added as a second step of signing in.")
        return _set_up(request, Authenticator.Type.WEBAUTHN)
    options = webauthn.begin_registration(user, passwordless=False)
    return _answer(request, "mfa/webauthn/add_form.html", {"form": form, "options": json.dumps(options)})


@get_or_post
@fresh_sign_in_required
def remove(request: HttpRequest) -> HttpResponse:
    """Ask, then remove one's app or a passkey. Which one stands in the form: it is nobody else's business."""
    user = user_of(request)
    asked = (request.POST if request.method == "POST" else request.GET).get("factor", "")
    known = {str(one.pk): one for one in factors.of(user).filter(type__in=factors.FACTORS)}
    if asked not in known:
        raise Http404
    context: dict[str, Any] = {"factor": _row(known[asked]), "last": len(known) == 1}
    if request.method == "POST":
        try:
            with transaction.atomic():
                factors.remove(by=user, factor=known[asked].pk)
                _tell(request, f"{context['factor']['called'].capitalize()} was removed from signing in.")
        except StillNeeded as why:
            context["errors"] = [ErrorLink(str(why), "#remove")]
            return _answer(request, "mfa/remove.html", context)
        messages.success(request, f"You removed {context['factor']['called']}.")
        return redirect("mfa_index")
    return TemplateResponse(request, "mfa/remove.html", context)


@without_second_factor
@require_safe
@fresh_sign_in_required
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, once."""
    with transaction.atomic():
        shown = factors.show_codes(by=user_of(request))
    if not shown:
        return redirect("mfa_index")
    context = {"codes": [_in_fours(code) for code in shown]}
    return TemplateResponse(request, "mfa/recovery_codes/index.html", context)


@get_or_post
@fresh_sign_in_required
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ask, then make new recovery codes in place of the earlier ones."""
    user = user_of(request)
    if not factors.has_one(user):
        raise Http404
    if request.method == "POST":
        with transaction.atomic():
            factors.make_codes(by=user)
            _tell(request, "New recovery codes were made, and the earlier ones are worth nothing now.")
        return redirect("mfa_view_recovery_codes")
    return TemplateResponse(request, "mfa/recovery_codes/generate.html", {})


class SecondStep(AuthenticateView):
    """At sign-in, after the password: a code, or a passkey where one has been added."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.stage.login.user
        if factors.of(user).filter(type=Authenticator.Type.WEBAUTHN).exists():
            context["options"] = json.dumps(context["js_data"]["request_options"])
        context["forms"] = [context["form"], context["webauthn_form"]]
        return context


class _Confirms:
    """Writes down that somebody confirmed that it is them."""

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            factors.confirmed(by=user_of(self.request), how="second-step")  # type: ignore[attr-defined]
            return super().form_valid(form)  # type: ignore[misc]


class ConfirmByCode(_Confirms, ReauthenticateView):
    """Before a gravest act, for whoever has a second step."""


class ConfirmByPasskey(_Confirms, ReauthenticateWebAuthnView):
    """The same, by passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"options": json.dumps(context["js_data"]["request_options"])}

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _set_up(request: HttpRequest, kind: str) -> HttpResponseRedirect:
    """A factor was set up, so it has been taken in this session. The first time, recovery codes follow."""
    user = user_of(request)
    record_authentication(request, user, "mfa", type=kind)
    messages.success(request, f"You set up {CALLED[kind]}. You are asked for it when you sign in.")
    return redirect("mfa_view_recovery_codes")


def _tell(request: HttpRequest, what: str) -> None:
    user = user_of(request)
    factor_mail.tell(by=user, user=user, what=what)


def _row(factor: Authenticator) -> dict[str, Any]:
    is_passkey = factor.type == Authenticator.Type.WEBAUTHN
    return {
        "id": factor.pk,
        "called": f"the passkey ‘{factor.wrap().name}’" if is_passkey else "the app that shows codes",
        "since": factor.created_at,
        "used": factor.last_used_at,
    }


def _in_fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page; one that was asked for by a form that has to be mended says so with its status, too."""
    return TemplateResponse(request, template, context, status=422 if request.method == "POST" else 200)
