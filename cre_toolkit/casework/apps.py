from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "cre_toolkit.casework"
