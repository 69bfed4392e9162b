"""Where a letter's tracking link and a book's QR code lead: two plain pages that need no sign-in and name nobody."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from bhxh.book.queries import find_by_digest
from bhxh.dossiers.queries import get_dossier
from bhxh.dossiers.states import FACTS
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import NotFound

_PAGE = Engine().from_string(
    """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title_vi }}</title><style>
body{font:1.125rem/1.6 system-ui,sans-serif;margin:0;color:#0b0c0c;background:#fff}main{max-width:40rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.25}dt{font-weight:600;margin-top:.8rem}dd{margin:0;overflow-wrap:anywhere}
[lang=en]{color:#505a5f;font-size:1rem}.yes{color:#00562c}.no{color:#942514}</style></head><body><main>
<h1>{{ title_vi }}<br><span lang="en">{{ title_en }}</span></h1>
<p class="{% if is_good %}yes{% else %}no{% endif %}"><strong>{{ answer_vi }}</strong><br><span lang="en">{{ answer_en }}</span></p>
<dl>{% for row in rows %}<dt>{{ row.0 }} · <span lang="en">{{ row.1 }}</span></dt><dd>{{ row.2 }}</dd>{% endfor %}</dl>
<p>{{ note_vi }}<br><span lang="en">{{ note_en }}</span></p></main></body></html>"""
)


def completion(request: HttpRequest, code: str) -> HttpResponse:
    """The degree of completion of a dossier by its code, nothing else. Law: R-067."""
    try:
        facts = FACTS[get_dossier(code).state]
    except NotFound:
        facts = None
    return _page(
        title=("Tra cứu hồ sơ", "Where a dossier stands"),
        is_good=facts is not None,
        answer=(facts.vi, facts.en) if facts else ("Không có hồ sơ mang mã này", "No dossier has this code"),
        rows=[("Mã hồ sơ", "Dossier code", code[:60])],
        note=(
            "Trang này chỉ cho biết mức độ hoàn thành. Nội dung chi tiết xem sau khi đăng nhập bằng tài khoản định danh điện tử.",
            "This page only tells how far it has come. Sign in with the e-identification account for details.",
        ),
        status=200 if facts else 404,
    )


def verification(request: HttpRequest, sha256: str) -> HttpResponse:
    """Whether a book of this digest was issued here, and whether it is still the latest. Nothing names the holder."""
    found = find_by_digest(sha256)
    rows = [("Mã băm của sổ", "Digest of the book", sha256[:64])]
    if found is None:
        answer = ("Không có sổ nào mang mã băm này", "No book has this digest")
    elif found.is_latest:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp và là bản mới nhất", "This book was issued here and is the latest")
    else:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp, nhưng đã có bản mới hơn", "This book was issued here; a newer one exists")
    if found is not None:
        rows += [("Phiên bản", "Version", str(found.version)), ("Ký lúc", "Sealed at", shown(found.sealed_at))]
    return _page(
        title=("Xác minh sổ bảo hiểm xã hội", "Verify a social insurance book"),
        is_good=found is not None and found.is_latest,
        answer=answer,
        rows=rows,
        note=(
            "Để chắc chắn nội dung không bị sửa, kiểm tra chữ ký của tệp đính kèm trong bản PDF bằng công cụ của bạn.",
            "To be sure that nothing was changed, verify the seal of the file attached to the PDF with a tool of your own.",
        ),
        status=200 if found else 404,
    )


def _page(
    *,
    title: tuple[str, str],
    is_good: bool,
    answer: tuple[str, str],
    rows: list[tuple[str, str, str]],
    note: tuple[str, str],
    status: int,
) -> HttpResponse:
    context = {
        "title_vi": title[0],
        "title_en": title[1],
        "is_good": is_good,
        "answer_vi": answer[0],
        "answer_en": answer[1],
        "rows": rows,
        "note_vi": note[0],
        "note_en": note[1],
    }
    response = HttpResponse(_PAGE.render(Context(context)), status=status)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
