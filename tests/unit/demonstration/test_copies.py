"""The whole demonstration, made by the acts of every noun: what they stored of each case is right."""

import pytest
from django.core.management import call_command

from cre_toolkit.casework.case import rebuilding
from cre_toolkit.casework.models import CaseEvent, Due


@pytest.mark.django_db
def test_after_every_act_of_the_demonstration_there_is_nothing_to_change(settings, capsys):
    settings.DEMONSTRATION = True
    call_command("load_demo")
    looked = list(rebuilding.look(rebuilding.cases(), mend=False))
    assert [one for one in looked if one.differs or one.error] == []
    assert Due.objects.exists()
    assert len(set(CaseEvent.objects.values_list("kind", flat=True))) > 5, "many kinds of acts were tried"
