from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "cre_toolkit.demonstration"
