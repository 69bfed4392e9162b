"""Every page that says no, provoked as it happens and looked at: 400 to 503; the warning before a session ends; what refreshes itself."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.doors.chromium import Window, window
from tests.doors.live import Live

_SEND = """([path, type, size]) => { const form = document.createElement("form"); form.method = "post"; form.action = path;
  form.enctype = type; const field = document.createElement("textarea"); field.name = "ma"; field.value = "x".repeat(size);
  form.append(field); document.body.append(form); form.submit(); }"""
_COUNTED = """window.sent = window.brought = 0; document.addEventListener("htmx:beforeSend", () => { window.sent += 1; });
  document.addEventListener("htmx:afterSwap", () => { window.brought += 1; });"""
_PLAIN, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass
class Stage:
    """A window, and how to break what is behind it."""

    live: Live
    opened: Window
    monkeypatch: pytest.MonkeyPatch

    def send(self, path: str, *, size: int = 10, kind: str = _PLAIN) -> int:
        """A form from a page of ours."""
        self.opened.go("/xac-minh")
        with self.opened.page.expect_navigation() as going:
            self.opened.page.evaluate(_SEND, [path, kind, size])
        return int(going.value.status)

    def raises(self, error: type[Exception] | Exception) -> int:
        """The page of a dossier's code, whose room now raises this."""
        from bhxh.doors.portal import public_pages

        def broken(code: str) -> None:
            raise error

        self.monkeypatch.setattr(public_pages, "get_dossier", broken)
        return int(self.opened.go("/ho-so/G12").status)


def _too_often(stage: Stage) -> int:
    from bhxh.access.limits import Allowance
    from bhxh.doors.partners import partners

    stage.monkeypatch.setattr(partners().signing_in.limits, "_verifications", Allowance(1, monotonic=lambda: 0.0))
    stage.send("/xac-minh")
    return stage.send("/xac-minh")


def _sign_in(stage: Stage, role: str, *, org_id: str = "") -> None:
    stage.opened.be(stage.live.cookie(role, org_id=org_id))


def _more_than_a_form(stage: Stage) -> int:
    _sign_in(stage, "citizen")
    return stage.send("/dang-nhap/vai-tro", size=25 * 512 * 1024)


def _other_role(stage: Stage) -> int:
    _sign_in(stage, "clerk", org_id=stage.live.world.population.employers[0].tax_code)
    return int(stage.opened.go("/so").status)


def _changed_meanwhile(stage: Stage) -> int:
    from bhxh.doors.portal.citizen import own_pages
    from bhxh.dossiers.errors import DOS_STALE
    from bhxh.kernel.errors import Conflict

    def changed(*_: object, **__: object) -> None:
        raise Conflict(DOS_STALE)

    _sign_in(stage, "citizen")
    stage.monkeypatch.setattr(own_pages, "tell_looks", changed)
    return int(stage.opened.go("/ai-da-xem").status)


def _nonsense(stage: Stage) -> int:
    from bhxh.connectors.http_client.errors import CON_NONSENSE
    from bhxh.doors.portal.citizen import own_pages
    from bhxh.kernel.errors import Nonsense

    def answer(*_: object, **__: object) -> None:
        raise Nonsense(CON_NONSENSE, partner="eid", reason="?")

    _sign_in(stage, "citizen")
    stage.monkeypatch.setattr(own_pages, "tell_looks", answer)
    return int(stage.opened.go("/ai-da-xem").status)


def _e_id_away(stage: Stage) -> int:
    from bhxh.doors.partners import partners

    stage.monkeypatch.setattr(type(partners().signing_in.provider), "is_reachable", lambda _: False)
    return int(stage.opened.go("/dang-nhap").status)


PROVOKED: dict[int, tuple[Callable[[Stage], int], str]] = {
    400: (_more_than_a_form, "Không đọc được yêu cầu"),
    401: (lambda stage: int(stage.opened.go("/dang-nhap/ve").status), "Chưa đăng nhập được"),
    403: (_other_role, "Đổi vai trò"),
    404: (lambda stage: int(stage.opened.go("/khong-co").status), "Không có trang này"),
    405: (lambda stage: stage.send("/dang-nhap"), "Quay lại trang trước"),
    409: (_changed_meanwhile, "Chưa thực hiện được lúc này"),
    413: (lambda stage: stage.send("/xac-minh", size=14 * 1024 * 1024, kind=_PARTS), "những gì bạn nhập vẫn còn"),
    422: (lambda stage: stage.send("/xac-minh", size=5), "Không xác minh được"),
    429: (_too_often, "Thử lại được sau 60 giây"),
    500: (lambda stage: stage.raises(ZeroDivisionError("a secret of ours")), "Mã sự cố"),
    502: (_nonsense, "những gì đã lưu vẫn còn"),
    503: (_e_id_away, "Thử lại được sau 30 giây"),
}
"""Status -> how it comes about, and words that must stand there."""


@pytest.mark.parametrize("status", PROVOKED)
def test_a_page_that_says_no_is_sound(live: Live, browser: Browser, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    provoke, words = PROVOKED[status]
    with window(browser, live.address) as opened:
        assert provoke(Stage(live, opened, monkeypatch)) == status
        assert words in opened.page.locator("main").inner_text()
        assert "secret" not in opened.page.content()
        opened.fits(f"loi-{status}")
        assert opened.barriers() == []
        assert opened.strayed == []
        assert [one for one in opened.complaints if f"status of {status}" not in one] == []


def test_five_minutes_before_the_end_a_page_says_so_and_staying_is_one_press(live: Live, browser: Browser) -> None:
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("citizen")}) as opened:
        opened.stop_the_clock()
        opened.go("/so")
        box = opened.page.locator(".session-end")
        opened.page.clock.fast_forward("23:50")
        assert not box.is_visible()
        opened.page.clock.fast_forward("00:20")
        assert box.is_visible() and "Phiên làm việc sẽ hết lúc" in box.inner_text()
        opened.fits("phien-sap-het")
        opened.page.clock.resume()  # axe has timers of its own
        assert opened.barriers() == []
        with opened.page.expect_response("**/dang-nhap/phien"):
            box.get_by_role("button", name="Ở lại").click()
        box.wait_for(state="hidden")
        opened.page.clock.fast_forward("00:10")
        assert not box.is_visible()
        opened.page.clock.fast_forward("29:10")
        assert "những gì bạn nhập vẫn còn" in box.inner_text() and not box.get_by_role("button").is_visible()
        assert opened.complaints == []


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_on_the_last_page_the_session_ends_and_all_buttons_are_pressed_twice(live: Live, browser: Browser, has_scripts: bool) -> None:
    """One dossier comes of it: what was typed is carried over the end, and neither two presses, going back nor a second tab file it again."""
    role = "citizen" if has_scripts else "other citizen"
    last = f"/ho-so/nhap/{live.draft(role, 'confirmation_extract')}/kiem-tra"
    with window(browser, live.address, cookies={"bhxh-session": live.cookie(role)}, has_scripts=has_scripts) as opened:
        page = opened.page
        press = page.locator("main form button[type=submit]").last
        opened.go(last)
        opened.be(None)
        opened.press(press)
        page.get_by_role("heading", name="Phiên đã hết, những gì bạn nhập vẫn còn ở đây").wait_for()
        opened.fits(f"phien-het-con-giu-{has_scripts}")
        opened.press(page.locator(".speech [lang=en]"))
        page.get_by_role("heading", name="what you entered is still here").wait_for()
        opened.fits(f"phien-het-con-giu-en-{has_scripts}")
        opened.press(page.locator(".speech [lang=vi]"))
        if has_scripts:
            assert opened.barriers() == []
        opened.be(live.cookie(role))
        opened.press(page.get_by_role("button", name="Tôi đã đăng nhập, đi tiếp"))
        page.get_by_text("Bạn đã đăng nhập lại. Chưa có gì được gửi").wait_for()
        opened.fits(f"phien-moi-gui-tiep-{has_scripts}")
        other = page.context.new_page()
        other.goto(f"{live.address}{last}")
        with page.expect_event("framenavigated", lambda frame: "/da-nop" in frame.url):  # wherever the second press leads from there
            press.dblclick()
        opened.press(other.locator("main form button[type=submit]").last)
        other.wait_for_url("**/da-nop*")
        other.go_back()
        other.wait_for_url("**/da-nop*")  # going back leads to what was filed
        opened.go("/ho-so")
        assert page.locator("article.dossier").count() == 1, page.locator("main").inner_text()


def _is_brought(opened: Window, *, times: int) -> None:
    """So often the part was put in its place. The page's clock stands: a moment later the new part counts its own half minute."""
    opened.page.wait_for_function("(times) => window.brought === times", arg=times)
    opened.page.clock.run_for(100)


def test_a_board_refreshes_until_it_is_stopped_and_not_under_somebody_who_reads(live: Live, browser: Browser) -> None:
    session = live.cookie("operator", choose="OFFICER")
    with window(browser, live.address, cookies={"bhxh-session": session}) as opened:
        page = opened.page
        opened.stop_the_clock()
        opened.go("/van-hanh")
        page.evaluate(_COUNTED)
        page.clock.fast_forward("00:31")
        _is_brought(opened, times=1)
        page.locator("#so-lieu details summary").first.click()
        page.clock.fast_forward("00:31")
        page.clock.fast_forward("00:31")
        assert page.evaluate("window.sent") == 1, "a table stands open"
        page.locator("#so-lieu details summary").first.click()
        page.locator("[data-pause]").click()
        assert page.locator("[data-pause]").inner_text() == "Tiếp tục tự cập nhật"
        page.clock.fast_forward("00:31")
        assert page.evaluate("window.sent") == 1, "it is stopped"
        page.locator("[data-pause]").click()
        page.clock.fast_forward("00:31")
        _is_brought(opened, times=2)
        assert page.evaluate("document.activeElement.hasAttribute('data-pause')"), "the focus stays where it was"
        assert page.locator("h1").count() == page.locator("#so-lieu").count() == 1
        opened.be(None)
        page.clock.fast_forward("00:31")
        page.locator(".session-end", has_text="Phiên đã hết").wait_for()
        assert page.get_by_role("link", name="Đăng nhập trong thẻ mới").is_visible() and page.locator(".law").count() == 2, (
            "nothing is taken away"
        )
        opened.be(session)
        page.clock.fast_forward("00:31")
        page.locator(".session-end").wait_for(state="hidden")
        _is_brought(opened, times=3)
        assert page.evaluate("window.sent") == 4, "once for each that was brought, and once after the end"
        assert [one for one in opened.complaints if "Error Code 401" not in one] == []
    with window(browser, live.address, cookies={"bhxh-session": session}, has_scripts=False) as opened:
        opened.go("/van-hanh")
        assert not opened.page.locator("[data-pause]").is_visible()
        opened.press(opened.page.get_by_role("link", name="Đếm lại"))
        assert opened.page.locator("h1").inner_text() == "Vận hành"
