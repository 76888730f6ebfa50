"""A commune is appointed from a spreadsheet, and its newcomers sign in for the first time: a password of their own, a second
factor, the page that they wanted. Once with a passkey (Chromium's virtual authenticator), once without any script."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from haicap.domain.people.models import Appointment
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.domain.people.web.identity import COOKIE
from haicap.interfaces.administration.tests.test_accounts import forty, workbook
from haicap.kernel import clock, totp
from tests.browser.conftest import OpenPage, Site, new_context
from tests.browser.test_accessible import TAGS

pytestmark = [pytest.mark.browser, pytest.mark.server]
HOME = "/quan-tri/nguoi-dung/"
AT_HOME = re.compile(rf"^https?://[^/]+{HOME}$")  # and not a page that only names it as the next
OWN = "con trâu đi trước cái cày theo sau"
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip

TABLE = """() => [...document.querySelectorAll('tbody tr')]
    .map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText.trim()))"""


@pytest.fixture(scope="module")
def site(site: Site) -> Iterator[Site]:
    """The same server under the name that its passkeys are bound to."""
    yield replace(site, url=site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def slips(site: Site, chromium: Browser) -> dict[str, str]:
    """What the newcomers are handed: sign-in name and first password, from the page that shows them once."""
    context = new_context(chromium, site)
    context.add_cookies([{"name": COOKIE, "value": site.session(site.commune, "administrator"), "url": site.url}])
    page = context.new_page()
    page.goto(HOME)
    page.click("a:has-text('Bổ nhiệm bằng bảng tính')")
    file = workbook(forty())
    page.set_input_files("#tep", {"name": "xa.xlsx", "mimeType": "application/zip", "buffer": file.read()})
    page.click("button:has-text('Xem trước')")
    expect(page.locator("#content")).to_contain_text("Mở 40 tài khoản; 40 vị trí được ghi")
    page.click("button:has-text('Xác nhận và ghi')")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(40)
    found = dict(page.evaluate(TABLE))
    context.close()
    return found


def sign_in(page: Page, name: str, password: str, *, wanted: str = HOME) -> None:
    page.goto(wanted)
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def choose_password(page: Page, handed: str) -> None:
    page.wait_for_url("**/tai-khoan/buoc-dau/**")
    page.fill("#id_old_password", handed)
    page.fill("#id_new", OWN)
    page.fill("#id_again", OWN)
    page.press("#id_again", "Enter")
    expect(page.locator("#content")).to_contain_text("thêm một thứ chỉ bạn có")


def sign_out(page: Page) -> None:
    page.click("details.menu summary")
    page.click("details.menu button:has-text('Đăng xuất')")
    page.wait_for_url(re.compile(r"/$"))


def faults(page: Page) -> list[str]:
    """What axe finds."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_forty_people_in_twelve_posts_are_appointed_from_one_sheet(site: Site, slips: dict[str, str]) -> None:
    assert len(slips) == len(set(slips.values())) == 40
    with seeing_every_unit():
        there = Appointment.objects.filter(account__name__in=slips, agency__unit=site.commune.unit)
        assert there.count() == 40 and there.values("agency", "role").distinct().count() == 12


def test_a_newcomer_signs_in_with_a_passkey(open_page: OpenPage, slips: dict[str, str]) -> None:
    page = open_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    name = "lothichi-03664"
    sign_in(page, name, slips[name])
    assert faults(page) == []
    choose_password(page, slips[name])
    assert faults(page) == []
    page.fill("#id_passkey_password", OWN)
    page.press("#id_passkey_password", "Enter")
    page.click("button:has-text('Tạo khóa truy cập')")
    expect(page.locator("ol .code")).to_have_count(10)
    page.click("a:has-text('Tôi đã cất các mã')")
    page.wait_for_url(AT_HOME)  # the page that was wanted in the beginning

    sign_out(page)
    sign_in(page, name, OWN)
    page.wait_for_url("**/dang-nhap/ma/**")
    assert faults(page) == []
    page.click("button:has-text('Dùng khóa truy cập')")
    page.wait_for_url(AT_HOME)

    sign_out(page)
    page.goto(f"/dang-nhap/?next={HOME}")
    page.click("button:has-text('Đăng nhập bằng khóa truy cập')")
    page.wait_for_url(AT_HOME)
    page.goto("/tai-khoan/")
    expect(page.locator("#khoa tbody tr")).to_have_count(1)
    assert faults(page) == []


def test_another_does_so_without_any_script(open_page: OpenPage, slips: dict[str, str]) -> None:
    page = open_page(java_script_enabled=False, width=360)
    name = next(
        one for one, person in zip(slips, forty(), strict=True) if person[3] == "Quản trị" and "lothichi" not in one
    )
    sign_in(page, name, slips[name])
    choose_password(page, slips[name])
    assert not page.locator("#khoa").is_visible()
    page.fill("#id_factor_password", OWN)
    page.press("#id_factor_password", "Enter")
    secret = _secret(page.locator(".qr-block .code").inner_text())
    page.fill("#id_code", totp.code_at(secret, totp.step_at(clock.now())))
    page.press("#id_code", "Enter")
    page.click("a:has-text('Tôi đã cất các mã')")
    page.wait_for_url(AT_HOME)


def _secret(key: str) -> bytes:
    return base64.b32decode("".join(key.split()))
