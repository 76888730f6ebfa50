"""Judging what came to the counter: every fault at once, each named with its cure; nothing is written here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from haicap.domain.dossiers import queries, rules
from haicap.domain.dossiers.errors import DossierInvalid, UnitNotYours
from haicap.domain.people.queries import AgencyRow
from haicap.domain.procedures.rules import Channel, Version, check_form, fee_for, papers_for
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

if TYPE_CHECKING:
    from haicap.domain.dossiers.commands.receive import Receipt

SECRET_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # noqa: S105 - nothing that is misread on paper
SECRET_LENGTH = 8
NAME_MAX, TEXT_MAX, ATTACHMENTS_MAX, QUANTITY_MAX = 120, 300, 60, 999


@dataclass(frozen=True)
class Judged:
    """A receipt found right, with everything that follows from it."""

    version: Version
    unit: queries.UnitRow
    competent_unit_id: int
    center: AgencyRow
    competent: AgencyRow
    received_at: datetime
    due_at: datetime | None
    step_due_at: datetime | None
    applicant: dict[str, str]
    proxy: dict[str, str]
    form: dict[str, Any]
    checklist: list[dict[str, Any]]
    files: list[dict[str, str]]
    quantity: int
    fee: int
    title: str
    secret: str
    synthetic: bool


def judge(actor: Actor, receipt: Receipt, at: datetime, *, complete: bool = True) -> Judged:
    """Hold a receipt against the procedure version of the day, the unit and the law; raises as `receive` says.

    `complete=False` (a declined receipt) lets required papers and fields be missing.
    """
    unit = queries.receiving_unit(receipt.unit, at.date())
    if unit.id != actor.unit_id:
        raise UnitNotYours(own=actor.unit_name, unit=unit.name, field="unit")
    version = queries.version_on(receipt.procedure, at.date())
    center, competent = queries.agencies_for(unit, version)
    problems: list[Problem] = []
    applicant = applicant_as_stored(receipt.applicant, problems)
    form, form_problems = check_form(version.fields, receipt.form, today=at.date())
    problems += [
        Problem(f"form.{p.field}", p.message) for p in form_problems if complete or not _is_missing(p, receipt)
    ]
    checklist = _checklist(version, receipt.checklist, problems)
    if complete and receipt.checklist:
        _check_complete(version, checklist, problems)
    files = _files(receipt.attachments, problems)
    _check_choices(version, receipt, problems)
    proxy = {key: clean(str(receipt.proxy.get(key, "")))[:TEXT_MAX] for key in ("name", "id_number", "phone", "paper")}
    if problems:
        raise DossierInvalid(problems=problems)
    due_at = queries.due_of(version, unit, at)
    return Judged(
        version=version, unit=unit, competent_unit_id=competent.unit_id, center=center, competent=competent,
        received_at=at, due_at=due_at, step_due_at=queries.forward_by(unit, at, due_at), applicant=applicant,
        proxy=proxy if proxy["name"] else {}, form=form, checklist=checklist, files=files, quantity=receipt.quantity,
        fee=fee_for(version, receipt.channel, form, receipt.quantity), title=f"{applicant['name']} · {version.name}",
        secret=new_secret(), synthetic=settings.HAICAP_DEMO,
    )  # fmt: skip


def new_secret() -> str:
    """The short secret printed on a slip: about 40 bits, and tracking by guessing is throttled by its length alone."""
    return "".join(secrets.choice(SECRET_ALPHABET) for _ in range(SECRET_LENGTH))


def _is_missing(problem: Problem, receipt: Receipt) -> bool:
    return receipt.form.get(problem.field) in (None, "", [])


def applicant_as_stored(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    """The applicant's data in their stored form: name, ID number, phone, e-mail, address; faults go to `problems`."""
    values = {}
    for key in ("name", "id_number", "phone", "email", "address"):
        value = given.get(key, "")
        if not isinstance(value, str):
            problems.append(Problem(f"applicant.{key}", bi("Mục này phải là chữ.", "This must be text.")))
            value = ""
        values[key] = clean(value)
    values["name"] = vi.tidy_name(values["name"])
    if not values["name"]:
        problems.append(
            Problem("applicant.name", bi("Hãy nhập họ và tên người nộp.", "Enter the applicant's full name."))
        )
    for key, limit in (("name", NAME_MAX), ("address", TEXT_MAX), ("email", TEXT_MAX)):
        if len(values[key]) > limit:
            problems.append(Problem(f"applicant.{key}", bi(f"Tối đa {limit} ký tự.", f"At most {limit} characters.")))
    if values["id_number"] and (wrong := vi.id_number_problem(values["id_number"])):
        problems.append(Problem("applicant.id_number", wrong))
    if values["phone"]:
        wrong = vi.phone_problem(values["phone"])
        if wrong:
            problems.append(Problem("applicant.phone", wrong))
        else:
            values["phone"] = vi.normal_phone(values["phone"])
    if values["email"] and "@" not in values["email"].strip("@"):
        problems.append(
            Problem("applicant.email", bi("Địa chỉ thư điện tử cần có dấu @.", "An e-mail address needs an @."))
        )
    values["folded"] = vi.fold(values["name"])
    return values


def _checklist(version: Version, given: list[dict[str, Any]], problems: list[Problem]) -> list[dict[str, Any]]:
    """What was brought of each paper. A paper that a database replaces, or that is not named at all, is not missing:
    the officer who receives vouches for completeness by receiving."""
    known = {paper.code for paper in version.papers}
    checked = []
    for number, row in enumerate(given):
        code = row.get("paper") if isinstance(row, dict) else None
        if code not in known:
            problems.append(Problem(
                f"checklist.{number}.paper",
                bi(f"Thủ tục này không có giấy tờ “{code}”.", f"This procedure has no paper “{code}”."),
            ))  # fmt: skip
            continue
        amounts = {}
        for name in ("originals", "copies"):
            value = row.get(name, 0)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= QUANTITY_MAX:
                problems.append(Problem(
                    f"checklist.{number}.{name}", bi("Số bản từ 0 đến 999.", "Between 0 and 999 copies.")
                ))  # fmt: skip
                value = 0
            amounts[name] = value
        checked.append({"paper": code, **amounts, "reused": bool(row.get("reused"))})
    return checked


def _check_complete(version: Version, checklist: list[dict[str, Any]], problems: list[Problem]) -> None:
    """Every paper that must be brought is there, or its data were taken from a database (Resolution 66.7/2025/NQ-CP)."""
    brought = {row["paper"] for row in checklist if row["originals"] or row["copies"] or row["reused"]}
    for paper, must_be_brought in papers_for(version):
        if must_be_brought and paper.code not in brought:
            sentence = bi("Còn thiếu: {paper}. Hãy nhận đủ, hoặc từ chối tiếp nhận và hướng dẫn.",
                          "Missing: {paper}. Take it in, or decline with guidance.")  # fmt: skip
            problems.append(
                Problem(f"checklist.{paper.code}", bi_format(sentence, paper=bi(paper.name, paper.name_en)))
            )


def _files(given: list[dict[str, Any]], problems: list[Problem]) -> list[dict[str, str]]:
    if len(given) > ATTACHMENTS_MAX:
        problems.append(Problem("attachments", bi("Tối đa 60 tệp một hồ sơ.", "At most 60 files a dossier.")))
    files = []
    for number, row in enumerate(given[:ATTACHMENTS_MAX]):
        digest = str(row.get("file", "")) if isinstance(row, dict) else ""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            problems.append(Problem(
                f"attachments.{number}.file",
                bi("Tệp này chưa được tải lên. Hãy tải lại.", "This file was not uploaded. Upload it again."),
            ))  # fmt: skip
            continue
        name = clean(str(row.get("name", "")))[:TEXT_MAX] or "tep"
        files.append({"digest": digest, "name": name, "paper": clean(str(row.get("paper", "")))[:TEXT_MAX]})
    return files


def _check_choices(version: Version, receipt: Receipt, problems: list[Problem]) -> None:
    if receipt.channel not in Channel.values:
        problems.append(Problem("channel", bi("Hình thức nộp không đúng: direct, online hoặc postal.",
                                              "The channel is direct, online or postal.")))  # fmt: skip
    if receipt.return_method not in rules.ReturnMethod.values:
        problems.append(Problem("return_method", bi("Cách nhận kết quả: counter, postal hoặc electronic.",
                                                    "The result goes by counter, postal or electronic.")))  # fmt: skip
    if not 1 <= receipt.quantity <= QUANTITY_MAX:
        problems.append(Problem("quantity", bi("Số bộ từ 1 đến 999.", "Between 1 and 999 sets.")))
