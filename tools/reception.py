"""The reception of `make serve`: one page that says who one may be, hands out sample lists, and holds what else people have in their hands.

It belongs to the sandbox, not to the platform: it listens on this machine only, and holds the device on which somebody approves a signature and
officers' security keys made of software. A cookie is the host's and not the port's: that is how an officer's session gets into the browser.
"""

import threading
from collections.abc import Sequence
from html import escape
from typing import Any

import httpx
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tools.cast import Role
from tools.people import Client
from tools.stack import RECEPTION_ABOVE, Stack

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STYLE = """body{font:1.0625rem/1.55 system-ui,sans-serif;margin:0;color:#0b1f24;background:#f3f8f8}main{max-width:56rem;margin:0 auto;padding:1.5rem;
background:#fff}h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.2rem;margin:2rem 0 .5rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;
vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #b9ced3}button,.go{font:inherit;display:inline-block;padding:.5rem 1rem;border:0;
border-radius:8px;background:#005a70;color:#fff;text-decoration:none;cursor:pointer}.plain{background:#fff;color:#005a70;outline:1px solid #005a70}
[lang=en]{color:#41565c}form{display:inline}li{margin:.4rem 0}code{font-size:1rem}"""


_LISTS = (
    ("mọi dòng đều nộp được", "every line can be filed"),
    ("bốn dòng cần sửa, để thử", "four lines are wrong, to try that out"),
)
"""What the sample lists are, in their order."""


class Reception:
    """A WSGI application over a running installation."""

    def __init__(self, stack: Stack, roles: Sequence[Role], samples: dict[str, bytes], period: str) -> None:
        self._stack, self._roles, self._samples, self._period = stack, roles, samples, period

    @property
    def address(self) -> str:
        """Under the installation's own host name: officers' cookies need that."""
        return f"http://{self._stack.host}:{self._stack.base_port + RECEPTION_ABOVE}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        name = request.path.removeprefix("/mau/")
        if request.method == "GET" and request.path == "/":
            return self._page()
        if request.method == "GET" and name in self._samples:
            return Response(self._samples[name], mimetype=_SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})
        if request.method != "POST" or request.headers.get("Origin") != self.address:
            return Response("404", status=404)
        if request.path == "/ky":
            return self._say(request.form.get("id", ""), request.form.get("answer", ""))
        officer = next((role for role in self._roles if role.is_officer and request.path == f"/can-bo/{role.login}"), None)
        return self._let_in(officer) if officer else Response("404", status=404)

    def _let_in(self, officer: Role) -> Response:
        client = Client.sign_in_officer(self._stack, login=officer.login, pin=officer.pin)
        response = redirect(f"{self._stack.address}/{'van-hanh' if officer.officer_roles == 'OPERATOR' else 'can-bo/viec'}", 303)
        for pair in client.headers["Cookie"].split("; "):
            cookie, _, value = pair.partition("=")
            response.set_cookie(cookie, value, path="/", httponly=True, samesite="Lax")
        return response

    def _say(self, asked: str, answer: str) -> Response:
        body = {"responseID": asked, "answer": answer}
        httpx.post(f"{self._stack.sandbox.url('pki')}/sandbox/approvals", json=body, timeout=30, trust_env=False)
        return redirect("/#ky", 303)

    def _waiting(self) -> list[dict[str, str]]:
        try:
            reply = httpx.get(f"{self._stack.sandbox.url('pki')}/sandbox/approvals", timeout=5, trust_env=False)
            return list(reply.json()["waiting"])
        except (httpx.HTTPError, ValueError, KeyError):
            return []

    def _page(self) -> Response:
        home, employer, worker = self._stack.address, self._roles[0], self._roles[1]
        rows = "".join(map(self._row, self._roles))
        asked = "".join(map(_question, self._waiting())) or (
            '<p>Không có yêu cầu ký nào. Tải lại sau khi bấm ký. · <span lang="en">Nothing to sign. Load again after pressing sign.</span></p>'
        )
        lists = "".join(
            f'<li><a href="/mau/{escape(name)}">{escape(name)}</a>: {vi} · <span lang="en">{en}</span></li>'
            for name, (vi, en) in zip(self._samples, _LISTS, strict=False)
        )
        body = f"""<h1>Từ đây đến một cuốn sổ đã ký số: 5 phút<br><span lang="en">From here to a sealed book: 5 minutes</span></h1>
<ol>
<li>Tải một danh sách mẫu, tháng {escape(self._period)} · <span lang="en">download a sample list of that month</span>:<ul>{lists}</ul></li>
<li><a class="go" href="{home}/dang-nhap?tiep={_begins(employer)}" target="_blank">Đăng nhập</a> với vai <b>{escape(employer.vi)}</b> (một nút trên trang định danh giả lập) ·
<span lang="en">sign in as the employer: one button on the sandbox's e-ID page</span></li>
<li>Khai báo lao động, tải danh sách lên, xem kết quả, chọn ký bằng dịch vụ ký từ xa · <span lang="en">declare workers, upload the list, look at the result,
choose the remote signing service</span></li>
<li>Đồng ý ký ở <a href="#ky">thiết bị ký</a> dưới đây, quay lại: trang kia tự nộp trong vài giây ·
<span lang="en">approve on the signing device below and go back: within seconds that page files by itself</span></li>
<li>Đăng xuất rồi <a href="{home}/dang-nhap?tiep={_begins(worker)}" target="_blank">đăng nhập</a> với vai <b>{escape(worker.vi)}</b>: sổ đã ký số. Danh sách báo người này
nghỉ việc, nên sổ ghi đến hết tháng trước · <span lang="en">sign out, sign in as the worker: the sealed book. The list says that this worker left,
so the book ends with the month before</span></li>
</ol>
<h2 id="ky">Thiết bị ký · <span lang="en">signing device</span></h2>{asked}
<h2>Ai là ai · <span lang="en">who is who</span></h2>
<p>Mọi người đều hư cấu. · <span lang="en">Everybody is fictitious.</span></p>
<table><tr><th>Vai · <span lang="en">role</span></th><th>Người · <span lang="en">person</span></th><th></th></tr>{rows}</table>
<h2>Chỗ khác · <span lang="en">elsewhere</span></h2>
<ul><li><a href="{home}/">Trang đầu của mọi người · <span lang="en">everybody's start page</span></a></li>
<li><a href="{self._stack.sandbox.url("mail")}/messages">Thư đã gửi · <span lang="en">mail that was sent</span></a></li>
<li><a href="{home}/api/v1/openapi.json">API</a>, <a href="{home}/health/promise">health</a></li></ul>"""
        return _whole(body)

    def _row(self, role: Role) -> str:
        if role.is_officer:
            act = f'<form method="post" action="/can-bo/{role.login}"><button>Vào với khóa phần mềm · enter with a software key</button></form><br>mất vài giây · <span lang="en">takes seconds</span>'
        else:
            act = f'<a class="go" href="{self._stack.address}/dang-nhap?tiep={_begins(role)}" target="_blank">Đăng nhập · sign in</a>'
        for_whom = f"<br>mã số thuế · tax code <code>{role.org_id}</code>" if role.org_id else ""
        does = f'{escape(role.does_vi)} · <span lang="en">{escape(role.does_en)}</span>'
        who = f"{escape(role.name)}<br><code>{role.pin}</code>{for_whom}"
        return (
            f'<tr><td><b>{escape(role.vi)}</b><br><span lang="en">{escape(role.en)}</span><br>{does}</td><td>{who}</td><td>{act}</td></tr>'
        )


def _begins(role: Role) -> str:
    return "/don-vi" if role.org_id else "/so"


_COMPARE = '<p>So mã đối chiếu với mã trên trang kia · <span lang="en">compare the code with the one on the other page</span></p>'


def _question(asked: dict[str, str]) -> str:
    said = "".join(
        f'<button name="answer" value="{answer}"{mark}>{words}</button> '
        for answer, words, mark in (("approve", "Đồng ý ký · approve", ""), ("refuse", "Từ chối · refuse", ' class="plain"'))
    )
    hidden = f'<input type="hidden" name="id" value="{escape(asked["responseID"])}">'
    return f'<p>{escape(asked["shown"])}</p>{_COMPARE}<form method="post" action="/ky">{hidden}{said}</form>'


def _whole(body: str) -> Response:
    page = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>bhxh: make serve</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'; base-uri 'none'"
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Nothing: what somebody tries out is nobody's business."""


def open_reception(reception: Reception, port: int) -> BaseWSGIServer:
    """On a thread of this process, on this machine only, until it ends."""
    server = make_server("127.0.0.1", port, reception, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
