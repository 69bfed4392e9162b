from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "bhxh.notices"
    label = "notices"
