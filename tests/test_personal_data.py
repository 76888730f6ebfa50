"""Personal data at every door: what is masked is not in the answer at all, what is shown whole is noted, and by whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from haicap.domain.dossiers import errors
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.tests.factories import (
    APPLICANT,
    Staff,
    moved,
    received,
    staffed_commune,
    staffed_province,
)
from haicap.domain.people.commands import issue_token
from haicap.kernel import clock, environment
from haicap.kernel.entries.models import Move
from haicap.kernel.files.commands import store
from haicap.kernel.readings.models import Reading
from haicap.kernel.scope import entered

HERE, THERE = "03664", "03679"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NAME, NUMBER, PHONE, HAMLET, CHILD = (
    APPLICANT["name"],
    APPLICANT["id_number"],
    APPLICANT["phone"],
    "Bản Hịa",
    "Lò Văn Bình",
)
SECRETS = (NUMBER, PHONE, HAMLET, CHILD)


@dataclass(frozen=True)
class Office:
    """Two wards and a province; a dossier of the first with a file."""

    here: Staff
    there: Staff
    province: Staff
    code: str
    secret: str
    file: int

    def __getattr__(self, role: str) -> Client:
        staff = self.province if role in {"operations", "department"} else self.here
        return staff.client(role)


@pytest.fixture(scope="module")
def office(module_database: str) -> Iterator[Office]:
    here, there, province = staffed_commune(HERE), staffed_commune(THERE), staffed_province()
    with entered(here.counter):
        kept = store(actor=here.counter, stream=iter([PDF]), name="cccd Mai.pdf", at=clock.now())
    files = [{"file": kept.digest, "name": "cccd Mai.pdf", "paper": ""}]
    got = received(here.counter, attachments=files)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM files_attachment")
        ((file,),) = cursor.fetchall()
    yield Office(here, there, province, got.code, got.secret, file)
    connections.close_all()


def noted(office: Office) -> list[Reading]:
    """All looks that were noted, oldest first, as the counter's database shows them."""
    with entered(office.here.counter, read_only=True):
        return list(Reading.objects.order_by("pk"))


def newest(office: Office, call: Any) -> list[tuple[str, bool, str]]:
    """What `call` noted: door, whole, purpose of rows that are new or were counted up."""
    before = {row.pk: row.times for row in noted(office)}
    call()
    return [(row.door, row.whole, row.purpose) for row in noted(office) if before.get(row.pk) != row.times]


def body_of(answer: Any) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8", "replace")


def token(account: str, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_token(account=account, scopes=scopes, days=1).token}"}


def revealed(client: Client, code: str) -> Any:
    return client.post(f"/api/v1/dossiers/{code}/reveal", {}, content_type="application/json")


def least(queries: Any, call: Any) -> int:
    """How many statements `call` sends, once what a process remembers for some seconds was read anew."""
    return min(queries(call) for _ in range(2))


# ── Masked by default ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["counter", "case_officer", "chair", "clerk", "administrator", "operations"])
def test_no_door_shows_a_whole_number_unasked(office: Office, role: str) -> None:
    client = getattr(office, role)
    for address in (
        "/desk/", "/desk/ho-so/", "/desk/tim/?q=nguyen+thi+mai", f"/desk/tim/?q={office.code[:12]}",
        f"/desk/ho-so/{office.code}/", f"/desk/ho-so/{office.code}/?moi=1", "/api/v1/dossiers",
        f"/api/v1/dossiers/{office.code}", "/desk/ho-so-chia-tach/", "/api/v1/divided-dossiers",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        for secret in (*SECRETS, office.secret):
            assert secret not in body_of(answer), (address, secret)


def test_a_page_says_enough_to_know_the_person_by(office: Office) -> None:
    text = body_of(office.counter.get(f"/desk/ho-so/{office.code}/"))
    assert NAME in text and "014•••••1234" in text and "09•••••678" in text
    told = office.counter.get(f"/api/v1/dossiers/{office.code}").json()
    assert told["applicant"]["id_number"] == "014•••••1234" and told["form"] == {} and told["can_reveal"]
    assert set(told["masked"]) == {"applicant.id_number", "applicant.phone", "applicant.address", "form"}


def test_a_refused_move_shows_the_page_masked_too(office: Office) -> None:
    answer = office.counter.post(f"/desk/ho-so/{office.code}/withdraw/", {"note": ""})
    assert answer.status_code == 422 and not [secret for secret in SECRETS if secret in body_of(answer)]


def test_an_administrator_reads_no_name_and_opens_nothing(office: Office) -> None:
    client = office.administrator
    for address in (
        "/desk/ho-so/",
        f"/desk/ho-so/{office.code}/",
        "/api/v1/dossiers",
        f"/api/v1/dossiers/{office.code}",
    ):
        assert NAME not in body_of(client.get(address)), address
    assert client.get("/api/v1/dossiers").json()["masked"] == ["applicant"]
    assert "N••• T••• M•••" in body_of(client.get("/desk/ho-so/"))
    for address in (f"/desk/tep/{office.file}/", f"/desk/ho-so/{office.code}/phieu/tiep-nhan/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/desk/ho-so/{office.code}/hien-day-du/").status_code == 403
    for query in ("nguyen thi mai", NUMBER, PHONE):  # whom they may not see they may not look for
        assert b"<table" not in client.get("/desk/tim/", {"q": query}).content
    assert b"<table" in client.get("/desk/tim/", {"q": office.code[:12]}).content


def test_a_colleague_without_a_hand_in_it_opens_nothing(office: Office) -> None:
    client = office.clerk
    before = len(noted(office))
    for answer in (
        client.post(f"/desk/ho-so/{office.code}/hien-day-du/"), client.get(f"/desk/tep/{office.file}/"),
        client.get(f"/desk/ho-so/{office.code}/phieu/tiep-nhan/"), revealed(client, office.code),
        client.get(f"/api/v1/dossiers/{office.code}/files/{office.file}"),
        client.get(f"/api/v1/dossiers/{office.code}/slips/receipt.pdf"),
    ):  # fmt: skip
        assert answer.status_code == 403 and not [secret for secret in SECRETS if secret in body_of(answer)]
    assert len(noted(office)) == before, "what was refused was not seen, so nothing is noted"
    assert client.get(f"/desk/ho-so/{office.code}/phieu/kiem-soat/").status_code == 200
    assert "cccd Mai.pdf" not in body_of(client.get(f"/desk/ho-so/{office.code}/"))


# ── Shown whole, and noted ───────────────────────────────────────────────────────────────────────────────────────────


def test_show_gives_all_once_and_notes_why(office: Office) -> None:
    client, address = office.counter, f"/desk/ho-so/{office.code}/"
    seen: list[str] = []
    looks = newest(office, lambda: seen.append(body_of(client.post(f"{address}hien-day-du/", {"muc-dich": "contact"}))))
    assert not [secret for secret in SECRETS if secret not in seen[0]]
    assert looks == [("page", True, "contact")]
    assert NUMBER not in body_of(client.get(address)), "the next page is masked again"


def test_every_door_leaves_its_row(office: Office) -> None:
    client, page, api = office.counter, f"/desk/ho-so/{office.code}/", f"/api/v1/dossiers/{office.code}"
    for look, call in (
        (("page", False, ""), lambda: client.get(page)),
        (("api", False, ""), lambda: client.get(api)),
        (("api", True, "check"), lambda: client.post(f"{api}/reveal", {"purpose": "check"}, content_type="application/json")),
        (("paper", True, ""), lambda: client.get(f"{page}phieu/tiep-nhan/")),
        (("paper", False, ""), lambda: client.get(f"{page}phieu/kiem-soat/")),
        (("paper", True, ""), lambda: client.get(f"{api}/slips/receipt.pdf")),
        (("file", True, ""), lambda: client.get(f"/desk/tep/{office.file}/")),
        (("file", True, ""), lambda: client.get(f"{api}/files/{office.file}")),
        (("counter", True, "work"), lambda: client.post("/desk/tiep-nhan/nguoi-nop/", {"chon": office.code})),
    ):  # fmt: skip
        assert newest(office, call) == [look]
    for nothing in (
        lambda: client.get("/desk/ho-so/"), lambda: client.get("/desk/tim/?q=mai"), lambda: client.get("/api/v1/dossiers"),
        lambda: client.post("/desk/tiep-nhan/nguoi-nop/", {"applicant.id_number": NUMBER}),
    ):  # fmt: skip
        assert newest(office, nothing) == [], "masked lines of lists are not looks at a record"


def test_the_same_look_within_minutes_is_counted_and_the_row_says_who(office: Office) -> None:
    client = office.chair
    for _ in range(3):
        client.get(f"/desk/ho-so/{office.code}/")
    (row,) = [row for row in noted(office) if row.account_id == office.here.chair.account_id and row.door == "page"]
    assert row.times >= 3 and (row.post, row.unit_name) == ("chair", office.here.unit.name)
    assert row.actor_name == office.here.chair.name and row.last_at > row.first_at


def test_the_counter_finds_somebody_again_masked_and_fills_the_box_whole(office: Office) -> None:
    client = office.counter
    found = body_of(client.post("/desk/tiep-nhan/nguoi-nop/", {"applicant.id_number": NUMBER}))
    assert NAME in found and "09•••••678" in found and PHONE not in found and HAMLET not in found
    filled = body_of(client.post("/desk/tiep-nhan/nguoi-nop/", {"chon": office.code}))
    assert PHONE in filled and HAMLET in filled
    assert b"<table" in client.get("/desk/tim/", {"q": PHONE}).content


def test_a_token_without_the_scope_reveals_nothing(office: Office) -> None:
    address = f"/api/v1/dossiers/{office.code}/reveal"
    plain, more = token(f"motcua-{HERE}", "dossiers:read"), token(f"motcua-{HERE}", "dossiers:read", "dossiers:reveal")
    answer = Client().post(address, {}, content_type="application/json", headers=plain)
    assert answer.status_code == 403 and NUMBER not in body_of(answer)
    answer = Client().post(address, {}, content_type="application/json", headers=more)
    assert answer.status_code == 200 and answer.json()["applicant"]["id_number"] == NUMBER
    assert answer.json()["masked"] == [] and answer.json()["form"]


def test_the_log_costs_a_page_no_statement(office: Office, queries: Any) -> None:
    client, page = office.counter, f"/desk/ho-so/{office.code}/"
    client.get(page)
    assert least(queries, lambda: client.get(page)) <= 8


def test_pages_cost_the_same_however_many_looked(office: Office, queries: Any) -> None:
    somebody_else = dict(APPLICANT) | {"id_number": "014190005555", "name": "Cà Thị Dung"}
    got, chair, keeper = received(office.here.counter, applicant=somebody_else), office.chair, office.administrator
    chair.get(f"/desk/ho-so/{got.code}/")
    page, tracking = f"/desk/ho-so/{got.code}/nguoi-xem/", f"/tra-cuu/{got.code}/?s={got.secret}"
    few, told = least(queries, lambda: chair.get(page)), least(queries, lambda: Client().get(tracking))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO readings_reading (entry_id, account_id, actor_name, post, unit_name, door, whole, purpose, detail,"
            " first_at, last_at, times) SELECT entry_id, 99, 'Ai Đó', 'clerk', unit_name, 'page', false, '', '', now(), now(), 1"
            " FROM readings_reading, generate_series(1, 60) WHERE id = (SELECT max(id) FROM readings_reading)"
        )
    seen = body_of(chair.get(page))
    assert seen.count("<tr>") == 51 and "tiep=" in seen, "fifty a page and the head"
    assert least(queries, lambda: chair.get(page)) == few <= 5
    assert least(queries, lambda: Client().get(tracking)) == told <= 5
    assert least(queries, lambda: keeper.get("/quan-tri/luu-giu/")) <= 5


# ── The log itself ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_unit_sees_neither_data_nor_log(office: Office) -> None:
    client = office.there.client("counter")
    before = len(noted(office))
    for answer in (
        client.get(f"/desk/ho-so/{office.code}/nguoi-xem/"), client.post(f"/desk/ho-so/{office.code}/hien-day-du/"),
        client.post(f"/desk/ho-so/{office.code}/nguoi-xem/", {"reason": "đơn"}), client.get(f"/desk/tep/{office.file}/"),
        revealed(client, office.code), client.get(f"/desk/ho-so/{office.code}/"),
    ):  # fmt: skip
        assert answer.status_code == 404
    asked = {"id_number": NUMBER, "reason": "đơn", "identity": "true", "lam": "json"}
    assert client.post("/desk/du-lieu-ca-nhan/", asked).status_code == 404
    with entered(office.there.counter):
        assert Reading.objects.count() == 0
    assert len(noted(office)) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO readings_reading (entry_id, account_id, actor_name, post, unit_name, door, whole, purpose, detail,"
        " first_at, last_at, times) VALUES (1, 1, 'x', 'x', 'x', 'page', false, '', '', now(), now(), 1)",
        "UPDATE readings_reading SET actor_name = 'x'",
        "DELETE FROM readings_reading",
        "SELECT readings_forget(now())",
    ],
)
def test_the_application_cannot_touch_the_log(office: Office, statement: str) -> None:
    with pytest.raises(DatabaseError), entered(office.here.counter), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE readings_reading SET post = 'x'", "UPDATE readings_reading SET times = 1, last_at = first_at",
     "DELETE FROM readings_reading"],
)  # fmt: skip
def test_not_even_the_owner_edits_it(office: Office, statement: str) -> None:
    office.counter.get(f"/desk/ho-so/{office.code}/")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="owner"):
        connections["owner"].cursor().execute(statement)


def test_a_reading_page_still_cannot_write(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(*args: Any) -> Any:
        Dossier.objects.update(outcome="x")

    monkeypatch.setattr("haicap.domain.dossiers.web.case.queries.details", writes)
    with pytest.raises(DatabaseError, match="read-only"):
        office.counter.get(f"/desk/ho-so/{office.code}/")


# ── Told to the person ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_citizen_reads_posts_and_units_but_no_names_and_only_with_the_secret(office: Office) -> None:
    office.counter.get(f"/desk/ho-so/{office.code}/")
    page = f"/tra-cuu/{office.code}/"
    told = body_of(Client().get(page, {"s": office.secret}))
    assert "Cán bộ một cửa" in told and office.here.unit.name in told and "Trang hồ sơ" in told
    assert office.here.counter.name not in told
    for wrong in ({}, {"s": "AAAAAAAA"}, {"s": ""}):
        answer = body_of(Client().get(page, wrong))
        assert "Trang hồ sơ" not in answer and "Ai đã xem" not in answer
    api = f"/api/v1/track/{office.code}"
    looks = Client().get(api, {"secret": office.secret}).json()["looks"]
    assert looks[0]["unit"] == office.here.unit.name and set(looks[0]) == {
        "at",
        "post",
        "unit",
        "how",
        "whole",
        "times",
    }
    assert Client().get(api, {"secret": "AAAAAAAA"}).json().get("looks") is None


def test_the_officers_list_names_to_leaders_alone_and_prints(office: Office) -> None:
    office.counter.get(f"/desk/ho-so/{office.code}/")
    page = f"/desk/ho-so/{office.code}/nguoi-xem/"
    assert f"{office.here.counter.name} ·" in body_of(office.chair.get(page))
    assert f"{office.here.counter.name} ·" not in body_of(office.counter.get(page))
    refused = office.counter.post(page, {"reason": " "})
    assert refused.status_code == 422 and "Hãy ghi lý do" in body_of(refused)
    seen: list[Any] = []
    looks = newest(office, lambda: seen.append(office.counter.post(page, {"reason": "Đơn ngày 05/9/2025"})))
    assert seen[0].content.startswith(b"%PDF") and looks == [("export", False, "Đơn ngày 05/9/2025")]


def test_a_persons_data_are_given_out_with_a_reason_and_noted(office: Office) -> None:
    asked = {"id_number": "014 190 001 234", "reason": "Đơn ngày 05/9/2025", "identity": "true", "lam": "json"}
    for role in ("counter", "chair"):
        seen: list[Any] = []
        client = getattr(office, role)
        looks = newest(
            office, lambda client=client, seen=seen: seen.append(client.post("/desk/du-lieu-ca-nhan/", asked))
        )
        told = json.loads(seen[0].content)
        assert [one["code"] for one in told["dossiers"]] == [office.code]
        (one,) = told["dossiers"]
        assert one["applicant"]["phone"] == PHONE and one["form"] and one["files"] and one["looks"]
        assert office.here.counter.name not in json.dumps(one, ensure_ascii=False)
        assert looks == [("export", True, "Đơn ngày 05/9/2025")]
    pdf = office.counter.post("/desk/du-lieu-ca-nhan/", asked | {"lam": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT data::text FROM audit_event WHERE tag = 'dossiers:person:give_out'")
        kept = [row[0] for row in cursor.fetchall()]
    assert len(kept) == 3 and all(NUMBER not in text and office.code in text for text in kept)


def test_what_was_filed_for_another_tells_nothing_of_them(office: Office) -> None:
    proxy = {"name": "Cà Thị Hoa", "id_number": "014180007777", "phone": "0987000111", "paper": "Giấy ủy quyền 3"}
    code = received(office.here.counter, proxy=proxy).code
    asked = {"id_number": proxy["id_number"], "reason": "Đơn", "identity": "true", "lam": "json"}
    answer = office.counter.post("/desk/du-lieu-ca-nhan/", asked)
    (one,) = json.loads(answer.content)["dossiers"]
    assert (one["code"], one["as"], one["proxy"]["name"]) == (code, "proxy", "Cà Thị Hoa")
    assert not [secret for secret in (NAME, *SECRETS) if secret in body_of(answer)]


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"reason": ""}, 422, "Hãy ghi lý do"),
        ({"id_number": "12"}, 422, "12 chữ số"),
        ({"identity": ""}, 422, "đối chiếu giấy tờ"),
        ({"id_number": "014190009999"}, 404, "không giữ hồ sơ nào"),
        ({"reason": "x" * 301}, 422, "Tối đa 300"),
    ],
)
def test_a_request_without_ground_is_told_what_is_missing(
    office: Office, changed: dict[str, str], status: int, sentence: str
) -> None:
    asked = {"id_number": NUMBER, "reason": "Đơn", "identity": "true", "lam": "json"} | changed
    seen: list[Any] = []
    assert newest(office, lambda: seen.append(office.counter.post("/desk/du-lieu-ca-nhan/", asked))) == []
    assert seen[0].status_code == status and sentence in body_of(seen[0])


# ── Corrected ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_correction_keeps_what_was_and_papers_that_are_out(office: Office) -> None:
    code = received(office.here.counter).code
    client = office.counter
    before = client.get(f"/desk/ho-so/{code}/phieu/tiep-nhan/").content
    with entered(office.here.counter):
        number = Dossier.objects.get(entry__code=code).entry.move_no
    change = {"name": "Nguyễn Thị Mơ", "phone": "0987 654 321", "note": "Ghi sai tên", "so": str(number)}
    assert client.post(f"/desk/ho-so/{code}/correct_applicant/", change).status_code == 302
    with entered(office.here.counter):
        dossier = Dossier.objects.select_related("entry").get(entry__code=code)
        move = Move.objects.get(entry_id=dossier.pk, name="correct_applicant")
    assert (dossier.applicant_name, dossier.applicant_phone) == ("Nguyễn Thị Mơ", "0987654321")
    assert dossier.applicant_folded == "nguyen thi mo" and dossier.applicant_id_number == NUMBER
    assert move.data["before"] == {"name": NAME, "phone": PHONE} and move.note == "Ghi sai tên"
    page = body_of(client.get(f"/desk/ho-so/{code}/"))
    assert "09•••••678 → 09•••••321" in page and "Ghi sai tên" in page and "0987654321" not in page
    whole = body_of(client.post(f"/desk/ho-so/{code}/hien-day-du/"))
    assert f"{PHONE} → 0987654321" in whole and f"{NAME} → Nguyễn Thị Mơ" in whole
    assert client.get(f"/desk/ho-so/{code}/phieu/tiep-nhan/").content == before
    moved(office.here.counter, code, "request_supplement", note="Thiếu", fields={"items": "Đơn"})
    moved(office.here.counter, code, "correct_applicant", note="Xóa số", fields={"phone": "-"})
    with entered(office.here.counter):
        dossier = Dossier.objects.select_related("entry").get(entry__code=code)
    assert dossier.applicant_phone == "" and dossier.entry.paused_at is not None, "a correction starts no clock"


@pytest.mark.parametrize(
    ("fields", "note", "wrong"),
    [
        ({}, "lý do", {"name"}),
        ({"name": NAME}, "lý do", {"name"}),
        ({"phone": "12"}, "lý do", {"phone"}),
        ({"id_number": "1"}, "", {"id_number", "note"}),
        ({"name": "-"}, "lý do", {"name"}),
        ({"email": 5}, "lý do", {"email"}),
    ],
)
def test_a_correction_is_refused_at_its_field(
    office: Office, fields: dict[str, Any], note: str, wrong: set[str]
) -> None:
    with pytest.raises(errors.DossierInvalid) as caught:
        moved(office.here.counter, office.code, "correct_applicant", note=note, fields=fields)
    assert {problem.field for problem in caught.value.problems} == wrong


def test_who_may_correct(office: Office) -> None:
    for role in ("clerk", "administrator", "case_officer"):
        assert getattr(office, role).post(
            f"/desk/ho-so/{office.code}/correct_applicant/", {"phone": "0987654321", "note": "x"}
        ).status_code in (403, 409)
    moved(office.here.chair, office.code, "correct_applicant", note="Đổi số", fields={"email": "mai@example.vn"})


def test_the_database_refuses_a_correction_that_tells_untruly_what_stood_there(office: Office) -> None:
    data = {"before": {"name": "Người khác"}, "after": {"name": "X"}}
    with entered(office.here.counter):
        last = Move.objects.filter(entry__code=office.code).order_by("-no")[0]
    with (
        pytest.raises(DatabaseError, match="does not fit"),
        entered(office.here.counter),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO entries_move SELECT (jsonb_populate_record(m, jsonb_build_object('no', m.no + 1, 'name',"
            " 'correct_applicant', 'from_state', m.to_state, 'data', %s::jsonb))).* FROM entries_move m"
            " WHERE m.entry_id = %s AND m.no = %s",
            [json.dumps(data), last.entry_id, last.no],
        )


# ── Kept no longer than needed ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_past_its_time_is_listed_for_its_own_unit_and_not_removed(office: Office, settings: Any) -> None:
    settings.HAICAP_DOSSIERS_KEPT_YEARS = 2
    page = "/quan-tri/luu-giu/"
    assert "Chưa có hồ sơ nào hết thời hạn" in body_of(office.administrator.get(page))
    code = received(office.here.counter).code
    moved(office.here.counter, code, "withdraw", note="Rút")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE entries_entry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE entries_entry SET opened_at = now() - interval '3 years', closed_at = now() - interval '3 years'"
            " WHERE code = %s", [code],
        )  # fmt: skip
        cursor.execute("ALTER TABLE entries_entry ENABLE TRIGGER USER")
    told = body_of(office.administrator.get(page))
    assert code in told and "không xóa hồ sơ nào" in told and NAME not in told
    assert code not in body_of(office.there.client("administrator").get(page))
    assert "[K]" in told and "014•••••1234" in told
    with entered(office.here.counter):
        assert Dossier.objects.filter(entry__code=code).exists()


@pytest.mark.parametrize("text", ["89", "3651", "-1", "9e3", "hai năm"])
def test_a_term_out_of_bounds_stops_the_program_from_starting(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HAICAP_READINGS_KEPT_DAYS", text)
    with pytest.raises(ImproperlyConfigured, match="from 90 to 3650"):
        environment.whole("HAICAP_READINGS_KEPT_DAYS", 730, least=90, most=3650)
