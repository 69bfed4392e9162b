"""How a source of law reads in a document: in Vietnamese as laws are cited, and without this project's own numbering. Pure."""

import re
from typing import Final

_KINDS: Final = {"Law": "Luật số", "Decree": "Nghị định số", "Circular": "Thông tư số", "Decision": "Quyết định số"}
_SOURCE: Final = re.compile(
    r"\b(?P<kind>Law|Decree|Circular|Decision) (?P<number>\d+\w*(?:/[\w-]+)+)(?P<year> \(\d{4}\))?"
    r"(?:, Art\. (?P<articles>\d+(?:\(\w+\))*(?:(?:, | and | to )\d+(?:\(\w+\))*)*))?(?:, form (?P<form>[\w-]+))?"
)
_OWN_NUMBERS: Final = re.compile(r"\s*\((?:[^()]*, )?R-\d+[^()]*\)|^R-\d+$")
_ASSUMED: Final = " (assumed)"
_HOUSE_RULE: Final = ("Quy tắc xử lý của thủ tục", "Rule of the procedure")


def is_legal(citation: str) -> bool:
    """Whether it names a law, decree, circular or decision."""
    return _SOURCE.search(citation) is not None


def cited_vi(citation: str) -> str:
    """`Law 41/2024/QH15, Art. 31` is “Luật số 41/2024/QH15, Điều 31”. What is only assumed says so.

    An assumed source that is no law is a rule of ours and is called that; any other text stays as it is.
    """
    found = _SOURCE.search(citation)
    plain, mark = _plain(citation)
    if found is None:
        return _HOUSE_RULE[0] if mark or not plain else plain
    number = found["number"].replace("ND-CP", "NĐ-CP").replace("QD-", "QĐ-")
    articles = f", Điều {found['articles'].replace(' and ', ' và ').replace(' to ', ' đến ')}" if found["articles"] else ""
    form = f", mẫu {found['form']}" if found["form"] else ""
    return f"{_KINDS[found['kind']]} {number}{found['year'] or ''}{articles}{form}{' (chưa xác nhận)' if mark else ''}"


def cited_en(citation: str) -> str:
    """The citation as the rules give it, without this project's numbering."""
    plain, mark = _plain(citation)
    return f"{plain}{mark}" if plain else _HOUSE_RULE[1]


def _plain(citation: str) -> tuple[str, str]:
    mark = " (to be confirmed)" if citation.endswith(_ASSUMED) else ""
    return _OWN_NUMBERS.sub("", citation.removesuffix(_ASSUMED)).strip(), mark
