"""A birth registration from the counter to the citizen, by keyboard alone, under three accounts, in both languages.

No test here clicks or fills a field through the browser's tools: `Hands` presses keys, and what cannot be reached with
them cannot be done. Faults, second submits, stale pages and reloads are met on the way that an officer meets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from haicap.domain.dossiers.tests.factories import PASSWORD, account_name, moved, received
from haicap.kernel.entries.models import Entry
from tests.browser.conftest import OpenPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

BIRTH = "1.001193"
FURTHEST = 140  # a form of forty inputs, each with its neighbours
CODE = re.compile(r"14\.\d{5}-\d{6}-\d{4,}")
CHILD = "Lò Bảo Ngân"
FOCUSED = """selector => {
    const at = document.activeElement;
    const wanted = at.matches(selector);
    const shown = wanted && getComputedStyle(at).outlineStyle + getComputedStyle(at).boxShadow !== 'nonenone';
    return [wanted, shown, at.id || at.name || at.textContent.trim().slice(0, 40) || at.tagName];
}"""

WORDS = {
    "vi": {
        "sign_in": "Đăng nhập", "work": "Chào Lò Thị Ánh", "receive": "Tiếp nhận hồ sơ", "birth": "Đăng ký khai sinh",
        "kinh": "Kinh", "received": "Đã tiếp nhận hồ sơ", "your_move": "Đang chờ bạn", "done": "Đã xong:",
        "closed": "Hồ sơ đã kết thúc", "track": "Tra cứu hồ sơ", "tracked": "Nguyễn Thị Mai", "again": "Còn 2 chỗ cần sửa",
        "draft": "Có bản nháp chưa gửi", "use": "Dùng lại bản nháp",
    },
    "en": {
        "sign_in": "Sign in", "work": "Hello, Lò Thị Ánh", "receive": "Receive a dossier", "birth": "Birth registration",
        "kinh": "Kinh", "received": "was received", "your_move": "Your move", "done": "Done:",
        "closed": "The dossier is closed", "track": "Track a dossier", "tracked": "Nguyễn Thị Mai",
        "again": "2 answers need correcting",
        "draft": "There is an unsent draft", "use": "Use the draft",
    },
}  # fmt: skip


class Hands:
    """An officer without a mouse: everything goes through the keyboard of `page`."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.words = WORDS[language]
        self.language = language
        page.on("filechooser", lambda _: None)  # from now on the browser asks us, not the system, for files

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type `text` where the cursor is, over what stands there."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tab_to(self, selector: str, *, back: bool = False) -> None:
        """Press Tab until the element is under the cursor, and see that the cursor can be seen there."""
        passed = []
        for _ in range(FURTHEST):
            reached, shown, name = self.page.evaluate(FOCUSED, selector)
            if reached:
                assert shown, f"no focus ring on {selector}"
                return
            passed.append(name)
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{selector} is out of the keyboard's reach; passed {passed}")

    def write_into(self, name: str, text: str) -> None:
        """Go on to the field `name` and write into it."""
        self.tab_to(f"[name='{name}']")
        self.write(text)

    def choose_from(self, selector: str, text: str, wanted: str) -> None:
        """In a list that is typed into: type, go down to the choice that begins with `wanted`, take it."""
        self.tab_to(selector)
        self.page.keyboard.type(text)
        chosen = self.page.locator("[role=option][aria-selected=true]")
        for _ in range(20):
            if chosen.inner_text().startswith(wanted):
                break
            self.press("ArrowDown")
        self.press("Enter")

    def at(self, text: str, *, where: str = "#content") -> None:
        """The page that should have come is there, in the language of its reader."""
        expect(self.page.locator(where)).to_contain_text(text)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def sign_in(self, account: str) -> None:
        """From the sign-in page to the desk."""
        self.page.goto("/dang-nhap/")
        self.at(self.words["sign_in"])
        self.write_into("name", account)
        self.write_into("password", PASSWORD)
        self.press("Enter")
        self.page.wait_for_url("**/desk/")

    def fill_birth(self, **changes: str) -> None:
        """The counter's form for a birth, from the applicant to the last field that must be filled."""
        answers = {
            "applicant.id_number": "014190001234", "applicant.name": "Nguyễn Thị Mai", "applicant.phone": "0912345678",
            "applicant.address": "Bản Hịa, phường Chiềng An, tỉnh Sơn La", "form.child_name": CHILD,
            "form.child_born_on": "01102026",
        } | changes  # fmt: skip
        for name, text in answers.items():
            self.write_into(name, text)
        self.tab_to("[name='form.child_sex']")
        self.press("ArrowDown")
        self.choose_from("[id='id_form.child_ethnic_group']", "kinh", self.words["kinh"])
        self.write_into("form.child_birthplace", "Bệnh viện Đa khoa tỉnh Sơn La")
        self.write_into("form.child_hometown", "Phường Chiềng An, tỉnh Sơn La")
        self.write_into("form.mother_name", "Nguyễn Thị Mai")
        self.write_into("form.mother_born_on", "05/03/1995")
        self.tab_to("[id='id_form.declarant_relation']")
        self.press("ArrowDown", "ArrowDown", "Enter")

    def attach(self, paper: str, path: Path) -> None:
        """Open the paper's box for files and hand one in."""
        self.tab_to(f"details:has([name='file:{paper}']) > summary")
        self.press("Enter")
        self.tab_to(f"[name='file:{paper}']")
        # Space opens the system's dialog, which is not a page; the file is named to the browser in its place.
        with self.page.expect_file_chooser() as dialog:
            self.press("Space")
        dialog.value.set_files(path)
        line = self.page.locator(f"[data-name='file:{paper}'] li")
        expect(line).to_have_attribute("data-state", "done")

    def submit(self) -> None:
        """To the counter's button, and press it."""
        self.tab_to("button[name='lam'][value='tiep-nhan']")
        self.press("Enter")

    def move(self, name: str, **inputs: str) -> None:
        """Make a move on the open dossier; its form is opened first where it is folded away."""
        form = f"form[action$='/{name}/']"
        self.page.wait_for_selector(form, state="attached")
        if not self.page.locator(form).is_visible():
            self.tab_to(f"details:has({form}) > summary")
            self.press("Enter")
        for field, text in inputs.items():
            self.tab_to(f"{form} [name='{field}']")
            self.write(text)
        self.tab_to(f"{form} button.ds-button")
        self.press("Enter")
        self.page.wait_for_url(f"**?da={name}")
        self.at(self.words["done"])


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned paper: the smallest PDF with a page."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    path = tmp_path / "giấy chứng sinh.pdf"
    document.save(path)
    document.close()
    return path


@pytest.fixture
def officer(open_page: OpenPage, site: Site, language: str) -> Iterator[Hands]:
    """The counter officer, on the counter's page of a birth registration."""
    hands = Hands(open_page("counter", language=language), language)
    hands.page.goto(f"/desk/tiep-nhan/?thu-tuc={BIRTH}")
    yield hands


def _code_of(page: Page) -> str:
    found = re.search(r"/desk/ho-so/([^/]+)/", page.url)
    assert found, page.url
    return found[1]


def _next_work(open_page: OpenPage, site: Site, role: str, language: str, code: str) -> Hands:
    """Sign in as `role`, find the dossier in one's work with j, open it with Enter."""
    hands = Hands(open_page(language=language), language)
    hands.sign_in(account_name(site.commune.unit, role))
    _open_from_work(hands, code)
    return hands


def _open_from_work(hands: Hands, code: str) -> None:
    current = hands.page.locator("tr[aria-current=true] a.code")
    for _ in range(30):
        hands.press("j")
        if current.inner_text() == code:
            break
    hands.press("Enter")
    hands.page.wait_for_url(f"**/desk/ho-so/{code}/")
    hands.at(hands.words["your_move"])


def test_a_birth_goes_from_the_counter_to_the_citizen_by_keyboard(open_page, site, language, scan):
    counter = Hands(open_page(language=language), language)
    counter.sign_in(account_name(site.commune.unit, "counter"))
    counter.at(counter.words["work"])
    counter.press("n")
    counter.page.wait_for_url("**/desk/tiep-nhan/")
    counter.at(counter.words["receive"])
    counter.choose_from("[role=combobox]", "khai sinh", counter.words["birth"])
    counter.page.wait_for_url(f"**?thu-tuc={BIRTH}")
    counter.fill_birth()
    counter.write_into("originals:giay-chung-sinh", "1")
    counter.attach("giay-chung-sinh", scan)
    counter.submit()
    counter.page.wait_for_url("**?moi=1")
    counter.at(counter.words["received"])
    code = _code_of(counter.page)
    secret = slip_of(counter, code)

    counter.move("forward")
    officer = _next_work(open_page, site, "case_officer", language, code)
    officer.move("accept_handover")
    officer.move("appraise", note="Đủ điều kiện, đề nghị ký.")
    officer.move("submit_for_signature")
    chair = _next_work(open_page, site, "chair", language, code)
    chair.move("approve", result_number="12/2026")
    counter.page.goto("/desk/")
    _open_from_work(counter, code)
    counter.move("return_result")
    counter.at(counter.words["closed"])
    counter.at(scan.stem)

    citizen = Hands(open_page(language=language), language)
    citizen.page.goto("/tra-cuu/")
    citizen.at(citizen.words["track"])
    citizen.write_into("ma", code)
    citizen.write_into("s", secret)
    citizen.press("Enter")
    citizen.page.wait_for_url(f"**/tra-cuu/{code}/*")
    citizen.at(citizen.words["tracked"])
    citizen.at("12/2026")


def slip_of(hands: Hands, code: str) -> str:
    """Print the receipt slip (`p`); gives the secret that stands on it beside the code."""
    hands.page.evaluate("document.activeElement.blur()")
    with hands.page.context.expect_event("request", lambda request: "/phieu/" in request.url) as asked:
        hands.press("p")
    answer = hands.page.context.request.get(asked.value.url)
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(BytesIO(answer.body()))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert code in text
    secret = re.search(r"\b[A-Z0-9]{8}\b", text.replace(code, ""))
    assert secret, text
    return secret[0]


def test_a_fault_keeps_what_was_typed_and_moves_the_cursor_there(officer, scan):
    officer.fill_birth(**{"applicant.phone": "12", "form.child_born_on": "31/12/2099"})
    officer.attach("giay-chung-sinh", scan)
    officer.submit()
    summary = officer.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(officer.words["again"])
    assert summary.locator("a").count() == 2
    for name, text in {"applicant.name": "Nguyễn Thị Mai", "applicant.phone": "12", "form.child_name": CHILD,
                       "form.child_born_on": "31/12/2099"}.items():  # fmt: skip
        expect(officer.page.locator(f"[name='{name}']")).to_have_value(text)
    expect(officer.page.locator("[data-name='file:giay-chung-sinh'] li")).to_contain_text(scan.name)
    officer.press("Tab", "Enter")  # the first fault's link leads into its field
    phone = officer.page.locator("[name='applicant.phone']")
    expect(phone).to_be_focused()
    officer.write("0912345678")
    officer.write_into("form.child_born_on", "01102026")
    officer.submit()
    officer.page.wait_for_url("**?moi=1")
    officer.at(scan.stem)


def test_a_form_sent_twice_leads_to_the_same_dossier(officer):
    officer.fill_birth()
    officer.tab_to("button[name='lam'][value='tiep-nhan']")
    before = Entry.objects.using("owner").count()
    with officer.page.expect_request(lambda request: request.method == "POST" and "?thu-tuc=" in request.url) as sent:
        officer.press("Enter", "Enter")  # an impatient hand; the second is held back by the page
    officer.page.wait_for_url("**?moi=1")
    code = _code_of(officer.page)
    # and once more behind the page's back, as a network that stuttered would send it
    again = officer.page.context.request.post(
        sent.value.url, data=sent.value.post_data_buffer, max_redirects=0,
        headers={"Content-Type": sent.value.headers["content-type"], "Referer": sent.value.url},
    )  # fmt: skip
    assert (again.status, again.headers.get("location")) == (302, f"/desk/ho-so/{code}/?moi=1")
    assert Entry.objects.using("owner").count() == before + 1


def test_a_page_that_another_officer_overtook_says_so(open_page, site, language):
    code = received(site.commune.counter).code
    hands = Hands(open_page("counter", language=language), language)
    hands.page.goto(f"/desk/ho-so/{code}/")
    moved(site.commune.counter, code, "forward")
    moved(site.commune.case_officer, code, "accept_handover")
    form = "form[action$='/forward/']"
    hands.tab_to(f"{form} [name='note']")
    hands.write("Chuyển ngay trong sáng nay")
    hands.tab_to(f"{form} button.ds-button")
    hands.press("Enter")
    notice = hands.page.locator(".notice--error")
    expect(notice).to_contain_text(site.commune.case_officer.name)
    expect(notice).to_contain_text("Chuyển ngay trong sáng nay")
    expect(hands.page.locator("html")).to_have_attribute("lang", language)


def test_a_draft_comes_back_after_a_reload(officer, scan):
    officer.fill_birth()
    officer.attach("giay-chung-sinh", scan)
    officer.page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?" asks, and the officer means it
    officer.page.wait_for_timeout(500)  # longer than the pause after which a draft is kept
    officer.page.reload()  # F5 too is the frame's
    draft = officer.page.locator(".draft")
    expect(draft).to_contain_text(officer.words["draft"])
    expect(officer.page.locator("[name='form.child_name']")).to_have_value("")
    officer.tab_to(".draft button", back=True)
    while officer.page.evaluate("document.activeElement.textContent") != officer.words["use"]:
        officer.press("Shift+Tab")
    officer.press("Enter")
    expect(officer.page.locator("[name='form.child_name']")).to_have_value(CHILD)
    expect(officer.page.locator("[name='form.child_ethnic_group']")).not_to_have_value("")
    expect(officer.page.locator("[data-name='file:giay-chung-sinh'] li")).to_contain_text(scan.name)
    officer.tab_to("[name='form.extract_copies']")
    officer.submit()
    officer.page.wait_for_url("**?moi=1")
