"""Why nothing is asked: what is held is here to be compared with, and who reports is known by the sign-in. Pure."""

from collections.abc import Mapping, Sequence

from bhxh.dossiers.procedure import Component, Filing, Need, Subject
from bhxh.kernel.canonical import Json

COMPONENTS: tuple[Component, ...] = (
    Component(code="form", title_vi="Nội dung báo sai sót", title_en="Report", is_mandatory=True),
    Component(code="proof", title_vi="Giấy tờ cho thấy điều đúng", title_en="Document that shows what is right", is_mandatory=False),
)


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    """Nobody outside is asked before a person has read the report."""
    return ()


def known(filing: Filing, subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, Json]]:
    """No further facts: officers see the data themselves."""
    return {}
