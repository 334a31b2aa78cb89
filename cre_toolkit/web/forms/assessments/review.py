"""What a review asks on the page that shows what it took up from last time."""

from typing import Any

from cre_toolkit.web.forms.assessments.base import known
from cre_toolkit.web.forms.assessments.concerns import RISK_HELP, RISK_QUESTION
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class StillRightForm(GovukForm):
    """The one answer that is not taken up: it makes a report to the police due, so it is given each time."""

    persons_or_places_of_risk = known(RISK_QUESTION, help_text=RISK_HELP)
    looks = {
        "persons_or_places_of_risk": Look(called="whether a person or a place poses a risk", size="m"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
