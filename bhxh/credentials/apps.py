from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "bhxh.credentials"
    label = "credentials"
