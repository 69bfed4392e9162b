"""Why nothing is asked: everything an extract says is already in the National Insurance Database. Pure.

Law: decree-164 R-041 to R-048 (reuse); when a source is off, what it would have replaced may be asked for again.
"""

from collections.abc import Mapping, Sequence

from bhxh.dossiers.procedure import Component, Filing, Need, Subject
from bhxh.kernel.canonical import Json

COMPONENTS: tuple[Component, ...] = (
    Component(code="form", title_vi="Yêu cầu trích sao", title_en="Request", is_mandatory=True),
    Component(
        code="CCCD",
        title_vi="Căn cước của người yêu cầu",
        title_en="Identity card of the person",
        is_mandatory=True,
        made_unnecessary_by=("registry", "population"),
    ),
    Component(
        code="SO-BHXH",
        title_vi="Sổ bảo hiểm xã hội giấy",
        title_en="Paper insurance book",
        is_mandatory=False,
        made_unnecessary_by=("registry", "warehouse"),
    ),
)


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    """Nobody outside is asked: the person's identity was verified when it entered the registry, and the sign-in proves who asks."""
    return ()


def known(filing: Filing, subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, Json]]:
    """No further facts are needed to decide."""
    return {}
