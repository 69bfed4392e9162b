from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "bhxh.access"
    label = "access"
