"""Everybody can use every page: axe finds nothing, at 1280 and 360 px, light and dark, with rows and without any.

Each page is opened in Vietnamese on a light desk and in English on a dark telephone; the layout is measured at 360 px
in both languages. Names are the longest that occur.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from haicap.domain.people.web.identity import COOKIE
from tests.browser.conftest import NEIGHBOUR, Dossiers, Site, Watch, new_context, speak

pytestmark = [pytest.mark.browser, pytest.mark.server]

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = 360, 1280
SCENES = (("vi", WIDE, "light"), ("en", NARROW, "dark"))
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(el => el.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(el).position !== 'absolute')
    .slice(0, 5).map(el => el.outerHTML.slice(0, 160))"""

RUN = """async ([within, options]) => (await axe.run(within || document, options)).violations.map(fault =>
    `${fault.id}: ${fault.help}: ` + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '))"""


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it: its address, who looks, what they do before they look, and at which part."""

    path: str
    role: str = ""
    neighbour: bool = False
    then: Callable[[Page], object] | None = None
    bilingual: bool = True
    within: str = ""


def _refused_sign_in(page: Page) -> None:
    page.fill("[name=name]", "motcua-00000")
    page.fill("[name=password]", "sai")
    page.click("main button.ds-button")
    expect(page.locator(".notice--error")).to_be_visible()


def _send_empty(page: Page) -> None:
    page.click("button[value='tiep-nhan']")
    expect(page.locator("[data-error-summary]")).to_be_focused()


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(el => { el.open = true; })")


def _choose(page: Page) -> None:
    page.keyboard.type("dang ky")
    expect(page.locator("[role=option]").first).to_be_visible()


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()


def _menu(page: Page) -> None:
    page.click("details.menu > summary")


def _paste(page: Page) -> None:
    page.click("summary >> nth=0")
    page.fill("#danh-sach", "Xã Chiềng Đen, Thành phố Sơn La\nXã Bính Xá, Huyện Đình Lập\nxyzxyz")
    page.click("form:has(#danh-sach) button")
    expect(page.locator("#answers tbody tr")).to_have_count(3)


def _send_table(page: Page) -> None:
    page.context.clear_cookies(name="haicap_csrf")  # one file at a time for a browser, and no worker runs here
    page.reload()
    page.click("summary >> nth=1")
    table = {"name": "a.csv", "mimeType": "text/csv", "buffer": "address\nXã Chiềng Đen, Sơn La\n".encode()}
    page.set_input_files("input[type=file]", table)
    page.click("form:has(#cot) button.ds-button")
    page.wait_for_url(re.compile(r"/dia-chi/tep/[\w-]{32}/"))


def _reveal(page: Page) -> None:
    page.keyboard.press("h")
    page.wait_for_url("**/hien-day-du/**")


def _refused_request(page: Page) -> None:
    page.click("main button[value=pdf]")
    expect(page.locator("[data-error-summary]")).to_be_visible()


COUNTER = "/desk/tiep-nhan/"
BIRTH_FORM = f"{COUNTER}?thu-tuc=1.001193"
SIGHTS = {
    "home": Sight("/"),
    "catalogue": Sight("/thu-tuc/"),
    "catalogue-found": Sight("/thu-tuc/?q=chung+thuc"),
    "catalogue-nothing": Sight("/thu-tuc/?q=xyzxyz"),
    "procedure": Sight("/thu-tuc/1.001193/"),
    "procedure-longest": Sight("/thu-tuc/2.000424/", then=_open_all),
    "procedure-print": Sight("/thu-tuc/2.000815/?ban-in=1"),
    "procedure-unknown": Sight("/thu-tuc/9.999999/"),
    "units": Sight("/don-vi/"),
    "units-found": Sight("/don-vi/?q=quoc+tu+giam"),
    "units-nothing": Sight("/don-vi/?q=xyzxyz"),
    "unit-today": Sight(f"/don-vi/{NEIGHBOUR}/"),
    "unit-of-then": Sight("/don-vi/04012/"),
    "province": Sight("/don-vi/14/"),
    "unit-through-generations": Sight("/don-vi/26248/"),
    "nation-before-and-after": Sight("/don-vi/sap-xep/", then=_open_all),
    "province-before-and-after": Sight("/don-vi/68/sap-xep/", then=_open_all),
    "district-before-and-after": Sight("/don-vi/20/sap-xep/?nhom=189"),
    "before-and-after-nothing": Sight("/don-vi/14/sap-xep/?q=xyzxyz"),
    "addresses": Sight("/dia-chi/", then=_open_all),
    "address-exact": Sight("/dia-chi/?q=Xã+Chiềng+Đen,+Thành+phố+Sơn+La"),
    "address-divided": Sight("/dia-chi/?q=Xã+Bính+Xá,+Huyện+Đình+Lập"),
    "address-unknown": Sight("/dia-chi/?q=xyzxyz"),
    "address-list": Sight("/dia-chi/", then=_paste),
    "address-file": Sight("/dia-chi/", then=_send_table),
    "track": Sight("/tra-cuu/"),
    "tracked": Sight("/tra-cuu/{asked}/?s={secret}", then=_open_all),
    "tracked-without-secret": Sight("/tra-cuu/{returned}/"),
    "tracked-nothing": Sight("/tra-cuu/14.03664-251122-9999/"),
    "sign-in": Sight("/dang-nhap/"),
    "sign-in-refused": Sight("/dang-nhap/", then=_refused_sign_in),
    "api-docs": Sight("/api/v1/docs", bilingual=False),
    "problem": Sight("/api/problems/not_found", bilingual=False),
    "error-404": Sight("/khong-co-trang-nay/"),
    "error-403": Sight(COUNTER, "clerk"),
    "error-404-desk": Sight("/desk/ho-so/14.00001-251122-0001/", "counter"),
    "my-work": Sight("/desk/", "counter"),
    "my-work-menu": Sight("/desk/", "counter", then=_menu, within="details.menu"),
    "my-work-keys": Sight("/desk/", "counter", then=_keys, within="dialog#keys"),
    "my-work-empty": Sight("/desk/", "counter", neighbour=True),
    "my-work-of-the-chair": Sight("/desk/", "chair"),
    "overdue-empty": Sight("/desk/?loc=qua-han", "counter"),
    "counter": Sight(COUNTER, "counter"),
    "counter-choosing": Sight(COUNTER, "counter", neighbour=True, then=_choose),
    "counter-form": Sight(BIRTH_FORM, "counter", then=_open_all),
    "counter-faults": Sight(BIRTH_FORM, "counter", then=_send_empty),
    "dossier-fresh": Sight("/desk/ho-so/{received}/?moi=1", "counter"),
    "dossier-to-take-over": Sight("/desk/ho-so/{passed_on}/", "case_officer", then=_open_all),
    "dossier-paused": Sight("/desk/ho-so/{asked}/", "case_officer", then=_open_all),
    "dossier-returned": Sight("/desk/ho-so/{returned}/", "chair"),
    "dossier-declined": Sight("/desk/ho-so/{declined}/", "counter"),
    "dossier-shown-whole": Sight("/desk/ho-so/{received}/", "counter", then=_reveal),
    "who-looked": Sight("/desk/ho-so/{received}/nguoi-xem/", "counter"),
    "personal-data": Sight("/desk/du-lieu-ca-nhan/", "counter", then=_refused_request),
    "divided-work-none": Sight("/desk/ho-so-chia-tach/", "counter"),
    "dossiers": Sight("/desk/ho-so/", "counter"),
    "dossiers-none": Sight("/desk/ho-so/?trang-thai=stopped", "counter"),
    "dossiers-empty": Sight("/desk/ho-so/", "counter", neighbour=True),
    "found": Sight("/desk/tim/?q=phuong+thao", "counter"),
    "found-nothing": Sight("/desk/tim/?q=xyzxyz", "counter"),
    "denunciations-none": Sight("/desk/to-cao/", "chair"),
    "denunciation-new": Sight("/desk/to-cao/moi/", "clerk"),
    "lending": Sight("/desk/uy-quyen/", "chair", then=_open_all),
    "administration": Sight("/quan-tri/", "administrator"),
    "unverified-facts": Sight("/quan-tri/chua-kiem-chung/", "administrator"),
    "own-account": Sight("/tai-khoan/", "administrator", then=_open_all),
    "safe-sign-in": Sight("/quan-tri/nguoi-dung/an-toan/", "administrator"),
    "retention": Sight("/quan-tri/luu-giu/", "administrator"),
    "calendar": Sight("/quan-tri/lich/", "administrator"),
    "gallery": Sight("/quan-tri/thanh-phan/", "administrator"),
    "gallery-portal": Sight("/quan-tri/thanh-phan/?khung=portal", "administrator"),
    "gallery-print": Sight("/quan-tri/thanh-phan/?khung=in", "administrator"),
    "gallery-side": Sight("/quan-tri/thanh-phan/?canh=1", "administrator"),
}


class Visitors:
    """One browser for each who looks, kept while the module's tests run."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self.chromium, self.site = chromium, site
        self.watch = Watch(site.url.removeprefix("http://"))
        self.pages: dict[tuple[str, bool], Page] = {}

    def page(self, sight: Sight) -> Page:
        """The page on which `sight` is to be seen."""
        who = (sight.role, sight.neighbour)
        if who not in self.pages:
            context = new_context(self.chromium, self.site)
            context.add_init_script(Axe().axe_script)
            if sight.role:
                staff = self.site.neighbour if sight.neighbour else self.site.commune
                value = self.site.session(staff, sight.role)
                context.add_cookies([{"name": COOKIE, "value": value, "url": self.site.url}])
            self.pages[who] = context.new_page()
            self.watch.over(self.pages[who])
        return self.pages[who]


@pytest.fixture(scope="module")
def visitors(chromium: Browser, site: Site) -> Iterator[Visitors]:
    """The visitors of the module."""
    everybody = Visitors(chromium, site)
    yield everybody
    for page in everybody.pages.values():
        page.context.close()


@pytest.mark.parametrize("name", SIGHTS)
def test_a_page_is_for_everybody(name: str, visitors: Visitors, site: Site, dossiers: Dossiers) -> None:
    sight = SIGHTS[name]
    page = visitors.page(sight)
    visitors.watch.faults.clear()
    found = []
    for language, width, colours in SCENES[: 2 if sight.bilingual else 1]:
        speak(page.context, site, language)
        page.emulate_media(color_scheme=colours)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(sight.path.format(**vars(dossiers)))
        if sight.then is not None:
            sight.then(page)
        if sight.bilingual:
            expect(page.locator("html")).to_have_attribute("lang", language)
        found += [f"{language} {width} {colours}: {fault}" for fault in _violations(page, sight.within)]
        page.set_viewport_size({"width": NARROW, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            found.append(f"{language}: wider than {NARROW} px: {page.evaluate(TOO_WIDE)}")
    assert found == []
    assert visitors.watch.faults == []


def _violations(page: Page, within: str) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
    found: list[str] = page.evaluate(RUN, [within, options])
    return found
