"""The vendored files are the ones that were locked, and the bundles were made from what stands beside them."""

import importlib.util
import re
import sys
from pathlib import Path

import brotli
import pytest

WEB = Path(__file__).resolve().parents[1]
STATIC = WEB / "static/haicap"


@pytest.fixture(scope="module")
def vendor():
    path = WEB.parents[3] / "tools/vendor.py"
    spec = importlib.util.spec_from_file_location("vendor", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["vendor"] = module
    spec.loader.exec_module(module)
    return module


def test_every_vendored_file_is_as_locked_and_the_bundles_are_fresh(vendor):
    assert vendor.problems() == []


def test_each_vendored_package_brings_its_licence():
    names = {path.stem for path in (STATIC / "vendor/LICENSES").glob("*.txt")}
    assert names == {"designsystemet", "be-vietnam-pro", "htmx", "lucide"}


def test_nothing_names_another_host_or_a_source_map():
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *(WEB / "styles").glob("*.css")]:
        text = path.read_text("utf-8")
        assert "sourceMappingURL" not in text, path
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", text), path
        assert "data:image" not in text, path


def test_first_view_of_a_portal_page_leaves_room_for_the_page_within_150_kilobytes():
    texts = [STATIC / name for name in ("app.css", "app.js", "icons.svg", "favicon.svg")]
    wire = sum(len(brotli.compress(path.read_bytes(), quality=5)) for path in texts)
    fonts = sum(path.stat().st_size for path in (STATIC / "vendor/fonts").glob("*.woff2"))
    assert wire + fonts < 110_000
    assert len(texts) + 4 + 1 <= 15


def test_own_styles_stay_small():
    assert sum(path.stat().st_size for path in (WEB / "styles").glob("*.css")) < 60_000


def test_every_icon_that_a_template_or_a_tag_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    source = WEB.parents[1]
    named = set()
    for path in source.rglob("*.html"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r'{%\s*icon "([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))
    named |= set(re.findall(r'icon\("([^"]+)"\)', (STATIC / "app.js").read_text("utf-8")))
    assert named - drawn == set()


def test_templates_carry_no_inline_style_script_or_handler():
    for path in WEB.parents[1].rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\s(?!one=)on[a-z]+=", text), path
        assert not re.search(r"javascript:|\shx-on|<base\b|\ssrcdoc=", text), path
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert " src=" in tag and ' nonce="{{ request.csp_nonce }}"' in tag, f"{path}: {tag}"


def test_static_files_can_be_hashed_for_production(tmp_path, settings):
    from django.core.management import call_command

    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    text = next((tmp_path / "haicap").glob("app.*.css")).read_text("utf-8")
    assert re.search(r'url\("vendor/fonts/be-vietnam-pro-latin-400\.[0-9a-f]+\.woff2"\)', text)
