"""What the counter's page shows: a receipt, as it was typed so far, laid out into inputs, papers and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.commands import Receipt
from haicap.domain.dossiers.rules import ReturnMethod
from haicap.domain.dossiers.web.forms import (
    APPLICANT,
    LABELS,
    OTHER,
    PROXY,
    Input,
    defaults_of,
    errors_by_input,
    inputs_of,
)
from haicap.domain.dossiers.web.rows import standing
from haicap.domain.procedures.rules import (
    Channel,
    FeeLine,
    Paper,
    Version,
    check_form,
    fee_lines,
    limit_words,
    papers_for,
)
from haicap.kernel import clock
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.web.components import Deadline

ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"
MAX_MB = 20


@dataclass(frozen=True)
class PaperLine:
    """One paper of the checklist with what was brought of it and the files that show it."""

    paper: Paper
    must_be_brought: bool
    row: Mapping[str, Any]
    files: tuple[Mapping[str, str], ...]
    error: Any
    file_error: Any

    @property
    def why_not_brought(self) -> Any:
        """Why the applicant need not bring it; empty where they must, or may."""
        if self.paper.skipped_if:
            return self.paper.database
        return ""


@dataclass(frozen=True)
class Summary:
    """What would follow from receiving now."""

    due: datetime | None
    deadline: Deadline | None
    limit: Any
    fees: tuple[FeeLine, ...]
    total: int


def blank(version: Version, unit: str) -> Receipt:
    """The untouched form: defaults of fields, and papers that a database replaces taken from there."""
    return Receipt(
        procedure=version.code, unit=unit, applicant=dict.fromkeys(APPLICANT, ""), proxy=dict.fromkeys(PROXY, ""),
        form=defaults_of(version),
        checklist=[
            {"paper": paper.code, "originals": 0, "copies": 0, "reused": bool(paper.skipped_if) and paper.required}
            for paper in version.papers
        ],
    )  # fmt: skip


def context(actor: Actor, receipt: Receipt, version: Version, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The template's values; `shown`: key, reason, problems, refusal and the like."""
    problems = list(shown.get("problems", ()))
    errors = errors_by_input(problems)
    duplicates = queries.possible_duplicates(version.code, str(receipt.applicant.get("id_number", "")))
    return {
        **shown,
        "version": version,
        "problems": problems,
        "applicant": applicant_inputs(receipt.applicant, errors, focus="" if shown.get("returned") else "id_number"),
        "proxy": _proxy_inputs(receipt.proxy, errors),
        "has_proxy": any(receipt.proxy.values()),
        "form_inputs": inputs_of(version, receipt.form, errors),
        "papers": _papers(version, receipt, errors),
        "other_files": _files_of(receipt, ""),
        "other_error": errors.get(f"file:{OTHER}", ""),
        "ending": _ending_inputs(version, receipt, errors),
        "priority": receipt.priority,
        "reason_error": errors.get("reason", ""),
        "summary": summary_of(receipt, version),
        "duplicates": duplicates,
        "accept": ACCEPT,
        "max_mb": MAX_MB,
    }


def applicant_inputs(values: Mapping[str, Any], errors: Mapping[str, Any], *, focus: str = "") -> list[Input]:
    """The applicant's box: the number first, since it finds the rest."""
    looks: dict[str, dict[str, Any]] = {
        "id_number": {"width": "medium", "attrs": {"inputmode": "numeric", "autocomplete": "off"}, "hint": bi(
            "12 số, hoặc quét mã QR trên thẻ căn cước.", "12 digits, or scan the QR code of the identity card.")},
        "name": {"required": True, "attrs": {"autocomplete": "off", "maxlength": 120}},
        "phone": {"width": "medium", "attrs": {"inputmode": "tel", "autocomplete": "off"}},
        "email": {"width": "medium", "attrs": {"inputmode": "email", "autocomplete": "off"}},
        "address": {"attrs": {"autocomplete": "off", "maxlength": 300}},
    }  # fmt: skip
    inputs = []
    for key in APPLICANT:
        look = looks[key]
        if key == focus:
            look["attrs"]["autofocus"] = True
        if key in ("id_number", "phone"):
            look["attrs"] |= _LOOKUP
        name = f"applicant.{key}"
        inputs.append(
            Input(name, LABELS[name], value=str(values.get(key, "")), error=errors.get(name, ""), **look)
        )  # fmt: skip
    return inputs


_LOOKUP = {
    "hx-post": "/desk/tiep-nhan/nguoi-nop/",
    "hx-trigger": "change, input changed delay:600ms",
    "hx-target": "#known",
    "hx-params": "thu-tuc,applicant.id_number,applicant.name,applicant.phone,applicant.email,applicant.address",
    "hx-sync": "this:replace",
}


def _proxy_inputs(values: Mapping[str, Any], errors: Mapping[str, Any]) -> list[Input]:
    labels = {
        "name": bi("Họ và tên người đến nộp thay", "Name of the person who files"),
        "id_number": bi("Số định danh", "ID number"),
        "phone": bi("Điện thoại", "Phone"),
        "paper": bi("Giấy tờ ủy quyền", "Authorising paper"),
    }
    hint = bi("Số, ngày của văn bản ủy quyền; quan hệ nếu là người thân.", "Number and date; or the family relation.")
    return [
        Input(f"proxy.{key}", labels[key], value=str(values.get(key, "")), error=errors.get(f"proxy.{key}", ""),
              hint=hint if key == "paper" else "", attrs={"autocomplete": "off"})
        for key in PROXY
    ]  # fmt: skip


def _ending_inputs(version: Version, receipt: Receipt, errors: Mapping[str, Any]) -> list[Input]:
    at_the_counter = [(code, Channel(code).label) for code in version.channels if code != Channel.ONLINE]
    return [
        Input("channel", LABELS["channel"], "select", receipt.channel, options=tuple(at_the_counter),
              error=errors.get("channel", ""), width="medium"),
        Input("return_method", LABELS["return_method"], "select", receipt.return_method,
              options=tuple(ReturnMethod.choices), error=errors.get("return_method", ""), width="medium"),
        Input("quantity", LABELS["quantity"], value=str(receipt.quantity), error=errors.get("quantity", ""),
              width="short", attrs={"inputmode": "numeric"}),
        Input("note", bi("Ghi chú nội bộ", "Internal note"), "textarea", receipt.note, attrs={"rows": 2}),
    ]  # fmt: skip


def _papers(version: Version, receipt: Receipt, errors: Mapping[str, Any]) -> list[PaperLine]:
    rows = {row["paper"]: row for row in receipt.checklist}
    return [
        PaperLine(
            paper, must, rows.get(paper.code, {}), _files_of(receipt, paper.code),
            errors.get(f"originals:{paper.code}", "") or errors.get(f"copies:{paper.code}", ""),
            errors.get(f"file:{paper.code}", ""),
        )
        for paper, must in papers_for(version)
    ]  # fmt: skip


def _files_of(receipt: Receipt, paper: str) -> tuple[Mapping[str, str], ...]:
    return tuple({"id": f["file"], "name": f["name"]} for f in receipt.attachments if f["paper"] == paper)


def summary_of(receipt: Receipt, version: Version) -> Summary:
    """Due date and fee if it were received now with what is in the form."""
    now = clock.now()
    unit = queries.receiving_unit(receipt.unit, now.date())
    due = queries.due_of(version, unit, now)
    answers, _ = check_form(version.fields, receipt.form, today=now.date())
    fees = tuple(fee_lines(version, receipt.channel, answers, max(receipt.quantity, 1)))
    deadline = standing(calendar_for(unit.province_code), due, now, paused=False) if due else None
    return Summary(due, deadline, limit_words(version.time_limit), fees, sum(line.amount for line in fees))


def applicant_of(code: str) -> dict[str, str]:
    """The applicant of a dossier that the officer sees; raises DossierUnknown."""
    _, dossier = queries.find(code)
    return {
        "id_number": dossier.applicant_id_number, "name": dossier.applicant_name, "phone": dossier.applicant_phone,
        "email": dossier.applicant_email, "address": dossier.applicant_address,
    }  # fmt: skip
