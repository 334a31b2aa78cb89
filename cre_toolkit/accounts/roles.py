"""The roles that a user may hold within an authority."""

from django.db.models import TextChoices


class Role(TextChoices):
    """The roles: `children/permissions.py` says what each may do, the authority's pack what it is called."""

    PRACTITIONER = "practitioner", "Practitioner"
    TEAM_MANAGER = "team-manager", "Team manager"
    CHILD_PROTECTION_MANAGER = "child-protection-manager", "Child protection manager"
    FRONT_DOOR = "front-door", "Front door"
    POLICE_REFERRAL = "police-referral", "Police referral unit"
    HEAD_OF_SERVICE = "head-of-service", "Head of service or legal"
    CHAMPION = "champion", "Champion or single point of contact"
    ANALYST = "analyst", "Analyst"
    RECORDS_AUDITOR = "records-auditor", "Records auditor"
    ADMINISTRATOR = "administrator", "Administrator"
