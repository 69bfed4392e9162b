"""What dossiers and conversions hold on to: every column that names a content is asked."""

import pytest
from django.apps import apps

from bhxh.conversion import resting as conversion
from bhxh.dossiers import resting as dossiers
from bhxh.dossiers.models import Dossier, SuppliedComponent
from bhxh.warehouse.resting import Naming, find_rested_on
from tests.dossier_kit import World


@pytest.mark.parametrize(("room", "naming"), [("dossiers", dossiers.NAMING), ("conversion", conversion.NAMING)])
def test_every_column_that_names_a_content_is_asked(room: str, naming: Naming) -> None:
    named = {
        (model._meta.db_table, field.name)
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.local_fields
        if field.name.endswith("sha256")
    }
    assert {(table, column) for table, columns in naming.items() for column in columns} == named


def test_what_was_filed_is_held_and_nothing_else(world: World) -> None:
    receipt = world.file("grant")
    row = Dossier.objects.get(dossier_id=receipt.dossier_id)
    component = SuppliedComponent.objects.filter(dossier_id=receipt.dossier_id).exclude(content_sha256="").first()
    assert component is not None
    held = {row.canonical_sha256, row.document_sha256, row.receipt_sha256, component.content_sha256}
    assert find_rested_on({*held, "0" * 64}, naming=dossiers.NAMING) == held
    assert find_rested_on(set(), naming=dossiers.NAMING) == frozenset()
