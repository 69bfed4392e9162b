from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "bhxh.doors.jobs"
    label = "jobs"
