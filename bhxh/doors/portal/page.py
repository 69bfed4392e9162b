"""The one plain page all of the portal's answers are shown on, and the headers that guard it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from django.http import HttpResponse
from django.template import Context, Engine

from bhxh.kernel.errors import Sentence

_STYLE: Final = (
    "body{font:1.125rem/1.6 'Be Vietnam Pro',system-ui,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;margin:0;color:#0b1f24;background:#fff}"
    "header{background:#00303d;border-bottom:4px solid #f6b73c;font-weight:600}header,header a,header [lang=en]{color:#fff}"
    "header a{display:block;max-width:40rem;margin:0 auto;padding:.6rem 1rem;text-decoration:none}"
    "main{max-width:40rem;margin:0 auto;padding:.5rem 1rem 1.5rem}h1{font-size:1.6rem;line-height:1.3}h1 [lang=en]{display:block;margin-top:.3rem}"
    "dt{font-weight:600;margin-top:.8rem}dd{margin:0;overflow-wrap:anywhere}[lang=en]{color:#41565c;font-size:1rem}"
    ".yes{color:#0a6b43}.no{color:#b3121d}ul{list-style:none;padding:0}li{margin:.4rem 0}li a{display:inline-block;padding-top:.5rem;color:#00566b}"
    "label{display:block;margin-top:.8rem;font-weight:600}textarea,input[type=file]{font:inherit;width:100%;box-sizing:border-box;"
    "min-height:2.75rem;border:2px solid #005a70;border-radius:8px;padding:.4rem}"
    "button{font:inherit;min-height:2.75rem;padding:.6rem 1rem;margin:.3rem 0;width:100%;text-align:left;border:2px solid #005a70;"
    "border-radius:8px;background:#fff;color:#0b1f24;cursor:pointer}"
    "a:focus,button:focus,textarea:focus,input:focus{outline:3px solid #ffd043;box-shadow:0 0 0 6px #0b1f24}"
)
_PAGE = Engine().from_string(
    """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title_vi }}</title><style>{{ style|safe }}</style></head><body>
<header><a href="/">Bảo hiểm xã hội điện tử<br><span lang="en">Electronic social insurance</span></a></header><main>
<h1>{{ title_vi }}<br><span lang="en">{{ title_en }}</span></h1>
{% if answer_vi %}<p class="{% if is_good %}yes{% else %}no{% endif %}"><strong>{{ answer_vi }}</strong><br>
<span lang="en">{{ answer_en }}</span></p>{% endif %}
{% if rows %}<dl>{% for row in rows %}<dt>{{ row.0 }} · <span lang="en">{{ row.1 }}</span></dt><dd>{{ row.2 }}</dd>{% endfor %}</dl>{% endif %}
<p>{{ note_vi }}<br><span lang="en">{{ note_en }}</span></p>
{% for button in buttons %}<form method="post" action="{{ button.action }}"{% if button.questions %} enctype="multipart/form-data"{% endif %}>
{% for question in button.questions %}<label>{{ question.vi }} · <span lang="en">{{ question.en }}</span>
{% if question.is_file %}<input type="file" name="{{ question.name }}">{% else %}<textarea name="{{ question.name }}" rows="5" maxlength="{{ question.most }}"></textarea>
{% endif %}</label>{% endfor %}{% for field in button.fields.items %}
<input type="hidden" name="{{ field.0 }}" value="{{ field.1 }}">{% endfor %}
<button>{{ button.vi }}<br><span lang="en">{{ button.en }}</span></button></form>{% endfor %}
{% if links %}<ul>{% for link in links %}<li><a href="{{ link.0 }}">{{ link.1 }}</a><br><span lang="en">{{ link.2 }}</span></li>{% endfor %}</ul>{% endif %}
{% if sentences %}<dl>{% for sentence in sentences %}<dt id="{{ sentence.code }}">{{ sentence.code }}</dt>
<dd>{{ sentence.vi }}<br><span lang="en">{{ sentence.en }}</span></dd>{% endfor %}</dl>{% endif %}
</main></body></html>"""
)
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; base-uri 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to be typed, pasted or chosen before a button is pressed."""

    name: str
    vi: str
    en: str
    is_file: bool = False
    most: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something that is done when it is pressed: a form of one button."""

    action: str
    vi: str
    en: str
    fields: Mapping[str, str] = field(default_factory=dict)
    questions: Sequence[Question] = ()


def show(
    *,
    title: tuple[str, str],
    note: tuple[str, str],
    answer: tuple[str, str] = ("", ""),
    is_good: bool = True,
    rows: Sequence[tuple[str, str, str]] = (),
    links: Sequence[tuple[str, str, str]] = (),
    sentences: Sequence[Sentence] = (),
    buttons: Sequence[Button] = (),
    form_origins: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """A page in both languages. `form_origins`: where a pressed button may lead besides us."""
    context = {
        "style": _STYLE,
        "title_vi": title[0],
        "title_en": title[1],
        "is_good": is_good,
        "answer_vi": answer[0],
        "answer_en": answer[1],
        "rows": rows,
        "links": links,
        "sentences": sentences,
        "buttons": buttons,
        "note_vi": note[0],
        "note_en": note[1],
    }
    response = HttpResponse(_PAGE.render(Context(context)), status=status)
    return guarded(response, form_origins=("'self'", *form_origins) if buttons else ())


def guarded(response: HttpResponse, *, form_origins: Sequence[str] = ()) -> HttpResponse:
    """Nothing runs, nothing is framed, nothing is loaded; forms go where the page says."""
    forms = " ".join(form_origins) or "'none'"
    response["Content-Security-Policy"] = f"{_POLICY}; frame-ancestors 'none'; form-action {forms}"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Not to be kept by anybody on the way, nor by the browser."""
    response["Cache-Control"] = "no-store"
    return response
