from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cre_toolkit.accounts"
