"""The page of templates and messages: what it shows is what the program has, and each sample is a real print."""

from __future__ import annotations

from typing import Any

import pytest

from haicap.domain.dossiers import papers
from haicap.domain.dossiers.tests.factories import staffed_commune
from haicap.domain.people.commands.organisation_template import LEVEL_OF, read_template
from haicap.interfaces.administration.template_page import SAMPLES

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PAGE = "/quan-tri/mau/"


def test_it_shows_each_kind_of_unit_as_the_template_has_it() -> None:
    browser = staffed_commune().client("administrator")
    for kind in LEVEL_OF:
        shown = browser.get(PAGE, {"loai": kind})
        bodies = [body for body, _, _ in shown.context["bodies"]]
        assert bodies == list(read_template().bodies(kind)) and bodies
    text = browser.get(PAGE, {"loai": "khong-co"}).content.decode()
    marked = sum((body.certainty == "K") + sum(post.certainty == "K" for post in body.posts)
                 for body in read_template().bodies("xa"))  # fmt: skip
    assert marked and text.count("chip--warning") == marked


def test_each_form_has_a_sample_under_its_own_number() -> None:
    assert {form: type(make()) for form, make in SAMPLES.items()} == {
        form: kind for kind, (_, form, *_) in papers.FORMS.items()
    }
    assert all(make().head.synthetic for make in SAMPLES.values())
    browser = staffed_commune().client("administrator")
    page = browser.get(PAGE).content.decode()
    assert all(f"{PAGE}giay/{form}.pdf" in page for form in SAMPLES)
    answer = browser.get(f"{PAGE}giay/03.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content == papers.pdf(SAMPLES["03"]())
    assert browser.get(f"{PAGE}giay/99.pdf").status_code == 404


def test_english_and_messages() -> None:
    text = staffed_commune().client("administrator", language="en").get(PAGE).content.decode()
    for told in ("Receipt and appointment", "dossier.responsible_changed", "certificate.expires", "by quota"):
        assert told in text, told
    assert "Kind(" not in text  # as an object, where the base page shows what was just done


def test_the_page_asks_for_the_last_load_alone(queries: Any) -> None:
    browser = staffed_commune().client("administrator")
    browser.get(PAGE)
    small, large = (queries(lambda kind=kind: browser.get(PAGE, {"loai": kind})) for kind in ("xa", "tinh"))
    assert small == large <= 5
