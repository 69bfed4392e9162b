from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "bhxh.dossiers"
    label = "dossiers"
