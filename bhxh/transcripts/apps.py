from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    name = "bhxh.transcripts"
    label = "transcripts"
