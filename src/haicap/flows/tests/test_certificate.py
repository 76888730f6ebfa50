"""The certificate: everything once, before as after, the same whoever computes it; what was changed is named."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pytest

from haicap.domain.dossiers.tests.factories import moved
from haicap.domain.units.ports import Settled, holdings
from haicap.flows.reorganisation.certificate import make_certificate, root_of
from haicap.flows.reorganisation.errors import MomentOutside, NotConserved, NotYetInForce, ResolutionUnknown
from haicap.flows.reorganisation.impact import impact_of
from haicap.flows.reorganisation.resolutions import find_resolution
from haicap.flows.reorganisation.verify import verify_document
from haicap.flows.tests.reorganised import (
    EVE,
    NEW_ONE,
    NEW_TWO,
    NUMBER,
    OLD_ONE,
    OLD_THREE,
    OLD_TWO,
    THE_DAY,
    World,
    as_the_worker,
    move_to,
    reorganised,
    tamper,
)
from haicap.kernel import clock
from haicap.kernel.language import activate

EMPTY = (0, 0)


@pytest.fixture
def made(own_database) -> World:
    activate("vi")
    return reorganised()


@pytest.fixture
def world(made, as_worker) -> World:
    return made


def figures(content, part="before"):
    """(unit, holding) → (count, open) of what there was; (heir, from, holding) of what came of it."""
    return {
        tuple(row[name].split("@")[0] for name in ("unit", "from", "holding") if name in row): (
            row["count"],
            row["open"],
        )
        for row in content[part]
    }


def test_everything_is_counted_once_before_and_after(world):
    content = make_certificate(world.resolution).content
    before, after = figures(content), figures(content, "after")
    assert {before.pop((unit, "denunciations")) for unit in (OLD_ONE, OLD_TWO, OLD_THREE)} == {EMPTY}
    assert before == {
        (OLD_ONE, "dossiers"): (3, 2), (OLD_ONE, "files"): (1, 1), (OLD_ONE, "people"): (2, 2),
        (OLD_TWO, "dossiers"): (3, 3), (OLD_TWO, "files"): EMPTY, (OLD_TWO, "people"): (2, 2),
        (OLD_THREE, "dossiers"): EMPTY, (OLD_THREE, "files"): EMPTY, (OLD_THREE, "people"): EMPTY,
    }  # fmt: skip
    assert after[NEW_ONE, OLD_ONE, "dossiers"] == (3, 2)
    assert after[NEW_TWO, OLD_THREE, "dossiers"] == EMPTY
    assert after[NEW_ONE, OLD_TWO, "dossiers"][0] + after[NEW_TWO, OLD_TWO, "dossiers"][0] == 3
    assert after[NEW_TWO, OLD_TWO, "people"] == (2, 2)  # who has no new post goes where the rest goes
    assert [(row["holding"], row["before"]) for row in content["totals"]] == [
        (row["holding"], row["after"]) for row in content["totals"]
    ]


def test_hashes_of_the_heirs_add_up_to_those_of_the_ended_unit(world):
    content = make_certificate(world.resolution).content
    for row in content["before"]:
        parts = [part for part in content["after"] if (part["from"], part["holding"]) == (row["unit"], row["holding"])]
        assert sum(int(part["sum"], 16) for part in parts) % 2**2048 == int(row["sum"], 16)
        assert sum(part["count"] for part in parts) == row["count"]


def test_anybody_can_compute_the_hash_of_a_dossier_from_its_facts(world):
    lines = []
    make_certificate(
        world.resolution, watch=lambda holding, item, unit, heir, basis: lines.append((holding.code, item))
    )
    code = world.dossiers[OLD_ONE][0]
    (item,) = [item for holding, item in lines if (holding, item.key) == ("dossiers", code)]
    facts = [
        "dossier", code, OLD_ONE, "2025-07-01", OLD_ONE, "2025-07-01", "STD", "260225", "1", "2026-02-25T01:30:00.000000Z",
        "2026-02-25T01:30:00.000000Z", "1.001193", "direct", "Nguyễn Thị Mai", "014190001234", "1", "0",
    ]  # fmt: skip
    assert item.digest == hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).digest()


def test_the_root_depends_on_the_content_alone_and_verifies(world):
    first = make_certificate(world.resolution)
    second = make_certificate(world.resolution, as_of=datetime.fromisoformat(first.content["as_of"]))
    assert first.root == second.root
    assert len(first.root) == 64
    verdict = verify_document(json.loads(json.dumps(first.as_json())))
    assert verdict.ok
    assert verdict.as_json() == {"ok": True, "root": first.root}


def test_what_moves_on_afterwards_changes_nothing(world):
    document = make_certificate(world.resolution).as_json()
    code = world.dossiers[OLD_ONE][0]
    tamper("UPDATE entries_entry SET closed_at = now(), state = 'withdrawn' WHERE code = %s", code)
    tamper("UPDATE people_appointment SET valid_to = %s WHERE valid_from < %s", clock.today(), THE_DAY)
    tamper("INSERT INTO files_attachment (entry_id, digest, name, media_type, size, paper, added_at) "
           "SELECT id, repeat('1', 64), 'bổ sung.pdf', 'application/pdf', 9, '', now() FROM entries_entry WHERE code = %s",
           code)  # fmt: skip
    assert verify_document(document).ok


@pytest.mark.parametrize(
    ("sql", "unit", "holding", "what"),
    [
        ("UPDATE dossiers_dossier SET applicant_name = 'Kẻ Khác' WHERE entry_id = (SELECT id FROM entries_entry "
         "WHERE code = %s)", OLD_ONE, "dossiers", "sum"),
        ("UPDATE entries_entry SET closed_at = opened_at WHERE code = %s", OLD_ONE, "dossiers", "open"),
        ("UPDATE entries_entry SET number = 77, book_unit_id = (SELECT id FROM units_unit WHERE code = '99902') "
         "WHERE code = %s", OLD_ONE, "dossiers", "count"),
        ("UPDATE entries_entry SET unit_id = (SELECT id FROM units_unit WHERE code = '99902') WHERE code = %s",
         OLD_ONE, "dossiers", "sum"),
        ("DELETE FROM files_attachment WHERE entry_id = (SELECT id FROM entries_entry WHERE code = %s)",
         OLD_ONE, "files", "count"),
        ("UPDATE files_attachment SET digest = repeat('0', 64) WHERE entry_id = "
         "(SELECT id FROM entries_entry WHERE code = %s)", OLD_ONE, "files", "sum"),
    ],
    ids=["edited", "closed", "moved", "competent unit", "file removed", "file exchanged"],
)  # fmt: skip
def test_what_was_tampered_with_is_named(world, sql, unit, holding, what):
    document = make_certificate(world.resolution).as_json()
    tamper(sql, world.dossiers[OLD_ONE][0])
    verdict = verify_document(document)
    assert not verdict.ok
    first = verdict.differences[0]
    assert (first.where, first.holding, first.what) == (f"{unit}@2025-07-01", holding, what)
    assert unit in first.sentence()


def test_a_certificate_from_before_a_room_was_there_stays_true(world):
    old = make_certificate(world.resolution, only={"dossiers", "files", "people"})
    assert "denunciations" not in str(old.content) and verify_document(old.as_json()).ok


def test_a_file_that_was_edited_is_told_by_its_root(world):
    document = make_certificate(world.resolution).as_json()
    row = next(row for row in document["content"]["before"] if row["holding"] == "dossiers")
    row["count"] += 1
    (difference,) = verify_document(document).differences
    assert difference.what == "root"
    document["root"] = root_of(document["content"])  # an editor who knows how
    first, *_ = verify_document(document).differences
    assert (first.where, first.holding, first.what) == (f"{OLD_ONE}@2025-07-01", "dossiers", "count")
    assert (first.stated, first.found) == (4, 3)


def test_taking_over_is_dated_so_an_older_certificate_stays_true(made, role_passwords):
    code, now = made.dossiers[OLD_TWO][2], clock.now()  # nothing but the rest clause spoke for it
    with as_the_worker(role_passwords):
        older = make_certificate(made.resolution, as_of=now - timedelta(minutes=10)).as_json()
    moved(made.actor(f"motcua-{NEW_ONE}"), code, "take_over", at=now - timedelta(minutes=5))
    with as_the_worker(role_passwords):
        assert verify_document(older).ok
        newer = make_certificate(made.resolution).content
    before, after = figures(older["content"], "after"), figures(newer, "after")
    assert (before[NEW_ONE, OLD_TWO, "dossiers"], before[NEW_TWO, OLD_TWO, "dossiers"]) == ((1, 1), (2, 2))
    assert (after[NEW_ONE, OLD_TWO, "dossiers"], after[NEW_TWO, OLD_TWO, "dossiers"]) == ((2, 2), (1, 1))
    assert figures(older["content"]) == figures(newer)
    rows = {(row["unit"][:5], row["from"][:5], row["holding"]): row["by"] for row in newer["after"]}
    assert rows[NEW_ONE, OLD_TWO, "dossiers"] == {"proposed": 1, "taken": 1}


def test_a_correction_of_the_applicant_leaves_an_older_certificate_true(made, role_passwords):
    code = made.dossiers[OLD_TWO][2]
    with as_the_worker(role_passwords):
        older = make_certificate(made.resolution).as_json()
    moved(made.actor(f"motcua-{NEW_ONE}"), code, "take_over")
    corrected = {"name": "Tên Đã Sửa", "id_number": "014190004321", "address": "Bản Khác, xã Khác, tỉnh Khác"}
    moved(made.actor(f"motcua-{NEW_ONE}"), code, "correct_applicant", note="Ghi sai", fields=corrected)
    with as_the_worker(role_passwords):
        assert verify_document(older).ok


def test_people_with_a_new_post_are_with_the_heir_that_gave_it(made, request):
    move_to(made, f"chutich-{OLD_TWO}", NEW_ONE, THE_DAY)
    request.getfixturevalue("as_worker")
    content = make_certificate(made.resolution).content
    rows = {(row["unit"][:5], row["from"][:5]): row for row in content["after"] if row["holding"] == "people"}
    assert (rows[NEW_ONE, OLD_TWO]["count"], rows[NEW_ONE, OLD_TWO]["by"]) == (1, {"appointed": 1})
    assert (rows[NEW_TWO, OLD_TWO]["count"], rows[NEW_TWO, OLD_TWO]["by"]) == (1, {"default": 1})


@pytest.mark.parametrize("stranger", [False, True], ids=["nobody", "a stranger"])
def test_a_thing_without_an_heir_among_the_heirs_stops_the_certificate(world, monkeypatch, stranger):
    (dossiers,) = [one for one in holdings() if one.code == "dossiers"]
    settled = Settled(world.units[OLD_THREE].pk, "default")
    monkeypatch.setattr(
        type(dossiers), "heirs", lambda self, items, at: {item.key: settled for item in items if stranger}
    )
    with pytest.raises(NotConserved) as caught:
        make_certificate(world.resolution)
    assert "Xã Cũ Hai" in caught.value.sentence()
    assert any(code in caught.value.sentence() for code in world.dossiers[OLD_TWO])


def test_a_moment_outside_and_a_number_unknown_are_refused(world):
    with pytest.raises(MomentOutside):
        make_certificate(world.resolution, as_of=EVE)
    with pytest.raises(MomentOutside):
        make_certificate(world.resolution, as_of=clock.now() + timedelta(hours=1))
    with pytest.raises(ResolutionUnknown):
        find_resolution("1/NQ-KHONG-CO")
    assert find_resolution(NUMBER) == find_resolution(str(world.resolution.pk)) == world.resolution


def test_nothing_is_certified_before_the_day(own_database):
    world = reorganised(effective_on=clock.today() + timedelta(days=30), dossiers=False)
    with pytest.raises(NotYetInForce):
        make_certificate(world.resolution)


def test_the_impact_is_counted_without_an_heir_being_there_yet(world):
    heirs = {world.units[OLD_ONE].pk: [NEW_ONE], world.units[OLD_TWO].pk: [NEW_ONE, NEW_TWO]}
    told = impact_of(world.ids(), heirs).as_json()
    assert next(row for row in told["totals"] if row["holding"] == "dossiers") == {
        "holding": "dossiers", "label": "Hồ sơ", "units": 2, "count": 6, "open": 5,
        "whole": {"count": 3, "open": 2}, "to_allot": {"count": 3, "open": 3},
    }  # fmt: skip
    assert [row["holding"] for row in told["rows"]] == ["dossiers", "dossiers", "files", "people", "people"]
    assert impact_of([]).rows == ()
