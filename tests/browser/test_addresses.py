"""Old and new addresses as somebody at an office uses them: one, a pasted list, and a file that is converted meanwhile."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

WHOLE, DIVIDED = "Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La", "Xã Bính Xá, Huyện Đình Lập, Tỉnh Lạng Sơn"
WORK = (
    "from haicap.interfaces.cli import boot; boot.django(process='worker', database=False);"
    "from haicap.domain.units.commands.conversion import jobs; raise SystemExit(jobs.work() != 1)"
)


def test_one_a_list_and_a_file(open_page: OpenPage, site: Site, module_database: str, tmp_path: Path) -> None:
    page = open_page()
    page.goto("/")
    page.click("nav a:has-text('Địa chỉ')")
    page.keyboard.type(WHOLE)
    page.keyboard.press("Enter")
    expect(page.locator(".address-answer__now")).to_have_text("Phường Chiềng An, Tỉnh Sơn La")
    expect(page.locator("[data-copy]")).to_be_visible()
    assert "?q=" in page.url, "the answer has an address that can be kept"

    page.click("summary >> nth=0")
    page.fill("#danh-sach", f"{WHOLE}\n{DIVIDED}\nxyz qwerty")
    page.click("form:has(#danh-sach) button >> nth=0")
    expect(page.locator("#answers tbody tr")).to_have_count(3)
    with page.expect_download() as kept:
        page.click("#answers button[name=tai]")
    rows = list(csv.DictReader(kept.value.path().read_text("utf-8-sig").splitlines()))
    assert [row["status"] for row in rows] == ["exact", "ambiguous", "unknown"]

    table = tmp_path / "danh sách.csv"
    table.write_text(f'tên;nơi ở\nLò Văn Ín;"{WHOLE}"\nHà;"{DIVIDED}"\n', encoding="utf-8")
    page.click("summary >> nth=1")
    page.set_input_files("input[type=file]", table)
    page.click("form:has(#cot) button.ds-button")
    expect(page.locator("main .notice--error")).to_contain_text("“tên”, “nơi ở”")
    page.fill("#cot", "nơi ở")
    page.set_input_files("input[type=file]", table)
    page.click("form:has(#cot) button.ds-button")
    page.wait_for_url(re.compile(r"/dia-chi/tep/[\w-]{32}/"))
    expect(page.locator("#conversion")).to_contain_text("Sắp bắt đầu")
    environment = os.environ | {"HAICAP_DATABASE_NAME": module_database, "HAICAP_PROCESS": "worker"}
    subprocess.run([sys.executable, "-c", WORK], env=environment, check=True)
    expect(page.locator("#conversion")).to_contain_text("Đã xong 2 dòng")
    expect(page.locator("#conversion-said")).to_have_text("Đã xong.")
    with page.expect_download() as result:
        page.click("#conversion a:has-text('Tải kết quả')")
    rows = list(csv.DictReader(result.value.path().read_text("utf-8").splitlines(), delimiter=";"))
    assert [(row["tên"], row["status"]) for row in rows] == [("Lò Văn Ín", "exact"), ("Hà", "ambiguous")]
    with page.expect_download() as report:
        page.click("#conversion a:has-text('Tải báo cáo')")
    assert DIVIDED in report.value.path().read_text("utf-8-sig")
    page.click("text=Xóa ngay")
    page.wait_for_url("**/dia-chi/")
