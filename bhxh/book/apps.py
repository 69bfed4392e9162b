from django.apps import AppConfig


class BookConfig(AppConfig):
    name = "bhxh.book"
    label = "book"
