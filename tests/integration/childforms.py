"""The forms about a child as a browser without script fills them in."""

import datetime
import re
import uuid
from html import unescape

from django.urls import reverse

from cre_toolkit.children.models import Child

BORN = datetime.date(2011, 5, 14)


def page(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return unescape(response.content.decode())


def hidden(text: str) -> list[tuple[str, str]]:
    """The hidden fields of the last form of a page, as a browser would send them."""
    form = text[text.rindex("<form") :]
    return [
        (name, value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        if name != "csrfmiddlewaretoken"
    ]


def search(client, **typed) -> str:
    return page(client.post(reverse("search"), typed))


def add(client, form_id=None, then="save", **typed):
    said = {"authority": "derby", "given_names": "Amy", "family_name": "Invented"} | typed
    return client.post(reverse("child-new"), said | {"form_id": str(form_id or uuid.uuid4()), "then": then})


def born(day: datetime.date) -> dict[str, int]:
    return {"date_of_birth_day": day.day, "date_of_birth_month": day.month, "date_of_birth_year": day.year}


def edit(client, child, part: str, version=None, **typed):
    address = reverse("child-more" if part == "more" else "child-edit", args=[child.reference, *(
        [] if part == "more" else [part]
    )])  # fmt: skip
    stands = Child.objects.get(pk=child.pk).version
    return client.post(address, {"version": version or stands, "then": "save"} | typed)
