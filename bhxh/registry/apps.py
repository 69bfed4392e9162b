from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "bhxh.registry"
    label = "registry"
