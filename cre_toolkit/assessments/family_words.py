"""Our own words in what a child or family is given (toolkit.md, E3): short, and none of the form's terms.

`tests/unit/assessments/test_family_words.py` holds them to both.
"""

from datetime import date
from typing import Final

TITLE: Final = "What we talked about, and what happens next"
WRITTEN_BY: Final = "This was written for you by {who} on {day}."
FOR: Final = "It is for {name}."
TALKED_ABOUT: Final = "What we talked about"
WORRIES: Final = "Why we are worried"
NEXT: Final = "What happens next"
RING: Final = "Who you can talk to"
HELP: Final = "Help at any time"
EMERGENCY: Final = "If somebody is in danger now, ring 999 and ask for the police."
NOT_YOUR_FAULT: Final = {
    "child": (
        "It is not your fault",
        "If somebody has hurt you, scared you or got you to do things, it is not your fault. You are not in "
        "trouble for talking to us.",
    ),
    "family": (
        "It is not your child’s fault",
        "If somebody has hurt or scared your child, or got them to do things, it is not your child’s fault. "
        "Nobody is in trouble for talking to us.",
    ),
}
"""For whom it is, and a heading and a text for each."""
CHECK: Final = "As of {month}: check before use"
"""Beside a number that may have changed; for the practitioner alone."""
ASK: Final = (
    "Tell us if something here is wrong. Ask us if you want to have it read out, in larger print or in "
    "another language."
)

# What stands in the form before the practitioner writes.
PREFILLED_TALK: Final = "We talked about how things are, what has happened, and what would help."
PREFILLED_RING: Final = "You can ring {name} on {telephone}."

# What is said of an action or a review that follows from an assessment, and how its day is added. Who else is
# told what, about whom, and how police and social care work together is not for this sheet: the practitioner
# decides what to say of it.
TOLD: Final = {
    "send-to-social-care": "We tell children’s social care what we are worried about",
    "refer-front-door": "We tell children’s social care what we are worried about",
    "refer-social-care": "We tell children’s social care what we are worried about",
    "high-risk-strategy-meeting": "People who can help meet and make a plan",
    "medium-risk-strategy-meeting": "People who can help meet and make a plan",
    "review": "We look again at how things are",
    "team-manager-review": "We look again at how things are",
    "cpm-vc-review": "We look again at how things are",
}
NOT_TOLD: Final = frozenset(
    {
        "telephone-social-care",
        "telephone-police",
        "refer-police",
        "information-report",
        "tell-manager",
        "threshold-discussion",
        "contact-cpm-vc",
        "discuss-team-manager",
        "tell-cpm-vc",
        "child-protection-plan",
        "looked-after-discussion",
        "adult-safeguarding-transfer",
        "monthly-tasking",
    }
)
ON_TIME: Final = "{what}: by {day}."

# Whom they can ring: contacts of the authority's pack under names that say to a family what they are.
CONTACTS: Final = {
    "first-contact-team": "Children’s social care in Derby",
    "careline": "Children’s social care in Derby, in the evening and at weekends",
    "starting-point": "Children’s social care in Derbyshire",
    "police": "The police, when it is not an emergency",
    "safe-and-sound": "Safe and Sound, a charity for young people and families",
    "pace": "PACE, a charity for parents",
}
# The toolkit says that a child should have these two, and gives no numbers (CRE 2020, page 21). The numbers
# are ours, as of `HELPLINES_AS_OF`.
HELPLINES_AS_OF: Final = date(2026, 11, 1)
HELPLINES: Final = {
    "childline": ("Childline, for children and young people", "0800 1111"),
    "missing-people": ("Missing People, for anybody who is away from home or wants to go", "116 000"),
}
