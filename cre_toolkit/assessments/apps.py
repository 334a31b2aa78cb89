from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "cre_toolkit.assessments"
