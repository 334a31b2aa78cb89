"""The page of blank forms and its files: for whoever signs in."""

import pytest
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.rules.loading import instrument_ids
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_every_role_finds_each_form_in_both_formats(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    page = client.get(reverse("blank-forms")).content.decode()
    for instrument in instrument_ids():
        for name, start in (("blank-form-pdf", b"%PDF-1.7"), ("blank-form-docx", b"PK")):
            address = reverse(name, args=[instrument])
            assert f'href="{address}"' in page
            response = client.get(address)
            assert response.content.startswith(start)
            ending = name.rpartition("-")[2]
            assert (
                response["Content-Disposition"] == f'attachment; filename="{instrument}-blank-form.{ending}"'
            )


def test_whoever_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(reverse("blank-forms")).status_code == 302


def test_a_form_that_does_not_exist_is_not_found(client: Client) -> None:
    client.force_login(make_user(Role.PRACTITIONER))
    for name in ("blank-form-pdf", "blank-form-docx"):
        assert client.get(reverse(name, args=["cre-1999"])).status_code == 404
