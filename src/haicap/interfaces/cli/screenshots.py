"""`./haicap screenshots`: pictures of the main pages for the documentation, taken from a fresh demonstration."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from haicap.kernel.db.home import CHECKOUT

WIDTHS = (1280, 360)
HEIGHT, TALLEST = 800, 4000
BROWSER = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync")  # fmt: skip
COMMUNE = "03664"


def add_parser(commands: argparse._SubParsersAction) -> None:
    """The grammar of `screenshots`."""
    parser = commands.add_parser("screenshots", help="take the documentation's pictures from a fresh demonstration")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "docs" / "pictures", help="where the pictures go")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make a small demonstration in a home of its own, serve it, and take every picture at both widths."""
    home = tempfile.mkdtemp(prefix="haicap-pictures-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # first in, last out: after the database has stopped
    os.environ["HAICAP_HOME"] = home
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    subprocess.run([sys.executable, "-m", "haicap", "demo", "--no-serve"], check=True, stdout=sys.stderr)
    return _take(arguments)


def _take(arguments: argparse.Namespace) -> int:
    from playwright.sync_api import sync_playwright

    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.bench.stage import web_server
    from haicap.interfaces.cli.preparation import prepare_to_serve

    boot.django()
    prepare_to_serve()
    pages = _pages()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with web_server() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER))
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT}, locale="vi-VN", device_scale_factor=1,
                color_scheme="dark" if arguments.dark else "light",
            )  # fmt: skip
            base = f"http://127.0.0.1:{port}"
            context.add_cookies([{"name": "haicap_language", "value": arguments.language, "url": base}])
            for name, (path, cookie) in pages.items():
                context.clear_cookies(name="haicap_session")
                if cookie:
                    context.add_cookies([{"name": "haicap_session", "value": cookie, "url": base}])
                page: Any = context.new_page()
                page.goto(base + path, wait_until="networkidle")
                whole = width == min(WIDTHS)
                tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST) if whole else HEIGHT
                clip = {"x": 0, "y": 0, "width": width, "height": tall}
                page.screenshot(path=arguments.out / f"{name}-{width}.png", full_page=whole, clip=clip)
                page.close()
                print(arguments.out / f"{name}-{width}.png", file=sys.stderr)
        browser.close()
    return 0


def _pages() -> dict[str, tuple[str, str]]:
    """Name, address, and the cookie of who has signed in: a counter officer, or the province's administrator."""
    from haicap.domain.dossiers.models import Dossier
    from haicap.domain.people.commands import new_session
    from haicap.domain.people.models import StreamliningCase
    from haicap.domain.people.queries import account_named, actor_for
    from haicap.domain.people.web.identity import cookie_value
    from haicap.kernel.scope import entered

    account, province = account_named(f"motcua-{COMMUNE}"), account_named("quantri-14")
    with entered(actor_for(province.pk), read_only=True):
        case = StreamliningCase.objects.order_by("pk")[:1].get().pk
    with entered(actor_for(account.pk), read_only=True):
        dossier = (
            Dossier.objects.select_related("entry").filter(entry__closed_at=None, decided_at=None)
            .order_by("-entry__move_no", "entry_id").first()
        ) or Dossier.objects.select_related("entry").latest("received_at")  # fmt: skip
    code, secret = dossier.entry.code, dossier.secret
    counter, office = (cookie_value(pass_id=new_session(one.pk), account_id=one.pk) for one in (account, province))
    return {
        "home": ("/", ""),
        "catalogue": ("/thu-tuc/?q=khai+sinh", ""),
        "procedure": ("/thu-tuc/1.001193/", ""),
        "addresses": ("/dia-chi/?q=X%C3%A3+B%C3%ADnh+X%C3%A1%2C+Huy%E1%BB%87n+%C4%90%C3%ACnh+L%E1%BA%ADp", ""),
        "tracking": (f"/tra-cuu/{code}/?s={secret}", ""),
        "nation": ("/don-vi/sap-xep/", ""),
        "province": ("/don-vi/20/sap-xep/?nhom=189#luong", ""),
        "sign-in": ("/dang-nhap/", ""),
        "worklist": ("/desk/", counter),
        "counter": ("/desk/tiep-nhan/?thu-tuc=1.001193", counter),
        "dossier": (f"/desk/ho-so/{code}/", counter),
        "headcount": ("/quan-tri/bien-che/", office),
        "case": (f"/quan-tri/bien-che/tinh-gian/{case}/", office),
        "service-units": ("/quan-tri/bien-che/don-vi-su-nghiep/?trang-thai=da-ket-thuc", office),
    }
