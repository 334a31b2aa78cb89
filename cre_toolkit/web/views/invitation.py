"""Answering an invitation: whoever holds its link sets the first password of the account.

What the link carries goes from the address into the session as it is opened: so it stands in no link of
the page, in no other server's log, and the browser's history holds only an address that is used up.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts import inviting
from cre_toolkit.web.forms.administration.people import FirstPasswordForm

KEPT = "invitation"


@login_not_required
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. Opening it uses up nothing: mail scanners do so before anybody reads it."""
    request.session[KEPT] = token
    return HttpResponseRedirect(reverse("invitation"))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """The form for the password; then they sign in with it as anybody does."""
    token = request.session.get(KEPT, "")
    try:
        user = inviting.find(token).user
        form = FirstPasswordForm(user, request.POST if request.method == "POST" else None)
        if form.is_valid():
            inviting.answer(token=token, password=form.cleaned_data["password"])
            del request.session[KEPT]
            messages.success(request, "Your password is set. Sign in with it.")
            return HttpResponseRedirect(reverse("account_login"))
    except inviting.NotGood:
        request.session.pop(KEPT, None)
        return TemplateResponse(request, "account/invitation_over.html", status=410)
    context = {"form": form, "email": user.email}
    return TemplateResponse(request, "account/invitation.html", context, status=422 if form.errors else 200)
