from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "cre_toolkit.children"
