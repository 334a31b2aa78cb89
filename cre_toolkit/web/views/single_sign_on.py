"""To the organisation's provider and back. Without one (`OIDC_PROVIDER_URL`), these pages are not there."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from cre_toolkit.accounts.sessions import WHOLE
from cre_toolkit.web.single_sign_on import TROUBLE, refuse


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the provider; it asks anew where its own session is old, or where somebody is to confirm."""
    if not settings.OIDC_PROVIDER_URL:
        raise Http404
    back = get_next_redirect_url(request)
    if request.method != "POST":
        return TemplateResponse(request, "account/single_sign_on.html", {"next": back or ""})
    asked = {"max_age": str(int(WHOLE.total_seconds()))}
    if request.user.is_authenticated:
        asked = {"max_age": "0", "prompt": "login"}
    provider = get_adapter().get_provider(request, settings.OIDC_PROVIDER_ID)
    try:
        away: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=back, auth_params=asked)
    except RequestException:
        return refuse(request, TROUBLE)
    return away


@login_not_required
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider: allauth's, which has the answer checked."""
    response: HttpResponse = openid_connect.callback(request, provider_id)
    return response
