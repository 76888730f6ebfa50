"""Training by page, file and worker: who may, no doubles, seats, gapless numbers, who still lacks what, told once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from openpyxl import Workbook

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands import training
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.commands.training import ClassFacts, Learner, Mark, importing
from haicap.domain.people.commands.training.sheet import read_sheet
from haicap.domain.people.models import Completion, Enrolment, Official, Topic, TrainingClass, TrainingNeed
from haicap.domain.people.queries.training.competence import matrix, people_behind, topics_of
from haicap.domain.people.queries.training.own import own_training
from haicap.domain.people.training_errors import ClassUnknown, TrainingRefused
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.scope import entered
from haicap.kernel.sheets import SheetUnreadable

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
START = date(2025, 7, 1)
HOME = "/quan-tri/dao-tao/"
NAMES = ("Lò Thị Ánh", "Cà Văn Bình", "Quàng Thị Chi", "Tòng Văn Dũng")


class World:
    """A commune with four people in posts, its neighbour, and their province with topics and a class."""

    def __init__(self) -> None:
        self.here, self.there, self.province = staffed_commune("03664"), staffed_commune("03679"), staffed_province()
        load_organisation([self.here.unit, self.there.unit, self.province.unit], read_template(), START)
        self.people = self.take_in(self.here, 4, self.here.counter.account_id)
        self.others = self.take_in(self.there, 1)
        self.actor = self.province.administrator
        with entered(self.actor):
            training.load_plan(actor=self.actor, plan=training.read_plan())
            self.topic = Topic.objects.get(key="mot-cua")
        self.held = self.open("L1", self.day(-5), self.day(-4))

    @staticmethod
    def day(days: int) -> date:
        return clock.today() + timedelta(days=days)

    def take_in(self, staff: Staff, many: int, account: int | None = None) -> list[Official]:
        start = 0 if staff is self.here else 500
        facts = [
            OfficialFacts(
                staff.unit, NAMES[n], StaffKind.CIVIL_SERVANT, Seat("center", "officer", "1/QĐ", START, START),
                id_number=f"0141900{start + n:05d}", account_id=account if n == 0 else None,
            )
            for n in range(many)
        ]  # fmt: skip
        with entered(staff.administrator):
            return record_officials(actor=staff.administrator, people=facts)

    def facts(self, number: str, *days: date, **changes: object) -> ClassFacts:
        facts = ClassFacts(
            self.province.unit, "mot-cua", number, "Một cửa", days or (self.day(2),), 3, place="Hội trường"
        )
        return replace(facts, **changes)

    def open(self, number: str, *days: date, **changes: object) -> TrainingClass:
        with entered(self.actor):
            return training.record_classes(actor=self.actor, classes=[self.facts(number, *days, **changes)])[0]

    def enrol(self, *people: Official, actor=None, held: TrainingClass | None = None) -> int:
        actor = actor or self.actor
        with entered(actor):
            return training.enrol(actor=actor, learners=[Learner((held or self.held).pk, one.pk) for one in people])

    def taught(self, *people: Official) -> list[Enrolment]:
        """Enrolled and there on both days."""
        self.enrol(*people)
        with entered(self.actor):
            rows = list(Enrolment.objects.filter(training_class=self.held).order_by("official_id"))
            training.mark(actor=self.actor, marks=[Mark(row.pk, tuple(self.held.days), "passed") for row in rows])
            return rows


@pytest.fixture
def world() -> World:
    return World()


def page(client: Client, address: str, data: dict | None = None) -> tuple[int, str]:
    answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, " ".join(answer.content.decode().split())


def problems(refused) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def test_a_class_with_faults_is_told_each_and_nothing_is_written(world):
    bad = [
        world.facts("", days=(), seats=0, place="", topic="khong-co"),
        world.facts("L1", world.day(1)), world.facts("L2", link="javascript:x"), world.facts("L2", seats=9_999),
    ]  # fmt: skip
    with pytest.raises(TrainingRefused) as refused, entered(world.actor):
        training.record_classes(actor=world.actor, classes=bad)
    assert problems(refused) == {
        "classes[0].number", "classes[0].days", "classes[0].seats", "classes[0].place", "classes[0].topic",
        "classes[1].number", "classes[2].link", "classes[3].seats", "classes[3].number",
    }  # fmt: skip
    with entered(world.actor):
        assert TrainingClass.objects.count() == 1


def test_enrolling_leaves_no_double_and_takes_no_more_than_the_seats(world):
    assert world.enrol(*world.people[:2]) == 2
    with pytest.raises(TrainingRefused) as twice:
        world.enrol(world.people[1])
    assert problems(twice) == {"learners[0]"}
    with pytest.raises(TrainingRefused) as full:
        world.enrol(*world.people[2:])
    assert problems(full) == {f"classes[{world.held.pk}].seats"}
    assert world.enrol(world.people[2]) == 1
    with entered(world.actor):
        assert Event.objects.filter(tag="people:class:enrol", subject=f"class:{world.held.pk}").count() == 2


def test_a_commune_enrols_its_own_people_where_it_is_invited_and_seats_count_for_all(world):
    admin = world.here.administrator
    with pytest.raises(ClassUnknown):
        world.enrol(world.people[0], actor=admin)
    invited = world.open("L2", invited=(world.here.unit.pk, world.there.unit.pk), seats=2)
    assert world.enrol(world.people[0], actor=admin, held=invited) == 1
    with pytest.raises(TrainingRefused):
        world.enrol(world.others[0], actor=admin, held=invited)
    assert world.enrol(world.others[0], actor=world.there.administrator, held=invited) == 1
    with entered(admin):
        assert Enrolment.objects.count() == 1, "the neighbour's learner is not to be seen"
    with pytest.raises(TrainingRefused) as full:
        world.enrol(world.people[1], actor=admin, held=invited)
    assert "0 chỗ" in str(full.value.problems[0].message)
    with pytest.raises(Denied):
        world.enrol(world.people[1], actor=world.here.chair, held=invited)


def test_the_database_alone_keeps_units_apart_and_people_see_their_own(world):
    world.taught(world.people[0])
    with entered(world.actor):
        training.issue(actor=world.actor, class_ids=[world.held.pk])
    tables = (TrainingClass, Enrolment, Completion)
    for actor, rows in ((world.here.chair, 1), (world.here.counter, 1), (world.there.administrator, 0),
                        (world.province.department, 0)):  # fmt: skip
        with entered(actor):
            assert [table.objects.count() for table in tables] == [rows] * 3, actor.name
    alone = replace(world.here.counter, unit_ids=(), agency_ids=(), roles=frozenset())
    with entered(alone):
        assert [table.objects.count() for table in tables] == [1, 1, 1]
        assert Enrolment.objects.update(result="") == 0
    with entered(world.here.administrator):
        assert TrainingClass.objects.update(seats=1) == 0
        assert Topic.objects.count() == 5
        assert TrainingNeed.objects.exists() and TrainingNeed.objects.all().delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Topic.objects.create(unit=world.province.unit, key="x", name="x")


def test_attendance_that_cannot_be_is_refused(world):
    world.enrol(world.people[0])
    with entered(world.actor):
        row = Enrolment.objects.get()
    for attended, result in (((world.day(-9),), ""), ((), "passed"), (tuple(world.held.days), "xong")):
        with pytest.raises(TrainingRefused), entered(world.actor):
            training.mark(actor=world.actor, marks=[Mark(row.pk, attended, result)])
    with pytest.raises(TrainingRefused), entered(world.there.administrator):
        training.mark(actor=world.there.administrator, marks=[Mark(row.pk, (), "")])


def test_numbers_have_no_gap_and_the_paper_leads_to_a_page_that_masks_the_name(world):
    world.taught(*world.people[:3])
    for wanted in (3, 0):
        with entered(world.actor):
            assert training.issue(actor=world.actor, class_ids=[world.held.pk]) == wanted
    with entered(world.actor):
        rows = list(Completion.objects.order_by("number"))
        assert [row.number for row in rows] == [1, 2, 3]
        training.withdraw(actor=world.actor, completion_id=rows[2].pk, why="Cấp nhầm")
        own = Completion.objects.get(enrolment__official=world.people[0])
    status, text = page(Client(), f"/chung-nhan/{own.code}/")
    assert status == 200 and "L. T. Ánh" in text and "Lò Thị Ánh" not in text and "có giá trị" in text
    assert "đã bị thu hồi" in page(Client(), f"/chung-nhan/{rows[2].code}/")[1]
    assert page(Client(), "/chung-nhan/KHONGCO/")[0] == page(Client(), "/chung-nhan/%C4%90A/")[0] == 404
    paper = f"/desk/lop-hoc/chung-nhan/{own.pk}.pdf"
    for role, status in (("counter", 200), ("administrator", 200), ("clerk", 404)):
        answer = world.here.client(role).get(paper)
        assert answer.status_code == status, role
    assert world.there.client("administrator").get(paper).status_code == 404


def test_who_still_lacks_what_and_the_rows_behind_each_number(world):
    world.taught(*world.people[:2])
    today = clock.today()
    with entered(world.actor):
        topics = topics_of(world.province.unit.pk, today)
        found = matrix([world.here.unit, world.there.unit], topics, today)
        cells = {(row.unit.code, topic.key): (cell.need, cell.known) for row in found.rows for topic, cell in row.cells}
        assert cells["03664", "mot-cua"] == (4, 2) and cells["03679", "mot-cua"] == (1, 0)
        assert cells["03664", "van-ban"] == (4, 0) and cells["03664", "chu-ky-so"] == (0, 0)
        lines, many = people_behind([world.here.unit.pk], today, topic_id=world.topic.pk, state="thieu")
        assert many == 2 and {line.full_name for line in lines} == set(NAMES[2:])
        Enrolment.objects.update(known_until=today)  # what ran out today is lacking again
        assert people_behind([world.here.unit.pk], today, topic_id=world.topic.pk, state="thieu")[1] == 4
    status, text = page(world.here.client("administrator"), f"{HOME}nang-luc/")
    assert status == 200 and "03679" not in text
    status, text = page(
        world.here.client("administrator"), f"{HOME}nang-luc/danh-sach/?trang-thai=thieu&trang=999999999999"
    )
    assert status == 200
    assert page(world.here.client("administrator"), f"{HOME}nang-luc/danh-sach/?don-vi=03679")[0] == 404


def test_the_province_edits_who_needs_what_a_commune_reads(world):
    client = world.province.client("administrator")
    assert page(client, f"{HOME}chuyen-de/ghi/", {"name": " ", "months": "0"})[0] == 422
    assert page(client, f"{HOME}chuyen-de/ghi/", {"name": "Chuyển đổi số", "months": "12"})[0] == 302
    with entered(world.actor):
        topic = Topic.objects.get(name="Chuyển đổi số")
    assert page(client, f"{HOME}chuyen-de/{topic.pk}/vi-tri/", {"level": "xa", "body": "center", "post": ""})[0] == 302
    assert page(client, f"{HOME}chuyen-de/{topic.pk}/vi-tri/", {"level": "xa", "body": "center", "post": ""})[0] == 422
    status, text = page(world.here.client("administrator"), f"{HOME}nang-luc/")
    assert status == 200 and "Chuyển đổi số" in text
    status, text = page(world.here.client("administrator"), f"{HOME}chuyen-de/")
    assert status == 200 and "topic-save" not in text and '<form method="post" action="/quan-tri/dao-tao' not in text


def sheet(headings: list[str], *rows: list[str]) -> SimpleUploadedFile:
    book, stream = Workbook(), io.BytesIO()
    for line in (headings, *rows):
        book.active.append(line)
    book.save(stream)
    return SimpleUploadedFile("tep.xlsx", stream.getvalue())


CLASSES = ["Mã lớp", "Chuyên đề", "Tên lớp", "Các ngày học", "Số chỗ", "Địa điểm"]
ATTENDANCE = ["Mã lớp", "Số định danh", "Họ tên", "Các ngày có mặt", "Kết quả"]


def test_classes_and_attendance_come_from_files_with_every_fault_told(world):
    client = world.province.client("administrator")
    bad = sheet(CLASSES, ["L7", "Không có", "Lớp 7", "35/13/2025", "x", ""], ["L1", "", "", "", "", ""])
    status, text = page(client, f"{HOME}nap/", {"tep": bad})
    assert status == 422 and text.count("Dòng 2") == 4 and "Dòng 3" not in text
    good = sheet(CLASSES, ["L8", "Cơ chế một cửa, một cửa liên thông", "Lớp 8", "01/10/2025; 02/10/2025", "2", "A"])
    read = read_sheet(io.BytesIO(good.read()), "tep.xlsx", 100)
    with entered(world.actor):
        assert not importing.write(actor=world.actor, sheet=read).faults
        assert importing.write(actor=world.actor, sheet=read).skipped == 1, "the same file twice changes nothing"
    rows = [
        ["L8", "014190000000", "Lò Thị Ánh", "01/10/2025,02/10/2025", "Đạt"],
        ["L8", "014190000001", "", "", "Không dự"],
    ]
    marks = sheet(ATTENDANCE, *rows)
    with entered(world.actor):
        done = importing.write(actor=world.actor, sheet=read_sheet(io.BytesIO(marks.read()), "tep.xlsx", 100))
        assert (done.faults, done.newcomers) == ([], 2)
        assert set(Enrolment.objects.values_list("result", flat=True)) == {"passed", "absent"}
    wrong = sheet(ATTENDANCE, [*rows[0][:2], "Người Khác", *rows[0][3:]], ["L9", "1", "", "03/10/2025", "tốt"])
    status, text = page(client, f"{HOME}nap/", {"tep": wrong})
    assert status == 422 and text.count("Dòng 2") == 1 and text.count("Dòng 3") == 3
    third = sheet(ATTENDANCE, ["L8", "014190000002", "", "", ""])
    with entered(world.actor):
        full = importing.write(actor=world.actor, sheet=read_sheet(io.BytesIO(third.read()), "tep.xlsx", 100))
        assert [fault.line for fault in full.faults] == [0] and Enrolment.objects.count() == 2
    for odd in ("\x00", "[]", '["classes", 5]', '["classes", [[1, 2]]]', '["x", []]'):
        assert page(client, f"{HOME}nap/ghi/", {"rows": odd})[0] == 422
    with pytest.raises(SheetUnreadable):
        read_sheet(io.BytesIO(b"a,b\n1,2\n"), "tep.csv", 8)


def test_by_page_from_opening_to_the_certificate(world):
    client = world.province.client("administrator")
    form = {"number": "L5", "title": "Lớp 5", "topic": str(world.topic.pk), "days": world.day(0).strftime("%d/%m/%Y"),
            "seats": "2", "place": "A", "invite": "all"}  # fmt: skip
    status, text = page(client, f"{HOME}lop/moi/", form | {"days": "32/01/2025", "seats": "99999999999999"})
    assert status == 422 and 'value="Lớp 5"' in text
    answer = client.post(f"{HOME}lop/moi/", form)
    assert answer.status_code == 302
    place = answer["Location"]
    with entered(world.actor):
        held = TrainingClass.objects.get(number="L5")
    status, text = page(client, f"{place}ghi-danh/?don-vi=03664&co-quan=center&thieu=1")
    assert status == 200 and text.count('name="nguoi"') == 4 and text.count(" checked") == 3, "two seats and the box"
    assert page(client, f"{place}ghi-danh/ghi/", {"nguoi": "\x00"})[0] == 422
    ids = [str(one.pk) for one in world.people[:2]]
    assert page(client, f"{place}ghi-danh/ghi/", {"nguoi": ids, "don-vi": "03664"})[0] == 302
    with entered(world.actor):
        rows = list(Enrolment.objects.filter(training_class=held).order_by("official_id"))
    marks = {f"there-{row.pk}": "1" for row in rows} | {f"result-{row.pk}": "passed" for row in rows}
    assert page(client, f"{place}diem-danh/", marks)[0] == 422, "nobody passes without having been there"
    marks |= {f"day-{row.pk}": world.day(0).isoformat() for row in rows}
    assert page(client, f"{place}diem-danh/", marks)[0] == 302
    assert page(client, f"{place}huy/", {"why": "Bão"})[0] == 422, "it has results"
    assert page(client, f"{place}chung-nhan/", {})[0] == 302
    status, text = page(client, place)
    assert status == 200 and text.count("/desk/lop-hoc/chung-nhan/") == 2
    assert "Lớp 5" in page(world.here.client("administrator"), HOME)[1]
    assert (
        page(world.there.client("administrator"), f"{place}diem-danh/", marks)[0] == 302
    )  # sees none of them: writes none


def test_the_cost_of_pages_does_not_grow(world, queries):
    client = world.province.client("administrator")
    addresses = (HOME, f"{HOME}lop/{world.held.pk}/", f"{HOME}nang-luc/", f"{HOME}nang-luc/danh-sach/", f"{HOME}chuyen-de/",
                 f"{HOME}lop/{world.held.pk}/ghi-danh/?don-vi=03664&thieu=")  # fmt: skip
    few = [queries(lambda at=at: client.get(at)) for at in addresses]
    world.taught(*world.people[:3])
    for number in range(4):
        world.open(f"M{number}")
    assert [queries(lambda at=at: client.get(at)) for at in addresses] == few
    assert max(few) < 20, few


def test_the_first_page_reminds_of_what_is_to_be_done_and_says_nothing_else(world, queries):
    counter, chair = world.here.client("counter"), world.here.client("chair")
    text = page(counter, "/desk/")[1]
    with entered(world.here.counter):
        lacking = len(own_training(world.here.counter).lacking)
    assert f"Bạn còn thiếu {lacking} chuyên đề." in text and "Lớp học của bạn bắt đầu" not in text
    assert "chuyên đề" not in page(chair, "/desk/")[1]  # has no staff record
    few = queries(lambda: counter.get("/desk/"))
    near = world.open("L2", world.day(2))
    for held in (near, world.open("L3", world.day(9))):
        world.enrol(world.people[0], held=held)
    world.taught(world.people[0])
    text = page(counter, "/desk/")[1]
    assert "Lớp học của bạn bắt đầu" in text and f"Bạn còn thiếu {lacking - 1} chuyên đề." in text
    assert page(counter, "/desk/?loc=qua-han")[1].count("/desk/lop-hoc/") == 2  # the menu and the line
    assert queries(lambda: counter.get("/desk/")) == few <= 10
    with entered(world.actor):
        TrainingClass.objects.filter(pk=near.pk).update(cancelled_on=clock.today(), cancelled_why="x")
        Topic.objects.exclude(key="mot-cua").update(retired_on=clock.today())
    assert page(counter, "/desk/")[1].count("/desk/lop-hoc/") == 1
