"""What happens to whoever is not signed in: sent to sign in, and nothing that they had typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse

from cre_toolkit.assessments.held import TooMuch
from cre_toolkit.casework.case.queries import front_doors
from cre_toolkit.web import autosave, held_forms
from cre_toolkit.web.typed import says_danger

HELD = (
    "You were signed out before you pressed the button. Nothing is saved yet, but what you typed is kept "
    "for you for 24 hours, and for nobody else. Sign in, and you have it back."
)


DANGER = (
    "You said that a child is in immediate danger. Nobody has been told by that. Telephone now: {numbers}."
)


def _say_held(request: HttpRequest, words: str) -> None:
    """That what was typed is kept; where it said that a child is in danger, whom to telephone before that."""
    if says_danger(request.POST):
        doors = [
            f"{pack.front_door.name}, {pack.name}, {pack.front_door.telephone}" for pack in front_doors()
        ]
        numbers = "; ".join(["the police, 999", *doors])
        messages.warning(request, DANGER.format(numbers=numbers))
    messages.info(request, words)


class SignInFirst(LoginRequiredMiddleware):
    """Django's own, with two differences: saving while typing gets a 401, and a form's text is held.

    A redirect would look to the page's script like a page that was found, and so like something saved.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        return hold_and_send_to(request, reverse("account_login"), HELD)


def hold_and_send_to(request: HttpRequest, address: str, words: str) -> HttpResponse:
    """To a page that leads back once somebody has shown who they are; with what they had typed, if they had.

    Args:
        request: that cannot be answered before.
        address: of the page to which they are sent.
        words: that say there that what was typed is held.
    """
    if autosave.is_asked(request):
        return autosave.signed_out(request)
    author = held_forms.made_for(request)
    if author is None:
        return redirect_to_login(request.get_full_path(), address)
    try:
        back = held_forms.hold(request, author)
    except TooMuch:
        return held_forms.not_held(request)
    _say_held(request, words)
    return redirect_to_login(back, address)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is of another session, most often since its author signed in again elsewhere.

    Nothing is saved by it. What was typed comes back to its author: held, where they pressed a button; with a
    new token, where the page saves while they type.
    """
    author = held_forms.made_for(request)
    if author is None:
        return render(request, "403_csrf.html", status=403)
    if autosave.is_asked(request):
        if not request.user.is_authenticated:
            return autosave.signed_out(request)
        return autosave.new_token(request) if request.user == author else autosave.somebody_else(request)
    if not request.user.is_authenticated:
        return hold_and_send_to(request, reverse("account_login"), HELD)
    try:
        back = held_forms.hold(request, author)
    except TooMuch:
        return held_forms.not_held(request)
    get_token(request)
    return render(request, "403_csrf.html", {"back": back if request.user == author else ""}, status=403)
