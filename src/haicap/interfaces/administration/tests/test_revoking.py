"""A decision to let somebody go is revoked: what it ended comes back, unless somebody else is there; and who takes their work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import AssignmentKind, Departure, StaffKind
from haicap.domain.people.commands import assignments, staffing
from haicap.domain.people.commands.assignment_faults import AssignmentFacts
from haicap.domain.people.commands.headcount import case_table
from haicap.domain.people.commands.headcount import cases as commands
from haicap.domain.people.commands.headcount.cases import CaseFacts
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.errors import CaseRefused, CaseUnknown
from haicap.domain.people.models import Appointment, Assignment, Handover, Official, StreamliningCase
from haicap.domain.people.queries import account_at_door
from haicap.domain.people.queries.headcount.cases import Wanted, settled, sums
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.streamlining_rules import CaseState, Scheme
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.jobs.queries import asked_for
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

START, OUT, DECIDED, BACK = date(2025, 7, 1), date(2026, 2, 1), date(2026, 1, 5), date(2026, 2, 20)
HOME = "/quan-tri/bien-che/tinh-gian/"


@pytest.fixture
def here() -> Staff:
    staff = staffed_commune("03664")
    load_organisation([staff.unit], read_template(), START)
    return staff


def somebody(staff: Staff, role: str = "clerk", post: str = "officer") -> Official:
    """The staff record of the person with `role`, in a post of the office with the access that they have."""
    account = account_at_door(number=staff.actors[role].account_id)
    facts = OfficialFacts(
        staff.unit, account.full_name, StaffKind.CIVIL_SERVANT, Seat("office", post, "12/QĐ-UBND", START, START),
        born_on=date(1966, 5, 1), female=False, insured_from=date(1995, 7, 1), salary=10_000_000, account_id=account.pk,
    )  # fmt: skip
    with entered(staff.administrator):
        (official,) = record_officials(actor=staff.administrator, people=[facts])
    return official


def decided(staff: Staff, official: Official, **changes) -> StreamliningCase:
    facts = CaseFacts(official, Scheme.EARLY_RETIREMENT, OUT, date(2025, 6, 16), None, "7/QĐ-UBND", DECIDED, **changes)
    with entered(staff.administrator):
        return commands.record_cases(reach_of(staff.administrator), [facts])[0]


def revoked(
    staff: Staff, case: StreamliningCase, number: str = "9/QĐ-UBND", day: date | None = BACK, why: str = "Sai đối tượng"
):
    with entered(staff.administrator):
        return commands.revoke_case(reach_of(staff.administrator), case.pk, number=number, decided=day, why=why)


def refused(staff: Staff, case: StreamliningCase, **changes) -> dict[str, str]:
    with pytest.raises(CaseRefused) as told:
        revoked(staff, case, **changes)
    return {one.field: str(one.message) for one in told.value.problems}


def held(staff: Staff, official: Official) -> list[tuple[str, date, date | None, str]]:
    with entered(staff.administrator):
        rows = Assignment.objects.filter(official=official).order_by("valid_from")
        return [(row.post_key, row.valid_from, row.valid_to, row.ended_why) for row in rows]


def access(official: Official) -> list[tuple[str, date | None]]:
    with seeing_every_unit():
        rows = Appointment.objects.filter(account_id=official.account_id).order_by("valid_from", "role")
        return [(row.role, row.valid_to) for row in rows]


def test_everything_that_the_decision_ended_comes_back_as_it_was(here):
    official = somebody(here)
    soon = OUT + timedelta(days=30)
    with entered(here.administrator):
        later = AssignmentFacts(here.unit, "office", "head", AssignmentKind.CONCURRENT, "20/QĐ", START, soon,
                                soon + timedelta(days=90), "usual")  # fmt: skip
        assignments.assign(reach_of(here.administrator), official.pk, later)
    before, could = held(here, official), access(official)
    case = decided(here, official)
    assert held(here, official) == [("officer", START, OUT, "Nghỉ theo sắp xếp")]
    assert access(official) == [(could[0][0], OUT)]
    with entered(here.administrator):
        assert settled()[0] == 1
    back = revoked(here, case)
    assert (back.posts, back.gone) == (2, 0)
    assert (held(here, official), access(official)) == (before, could)
    with entered(here.administrator):
        assert {one.appointment_id is None for one in Assignment.objects.filter(official=official)} == {False}
        official.refresh_from_db()
        case.refresh_from_db()
        assert (official.left_on, official.left_why) == (None, "")
        assert (case.state, case.revoked_number, case.decision_number) == (
            CaseState.WITHDRAWN,
            "9/QĐ-UBND",
            "7/QĐ-UBND",
        )
        assert (case.total or 0) > 0 and settled() == (0, 0, 0)
        asked = sums(Wanted(state=CaseState.WITHDRAWN))
        assert [(one.many, one.total) for one in asked["state"]] == [(1, 0)]
        event = Event.objects.get(tag="people:case:revoke")
        assert (event.subject, event.data["why"], event.data["posts"]) == (
            f"official:{official.pk}",
            "Sai đối tượng",
            2,
        )
    assert decided(here, official).state == CaseState.DECIDED  # a new decision may follow


def test_not_where_somebody_was_appointed_in_their_place(here):
    chief, other = somebody(here, post="head"), somebody(here, "counter")
    case = decided(here, chief)
    with entered(here.administrator):
        reach = reach_of(here.administrator)
        new = AssignmentFacts(here.unit, "office", "head", AssignmentKind.CONCURRENT, "21/QĐ", OUT, BACK)
        held_now = assignments.assign(reach, other.pk, new).assignment
    told = refused(here, case)["revoked_number"]
    assert other.full_name in told and "20/02/2026" in told and "Chánh Văn phòng" in told
    with entered(here.administrator):
        chief.refresh_from_db()
        assert chief.left_on == OUT
        assignments.end_assignment(reach, held_now.pk, BACK, "Trả vị trí")
    assert revoked(here, case).posts == 1


def test_nor_where_an_agency_has_another_head_by_access_alone(here):
    official = somebody(here, "head")
    with entered(here.administrator):
        Assignment.objects.filter(official=official).update(appointment=None)
    case = decided(here, official)
    with entered(here.administrator):
        old = Appointment.objects.select_related("agency__unit").filter(account_id=here.head.account_id)[0]
        facts = staffing.PostFacts(old.agency, "head", "22/QĐ", OUT, OUT)
        opened = staffing.open_with_post(reach_of(here.administrator), full_name="Lù Thị Mới", name="", facts=facts)
    assert "Lù Thị Mới" in refused(here, case)["revoked_number"]
    with entered(here.administrator):
        Appointment.objects.filter(account=opened.account).delete()
    assert revoked(here, case).posts == 1
    assert {ends for _, ends in access(official)} == {None}


def test_a_post_that_the_organisation_has_no_more_stays_ended(here):
    official = somebody(here)
    case = decided(here, official)
    with entered(here.administrator):
        StreamliningCase.objects.filter(pk=case.pk).update(
            ended={**case.ended, "posts": [case.ended["posts"][0] | {"post": "khong-con"}]}
        )
    back = revoked(here, case)
    assert (back.posts, back.gone) == (0, 1)
    assert held(here, official)[0][2] == OUT
    with entered(here.administrator):
        official.refresh_from_db()
    assert official.left_on is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "revoked_number"),
        ({"number": "9" * 61}, "revoked_number"),
        ({"day": None}, "revoked_date"),
        ({"day": DECIDED - timedelta(days=1)}, "revoked_date"),
        ({"day": date(2199, 1, 1)}, "revoked_date"),
        ({"why": ""}, "revoked_why"),
        ({"why": "x" * 301}, "revoked_why"),
    ],
)
def test_what_a_revoking_decision_must_say(here, changes, field):
    case = decided(here, somebody(here))
    assert set(refused(here, case, **changes)) == {field}


def test_only_a_decided_case_of_ones_own_unit_and_never_ones_own(here):
    official = somebody(here)
    paid = decided(here, official, paid_on=date(2026, 2, 10))
    assert "chi trả" in refused(here, paid)["revoked_number"]
    neighbour, boss = staffed_commune("03679"), staffed_province()
    with entered(neighbour.administrator), pytest.raises(CaseUnknown):
        commands.revoke_case(reach_of(neighbour.administrator), paid.pk, number="1", decided=BACK, why="x")
    own = somebody(here, "administrator")
    facts = CaseFacts(own, Scheme.EARLY_RETIREMENT, OUT, date(2025, 6, 16), None, "8/QĐ", DECIDED)
    with entered(boss.administrator):
        (case,) = commands.record_cases(reach_of(boss.administrator), [facts])
    with entered(here.administrator):  # still in post today
        assert Appointment.objects.filter(account_id=own.account_id).update(valid_to=None)
    assert "chính mình" in refused(here, case)["revoked_number"]
    with entered(here.administrator):
        Official.objects.filter(pk=own.pk).update(left_why=Departure.RETIRED)
    with entered(boss.administrator), pytest.raises(CaseRefused) as told:
        commands.revoke_case(reach_of(boss.administrator), case.pk, number="1", decided=BACK, why="x")
    assert "thôi làm khác" in str(told.value.problems[0].message)


def test_by_page_the_work_goes_to_a_successor_and_a_revoked_decision_is_told(here):
    official = somebody(here, "case_officer")
    admin, head = here.client("administrator"), here.head.account_id
    typed = {
        "ho-so": official.pk,
        "scheme": "early_retirement",
        "leave_on": "01/02/2026",
        "reorganised_on": "16/06/2025",
    }
    address = admin.post(f"{HOME}moi/", typed)["Location"]
    page = admin.get(address).content.decode()
    assert "Không ai cụ thể" in page and f'value="{head}"' in page and f'value="{official.account_id}"' not in page
    decision = {"decision_number": "7/QĐ-UBND", "decision_date": "05/01/2026"}
    for wrong in ({}, {"successor": "x"}, {"successor": "\x00"}, {"successor": str(official.account_id)}):
        answer = admin.post(f"{address}quyet-dinh/", decision | wrong)
        assert (answer.status_code, answer.context["wrong"].keys()) == (422, {"successor"}), wrong
    chosen = {"successor": str(head), "witness": "Tòng Văn Hặc"}
    assert admin.post(f"{address}quyet-dinh/", decision | chosen).status_code == 302
    with entered(here.administrator):
        sheet = Handover.objects.get()
        assert (sheet.giver_id, sheet.taker_id, sheet.day, sheet.done_at) == (official.account_id, head, OUT, None)
        assert (sheet.decision_number, sheet.witness) == ("7/QĐ-UBND", "Tòng Văn Hặc")
        assert "hand-over" in asked_for()
    assert f"ban-giao/{sheet.pk}.pdf" in admin.get(address).content.decode()
    answer = admin.post(f"{address}thu-hoi/", {"revoked_number": "", "revoked_date": "x", "revoked_why": "\x00"})
    assert (answer.status_code, len(answer.context["problems"])) == (422, 3)
    typed = {"revoked_number": "9/QĐ-UBND", "revoked_date": "20/02/2026", "revoked_why": "Sai đối tượng"}
    assert here.client("chair").post(f"{address}thu-hoi/", typed).status_code == 403
    assert staffed_commune("03679").client("administrator").post(f"{address}thu-hoi/", typed).status_code == 404
    assert admin.post(f"{address}thu-hoi/", typed).status_code == 302
    page = admin.get(address).content.decode()
    assert "9/QĐ-UBND" in page and "Sai đối tượng" in page and "đã bị thu hồi" in page
    assert "Biên chế sau khi nghỉ" not in page  # they serve on
    assert admin.get(f"{address}bang-tinh.pdf").content[:5] == b"%PDF-"
    with entered(here.administrator):
        assert not Handover.objects.exists()  # it was planned, not done
        assert Event.objects.filter(tag="people:handover:forget").count() == 1
    assert "Thu hồi quyết định cho nghỉ" in admin.get(f"/quan-tri/can-bo/{official.pk}/").content.decode()


def test_a_table_names_successors_or_leaves_the_work_in_the_post(here, queries):
    official, other = somebody(here, "case_officer"), somebody(here, "clerk")
    with entered(here.administrator):
        for place, one in enumerate((official, other)):
            Official.objects.filter(pk=one.pk).update(id_number=f"01406690000{place}")
    row = {"scheme": "early_retirement", "leave_on": "01/02/2026", "reorganised_on": "16/06/2025", "decision_number": "7/QĐ",
           "decision_date": "05/01/2026", "id_number": "014066900000"}  # fmt: skip
    reach = reach_of(here.administrator)

    def judged(*successors: str):
        rows = [Row(n, row | {"successor": name, "id_number": f"01406690000{n}"}) for n, name in enumerate(successors)]
        return case_table.judge_cases(reach, rows)

    stranger = account_at_door(number=staffed_commune("03679").head.account_id).name
    with entered(here.administrator):
        for wrong in ("khong-co", stranger, "chuyenmon-03664"):
            assert [str(fault.column) for fault in judged(wrong).faults] == ["Người nhận bàn giao"], wrong
        assert queries(lambda: judged("lanhdao-03664")) == queries(lambda: judged("lanhdao-03664", "lanhdao-03664"))
        made = judged("LANHDAO-03664", "")
        assert "bàn giao việc cho" in str(made.lines[0].words) and "bàn giao" not in str(made.lines[1].words)
        assert case_table.write_cases(reach, made) == 2
        assert [sheet.taker_id for sheet in Handover.objects.all()] == [here.head.account_id]


def test_a_decision_in_the_future_ends_nothing_before_its_day(here):
    official = somebody(here)
    day = clock.today() + timedelta(days=20)
    facts = CaseFacts(official, Scheme.EARLY_RETIREMENT, day, date(2025, 12, 1), None, "7/QĐ-UBND", clock.today())
    with entered(here.administrator):
        (case,) = commands.record_cases(reach_of(here.administrator), [facts])
    assert held(here, official)[0][2] == day
    assert revoked(here, case, day=clock.today()).posts == 1
    assert held(here, official)[0][2] is None
