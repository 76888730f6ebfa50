"""Without JavaScript everything can still be done, more slowly: search, track, sign in, receive, hand on."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from haicap.domain.dossiers.tests.factories import PASSWORD, account_name
from haicap.kernel.entries.models import Entry
from tests.browser.conftest import Dossiers, OpenPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

BIRTH = "1.001193"
ANSWERS = {
    "applicant.id_number": "014190001234", "applicant.name": "Nguyễn Thị Mai", "applicant.phone": "0912345678",
    "form.child_name": "Lò Bảo Ngân", "form.child_born_on": "01/10/2026", "form.child_birthplace": "Trạm y tế phường",
    "form.child_hometown": "Phường Chiềng An", "form.mother_name": "Nguyễn Thị Mai", "form.mother_born_on": "05/03/1995",
}  # fmt: skip
CHOICES = {"form.child_sex": 1, "form.child_ethnic_group": 1, "form.declarant_relation": 2}


@pytest.fixture
def plain(open_page: OpenPage) -> Page:
    """A page of a browser in which scripts are switched off."""
    return open_page(java_script_enabled=False)


def _sign_in(page: Page, site: Site, role: str) -> None:
    page.goto("/dang-nhap/")
    page.fill("[name=name]", account_name(site.commune.unit, role))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def _fill(page: Page) -> None:
    for name, text in ANSWERS.items():
        page.fill(f"[name='{name}']", text)
    for name, place in CHOICES.items():
        page.select_option(f"[name='{name}']", index=place)


def test_a_procedure_is_found(plain: Page) -> None:
    plain.goto("/")
    plain.fill("#q", "khai sinh")
    plain.press("#q", "Enter")
    plain.click("a:has-text('Đăng ký khai sinh')")
    expect(plain.locator("h1")).to_have_text("Đăng ký khai sinh")


def test_a_unit_is_found(plain: Page) -> None:
    plain.goto("/don-vi/?q=chieng+hac")
    plain.click("main a:has-text('Chiềng Hắc')")
    expect(plain.locator("h1")).to_contain_text("Chiềng Hắc")


def test_an_address_and_a_list_of_them(plain: Page) -> None:
    plain.goto("/")
    plain.fill("#dia-chi", "Xã Chiềng Đen, Thành phố Sơn La")
    plain.press("#dia-chi", "Enter")
    expect(plain.locator(".address-answer__now")).to_have_text("Phường Chiềng An, Tỉnh Sơn La")
    expect(plain.locator("[data-copy]")).to_be_hidden()
    plain.click("summary >> nth=0")
    plain.fill("#danh-sach", "Xã Chiềng Đen, Thành phố Sơn La\nxyzxyz")
    plain.click("form:has(#danh-sach) button")
    expect(plain.locator("#answers tbody tr")).to_have_count(2)


def test_a_dossier_is_tracked(plain: Page, dossiers: Dossiers) -> None:
    plain.goto("/tra-cuu/")
    plain.fill("#ma", f" {dossiers.asked.lower()} ")
    plain.fill("#s", dossiers.secret)
    plain.press("#s", "Enter")
    expect(plain.locator("#content")).to_contain_text("Giấy chứng sinh bản chính")


def test_the_other_language(plain: Page) -> None:
    plain.goto("/tra-cuu/")
    plain.click(".language-switch button")
    expect(plain.locator("html")).to_have_attribute("lang", "en")
    assert plain.url.endswith("/tra-cuu/")


def test_a_dossier_is_received_with_its_file_and_handed_on(plain: Page, site: Site, tmp_path: Path) -> None:
    scan = tmp_path / "giấy chứng sinh.pdf"
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.save(scan)
    document.close()

    _sign_in(plain, site, "counter")
    plain.click("a[href='/desk/tiep-nhan/'] >> nth=0")
    plain.select_option("[name='thu-tuc']", BIRTH)
    plain.click("main form.choose-procedure button")
    _fill(plain)
    plain.fill("[name='form.child_born_on']", "31/12/2099")
    plain.click("details:has([name='file:giay-chung-sinh']) > summary")
    plain.set_input_files("[name='file:giay-chung-sinh']", scan)
    plain.click("button[value='tiep-nhan']")

    expect(plain.locator("[data-error-summary] a")).to_have_count(1)  # a fault keeps all, the file too
    expect(plain.locator("[name='form.child_name']")).to_have_value("Lò Bảo Ngân")
    expect(plain.locator("[data-name='file:giay-chung-sinh'] li")).to_contain_text(scan.name)
    plain.fill("[name='form.child_born_on']", "01/10/2026")
    plain.click("button[value='tiep-nhan']")
    plain.wait_for_url("**?moi=1")
    expect(plain.locator("#content")).to_contain_text("Đã tiếp nhận hồ sơ")
    expect(plain.locator("#content")).to_contain_text(scan.name)
    plain.click("form[action$='/forward/'] button")
    plain.wait_for_url("**?da=forward")
    plain.click("details.menu > summary")
    plain.click("form[action='/dang-xuat/'] button")
    expect(plain.locator("h1")).to_contain_text("Bạn cần làm gì")


def test_two_presses_make_one_dossier(plain: Page, site: Site) -> None:
    """No script holds the second press back; the form's key does."""
    _sign_in(plain, site, "counter")
    plain.goto(f"/desk/tiep-nhan/?thu-tuc={BIRTH}")
    _fill(plain)
    before = Entry.objects.using("owner").count()
    plain.locator("button[value='tiep-nhan']").dblclick(no_wait_after=True)
    # the second press ends the first one's loading, which is no failure here: only where the page comes to rest counts
    expect(plain).to_have_url(re.compile(r"\?moi=1$"))
    expect(plain.locator("#content")).to_contain_text("Đã tiếp nhận hồ sơ")
    assert Entry.objects.using("owner").count() == before + 1
