"""The service's apps, without what they ask of the middleware."""

from django.apps import AppConfig


class Account(AppConfig):
    """allauth's accounts, for their models alone: its own configuration insists on allauth's middleware."""

    name = "allauth.account"
    default_auto_field = "django.db.models.AutoField"
