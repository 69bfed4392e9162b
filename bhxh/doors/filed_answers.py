"""What a dossier was filed with, read back by the questions that were asked."""

from bhxh.doors.draft_view import answer_row
from bhxh.dossiers import catalogue
from bhxh.dossiers.questions import Kind
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.warehouse.store import read_blob
from bhxh.web.form_reading import answer_in, list_asked


def filed_rows(procedure_slug: str, canonical_sha256: str) -> tuple[tuple[str, str], ...]:
    """Question and answer, in the language that is spoken; nothing where no page asks. Raises as `read_blob`."""
    procedure, today = catalogue.get(procedure_slug), day_in_vietnam(now())
    questions = procedure.questions
    if questions is None:
        return ()
    content = procedure.read(read_blob(canonical_sha256)).content
    found = {question.field: answer_in(content, question.field) for question in questions.every if question.kind is not Kind.FILES}
    values = {field: value for field, value in found.items() if value not in (None, "", [])}
    rows = []
    for _, asked in list_asked(questions, values):
        for question in asked:
            if question.kind is Kind.FILES:
                continue
            value = values.get(question.field)
            listed = question.directory.find(value, today) if question.directory and isinstance(value, str) else None
            rows.append(answer_row(question, value, listed))
    return tuple(rows)
