from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "cre_toolkit.jobs"
