from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cre_toolkit.accounts"

    def ready(self) -> None:
        from cre_toolkit.accounts import factors

        factors.check_roles()
