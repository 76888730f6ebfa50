"""The night of 30 June 2025: a commune ends, and its citizens' dossiers are on the heir's desk when the clock strikes.

A true server whose clock the test moves, a true browser. Xã Chiềng Đen went whole to Phường Chiềng An; Xã Bính Xá was
divided among Xã Đình Lập and Xã Kiên Mộc.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, expect

from haicap.domain.dossiers.tests.factories import Staff, staffed_before, staffed_commune, staffed_province
from haicap.domain.people import queries as posts
from haicap.interfaces.cli.bench.stage import web_server
from haicap.kernel.db.home import CHECKOUT
from tests.browser.conftest import OpenPage, Site, serving
from tests.browser.moved_clock import SHIFT, shift_to
from tests.browser.test_accessible import TAGS
from tests.browser.test_journey import BIRTH, Hands, slip_of

pytestmark = [pytest.mark.browser, pytest.mark.server]

OLD, HEIR, DIVIDED, FIRST, SECOND = "03661", "03664", "06622", "06613", "06625"
MOVED = "tests.browser.moved_clock"
TURN = Callable[[str], None]


@pytest.fixture(scope="module")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server's clock is shifted by."""
    path = tmp_path_factory.mktemp("clock") / "shift"
    path.write_text("0", encoding="ascii")
    return path


@pytest.fixture(scope="module")
def divided(module_database: str) -> tuple[Staff, Staff, Staff]:
    """The divided commune with its people, and those of its heirs."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        return staffed_before(DIVIDED), staffed_commune(FIRST), staffed_commune(SECOND)


@pytest.fixture(scope="module")
def site(module_database: str, static_files: None, clock_file: Path, divided: object) -> Iterator[Site]:
    """The server with the heir (`commune`) and the commune that ends (`neighbour`)."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        staff = staffed_commune(HEIR), staffed_before(OLD), staffed_province()
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            serving(environment, database=module_database)
            environment.setenv("DJANGO_SETTINGS_MODULE", MOVED)
            environment.setenv("PYTHONPATH", os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")]))
            environment.setenv(SHIFT, str(clock_file))
            port = stack.enter_context(web_server())
        yield Site(f"http://127.0.0.1:{port}", *staff)
    posts.forget_actors()
    connections.close_all()


@pytest.fixture
def turn_to(clock_file: Path) -> Iterator[TURN]:
    """Set the server's clock."""
    yield lambda moment: shift_to(clock_file, datetime.fromisoformat(f"{moment}+07:00"))
    clock_file.write_text("0", encoding="ascii")


def receive(hands: Hands, **changes: str) -> tuple[str, str]:
    """Receive a birth by keyboard; gives the dossier's code and the secret on its slip."""
    hands.page.goto(f"/desk/tiep-nhan/?thu-tuc={BIRTH}")
    hands.fill_birth(**{"form.child_born_on": "01062025", "applicant.id_number": "014190001234"} | changes)
    hands.write_into("originals:giay-chung-sinh", "1")
    hands.submit()
    hands.page.wait_for_url("**?moi=1")
    found = re.search(r"/desk/ho-so/([^/]+)/", hands.page.url)
    assert found
    return found[1], slip_of(hands, found[1])


def head_of(page: Page, code: str) -> tuple[str, str]:
    """The deadline and the moment of receipt as the dossier's page writes them."""
    page.goto(f"/desk/ho-so/{code}/")
    due = page.locator(".case-head .quiet").inner_text()
    received = page.locator("dt", has_text=re.compile("^(Tiếp nhận|Received)$")).locator(
        "xpath=following-sibling::dd[1]"
    )
    return due, received.inner_text().splitlines()[0]


def on_my_work(page: Page, code: str, *, there: bool) -> None:
    page.goto("/desk/")
    expect(page.locator("a.code", has_text=code)).to_have_count(1 if there else 0)


def test_a_dossier_of_27_june_is_on_the_heirs_desk_on_1_july(open_page: OpenPage, site: Site, turn_to: TURN) -> None:
    turn_to("2025-06-27T09:00:00")
    then = Hands(open_page("counter", staff=site.neighbour), "vi")
    then.page.goto("/desk/")
    then.at("Xã Chiềng Đen", where="body")
    code, secret = receive(then, **{"applicant.address": "Bản Tòng, xã Chiềng Đen, thành phố Sơn La, tỉnh Sơn La"})
    due, received = head_of(then.page, code)
    assert re.fullmatch(r"14\.116\.03661-250627-\d{4}", code)
    assert "27/06/2025" in received
    assert "27/06/2025, trước 17:00" in due

    turn_to("2025-06-30T23:59:30")
    on_my_work(then.page, code, there=True)
    then.page.goto(f"/tra-cuu/{code}/?s={secret}")
    expect(then.page.locator("#content")).not_to_contain_text("Chiềng An")

    turn_to("2025-07-01T00:00:05")
    heir = Hands(open_page("counter"), "vi")
    on_my_work(heir.page, code, there=True)
    expect(heir.page.locator("tbody tr", has_text=code)).to_contain_text("Xã Chiềng Đen")
    assert head_of(heir.page, code) == (due, received)
    heir.at("Hồ sơ này nộp tại Xã Chiềng Đen; nay thuộc Phường Chiềng An.")
    heir.at("Đang chờ bạn")
    assert then.page.goto("/desk/").status == 403  # the old unit's officer has no post any more
    assert then.page.goto(f"/desk/ho-so/{code}/").status in {403, 404}

    citizen = Hands(open_page(), "vi")
    citizen.page.goto(f"/tra-cuu/{code}/?s={secret}")
    citizen.at("Bạn đã nộp tại Xã Chiềng Đen. Nay do Ủy ban nhân dân phường Chiềng An giải quyết")
    citizen.at("Trung tâm Phục vụ hành chính công xã Chiềng Đen (nay là Phường Chiềng An)")

    turn_to("2025-07-01T08:00:00")
    heir.page.goto(f"/desk/ho-so/{code}/")
    heir.move("forward")
    officer = Hands(open_page("case_officer"), "vi")
    on_my_work(officer.page, code, there=True)
    assert head_of(officer.page, code) == (due, received)


def test_an_heir_takes_what_is_its_own_from_a_divided_commune(
    open_page: OpenPage, site: Site, divided: tuple[Staff, Staff, Staff], turn_to: TURN
) -> None:
    old, first, second = divided
    turn_to("2025-06-27T09:00:00")
    then = Hands(open_page("counter", staff=old), "vi")
    codes = [receive(then, **{"applicant.address": f"Bản Chao, xã {name}, tỉnh Lạng Sơn"})[0]
             for name in ("Đình Lập", "Kiên Mộc", "Bính Xá")]  # fmt: skip
    turn_to("2025-07-01T07:30:00")
    here, there = Hands(open_page("counter", staff=first), "vi"), Hands(open_page("counter", staff=second), "vi")
    here.page.goto("/desk/")
    here.at("3 hồ sơ của đơn vị đã chia tách chưa có đơn vị nào nhận")
    here.page.get_by_role("link", name="Mở danh sách").click()
    here.page.wait_for_url("**/desk/ho-so-chia-tach/")
    there.page.goto("/desk/ho-so-chia-tach/")  # a colleague of the other heir looks at the same list
    for page in (here.page, there.page):
        assert Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"] == []
    for _ in range(3):  # by keyboard: to a row, mark it, and the next
        here.press("j", "x")
    expect(here.page.locator("[data-bulk-count]")).to_have_text("3")
    here.page.locator(f"tr:has-text('{codes[1]}') [name=mark]").uncheck()
    here.page.get_by_role("button", name="Nhận về đơn vị tôi").click()
    here.page.wait_for_url("**?da=2")
    here.at("Đã nhận 2 hồ sơ về đơn vị của bạn")
    there.page.get_by_role("button", name=f"Nhận về {codes[0]}").click()
    there.at("Hồ sơ này đã được tiếp nhận lúc")
    there.page.get_by_role("button", name=f"Nhận về {codes[1]}").click()
    there.page.wait_for_url("**?da=1")
    there.at("Không còn hồ sơ nào chờ nhận")
    for hands, own in ((here, {codes[0], codes[2]}), (there, {codes[1]})):
        for code in codes:
            on_my_work(hands.page, code, there=code in own)


def test_no_settings_that_are_delivered_can_move_the_clock() -> None:
    delivered = [*(CHECKOUT / "src/haicap").rglob("*.py")]
    assert delivered
    assert not [path for path in delivered if SHIFT in path.read_text(encoding="utf-8")]
    assert settings.SETTINGS_MODULE != MOVED
