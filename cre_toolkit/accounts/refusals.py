"""The two ways in which the service says no. `web/middleware.py` turns each into its page."""


class NotVisible(LookupError):
    """No such record, or none that this person may see: the two are the same to them."""


class NotAllowed(PermissionError):
    """The person may see the record, but this act is not theirs; the message says whose it is."""
