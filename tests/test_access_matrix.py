"""Who may open what: every address of the house stands in one table, and each is tried by those who may and may not.

A view or an operation of the API without a row fails the first test. What nobody may know of another unit's dossiers
answers as if it were not there.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from ninja import Router

from haicap.domain.dossiers.tests.factories import (
    APPLICANT,
    BIRTH,
    PASSWORD,
    POSTS_SINCE,
    Staff,
    answers_for,
    received,
    signed_in,
    staffed_commune,
    staffed_province,
)
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands import appoint, hash_password, open_account
from haicap.domain.people.commands.headcount.cases import CaseFacts, record_cases
from haicap.domain.people.commands.officials import OfficialFacts, record_officials
from haicap.domain.people.models import Agency, Assignment, Handover, Official
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.streamlining_rules import Scheme
from haicap.interfaces.api.v1 import api
from haicap.kernel import clock
from haicap.kernel.files.commands import store
from haicap.kernel.scope import entered

COMMUNE, NEIGHBOUR = "03664", "03679"  # two wards of Sơn La
EVERYBODY = frozenset(
    {"counter", "case_officer", "head", "chair", "clerk", "administrator", "operations", "department"}
)
IN_A_COMMUNE = EVERYBODY - {"operations", "department"}
COUNTER, ADMINISTRATORS = frozenset({"counter"}), frozenset({"administrator"})
STAFF_READERS = frozenset({"administrator", "chair", "head"})
SEE_HEADCOUNT = frozenset({"administrator", "chair", "operations"})
HANDLERS = IN_A_COMMUNE - ADMINISTRATORS  # who may be named to settle a denunciation
ASKED = frozenset({"counter", "head", "chair"})  # whom a person asks about their data
WORKERS = EVERYBODY - ADMINISTRATORS
"""Who may see an applicant's data whole where they are at work: `tests/test_personal_data.py` says where."""
PUBLIC = "public"
RECEIPT = {"procedure": BIRTH, "unit": COMMUNE, "applicant": dict(APPLICANT)}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Row:
    """`who` may open it; `at` is an address to try, with `{code}`, `{file}` of a dossier where it belongs to one."""

    who: frozenset[str] | str
    at: str
    method: str = "GET"
    answer: int = 200  # what those who may get; a form posted empty is refused for its content, not for its sender
    province: bool = False  # only where the post is in a province

    def lets_in(self, role: str, *, province: bool) -> bool:
        """Whether somebody in this role may, in a commune or in the province."""
        return role in self.who and (province or not self.province)

    @property
    def is_of_a_unit(self) -> bool:
        """It shows or changes something that one unit alone knows of."""
        return self.who != PUBLIC and "{" in self.at

    @property
    def is_ones_own(self) -> bool:
        """Of one's own account: open to whoever has signed in, with a post or without."""
        return self.at.startswith("/tai-khoan/")


PAGES: Mapping[str, Row] = {
    "interfaces.portal.views.home": Row(PUBLIC, "/"),
    "interfaces.portal.views.robots": Row(PUBLIC, "/robots.txt"),
    "interfaces.portal.views.security_txt": Row(PUBLIC, "/.well-known/security.txt"),
    "interfaces.operations.views.healthz": Row(PUBLIC, "/healthz"),
    "interfaces.operations.views.readyz": Row(PUBLIC, "/readyz", answer=503),  # no worker runs in tests
    "interfaces.operations.views.metrics": Row(PUBLIC, "/metrics"),
    "interfaces.api.views.docs": Row(PUBLIC, "/api/v1/docs"),
    "interfaces.api.views.problem": Row(PUBLIC, "/api/problems/not_found"),
    "interfaces.api.views.nowhere": Row(PUBLIC, "/api/khong-co", answer=404),
    "domain.procedures.web.catalogue.catalogue": Row(PUBLIC, "/thu-tuc/"),
    "domain.procedures.web.catalogue.procedure": Row(PUBLIC, "/thu-tuc/1.001193/"),
    "domain.units.web.units.find": Row(PUBLIC, "/don-vi/"),
    "domain.units.web.units.unit": Row(PUBLIC, f"/don-vi/{COMMUNE}/"),
    "domain.units.web.reorganisation.nation": Row(PUBLIC, "/don-vi/sap-xep/"),
    "domain.units.web.reorganisation.province": Row(PUBLIC, "/don-vi/14/sap-xep/"),
    "domain.units.web.downloads.nation_csv": Row(PUBLIC, "/don-vi/sap-xep.csv"),
    "domain.units.web.downloads.nation_json": Row(PUBLIC, "/don-vi/sap-xep.json"),
    "domain.units.web.downloads.province_csv": Row(PUBLIC, "/don-vi/14/sap-xep.csv"),
    "domain.units.web.downloads.province_json": Row(PUBLIC, "/don-vi/14/sap-xep.json"),
    "domain.people.web.organisation.chart": Row(PUBLIC, f"/don-vi/{COMMUNE}/to-chuc/"),
    "domain.units.web.addresses.ask": Row(PUBLIC, "/dia-chi/?q=Chieng+Den,+Son+La"),
    "domain.units.web.addresses.many": Row(PUBLIC, "/dia-chi/danh-sach/", "POST", 422),
    "domain.units.web.addresses.send": Row(PUBLIC, "/dia-chi/tep/", "POST", 422),
    "domain.units.web.addresses.file": Row(PUBLIC, "/dia-chi/tep/khong-co/", answer=404),
    "domain.units.web.addresses.result": Row(PUBLIC, "/dia-chi/tep/khong-co/ket-qua.csv", answer=404),
    "domain.units.web.addresses.report": Row(PUBLIC, "/dia-chi/tep/khong-co/bao-cao.csv", answer=404),
    "domain.units.web.addresses.forget": Row(PUBLIC, "/dia-chi/tep/khong-co/xoa/", "POST", 404),
    "domain.dossiers.web.tracking.find": Row(PUBLIC, "/tra-cuu/"),
    "domain.dossiers.web.tracking.show": Row(PUBLIC, "/tra-cuu/{code}/"),
    "domain.people.web.views.sign_in_page": Row(PUBLIC, "/dang-nhap/"),
    "domain.people.web.second_step.code_page": Row(PUBLIC, "/dang-nhap/ma/", answer=302),  # after the password alone
    "domain.people.web.passkey_doors.passkey_page": Row(PUBLIC, "/dang-nhap/khoa/", "POST", 422),
    "domain.people.web.passkey_doors.challenge": Row(PUBLIC, "/dang-nhap/khoa/thach-thuc/"),
    "domain.people.web.views.sign_out_page": Row(PUBLIC, "/dang-xuat/", "POST", 302),
    "domain.people.web.views.language_page": Row(PUBLIC, "/ngon-ngu/", "POST", 302),
    "domain.people.web.openid.begin": Row(PUBLIC, "/dang-nhap/dinh-danh/khong-co/", answer=404),
    "domain.people.web.openid.come_back": Row(PUBLIC, "/dang-nhap/dinh-danh/khong-co/tra-ve/", answer=404),
    "domain.people.web.own_identities.go": Row(PUBLIC, "/dang-nhap/dinh-danh/khong-co/lien-ket/", answer=302),
    "domain.people.web.own_identities.begin_link": Row(EVERYBODY, "/tai-khoan/dinh-danh/", "POST", 422),
    "domain.people.web.own_identities.unlink": Row(EVERYBODY, "/tai-khoan/dinh-danh/0/xoa/", "POST", 422),
    "domain.people.web.own_account.own_account": Row(EVERYBODY, "/tai-khoan/"),
    "domain.people.web.own_account.begin_second_factor": Row(EVERYBODY, "/tai-khoan/xac-thuc/", "POST", 422),
    "domain.people.web.own_account.confirm_second_factor": Row(EVERYBODY, "/tai-khoan/xac-thuc/bat/", "POST", 422),
    "domain.people.web.own_account.end_second_factor": Row(EVERYBODY, "/tai-khoan/xac-thuc/tat/", "POST", 422),
    "domain.people.web.first_steps.owed": Row(EVERYBODY, "/tai-khoan/buoc-dau/", answer=302),  # nothing is owed
    "domain.people.web.own_passkeys.begin": Row(EVERYBODY, "/tai-khoan/khoa/", "POST", 422),
    "domain.people.web.own_passkeys.add": Row(EVERYBODY, "/tai-khoan/khoa/them/", "POST", 422),
    "domain.people.web.own_passkeys.remove": Row(EVERYBODY, "/tai-khoan/khoa/0/xoa/", "POST", 422),
    "domain.people.web.own_account.renew_codes": Row(EVERYBODY, "/tai-khoan/ma-khoi-phuc/", "POST", 422),
    "domain.people.web.own_account.end_pass": Row(EVERYBODY, "/tai-khoan/phien/0/ket-thuc/", "POST", 404),
    "domain.people.web.own_account.end_others": Row(EVERYBODY, "/tai-khoan/phien-khac/ket-thuc/", "POST", 302),
    "domain.people.web.own_account.refuse_reset": Row(EVERYBODY, "/tai-khoan/khoi-phuc/0/tu-choi/", "POST", 404),
    "domain.people.web.own_account.new_password": Row(EVERYBODY, "/tai-khoan/mat-khau/", "POST", 422),
    "domain.dossiers.web.worklist.my_work": Row(EVERYBODY, "/desk/"),
    "domain.dossiers.web.allotment.divided_work": Row(EVERYBODY, "/desk/ho-so-chia-tach/"),
    "domain.dossiers.web.lists.find": Row(EVERYBODY, "/desk/tim/?q=mai"),
    "domain.dossiers.web.lists.all_dossiers": Row(EVERYBODY, "/desk/ho-so/"),
    "domain.dossiers.web.case.dossier": Row(EVERYBODY, "/desk/ho-so/{code}/"),
    "domain.dossiers.web.case.move": Row(EVERYBODY, "/desk/ho-so/{code}/withdraw/", "POST", 422),
    "domain.dossiers.web.case.show": Row(WORKERS, "/desk/ho-so/{code}/hien-day-du/", "POST"),
    "domain.dossiers.web.people.looks": Row(ASKED, "/desk/ho-so/{code}/nguoi-xem/"),
    "domain.dossiers.web.people.person": Row(ASKED, "/desk/du-lieu-ca-nhan/"),
    "domain.dossiers.web.slips.slip": Row(WORKERS, "/desk/ho-so/{code}/phieu/tiep-nhan/"),
    "domain.dossiers.web.counter.receive_page": Row(COUNTER, "/desk/tiep-nhan/?thu-tuc=1.001193"),
    "domain.dossiers.web.counter.applicant": Row(COUNTER, "/desk/tiep-nhan/nguoi-nop/", "POST"),
    "domain.dossiers.web.counter.summary": Row(COUNTER, "/desk/tiep-nhan/tom-tat/", "POST"),
    "kernel.files.web.upload": Row(EVERYBODY, "/desk/tep/", "POST", 422),
    "kernel.files.web.download": Row(EVERYBODY, "/desk/tep/{file}/"),
    "interfaces.administration.home.home": Row(ADMINISTRATORS, "/quan-tri/"),
    "interfaces.administration.views.uncertain_facts": Row(ADMINISTRATORS, "/quan-tri/chua-kiem-chung/"),
    "domain.people.web.support.overview": Row(frozenset({"administrator", "chair"}), "/quan-tri/ho-tro/"),
    "domain.people.web.support.grant": Row(frozenset({"administrator", "chair"}), "/quan-tri/ho-tro/0/", answer=404),
    "domain.people.web.support.decide": Row(
        frozenset({"administrator", "chair"}), "/quan-tri/ho-tro/0/tra-loi/", "POST", 404
    ),
    "domain.people.web.support.end": Row(
        frozenset({"administrator", "chair"}), "/quan-tri/ho-tro/0/ket-thuc/", "POST", 404
    ),
    "interfaces.administration.quarantine.quarantine": Row(ADMINISTRATORS, "/quan-tri/tep-cach-ly/"),
    "interfaces.administration.template_page.templates": Row(ADMINISTRATORS, "/quan-tri/mau/"),
    "interfaces.administration.template_page.sample": Row(ADMINISTRATORS, "/quan-tri/mau/giay/03.pdf"),
    "interfaces.administration.organisation_template.load": Row(
        ADMINISTRATORS, "/quan-tri/mau/to-chuc/", province=True
    ),
    "interfaces.administration.organisation_template.confirm": Row(
        ADMINISTRATORS, "/quan-tri/mau/to-chuc/ghi/", "POST", 422, province=True
    ),
    "interfaces.administration.organisation_template.file": Row(
        ADMINISTRATORS, "/quan-tri/mau/to-chuc/0.yaml", province=True
    ),
    "interfaces.administration.permissions.permissions": Row(EVERYBODY, "/quan-tri/quyen/"),
    "domain.people.web.staff.accounts": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/"),
    "domain.people.web.staff.new_account": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/moi/"),
    "domain.people.web.staff.account": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/"),
    "domain.people.web.staff.appoint": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/bo-nhiem/", "POST", 422),
    "domain.people.web.staff.end_post": Row(  # the account has no such post
        ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/thoi/0/", "POST", 404
    ),
    "domain.people.web.staff.reset_password": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/mat-khau/", "POST"),
    "domain.people.web.staff.close": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/khoa/", "POST", 302),
    "domain.people.web.staff.reopen": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/mo-lai/", "POST", 302),
    "domain.people.web.safety.safety": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/an-toan/"),
    "domain.people.web.safety.ask": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/{account}/xac-thuc/", "POST", 422),
    "domain.people.web.safety.confirm": Row(  # there is no such request
        ADMINISTRATORS, "/quan-tri/nguoi-dung/an-toan/0/xac-nhan/", "POST", 404
    ),
    "domain.people.web.safety.refuse": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/an-toan/0/tu-choi/", "POST", 404),
    "domain.people.web.roster.upload": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/bang/"),
    "domain.people.web.roster.template": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/bang/mau.xlsx"),
    "domain.people.web.roster.confirm": Row(ADMINISTRATORS, "/quan-tri/nguoi-dung/bang/ghi/", "POST", 422),
    "domain.people.web.contacts.contacts": Row(ADMINISTRATORS, "/quan-tri/lien-he/"),
    "domain.people.web.contacts.save_contact": Row(ADMINISTRATORS, "/quan-tri/lien-he/{agency}/", "POST", 302),
    "domain.voice.web.denunciations.index": Row(HANDLERS, "/desk/to-cao/"),
    "domain.voice.web.denunciations.new": Row(frozenset({"chair", "clerk"}), "/desk/to-cao/moi/", "POST", 422),
    "domain.voice.web.denunciations.show": Row(HANDLERS, "/desk/to-cao/TC.0/", answer=404),
    "domain.voice.web.denunciations.identity": Row(HANDLERS, "/desk/to-cao/TC.0/nguoi-to-cao/", "POST", 404),
    "domain.voice.web.denunciations.give": Row(HANDLERS, "/desk/to-cao/TC.0/giao/", "POST", 404),
    "domain.voice.web.denunciations.move": Row(HANDLERS, "/desk/to-cao/TC.0/thu-ly/", "POST", 404),
    "domain.people.web.training.own.mine": Row(EVERYBODY, "/desk/lop-hoc/"),
    "domain.people.web.training.own.paper": Row(EVERYBODY, "/desk/lop-hoc/chung-nhan/0.pdf", answer=404),
    "domain.people.web.training.own.verify": Row(PUBLIC, "/chung-nhan/KHONGCO/", answer=404),
    "domain.people.web.training.classes.index": Row(ADMINISTRATORS, "/quan-tri/dao-tao/"),
    "domain.people.web.training.classes.new": Row(ADMINISTRATORS, "/quan-tri/dao-tao/lop/moi/"),
    "domain.people.web.training.classes.show": Row(ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/", answer=404),
    "domain.people.web.training.classes.mark": Row(ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/diem-danh/", "POST", 404),
    "domain.people.web.training.classes.cancel": Row(ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/huy/", "POST", 404),
    "domain.people.web.training.classes.certify": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/chung-nhan/", "POST", 404
    ),
    "domain.people.web.training.classes.withdraw": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/chung-nhan/thu-hoi/", "POST", 404
    ),
    "domain.people.web.training.classes.take_out": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/bo-ghi-danh/", "POST", 404
    ),
    "domain.people.web.training.learners.propose": Row(ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/ghi-danh/", answer=404),
    "domain.people.web.training.learners.enrol": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/lop/0/ghi-danh/ghi/", "POST", 404
    ),
    "domain.people.web.training.competence.matrix": Row(ADMINISTRATORS, "/quan-tri/dao-tao/nang-luc/"),
    "domain.people.web.training.competence.people": Row(ADMINISTRATORS, "/quan-tri/dao-tao/nang-luc/danh-sach/"),
    "domain.people.web.training.topics.topics": Row(ADMINISTRATORS, "/quan-tri/dao-tao/chuyen-de/"),
    "domain.people.web.training.topics.save": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/chuyen-de/ghi/", "POST", 422, province=True
    ),
    "domain.people.web.training.topics.retire": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/chuyen-de/0/thoi/", "POST", 422, province=True
    ),
    "domain.people.web.training.topics.add_need": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/chuyen-de/0/vi-tri/", "POST", 422, province=True
    ),
    "domain.people.web.training.topics.remove_need": Row(
        ADMINISTRATORS, "/quan-tri/dao-tao/chuyen-de/vi-tri/0/bo/", "POST", 422, province=True
    ),
    "domain.people.web.training.importing.upload": Row(ADMINISTRATORS, "/quan-tri/dao-tao/nap/"),
    "domain.people.web.training.importing.confirm": Row(ADMINISTRATORS, "/quan-tri/dao-tao/nap/ghi/", "POST", 422),
    "domain.people.web.training.importing.template": Row(ADMINISTRATORS, "/quan-tri/dao-tao/nap/mau-lop.xlsx"),
    "domain.people.web.signing.standing.standing": Row(ADMINISTRATORS, "/quan-tri/chung-thu/"),
    "domain.people.web.signing.register.index": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/"),
    "domain.people.web.signing.register.new": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/moi/"),
    "domain.people.web.signing.register.send": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/gui/", "POST", 422),
    "domain.people.web.signing.register.answers": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/tra-loi/", "POST", 422),
    "domain.people.web.signing.register.export": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/de-nghi.xlsx"),
    "domain.people.web.signing.register.show": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/0/", answer=404),
    "domain.people.web.signing.register.withdraw": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/0/rut/", "POST", 404),
    "domain.people.web.signing.register.revoke": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/0/thu-hoi/", "POST", 404),
    "domain.people.web.signing.register.bring_file": Row(ADMINISTRATORS, "/quan-tri/chung-thu/so/0/tep/", "POST", 404),
    "domain.people.web.signing.trust.index": Row(ADMINISTRATORS, "/quan-tri/chung-thu/noi-cap/"),
    "domain.people.web.signing.trust.look": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/noi-cap/xem/", "POST", 422, province=True
    ),
    "domain.people.web.signing.trust.trust": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/noi-cap/nhan/", "POST", 422, province=True
    ),
    "domain.people.web.signing.trust.take_list": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/noi-cap/danh-sach/", "POST", 422, province=True
    ),
    "domain.people.web.signing.trust.distrust": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/noi-cap/0/bo/", "POST", 404, province=True
    ),
    "domain.people.web.signing.devices.index": Row(ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/"),
    "domain.people.web.signing.devices.add": Row(ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/them/", "POST", 422),
    "domain.people.web.signing.devices.show": Row(ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/0/", answer=404),
    "domain.people.web.signing.devices.hand_over": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/0/giao/", "POST", 404
    ),
    "domain.people.web.signing.devices.take_back": Row(
        ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/0/tra/", "POST", 404
    ),
    "domain.people.web.signing.devices.lost": Row(ADMINISTRATORS, "/quan-tri/chung-thu/thiet-bi/0/mat/", "POST", 404),
    "domain.people.web.officials.officials": Row(STAFF_READERS, "/quan-tri/can-bo/"),
    "domain.people.web.officials.vacant_posts": Row(STAFF_READERS, "/quan-tri/can-bo/vi-tri-trong/"),
    "domain.people.web.officials.new_official": Row(ADMINISTRATORS, "/quan-tri/can-bo/moi/"),
    "domain.people.web.officials.official": Row(STAFF_READERS, "/quan-tri/can-bo/{official}/"),
    "domain.people.web.officials.correct": Row(ADMINISTRATORS, "/quan-tri/can-bo/{official}/sua/", "POST", 422),
    "domain.people.web.officials.assign": Row(ADMINISTRATORS, "/quan-tri/can-bo/{official}/phan-cong/", "POST", 422),
    "domain.people.web.officials.authorise": Row(ADMINISTRATORS, "/quan-tri/can-bo/{official}/uy-quyen/", "POST", 422),
    "domain.people.web.officials.deputise": Row(ADMINISTRATORS, "/quan-tri/can-bo/{official}/vang-mat/", "POST", 422),
    "domain.people.web.lending.lending": Row(EVERYBODY, "/desk/uy-quyen/"),
    "domain.people.web.lending.lend": Row(frozenset({"chair"}), "/desk/uy-quyen/giao/", "POST", 422),
    "domain.people.web.lending.end": Row(frozenset({"chair"}), "/desk/uy-quyen/0/ket-thuc/", "POST", 422),
    "domain.people.web.officials.end_standing_in": Row(
        ADMINISTRATORS, "/quan-tri/can-bo/{official}/thay/0/", "POST", 422
    ),
    "domain.people.web.officials.withdraw": Row(  # it has begun
        ADMINISTRATORS, "/quan-tri/can-bo/vi-tri/{assignment}/huy/", "POST", 404
    ),
    "domain.people.web.officials.own_record": Row(EVERYBODY, "/tai-khoan/ho-so/"),
    "interfaces.administration.staff_changes.end_assignment": Row(
        ADMINISTRATORS, "/quan-tri/can-bo/vi-tri/{assignment}/thoi/", "POST", 422
    ),
    "interfaces.administration.staff_changes.leave": Row(
        ADMINISTRATORS, "/quan-tri/can-bo/{official}/thoi-viec/", "POST", 422
    ),
    "interfaces.administration.staff_changes.sheet": Row(STAFF_READERS, "/quan-tri/can-bo/ban-giao/{handover}.pdf"),
    "interfaces.administration.staff_changes.own_sheet": Row(EVERYBODY, "/tai-khoan/ban-giao/0.pdf", answer=404),
    "interfaces.administration.name_papers.choose": Row(STAFF_READERS, "/quan-tri/can-bo/the-ten/"),
    "interfaces.administration.name_papers.badges": Row(
        STAFF_READERS, f"/quan-tri/can-bo/the-ten/the.pdf?don-vi={COMMUNE}"
    ),
    "interfaces.administration.name_papers.signs": Row(  # its organisation is not loaded
        STAFF_READERS, f"/quan-tri/can-bo/the-ten/bien.pdf?don-vi={COMMUNE}", answer=404
    ),
    "domain.people.web.headcount.staffing.overview": Row(SEE_HEADCOUNT, "/quan-tri/bien-che/?ngay=x", answer=422),
    "domain.people.web.headcount.staffing.unit": Row(SEE_HEADCOUNT, f"/quan-tri/bien-che/{COMMUNE}/"),
    "domain.people.web.headcount.staffing.people": Row(SEE_HEADCOUNT, f"/quan-tri/bien-che/{COMMUNE}/nguoi/"),
    "domain.people.web.headcount.staffing.download": Row(SEE_HEADCOUNT, "/quan-tri/bien-che/tai.csv"),
    "domain.people.web.headcount.tables.upload": Row(ADMINISTRATORS, "/quan-tri/bien-che/nap/tinh-gian/"),
    "domain.people.web.headcount.tables.template": Row(ADMINISTRATORS, "/quan-tri/bien-che/nap/tinh-gian/mau.csv"),
    "domain.people.web.headcount.tables.confirm": Row(
        ADMINISTRATORS, "/quan-tri/bien-che/nap/tinh-gian/ghi/", "POST", 422
    ),
    "domain.people.web.headcount.cases.cases": Row(SEE_HEADCOUNT, "/quan-tri/bien-che/tinh-gian/"),
    "domain.people.web.headcount.cases.new_case": Row(ADMINISTRATORS, "/quan-tri/bien-che/tinh-gian/moi/"),
    "domain.people.web.headcount.cases.case": Row(SEE_HEADCOUNT, "/quan-tri/bien-che/tinh-gian/{case}/"),
    "domain.people.web.headcount.cases.paper": Row(SEE_HEADCOUNT, "/quan-tri/bien-che/tinh-gian/{case}/bang-tinh.pdf"),
    "domain.people.web.headcount.cases.step": Row(
        ADMINISTRATORS, "/quan-tri/bien-che/tinh-gian/{case}/quyet-dinh/", "POST", 422
    ),
    "domain.people.web.headcount.service_units.service_units": Row(
        SEE_HEADCOUNT, "/quan-tri/bien-che/don-vi-su-nghiep/"
    ),
    "interfaces.administration.retention.retention": Row(ADMINISTRATORS, "/quan-tri/luu-giu/"),
    "interfaces.administration.calendar.working_calendar_page": Row(ADMINISTRATORS, "/quan-tri/lich/"),
    "interfaces.administration.calendar.calendar_day": Row(ADMINISTRATORS, "/quan-tri/lich/ngay/", province=True),
    "interfaces.administration.calendar.remove_calendar_day": Row(  # the province has no such day
        ADMINISTRATORS, "/quan-tri/lich/ngay/2027-02-04/bo/", "POST", 404, province=True
    ),
    "interfaces.administration.calendar.opening_hours": Row(ADMINISTRATORS, "/quan-tri/lich/gio/", province=True),
    "interfaces.administration.calendar.take_hours_back": Row(
        ADMINISTRATORS, "/quan-tri/lich/gio/2099-01-01/rut/", "POST", 404, province=True
    ),
    "interfaces.administration.queue.messages": Row(ADMINISTRATORS, "/quan-tri/hang-doi/"),
    "interfaces.administration.queue.message": Row(ADMINISTRATORS, "/quan-tri/hang-doi/{message}/"),
    "interfaces.administration.queue.try_again": Row(
        ADMINISTRATORS, "/quan-tri/hang-doi/{message}/gui-lai/", "POST", 302
    ),
    "interfaces.administration.queue.give_up": Row(ADMINISTRATORS, "/quan-tri/hang-doi/{message}/thoi/", "POST", 422),
    "interfaces.administration.queue.receivers": Row(ADMINISTRATORS, "/quan-tri/hang-doi/noi-nhan/", province=True),
    "interfaces.administration.queue.renew_secret": Row(  # there is no such receiver
        ADMINISTRATORS, "/quan-tri/hang-doi/noi-nhan/0/khoa/", "POST", 404, province=True
    ),
    "interfaces.administration.queue.switch_receiver": Row(
        ADMINISTRATORS, "/quan-tri/hang-doi/noi-nhan/0/gui/", "POST", 404, province=True
    ),
    "interfaces.administration.units.units": Row(ADMINISTRATORS, "/quan-tri/don-vi/"),
    "interfaces.administration.units.load": Row(ADMINISTRATORS, "/quan-tri/don-vi/nghi-quyet/", province=True),
    "interfaces.administration.units.carried": Row(  # of another province
        ADMINISTRATORS, "/quan-tri/don-vi/nghi-quyet/co-san/24-bac-ninh-phuong.yaml/", answer=404, province=True
    ),
    "interfaces.administration.units.apply": Row(
        ADMINISTRATORS, "/quan-tri/don-vi/nghi-quyet/ap-dung/", "POST", 422, province=True
    ),
    "interfaces.administration.units.undo": Row(  # no resolution has this number
        ADMINISTRATORS, "/quan-tri/don-vi/nghi-quyet/0/hoan-tac/", "POST", 404, province=True
    ),
    "interfaces.administration.procedures.procedures": Row(ADMINISTRATORS, "/quan-tri/thu-tuc/"),
    "interfaces.administration.procedures.procedure": Row(ADMINISTRATORS, "/quan-tri/thu-tuc/1.001193/"),
    "interfaces.administration.procedures.load": Row(ADMINISTRATORS, "/quan-tri/thu-tuc/nap/", province=True),
    "interfaces.administration.procedures.confirm": Row(
        ADMINISTRATORS, "/quan-tri/thu-tuc/nap/ghi/", "POST", 422, province=True
    ),
    "interfaces.administration.procedures.template": Row(
        ADMINISTRATORS, "/quan-tri/thu-tuc/nap/danh-muc.xlsx", province=True
    ),
    "interfaces.administration.health.system_health": Row(ADMINISTRATORS, "/quan-tri/suc-khoe/", province=True),
    "interfaces.administration.jobs.jobs": Row(ADMINISTRATORS, "/quan-tri/cong-viec/", province=True),
    "interfaces.administration.jobs.job": Row(ADMINISTRATORS, "/quan-tri/cong-viec/seal/", province=True),
    "interfaces.administration.jobs.run_now": Row(
        ADMINISTRATORS, "/quan-tri/cong-viec/seal/chay/", "POST", 302, province=True
    ),
    "domain.people.web.providers.providers": Row(ADMINISTRATORS, "/quan-tri/dinh-danh/"),
    "domain.people.web.providers.switch": Row(
        ADMINISTRATORS, "/quan-tri/dinh-danh/khong-co/", "POST", 404, province=True
    ),
    "interfaces.administration.reorganisations.reorganisations": Row(
        frozenset({"administrator", "operations"}), "/quan-tri/sap-xep/"
    ),
    "interfaces.administration.reorganisations.certificate": Row(  # no resolution has this number
        frozenset({"administrator", "operations"}), "/quan-tri/sap-xep/0/giay-chung-nhan.json", answer=404
    ),
    "kernel.web.gallery.gallery": Row(EVERYBODY, "/quan-tri/thanh-phan/"),
}
# What ninja adds of its own, and the door before its list of dossiers, which the operations' rows try.
SHELL = {"ninja.openapi.views.openapi_json", "ninja.openapi.views.default_home", "interfaces.api.urls.dossiers"}
OPERATIONS: Mapping[str, Row] = {
    "GET /units": Row(PUBLIC, "/api/v1/units"),
    "GET /units/resolve": Row(PUBLIC, "/api/v1/units/resolve?address=Chieng+Den,+Son+La"),
    "POST /units/resolve": Row(PUBLIC, "/api/v1/units/resolve", "POST", 422),
    "GET /units/{code}": Row(PUBLIC, f"/api/v1/units/{COMMUNE}"),
    "GET /units/{code}/lineage": Row(PUBLIC, f"/api/v1/units/{COMMUNE}/lineage"),
    "GET /procedures": Row(PUBLIC, "/api/v1/procedures"),
    "GET /procedures/{code}": Row(PUBLIC, "/api/v1/procedures/1.001193"),
    "GET /procedures/{code}/competence": Row(PUBLIC, f"/api/v1/procedures/1.001193/competence?at={COMMUNE}"),
    "GET /track/{code}": Row(PUBLIC, "/api/v1/track/{code}"),
    "GET /dossiers": Row(EVERYBODY, "/api/v1/dossiers"),
    "POST /dossiers": Row(COUNTER, "/api/v1/dossiers", "POST", 201),
    "GET /divided-dossiers": Row(EVERYBODY, "/api/v1/divided-dossiers"),
    "GET /dossiers/{code}": Row(EVERYBODY, "/api/v1/dossiers/{code}"),
    "GET /dossiers/{code}/slips/{form}.pdf": Row(WORKERS, "/api/v1/dossiers/{code}/slips/receipt.pdf"),
    "GET /dossiers/{code}/files/{int:file_id}": Row(WORKERS, "/api/v1/dossiers/{code}/files/{file}"),
    "POST /dossiers/{code}/reveal": Row(WORKERS, "/api/v1/dossiers/{code}/reveal", "POST"),
    "POST /dossiers/{code}/transitions/{name}": Row(
        EVERYBODY, "/api/v1/dossiers/{code}/transitions/withdraw", "POST", 422
    ),
    "POST /files": Row(EVERYBODY, "/api/v1/files", "POST", 422),
}
ROWS = {**PAGES, **OPERATIONS}
CLOSED = [name for name, row in ROWS.items() if row.who != PUBLIC]
OF_A_UNIT = [name for name, row in ROWS.items() if row.is_of_a_unit]


def _views(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            yield pattern.callback


def _name(view: Any) -> str:
    view = view.func if isinstance(view, functools.partial) else view
    return f"{view.__module__}.{view.__qualname__}".removeprefix("haicap.")


def _pages() -> dict[str, Any]:
    """Every view but those that ninja makes for operations, by name."""
    return {
        name: view
        for view in _views(get_resolver())
        if not (name := _name(view)).startswith("ninja.operation.PathView.")
    }


def _operations() -> set[str]:
    """Every operation of the API, also those that its description leaves out."""
    return {
        f"{method} {prefix}{address}"
        for prefix, router in api._routers
        for address, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


@dataclass(frozen=True)
class Office:
    """Two wards and their province, a dossier of the first with a file, and everybody's browser."""

    here: Staff
    there: Staff
    province: Staff
    code: str
    file: int
    agency: int
    message: int
    """What the dossier's receipt put into the outbox."""
    account: int
    """Of somebody of the first ward by whom nothing else is tried."""
    official: int
    """Their staff record, with `assignment`, from which `handover` tells what went."""
    assignment: int
    handover: int
    case: int
    """A proposed case of streamlining of the first ward."""
    ended: str
    """The sign-in name of somebody who held every post of the first ward until today."""

    def client(self, role: str, *, province: bool = False) -> Client:
        """The browser of somebody of the first ward, or of the province where only it has such a post."""
        return (self.province if province or role in {"operations", "department"} else self.here).client(role)

    def ask(self, client: Client, row: Row) -> Any:
        """Send the row's request."""
        address = row.at.format(code=self.code, file=self.file, account=self.account, agency=self.agency,
                                official=self.official, assignment=self.assignment, handover=self.handover,
                                case=self.case, message=self.message)  # fmt: skip
        if row.method == "GET":
            return client.get(address)
        if "/api/" in address and not address.endswith("/files"):
            body = RECEIPT | {"form": answers_for(BIRTH)} if address == "/api/v1/dossiers" else {}
            return client.post(address, data=body, content_type="application/json")
        return client.post(address)


def _somebody_else(here: Staff) -> int:
    account = open_account(name="nguoi-khac", full_name="Lường Văn Khác", password_hash="!", synthetic=True)
    appoint(
        account=account, agency=Agency.objects.get(unit=here.unit, kind="office"), role="clerk", valid_from=POSTS_SINCE
    )
    return account.pk


def _staff_record(here: Staff, account_id: int) -> tuple[int, int, int]:
    """Somebody's record, an assignment and a sheet: numbers of each."""
    with entered(here.administrator):
        official = Official.objects.create(unit=here.unit, account_id=account_id, full_name="Lường Văn Khác",
                                           staff_kind="civil_servant")  # fmt: skip
        assignment = Assignment.objects.create(
            official=official, unit=here.unit, block="committee", body_key="office", post_key="officer", kind="primary",
            decision_number="1", decision_date=POSTS_SINCE, valid_from=POSTS_SINCE,
        )  # fmt: skip
        handover = Handover.objects.create(
            unit=here.unit, giver_id=account_id, taker_id=here.clerk.account_id, giver_post="x", taker_post="y",
            day=POSTS_SINCE, reason="Lường Văn Khác", done_at=clock.now(),
        )  # fmt: skip
    return official.pk, assignment.pk, handover.pk


def _case(here: Staff) -> int:
    facts = OfficialFacts(here.unit, "Lường Văn Khác", StaffKind.CIVIL_SERVANT, born_on=date(1966, 3, 1), female=False,
                          insured_from=date(1992, 1, 1), salary=9_000_000)  # fmt: skip
    with entered(here.administrator):
        (official,) = record_officials(actor=here.administrator, people=[facts])
        asked = CaseFacts(official, Scheme.EARLY_RETIREMENT, date(2025, 7, 1), date(2025, 6, 16))
        return record_cases(reach_of(here.administrator), [asked])[0].pk


def _somebody_of_yesterday(here: Staff) -> str:
    account = open_account(
        name="hom-qua", full_name="Lường Văn Hôm", password_hash=hash_password(PASSWORD), synthetic=True
    )
    for agency in Agency.objects.filter(unit=here.unit):
        for role in sorted(EVERYBODY):
            appoint(account=account, agency=agency, role=role, valid_from=POSTS_SINCE, valid_to=clock.today())
    forget_actors()
    return account.name


@pytest.fixture(scope="module")
def office(module_database: str) -> Iterator[Office]:
    here, there, province = staffed_commune(COMMUNE), staffed_commune(NEIGHBOUR), staffed_province()
    with entered(here.counter):
        kept = store(actor=here.counter, stream=iter([PDF]), name="giấy chứng sinh.pdf", at=clock.now())
    files = [{"file": kept.digest, "name": "giấy chứng sinh.pdf", "paper": ""}]
    code = received(here.counter, attachments=files).code
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM files_attachment")
        ((file,),) = cursor.fetchall()
        cursor.execute("SELECT id FROM outbox_message WHERE key LIKE %s", [f"%{code}%"])
        ((message,),) = cursor.fetchall()
    center = Agency.objects.get(unit=here.unit, kind="center").pk
    account = _somebody_else(here)
    record = _staff_record(here, account)
    yield Office(
        here, there, province, code, file, center, message, account, *record, _case(here), _somebody_of_yesterday(here)
    )
    connections.close_all()


def _without_a_row() -> set[str]:
    """Views and operations that this table forgot."""
    return (set(_pages()) - SHELL - set(PAGES)) | (_operations() - set(OPERATIONS))


def test_every_address_has_a_row():
    assert _without_a_row() == set(), "give each new view a row in PAGES, each operation one in OPERATIONS"
    assert set(PAGES) <= set(_pages()), "take rows out whose view is gone"
    assert set(OPERATIONS) <= _operations(), "take rows out whose operation is gone"


def test_what_views_say_is_what_the_table_says(office):
    for name, view in _pages().items():
        if name in SHELL or name.startswith("interfaces.api."):
            continue
        row = PAGES[name]
        if row.who == PUBLIC:
            assert view.access == "public", name
            continue
        for staff in (office.here, office.province):
            for role, actor in staff.actors.items():
                said = row.lets_in(role, province=staff is office.province)
                assert view.access(actor) == said, f"{name} for {role}"


@pytest.mark.parametrize("name", ROWS)
def test_without_signing_in(name, office):
    row = ROWS[name]
    answer = office.ask(Client(), row)
    if row.who == PUBLIC:
        assert answer.status_code == row.answer
    elif "/api/" in row.at:
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/problem+json")
    else:
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/dang-nhap/")


@pytest.mark.parametrize("name", CLOSED)
def test_those_who_may(name, office):
    row = ROWS[name]
    role = "counter" if "counter" in row.who else sorted(row.who)[0]
    assert office.ask(office.client(role, province=row.province), row).status_code == row.answer


@pytest.mark.parametrize("name", ROWS)
def test_somebody_whose_posts_have_ended_is_like_the_public_or_told_no(name, office):
    row = ROWS[name]
    answer = office.ask(signed_in(office.ended), row)
    if row.who == PUBLIC or row.is_ones_own:
        assert answer.status_code == row.answer
    else:
        assert answer.status_code == 403
        assert "Nguyễn Thị Mai".encode() not in answer.content


@pytest.mark.parametrize("name", [name for name in CLOSED if ROWS[name].who != EVERYBODY])
def test_those_who_may_not(name, office):
    row = ROWS[name]
    for role in sorted(EVERYBODY - (frozenset() if row.province else row.who)):
        assert office.ask(office.client(role), row).status_code == 403, role


@pytest.mark.parametrize("name", OF_A_UNIT)
def test_what_is_another_units_is_not_there(name, office):
    """For every role of the neighbour, and for a department of the province that the work never came to."""
    row = ROWS[name]
    visitors = [(role, office.there.client(role)) for role in sorted(IN_A_COMMUNE)]
    for role, client in [*visitors, ("department", office.province.client("department"))]:
        answer = office.ask(client, row)
        assert answer.status_code == (404 if role in row.who else 403), role
        assert "Lường Văn Khác".encode() not in answer.content, role
        assert "Nguyễn Thị Mai".encode() not in answer.content, role


def test_lists_and_searches_of_another_unit_show_nothing(office):
    name = "Nguyễn Thị Mai".encode()
    visitors = [office.there.client(role) for role in sorted(IN_A_COMMUNE)]
    for client in [*visitors, office.province.client("department")]:
        for address in ("/desk/", "/desk/ho-so/", "/desk/tim/?q=nguyen+thi+mai", "/desk/tim/?q=0912345678",
                        "/desk/tim/?q=014190001234", "/api/v1/dossiers"):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert office.code.encode() not in answer.content, address
            assert name not in answer.content, address
        assert b"<table" not in client.get(f"/desk/tim/?q={office.code}").content
    asked = {"applicant.id_number": "014190001234", "thu-tuc": BIRTH}
    at_the_counter = "/desk/tiep-nhan/nguoi-nop/"
    assert name in office.here.client("counter").post(at_the_counter, asked).content
    assert name not in office.there.client("counter").post(at_the_counter, asked).content


def forgotten(request: HttpRequest) -> HttpResponse:
    """A view whose author said nothing about who may open it."""
    return HttpResponse("hồ sơ của mọi người")


urlpatterns = [path("bi-quen/", forgotten), path("", include("haicap.config.urls"))]
handler500 = "haicap.interfaces.portal.views.server_error"


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_says_nothing_is_refused(office):
    assert _without_a_row() == {"tests.test_access_matrix.forgotten"}
    for client in (Client(), office.client("counter")):
        with pytest.raises(RuntimeError, match="says nothing about who may open it"):
            client.get("/bi-quen/")
        client.raise_request_exception = False
        answer = client.get("/bi-quen/")
        assert answer.status_code == 500
        assert "hồ sơ của mọi người".encode() not in answer.content


def test_an_operation_without_a_row_is_named(monkeypatch):
    router = Router()
    router.get("/bi-quen")(lambda request: None)
    monkeypatch.setattr(api, "_routers", [*api._routers, ("/moi", router)])
    assert _without_a_row() == {"GET /moi/bi-quen"}
