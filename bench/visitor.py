"""Somebody signed in, who asks the WSGI application for pages: a browser without a network.

What is measured is the whole of the application, from the environ to the last byte and the end of the
request, with the connection handling that Django does at both ends.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from cre_toolkit.accounts.models import User
from cre_toolkit.accounts.session_store import SessionStore

# Django takes the token of the cookie itself, unmasked, as a form's token.
_TOKEN = "benchmark" + "0" * 23

Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A GET, or a POST where there is something to send. `who` is a worker's e-mail address."""

    who: str
    path: str
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    body: bytes


class Visitors:
    """Sessions for whoever asks, made the first time they do."""

    def __init__(self) -> None:
        self._cookies: dict[str, str] = {}

    def environ(self, request: Request) -> Environ:
        """The request as the application takes it."""
        environ = {
            "REQUEST_METHOD": "GET" if request.data is None else "POST",
            "PATH_INFO": request.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookie(request.who),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        if request.data is not None:
            body = urlencode({**request.data, "csrfmiddlewaretoken": _TOKEN}, doseq=True).encode()
            environ |= {
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        return environ

    def cookie(self, who: str) -> str:
        """The cookies of somebody signed in: session and CSRF."""
        if who not in self._cookies:
            user, session = User.objects.get(email=who), SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
            self._cookies[who] = f"{names[0]}={session.session_key}; {names[1]}={_TOKEN}"
        return self._cookies[who]


def ask(application: Callable[..., Iterable[bytes]], environ: Environ) -> Response:
    """Have the application answer, to the last byte, and end the request."""
    said: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> None:
        said.append(status)

    answer: Any = application(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    return Response(int(said[0].split()[0]), body)
