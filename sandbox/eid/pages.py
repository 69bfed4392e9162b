"""The two pages of the e-ID system that people see: choose who you are, and sign out."""

from collections.abc import Iterable, Mapping
from html import escape

from werkzeug.wrappers import Response

from sandbox.eid.identities import Named

_STYLE = """body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;color:#0b0c0c;background:#f3f2f1}
main{max-width:42rem;margin:0 auto;padding:1.5rem;background:#fff}h1{font-size:1.5rem;line-height:1.25}
[lang=en]{color:#505a5f;font-size:1rem}label{display:block;padding:.35rem 0}fieldset{border:0;padding:0;margin:1rem 0}
legend{font-weight:600}input[type=text],select{font:inherit;padding:.3rem;width:100%;max-width:24rem;box-sizing:border-box}
input[type=radio]{width:1.4rem;height:1.4rem;vertical-align:middle}button{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem 0 0;border:2px solid #0b0c0c;background:#fff}
button.yes{background:#00562c;border-color:#00562c;color:#fff}.no{color:#942514;font-weight:600}
button.who{display:block;width:100%;text-align:left;border-width:1px;border-radius:6px;margin:.5rem 0}button.who:hover{background:#f3f2f1}"""


def choose(
    *,
    request: Mapping[str, str],
    client_id: str,
    people: Iterable[Named],
    suggestions: Iterable[tuple[str, str]],
    flaws: Iterable[str],
    problem: bool = False,
) -> Response:
    """Choose an identity and a level. The request comes back with the form. `people`: with one button each."""
    hidden = _hidden(request)
    buttons = "".join(
        f'<button class="who" name="one_click" value="{escape(one.value)}"><b>{escape(one.name)}</b><br>{escape(one.vi)}'
        f'<br><span lang="en">{escape(one.en)}</span></button>'
        for one in people
    )
    named = f'<form method="post" action="/authorize">{hidden}{buttons}</form>' if buttons else ""
    choices = "".join(
        f'<label><input type="radio" name="choice" value="{escape(value)}"{" checked" if number == 0 else ""}> {escape(words)}</label>'
        for number, (value, words) in enumerate(suggestions)
    )
    options = "".join(f'<option value="{escape(flaw)}">{escape(flaw) or "không · none"}</option>' for flaw in ("", *flaws))
    told = '<p class="no" role="alert">Không có tài khoản này. · <span lang="en">There is no such account.</span></p>' if problem else ""
    return _page(
        "Đăng nhập định danh điện tử (giả lập)",
        "e-ID sign-in (sandbox)",
        f"""<p>Mọi người ở đây đều hư cấu. <b>{escape(client_id)}</b> muốn biết bạn là ai.<br>
<span lang="en">Everybody here is fictitious. {escape(client_id)} wants to know who you are.</span></p>{told}{named}
<form method="post" action="/authorize">{hidden}
<fieldset><legend>Hoặc một người khác · <span lang="en">or somebody else</span></legend>{choices}</fieldset>
<label>Hoặc số định danh cá nhân · <span lang="en">or a personal number</span><br>
<input type="text" name="pin" inputmode="numeric" autocomplete="off"></label>
<label>Thay mặt tổ chức (mã số thuế) · <span lang="en">for an organisation (tax code)</span><br>
<input type="text" name="org_id" autocomplete="off"></label>
<label>Mức độ định danh · <span lang="en">assurance level</span><br>
<select name="assurance_level"><option value="2">2</option><option value="1">1</option></select></label>
<details><summary>Ngày xấu, để thử · <span lang="en">bad days, for trying out</span></summary>
<label>Sai ở đâu · <span lang="en">what is wrong</span><br><select name="flaw">{options}</select></label></details>
<button class="yes" name="action" value="approve">Đăng nhập · Sign in</button>
<button name="action" value="refuse">Từ chối · Refuse</button></form>""",
        status=422 if problem else 200,
    )


def confirm_sign_out(request: Mapping[str, str]) -> Response:
    """Asked where nothing proves that the person's own client asks for the sign-out. The request comes back with the answer."""
    return _page(
        "Đăng xuất khỏi hệ thống định danh?",
        "Sign out of the e-ID system?",
        f"""<form method="post" action="/end-session">{_hidden(request)}
<button class="yes" name="confirmed" value="yes">Đăng xuất · Sign out</button></form>""",
    )


def signed_out() -> Response:
    """It is done."""
    return _page(
        "Bạn đã đăng xuất", "You are signed out", "<p>Có thể đóng trang này. · <span lang='en'>You may close this page.</span></p>"
    )


def refused(reason: str) -> Response:
    """A request that may not be sent back to anybody: who asks is not known."""
    return _page(
        "Yêu cầu đăng nhập không hợp lệ",
        "The sign-in request is not valid",
        f"<p class='no'>{escape(reason)}</p>",
        status=400,
    )


def _hidden(values: Mapping[str, str]) -> str:
    return "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in values.items())


def _page(title_vi: str, title_en: str, body: str, status: int = 200) -> Response:
    page = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title_vi)}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{escape(title_vi)}<br><span lang="en">{escape(title_en)}</span></h1>{body}</main></body></html>'
    )
    # WHY no form-action: browsers check the redirects of a form too, and ours leads to the client.
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(page, status=status, mimetype="text/html", headers=headers)
