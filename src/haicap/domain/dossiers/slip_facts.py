"""The forms of Circular 03/2025/TT-VPCP filled in from a dossier: what its papers say, under the names of their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from haicap.domain.dossiers import papers, rules
from haicap.domain.dossiers.errors import SlipUnknown
from haicap.domain.dossiers.models import Dossier, Slip
from haicap.domain.dossiers.papers import Handover, Letterhead, ListedPaper, Party, Timing
from haicap.domain.dossiers.queries import Details
from haicap.domain.dossiers.rules import ReturnMethod, State
from haicap.domain.people.models import Agency
from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.procedures.rules import limit_words
from haicap.domain.units.rules import in_sentence
from haicap.kernel import clock
from haicap.kernel.entries.models import Move
from haicap.kernel.entries.rules import HAND_OVER
from haicap.kernel.language import bi, speaking

SLIP_SLUGS = {
    "tiep-nhan": bi("Giấy tiếp nhận và hẹn trả (mẫu 01)", "Receipt slip (form 01)"),
    "bo-sung": bi("Phiếu yêu cầu bổ sung (mẫu 02)", "Request for a supplement (form 02)"),
    "tu-choi": bi("Phiếu từ chối tiếp nhận (mẫu 03)", "Slip of refusal (form 03)"),
    "xin-loi": bi("Phiếu xin lỗi và gia hạn (mẫu 04)", "Apology and extension (form 04)"),
    "dung": bi("Thông báo dừng giải quyết (mẫu 05)", "Notice of stopping (form 05)"),
    "kiem-soat": bi("Phiếu kiểm soát quá trình (mẫu 06)", "Control slip (form 06)"),
}
_BOOKS = {"PBS": "bo-sung", "PTC": "tu-choi", "PXL": "xin-loi", "PDS": "dung"}
_HEADS = {
    AgencyKind.COMMITTEE: "Chủ tịch", AgencyKind.CENTER: "Giám đốc", AgencyKind.OFFICE: "Chánh Văn phòng",
    AgencyKind.ECONOMY: "Trưởng phòng", AgencyKind.CULTURE_SOCIAL: "Trưởng phòng", AgencyKind.POLICE: "Trưởng Công an",
}  # fmt: skip


def slips_of(details: Details) -> list[tuple[Any, str, int]]:
    """The papers that this dossier has: name, address, and the number of the move that each belongs to."""
    base = f"/desk/ho-so/{details.entry.code}/phieu/"
    found = []
    if not any(move.name == "decline_receipt" and not move.from_state for move in details.moves):
        found.append((SLIP_SLUGS["tiep-nhan"], f"{base}tiep-nhan/", 1))
    for slip in details.slips:
        slug = _BOOKS[slip.form]
        found.append((SLIP_SLUGS[slug], f"{base}{slug}/?so={slip.move_no}", slip.move_no))
    if details.entry.state != State.DECLINED:
        found.append((SLIP_SLUGS["kiem-soat"], f"{base}kiem-soat/", 0))
    return found


def slip_for(details: Details, slug: str, *, base_url: str, move_no: int | None = None) -> papers.Slip:
    """The filled form that `slug` names (a key of SLIP_SLUGS); of several of a kind the one of `move_no`, or the last.

    `base_url`: where citizens reach this installation. Raises SlipUnknown. Papers speak Vietnamese, whoever prints.
    """
    with speaking("vi"):
        if slug == "tiep-nhan" and details.moves[0].name == "receive":
            return _receipt(details, base_url)
        if slug == "kiem-soat":
            return _control(details)
        build = _NUMBERED.get(slug)
        slips = [slip for slip in details.slips if _BOOKS[slip.form] == slug and move_no in (None, slip.move_no)]
        if build is None or not slips:
            raise SlipUnknown(form=slug)
        slip = slips[-1]
        return build(details, slip, next(move for move in details.moves if move.no == slip.move_no))


def tracking_url(details: Details, base_url: str) -> str:
    """Where the citizen follows the dossier, with the slip's secret."""
    return f"{base_url}/tra-cuu/{details.entry.code}/?{urlencode({'s': details.dossier.secret})}"


def _receipt(details: Details, base_url: str) -> papers.ReceiptSlip:
    entry, dossier, first = details.entry, details.dossier, details.moves[0]
    applicant, proxy = _applicant(dossier), dossier.proxy
    submitter = (
        Party(name=proxy["name"], identity=proxy.get("id_number", ""), phone=proxy.get("phone", "")) if proxy else None
    )
    elsewhere = dossier.competent_unit_id != dossier.receiving_unit_id
    return papers.ReceiptSlip(
        head=_head(details, dossier.receiving_agency), issued_at=first.at, number=entry.number,
        dossier_code=entry.code, applicant=submitter or applicant, principal=applicant if submitter else None,
        authorisation=proxy.get("paper", "") if proxy else "",
        resolver=_resolver(details) if elsewhere or _resolved_by_another(dossier) else "",
        content=details.version.name, papers=_listed(details), sets=dossier.quantity, fee=dossier.fee,
        time_limit=str(limit_words(details.version.time_limit)), received_at=first.at, due_at=first.due_at,
        return_by=_return_by(details), tracking_url=tracking_url(details, base_url), secret=dossier.secret,
        book=f"{clock.local(first.at):%Y}", entry_number=entry.number, submitter=(submitter or applicant).name,
        receiver=first.actor_name,
    )  # fmt: skip


def _resolved_by_another(dossier: Dossier) -> bool:
    return dossier.competent_agency_id != dossier.receiving_agency_id


def _resolver(details: Details) -> str:
    agency = details.dossier.competent_agency
    return details.now_of(agency.name, agency.unit_id)


def _received_by(details: Details) -> str:
    """The office that took it in; where its unit has ended, with the one that answers now."""
    agency = details.dossier.receiving_agency
    return details.now_of(agency.name, agency.unit_id)


def _return_by(details: Details) -> str:
    dossier = details.dossier
    if dossier.return_method == ReturnMethod.COUNTER:
        return f"Tại {_received_by(details)}"
    return str(ReturnMethod(dossier.return_method).label)


def _listed(details: Details) -> tuple[ListedPaper, ...]:
    """What was handed in; what was filled in at the counter or taken from a database is named without a count."""
    rows = {row.get("paper"): row for row in details.dossier.checklist}
    listed = []
    for paper in details.version.papers:
        row = rows.get(paper.code, {})
        originals, copies = int(row.get("originals") or 0), int(row.get("copies") or 0)
        if originals or copies:
            listed.append(ListedPaper(name=paper.name, originals=originals, copies=copies))
        elif paper.e_form:
            listed.append(ListedPaper(name=f"{paper.name} – bản điện tử"))
        elif row.get("reused"):
            listed.append(ListedPaper(name=f"{paper.name} – khai thác từ cơ sở dữ liệu"))
    return tuple(listed)


def _supplement(details: Details, slip: Slip, move: Move) -> papers.SupplementSlip:
    agency = _agency_of(details, move)
    return papers.SupplementSlip(
        head=_head(details, agency), issued_at=slip.at, number=slip.number, dossier_code=details.entry.code,
        applicant=_applicant(details.dossier), content=details.version.name,
        items=tuple(slip.facts.get("items", ())), reason=slip.facts.get("reason", ""), contact=move.actor_name,
        contact_phone=agency.phone or details.dossier.receiving_agency.phone or "………………………", officer=move.actor_name,
    )  # fmt: skip


def _refusal(details: Details, slip: Slip, move: Move) -> papers.RefusalSlip:
    dossier = details.dossier
    return papers.RefusalSlip(
        head=_head(details, dossier.receiving_agency), issued_at=slip.at, number=slip.number,
        dossier_code=details.entry.code, applicant=_applicant(dossier), content=details.version.name,
        reason=slip.facts.get("reason", ""), submitter=dossier.proxy.get("name") or dossier.applicant_name,
        receiver=move.actor_name,
    )  # fmt: skip


def _apology(details: Details, slip: Slip, move: Move) -> papers.ApologyLetter:
    agency = _agency_of(details, move)
    before = details.moves[move.no - 2]
    return papers.ApologyLetter(
        head=_head(details, agency), issued_at=slip.at, number=slip.number, addressee=_applicant(details.dossier),
        dossier_code=details.entry.code, procedure=details.version.name, received_at=details.dossier.received_at,
        due_at=before.due_at or slip.at, new_due_at=move.due_at or slip.at,
        reason=slip.facts.get("reason", ""), signer_title=_title_of(agency, move), signer=move.actor_name,
        receiver=_received_by(details),
        recipients=("Như trên;", f"{_received_by(details)};", "Lưu: VT."),
    )  # fmt: skip


def _stop(details: Details, slip: Slip, move: Move) -> papers.StopNotice:
    agency = _agency_of(details, move)
    return papers.StopNotice(
        head=_head(details, agency), issued_at=slip.at, number=slip.number, applicant=_applicant(details.dossier),
        dossier_code=details.entry.code, procedure=details.version.name, reason=slip.facts.get("reason", ""),
        stopped_on=_day(slip.at), signer_title=_title_of(agency, move), signer=move.actor_name,
        recipients=("Như trên;", f"{_received_by(details)};", "Lưu: VT."),
    )  # fmt: skip


_NUMBERED: dict[str, Callable[[Details, Slip, Move], papers.Slip]] = {
    "bo-sung": _supplement, "tu-choi": _refusal, "xin-loi": _apology, "dung": _stop,
}  # fmt: skip


def _control(details: Details) -> papers.ControlSlip:
    dossier = details.dossier
    return papers.ControlSlip(
        head=_head(details, dossier.receiving_agency), issued_at=details.moves[0].at, number=details.entry.number,
        dossier_code=details.entry.code, resolver=_resolver(details), rows=handovers(details),
    )  # fmt: skip


def handovers(details: Details) -> tuple[Handover, ...]:
    """One row for each time the dossier went from one hand to another, from the counter to the citizen."""
    rows = []
    for before, move in pairwise(details.moves):
        giving = (before.holder_agency_id, before.holder_role)
        taking = (move.holder_agency_id, move.holder_role)
        taken_over, handed = move.name == rules.TAKE_OVER, move.name == HAND_OVER
        if _post(details, *giving) == _post(details, *taking) and not taken_over:
            continue
        giver = "" if taken_over or handed else move.actor_name
        taker = move.actor_name if taken_over else str(move.data.get("name", "")) if handed else _taker(details, move)
        rows.append(Handover(
            giver=_hand(details, *giving), taker=_hand(details, *taking) or _where_to(move), at=move.at,
            giver_name=giver, taker_name=taker, timing=_timing(before, move) if taker else None,
            note=move.note if move.name == "send_back" else "",
        ))  # fmt: skip
    return tuple(rows)


def _hand(details: Details, agency_id: int | None, role: str) -> str:
    agency = details.agencies.get(agency_id or 0)
    if agency is None:
        return ""
    return f"{_HEADS[AgencyKind.COMMITTEE]} {agency.name}" if role == Role.CHAIR else agency.name


def _where_to(move: Move) -> str:
    """Where a dossier went that nobody in office holds any longer."""
    return "Người nộp hồ sơ" if move.to_state == State.RETURNED else str(rules.label_of(move.name))


def _taker(details: Details, given: Move) -> str:
    """Who took over: the first to act in the post it was given to."""
    if given.to_state == State.RETURNED:
        return str(given.data.get("received_by") or details.dossier.applicant_name)
    post = _post(details, given.holder_agency_id, given.holder_role)
    later = (move for move in details.moves if move.no > given.no and move.name != HAND_OVER)
    return next((move.actor_name for move in later if _post(details, move.agency_id, move.role) == post), "")


def _post(details: Details, agency_id: int | None, role: str) -> tuple[str, str]:
    """A post by the kind of its agency: the same in the unit that received and in the one that goes on with its work."""
    agency = details.agencies.get(agency_id or 0)
    return agency.kind if agency else "", role


def _timing(before: Move, move: Move) -> Timing | None:
    """How the giver's step stood against its own deadline when it was handed on."""
    if before.step_due_at is None:
        return None
    if move.at > before.step_due_at:
        return Timing.OVERDUE
    return Timing.EARLY if _day(move.at) < _day(before.step_due_at) else Timing.ON_TIME


def _agency_of(details: Details, move: Move) -> Agency:
    return details.agencies.get(move.agency_id or 0) or details.dossier.competent_agency


def _head(details: Details, agency: Agency) -> Letterhead:
    """The letterhead of an agency: the body above it, and its own name without the unit's where that stands above."""
    unit = details.agencies[agency.pk].unit
    above = "" if agency.kind == AgencyKind.COMMITTEE else unit.committee
    name = agency.name.removesuffix(f" {in_sentence(unit.name)}") if above else agency.name
    now = details.now_of(unit.name, unit.pk)
    return Letterhead(
        parent=above, agency=name, place=unit.short_name, synthetic=details.dossier.synthetic,
        now="" if now == unit.name else now,
    )  # fmt: skip


def _title_of(agency: Agency, move: Move) -> str:
    """The title above the signature; "TUQ. Chủ tịch" or "KT. Chủ tịch" where somebody signed in the holder's place."""
    title = _HEADS.get(AgencyKind(agency.kind), "Giám đốc")
    if move.role == Role.CHAIR:
        title = _HEADS[AgencyKind.COMMITTEE]
    behalf = move.data.get("on_behalf")
    return f"{behalf['prefix']} {title}" if behalf else title


def _applicant(dossier: Dossier) -> Party:
    return Party(
        name=dossier.applicant_name, identity=dossier.applicant_id_number, address=dossier.applicant_address,
        phone=dossier.applicant_phone, email=dossier.applicant_email,
    )  # fmt: skip


def _day(moment: datetime) -> date:
    return clock.local(moment).date()
