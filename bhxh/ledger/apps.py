from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bhxh.ledger"
    label = "ledger"
