"""The page of templates and messages: what it shows is what the program has, and each sample is a real print."""

from __future__ import annotations

from typing import Any

import pytest

from haicap.domain.dossiers import papers
from haicap.domain.dossiers.tests.factories import staffed_commune
from haicap.domain.people.commands.organisation_template import LEVEL_OF, read_template
from haicap.domain.people.models import Handover, Official
from haicap.domain.people.papers import calculation, completion, requests
from haicap.flows import name_papers, paper_samples
from haicap.flows.handing_over import sheet
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


def test_each_other_paper_is_made_by_the_function_of_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    staff = staffed_commune()
    browser, printed = staff.client("administrator"), []
    for module in (calculation, completion, requests, sheet, name_papers):
        monkeypatch.setattr(module, "render", lambda _template, data, *, made_at: printed.append(data) or b"%PDF-")
    for form in paper_samples.SAMPLES:
        answer = browser.get(f"{PAGE}giay/{form}.pdf")
        assert (answer.status_code, answer.content) == (200, b"%PDF-"), form
    assert len(printed) == len(paper_samples.SAMPLES) == 6
    assert all(data["synthetic"] for data in printed)
    assert all("chiềng an" in str(data["head"]["agency"]).casefold() for data in printed)
    amounts = next(data for data in printed if "rows" in data and "total" in data)
    assert amounts["rows"] and not amounts["problems"]
    assert staff.unit.name in str(printed) and not Handover.objects.exists() and not Official.objects.exists()
    assert "Biên bản bàn giao công việc" in browser.get(PAGE).content.decode()


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
