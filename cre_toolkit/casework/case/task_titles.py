"""What is due, by a few words each: for lists that are read in a hurry.

The words are ours. What the toolkit asks for in full stands on the child's page and where it is done.
"""

from collections.abc import Mapping

from cre_toolkit.casework.case.looking_again import LOOK_AGAIN
from cre_toolkit.casework.case.state import MISSING

TITLES: Mapping[str, str] = {
    "telephone-social-care": "Telephone children’s social care",
    "telephone-police": "Telephone the police",
    "refer-front-door": "Refer to children’s social care",
    "refer-police": "Refer to the Police Referral Unit",
    "refer-social-care": "Refer to children’s social care",
    "send-to-social-care": "Send the assessment to social care",
    "tell-manager": "Manager to read and countersign",
    "threshold-discussion": "Discuss the threshold",
    "contact-cpm-vc": "Contact the CPM-VC",
    "discuss-team-manager": "Discuss with a Team Manager",
    "tell-cpm-vc": "Tell the CPM-VC",
    "high-risk-strategy-meeting": "High risk strategy meeting",
    "medium-risk-strategy-meeting": "Medium risk strategy meeting",
    "child-protection-plan": "Bring it into the child protection meetings",
    "looked-after-discussion": "Discuss whether a CRE meeting is needed",
    "information-report": "Information report to the police",
    "adult-safeguarding-transfer": "Transfer to Adult Safeguarding",
    "bring-meeting-forward": "Bring the meeting forward",
    "reassess": "New assessment",
    "missing-strategy-meeting": "Missing strategy meeting",
    "return-interview": "Offer a return interview",
    "missing-plan": "Plan against going missing again",
    "adult-transition": "Agree what happens at 18",
    "scope-ends": "Agree what happens at 25",
    "review": "Review meeting",
    "team-manager-review": "Team Manager’s review",
    "cpm-vc-review": "CPM-VC’s review",
    "monthly-tasking": "Monthly tasking meeting",
    LOOK_AGAIN: "Look again at the low level",
    MISSING: "Missing now",
}
