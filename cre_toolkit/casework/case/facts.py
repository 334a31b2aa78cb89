"""Changing what a child's record says, with all that follows for the case."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.state import refresh
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import Child


@transaction.atomic
def change_facts(*, by: User, child: Child, version: int, changes: Mapping[str, Any]) -> Child:
    """Change details of a child, and work out afresh what is due: age, SEND and social care decide it.

    Args:
        by: who changes; they may see the child, which the caller has made sure of.
        child: whose record.
        version: the version that the changes were made to.
        changes: as `children.actions.update_child` takes them.

    Raises:
        NotAllowed: the user's roles do not include this.
        children.actions.Changed: somebody else saved first; nothing was written.
    """
    changed = update_child(by=by, child=child, version=version, changes=changes)
    refresh(child=changed)
    return changed
