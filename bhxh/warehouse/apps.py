from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "bhxh.warehouse"
    label = "warehouse"
