"""The one table of the room. Append-only: every save stays readable, whoever typed over it later."""

from django.db import models

from bhxh.transcripts.states import Step


class TranscriptStep(models.Model):
    """What was done with the transcript of one dossier. The number is the step's place."""

    pk = models.CompositePrimaryKey("person_id", "dossier_id", "n")
    person_id = models.BigIntegerField()
    """Whose paper it is: the dossier's filer."""
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    step = models.TextField()
    by = models.TextField()
    by_person_id = models.BigIntegerField()
    agency_code = models.TextField()
    at = models.DateTimeField()
    case_id = models.UUIDField()
    """The conversion that is typed from."""
    rows = models.JSONField()
    """Of a save: as typed, readable or not. Of an entry and of what was settled: as read. Else empty."""
    words = models.TextField()

    class Meta:
        db_table = "transcripts_step"
        constraints = (
            models.CheckConstraint(condition=models.Q(n__gte=1), name="transcripts_step_number"),
            models.CheckConstraint(condition=models.Q(step__in=[step.value for step in Step]), name="transcripts_step_known"),
        )
