from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "bhxh.audit"
    label = "audit"
