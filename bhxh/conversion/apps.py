from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "bhxh.conversion"
    label = "conversion"
