from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "cre_toolkit.records"
