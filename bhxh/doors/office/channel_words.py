"""Which way dossiers came, as those who watch the work read it."""

from typing import Final

from bhxh.dossiers.facts import Channel
from bhxh.web.languages import in_words

_WORDS: Final[dict[Channel, tuple[str, str]]] = {
    Channel.NPSP: ("Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
    Channel.PORTAL: ("Các trang của hệ thống này", "Pages of this system"),
    Channel.API: ("Phần mềm của đơn vị", "Software of organisations"),
    Channel.COUNTER: ("Bộ phận một cửa", "Counter"),
    Channel.VSS_LEGACY: ("Hệ thống trước đây", "Earlier system"),
    Channel.IVAN: ("Tổ chức I-VAN", "I-VAN providers"),
}


def channel_words(channel: str) -> str:
    """In the language that is spoken."""
    return in_words(_WORDS[Channel(channel)])
