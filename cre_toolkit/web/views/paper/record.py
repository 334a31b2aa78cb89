"""The record of a paper form: read under its own edition, for as long as it is kept."""

from collections.abc import Mapping
from typing import Any

from cre_toolkit.assessments.paper_answers import PaperAnswers
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.web.views.assessments.describe import header
from cre_toolkit.web.views.paper import journey
from cre_toolkit.web.views.paper.describe import describe

# Who the child is; the rest of the header stands among what the form itself says.
_WHO = ("name", "known_as", "age", "authority", "earlier")


def from_paper(content: Mapping[str, Any], instrument: Instrument) -> dict[str, Any]:
    """What the page of a paper form's record shows of it: each part with what it says, in the form's order.

    Args:
        content: of the record.
        instrument: the edition that it names.
    """
    said = PaperAnswers.model_validate({**content["answers"], "paper": content["paper"]}, by_alias=True)
    parts = [
        (page.title, describe(page.section, said.section(page.section), instrument))
        for page in journey.pages(instrument)
    ]
    who = [row for row in header(content) if row.key in _WHO]
    return {
        "form_name": f"{instrument.short_title}, {content['edition']}",
        "form_level": content["case_file"]["analysis"]["level"],
        "sections": [("The child", who), *parts],
        "counts": content["outcome"]["counts"] if instrument.levels_from == "tier" else None,
    }
