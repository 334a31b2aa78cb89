"""One child, however often and by however many at the same instant, on a database that really commits."""

import uuid

from django.urls import reverse

from cre_toolkit.audit.models import Event
from cre_toolkit.children import actions
from cre_toolkit.children.models import AccessGrant, Child
from tests.factories.people import ChildFactory, practitioner
from tests.integration.journeys import signed_in

TIMES = 8


def test_the_same_form_eight_times_adds_one_child_and_gives_eight_answers_that_show_it(real_database):
    user = practitioner()
    clients = [signed_in(user) for _ in range(TIMES)]
    form = {
        "authority": "derby", "given_names": "Amy", "family_name": "Invented", "then": "save",
        "form_id": str(uuid.uuid4()),
    }  # fmt: skip
    results = real_database.at_once(
        TIMES, lambda number: clients[number].post(reverse("child-new"), form).url
    )
    child = Child.objects.get()
    assert set(results) == {reverse("child-more", args=[child.reference])}
    assert Event.objects.filter(kind="child.added").count() == 1
    assert AccessGrant.objects.filter(child=child).count() == 1
    assert child.match_keys.filter(kind="n", value="invented").count() == 1


def test_of_eight_who_change_one_record_one_saves_and_seven_are_told(real_database):
    child = ChildFactory()

    def change(number: int) -> Child:
        mine = Child.objects.get(pk=child.pk)
        mine.version = 1  # as everybody read it
        return actions.update_child(
            by=child.created_by, child=mine, version=1, changes={"school": f"School {number}"}
        )

    results = real_database.at_once(TIMES, change)
    saved = [one for one in results if isinstance(one, Child)]
    told = [one for one in results if isinstance(one, actions.Changed)]
    assert (len(saved), len(told)) == (1, TIMES - 1)
    stands = Child.objects.get(pk=child.pk)
    assert (stands.school, stands.version) == (saved[0].school, 2)
    assert {one.child.school for one in told} == {stands.school}
    assert Event.objects.filter(kind="child.changed").count() == 1
