"""What dossiers hold on to: every column that names a content is asked."""

from django.apps import apps

from bhxh.dossiers.models import Dossier, SuppliedComponent
from bhxh.dossiers.resting import NAMED_IN, list_rested_on
from tests.dossier_kit import World


def test_every_column_that_names_a_content_is_asked() -> None:
    named = {
        (model._meta.db_table, field.name)
        for model in apps.get_app_config("dossiers").get_models()
        for field in model._meta.local_fields
        if field.name.endswith("sha256")
    }
    assert {(table, column) for table, columns in NAMED_IN.items() for column in columns} == named


def test_what_was_filed_is_held_and_nothing_else(world: World) -> None:
    receipt = world.file("grant")
    row = Dossier.objects.get(dossier_id=receipt.dossier_id)
    component = SuppliedComponent.objects.filter(dossier_id=receipt.dossier_id).exclude(content_sha256="").first()
    assert component is not None
    held = {row.canonical_sha256, row.document_sha256, row.receipt_sha256, component.content_sha256}
    assert list_rested_on({*held, "0" * 64}) == held
    assert list_rested_on(set()) == frozenset()
