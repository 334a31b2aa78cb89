from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cre_toolkit.web"
