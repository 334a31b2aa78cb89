"""The journey of an assessment over HTTP, as a browser without script walks it."""

import re
import time
import uuid
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as _SIGNED_IN
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.children.models import Child

_VERSION = re.compile(rb'name="version" value="(\d+)"')
_CHILD_VERSION = re.compile(rb'name="child_version" value="(\d+)"')


def signed_in(user: User) -> Client:
    """Somebody who signed in just now, which the gravest acts ask for (`web/step_up.py`)."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[_SIGNED_IN] = [{"method": "password", "at": time.time()}]
    session[f"{_SIGNED_IN}_user"] = str(user.pk)
    session.save()
    return client


def start(client: Client, child: Child) -> Assessment:
    """Press "Assess this child" on the child's page."""
    client.post(reverse("assessment-start", args=[child.reference]), {"form_id": str(uuid.uuid4())})
    return Assessment.objects.filter(child=child).latest("started_at")


def url(page: str, assessment: Assessment) -> str:
    return reverse(f"assessment-{page}" if page else "assessment", args=[assessment.reference])


def opened(client: Client, page: str, assessment: Assessment, query: str = "") -> dict[str, Any]:
    """Open a page and give the hidden fields that its form would send."""
    page_content = client.get(url(page, assessment) + query).content
    found = _VERSION.search(page_content)
    hidden = {"version": found[1].decode() if found else ""}
    if child_version := _CHILD_VERSION.search(page_content):
        hidden["child_version"] = child_version[1].decode()
    return hidden


def answer(
    client: Client, page: str, assessment: Assessment, *, then: str = "continue", query: str = "", **said: Any
) -> Any:
    """Open a page, answer it, and press a button."""
    hidden = opened(client, page, assessment, query)
    return client.post(url(page, assessment) + query, {**hidden, **said, "then": then})
