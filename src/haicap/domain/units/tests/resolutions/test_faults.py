"""Each fault at its edge: one slip in a good file gives one fault, at its line, with its cure in both languages."""

from __future__ import annotations

import json
import re
from datetime import date

import jsonschema_rs
import pytest
import yaml

from haicap.domain.units.commands.resolutions import file as files
from haicap.domain.units.commands.resolutions import packaged, shape, tree
from haicap.domain.units.commands.resolutions.faults import ALONE, FAULTS, RECORDS, SHAPE
from haicap.domain.units.tests.resolutions.small import FILE, faults_of, found, planted, unit, world
from haicap.kernel.language import speaking

LINE = "\n"
# name of the fault: what is replaced in the good file, by what; the remark marks the line that must be told
SLIPS: list[tuple[str, str]] = [
    # shape
    ('\n  - {code: "03004"', '\n\t- {code: "03004"'),
    ("[Bản Bó]}", "&a [Bản Bó]} #! alias"),
    ("name: Xã Mới", "name: !!str Xã Mới #! tag"),
    ("    name: Xã Mới\n", "    name: Xã Mới\n    name: Xã Khác #! key_twice\n"),
    ('    parent: "14"\n    lat', '    parrent: "14" #! key_unknown\n    lat'),
    ("  body: Ủy ban Thường vụ Quốc hội\n", ""),
    ("  title: Về việc sắp xếp các xã thử nghiệm", "  title: #! value_missing"),
    ('code: "03010"', "code: 03010 #! quotes_needed"),
    ("    name: Phường Mới", "    name: [Phường Mới] #! not_a_text"),
    ("hamlets: [Bản Bó]}", "hamlets: Bản Bó} #! not_a_list"),
    ('  - {code: "03004", name: Xã Bốn, new_name: Xã Tư}', "  - Xã Bốn #! not_a_mapping"),
    ("hamlets: [Bản Bó]}", "hamlets: []} #! list_empty"),
    ("lat: 21.5", "lat: 21,5 #! not_a_number"),
    ("lat: 21.5", "lat: 215 #! number_out_of_range"),
    ("area_km2: 100", "area_km2: 0 #! number_out_of_range"),
    ("residual: true}", "residual: yes} #! not_a_flag"),
    ("adopted_on: 2026-09-01", "adopted_on: 2026-09-31 #! not_a_date"),
    ("adopted_on: 2026-09-01", "adopted_on: 1/9/2026 #! not_a_date"),
    ("kind: xa", "kind: xã #! not_a_choice"),
    ("format: haicap-resolution/1", "format: haicap-resolution/2 #! not_a_choice"),
    ("name: Xã Mới", f"name: Xã {'M' * 120} #! text_too_long"),
    ('parent: "14"\n    lat', 'parent: "140000" #! code_malformed\n    lat'),
    ("number: 500/NQ-UBTVQH16", "number: Nghị quyết 500 #! number_malformed"),
    ("  number: 500/NQ", "  [1]: x #! key_is_no_word\n  number: 500/NQ"),
    # by itself
    ("effective_on: 2026-10-01", "effective_on: 2026-08-31 #! in_force_before_adoption"),
    ("adopted_on: 2026-08-01", "adopted_on: 2026-10-02} #! basis_too_late"),
    ("  also:\n", "  also:\n    - {number: 500/NQ-UBTVQH16} #! basis_twice\n"),
    ("    by: 77/2026/QH16", "    by: 78/2026/QH16 #! basis_unknown"),
    (
        '  - {code: "03003", name: Xã Ba}\n',
        '  - {code: "03003", name: Xã Ba}\n  - {code: "03003", name: Xã Ba} #! unit_twice\n',
    ),
    ('  - code: "03010"', '  - code: "03004" #! created_and_changed'),
    ('  - {code: "03004", name: Xã Bốn', '  - {code: "03003", name: Xã Ba'),
    (
        '  - {code: "03004", name: Xã Bốn, new_name: Xã Tư}',
        '  - {code: "03005", name: Xã Năm, new_name: Xã Tư} #! changed_twice',
    ),
    ("kind: xa\n", "kind: tinh #! kind_not_of_level\n"),
    ("    name: Xã Mới\n    kind: xa\n", "    name: Thị trấn Mới\n    kind: thi_tran #! kind_of_old_law\n"),
    ("    name: Xã Mới\n", "    name: Phường Mới #! name_not_of_kind\n"),
    ("    name: Xã Mới\n", '    name: "Xã " #! name_not_of_kind\n'),
    ("new_name: Phường Năm}", "new_name: Xã Năm} #! name_not_of_kind"),
    ("new_name: Xã Tư}", "new_name: Phường Tư} #! name_not_of_kind"),
    ('    parent: "14"\n    by', "    by"),
    (
        "share: part, residual: true}\n",
        'share: part, residual: true}\n      - {code: "03002", name: Xã Hai, share: part} #! flow_twice\n',
    ),
    ("Xã Một, share: whole}\n", "Xã Một, share: whole}\n"),
    ("Xã Hai, share: part, hamlets: [Bản Na, Bản Pa]}", "Xã Hai, share: whole}"),
    ("name: Xã Ba, share: whole}", "name: Xã Ba, share: part} #! part_alone"),
    ("name: Xã Ba, share: whole}", "name: Xã Ba, share: whole, hamlets: [Bản X]} #! whole_with_hamlets"),
    ("name: Xã Ba, share: whole}", "name: Xã Ba, share: whole, residual: true} #! whole_with_hamlets"),
    ("hamlets: [Bản Na, Bản Pa]}", "residual: true}"),
    ("[Bản Na, Bản Pa]", "[Bản Na, Bản Na]"),
    ("[Bản Bó]}", "[Bản Bó, Bản Bó]} #! hamlet_twice"),
    (
        'to: {code: "03007", name: Xã Bảy}, hamlets: [Bản Bó]}',
        'to: {code: "03006", name: Xã Sáu}, hamlets: [Bản Bó]} #! adjusted_to_itself',
    ),
    (
        "hamlets: [Bản Bó]}\n",
        'hamlets: [Bản Bó]}\n  - from: {code: "03006", name: Xã Sáu} #! adjusted_twice\n'
        '    to: {code: "03007", name: Xã Bảy}\n    hamlets: [Bản Co]\n',
    ),
    (
        'to: {code: "03007", name: Xã Bảy}, hamlets: [Bản Bó]}',
        'to: {code: "15", name: Tỉnh Lào Cai}, hamlets: [Bản Bó]} #! levels_differ',
    ),
    # against the records
    ('code: "03004", name: Xã Bốn, new_name: Xã Tư}', 'code: "03999", name: Xã Bốn, new_name: Xã Tư} #! code_unknown'),
    (
        'code: "03004", name: Xã Bốn, new_name: Xã Tư}',
        'code: "03011", name: Xã Đã Hết, new_name: Xã Tư} #! unit_closed',
    ),
    (
        'code: "03004", name: Xã Bốn, new_name: Xã Tư}',
        'code: "03013", name: Xã Sắp Hết, new_name: Xã Tư} #! unit_ended_by_other',
    ),
    (
        'code: "03004", name: Xã Bốn, new_name: Xã Tư}',
        'code: "03012", name: Xã Sau Này, new_name: Xã Tư} #! unit_not_yet_formed',
    ),
    ('- {code: "03003", name: Xã Ba}', '- {code: "03003", name: Xã Bạ} #! name_differs'),
    ("name: Xã Ba, share: whole}", "name: Xã Tám, share: whole} #! name_differs"),
    (
        "name: Xã Ba, share: whole}\n",
        'name: Xã Ba, share: whole}\n      - {code: "03008", name: Xã Tám, share: whole} #! flow_not_ended\n',
    ),
    (
        '  - {code: "03003", name: Xã Ba}\n',
        '  - {code: "03003", name: Xã Ba}\n  - {code: "03008", name: Xã Tám} #! ended_without_heir\n',
    ),
    ('- code: "03010"', '- code: "03008" #! code_in_use'),
    ('- code: "03010"', '- code: "03012" #! code_used_later'),
    ('parent: "14"\n    lat', 'parent: "17" #! parent_unknown\n    lat'),
    ('parent: "14"\n    lat', 'parent: "16" #! parent_ends\n    lat'),
    ('parent: "14"\n    lat', 'parent: "03008" #! parent_of_wrong_level\n    lat'),
    ("new_name: Xã Tư}", "new_name: Xã Bốn} #! same_name"),
    ("kind: phuong, new_name: Phường Năm}", "kind: xa, new_name: Xã Lăm} #! same_kind"),
]
# slips whose line is not the one that was changed: what is told, and a text of the line
ELSEWHERE = {
    '\n\t- {code: "03004"': ("tab", '- {code: "03004"'),
    "": ("key_missing", "number: 500"),
    '  - {code: "03003", name: Xã Ba': ("ended_and_changed", "new_name: Xã Tư"),
    "    by": ("parent_missing", '- code: "03010"'),
    "Xã Hai, share: whole}": ("whole_and_part", "residual: true"),
    "residual: true}": ("residual_twice", 'code: "03002", name: Xã Hai, share: part, residual: true}\n      - {code: "03003"'),
    "[Bản Na, Bản Na]": ("hamlet_twice", "[Bản Na, Bản Na]"),
}  # fmt: skip


def test_the_good_file_has_no_fault() -> None:
    assert faults_of(FILE) == ()


@pytest.mark.parametrize(("before", "after"), SLIPS, ids=[f"{n}-{after[:60]}" for n, (_, after) in enumerate(SLIPS)])
def test_one_slip_is_one_fault_at_its_line(before: str, after: str) -> None:
    assert before in FILE
    text = FILE.replace(before, after, 1)
    expected = planted(text)
    if after in ELSEWHERE:
        name, mark = ELSEWHERE[after]
        expected = {(text[: text.index(mark)].count("\n") + 1, name)}
    if before == after:
        expected = set()
    told = faults_of(text)
    assert found(told) == expected, [str(fault.message) for fault in told]
    for fault in told:
        assert fault.field == f"thử.yaml:{fault.line}"


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("", "nothing_written", 1),
        ("# chỉ có ghi chú\n", "nothing_written", 1),
        (FILE + "---\nformat: x\n", "second_document", FILE.count("\n") + 1),
        (FILE.replace("  body: Ủy", "  body: 'Ủy", 1), "not_yaml", None),
        (FILE.replace("renamed:", "renamed", 1), "not_yaml", None),
        ("a" * (tree.MOST_CHARACTERS + 1), "too_large", 1),
        ("x: \x00", "not_text", 1),
        (f"x: {'[' * 5000}", "too_deep", 1),
        ("- " * 5000, "too_deep", 1),
        ("format: haicap-resolution/1\nx: &a [1]\ny: [*a, *a]\n", "alias", 2),
        (FILE[: FILE.index("certainty")], "changes_nothing", 3),
        (FILE.replace("2026-10-01", "2025-01-01").replace("2026-09-01", "2024-12-01").replace("2026-08-01", "2024-12-01"),
         "before_records", 7),
        ("[1, 2]", "not_a_mapping", 1),
    ],
)  # fmt: skip
def test_faults_of_the_whole_file(text: str, name: str, line: int | None) -> None:
    told = [fault.line for fault in faults_of(text) if fault.name == name]
    assert told
    assert line in (None, told[0])


def test_a_province_has_no_parent_and_leaves_nobody_without_one() -> None:
    text = """\
format: haicap-resolution/1
resolution: {number: 1/2026/QH16, body: Quốc hội, title: Thử, adopted_on: 2026-09-01, effective_on: 2026-10-01}
ended:
  - {code: "14", name: Tỉnh Sơn La} #! children_left
created:
  - code: "18"
    name: Tỉnh Mới
    kind: tinh
    parent: "15" #! parent_of_province
    from:
      - {code: "14", name: Tỉnh Sơn La, share: whole}
"""
    assert found(faults_of(text)) == planted(text)


def test_a_district_with_communes_does_not_itself_become_a_commune() -> None:
    text = """\
format: haicap-resolution/1
resolution: {number: 1/2025/QH15, body: Quốc hội, title: Thử, adopted_on: 2025-02-01, effective_on: 2025-03-01}
ended:
  - {code: "120", name: Huyện Đảo}
  - {code: "04001", name: Xã Đảo}
created:
  - code: "04009"
    name: Xã Mới
    kind: xa
    parent: "121"
    from:
      - {code: "120", name: Huyện Đảo, share: whole} #! district_had_communes
      - {code: "04001", name: Xã Đảo, share: whole}
"""
    early = {"valid_from": date(2025, 1, 1)}
    known = world(unit("120", "Huyện Đảo", **early), unit("121", "Huyện Bờ", **early),
                  unit("04001", "Xã Đảo", parent_code="120", **early))  # fmt: skip
    assert found(faults_of(text, known)) == planted(text)


def test_every_fault_is_tried_here_and_tells_its_cure_in_both_languages() -> None:
    tried = {name for _, after in SLIPS for _, name in planted(after)} | {name for name, _ in ELSEWHERE.values()}
    elsewhere = {"nothing_written", "second_document", "not_yaml", "too_large", "not_text", "too_deep", "alias", "tab",
                 "changes_nothing", "before_records", "parent_of_province", "children_left",
                 "district_had_communes"}  # fmt: skip
    assert set(FAULTS) == tried | elsewhere
    assert len(FAULTS) == len(SHAPE) + len(ALONE) + len(RECORDS)
    for vi, en in FAULTS.values():
        assert set(re.findall(r"{\w+}", vi)) == set(re.findall(r"{\w+}", en))
        assert vi.count(".") >= 2 or vi.endswith("{hint}")


def test_messages_come_in_the_readers_language() -> None:
    (fault,) = faults_of(FILE.replace("kind: xa", "kind: xã"))
    assert str(fault.message).startswith("“xã” không dùng được cho “kind”. Hãy sửa thành “xa”")
    with speaking("en"):
        assert str(fault.message).startswith("“xã” cannot stand for “kind”. Change it to “xa”")


def test_a_wrong_code_is_answered_with_the_code_of_that_name() -> None:
    (fault,) = faults_of(FILE.replace('code: "03004"', 'code: "03999"'))
    assert "03004" in str(fault.message)


def test_a_small_bomb_stays_small() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{k}: &{k} [{', '.join(['*' + j] * 9)}]\n" for j, k in zip("abcdefgh", "bcdefghi", strict=True)
    )
    told = files.read(bomb, "bom.yaml").faults
    assert {fault.name for fault in told} >= {"alias", "key_unknown"}
    assert len(told) < 200


class TestTheSchema:
    """The JSON Schema says the same as the reader."""

    validator = jsonschema_rs.validator_for(
        json.loads(shape.SCHEMA_FILE.read_text(encoding="utf-8")), validate_formats=True
    )

    def content(self, text: str) -> object:
        class Plain(yaml.SafeLoader):
            """Days stay text, as in JSON."""

        Plain.yaml_implicit_resolvers = {
            first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }
        return yaml.load(text, Loader=Plain)  # noqa: S506 - a SafeLoader

    def test_it_takes_the_good_file_and_every_carried_one(self) -> None:
        assert self.validator.is_valid(self.content(FILE))
        for path in packaged.paths()[::7]:
            text = path.read_text(encoding="utf-8")
            assert self.validator.is_valid(self.content(text)), path
            assert not files.read(text, path.name).faults

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            slip
            for slip in SLIPS
            if planted(slip[1])
            and {name for _, name in planted(slip[1])}
            & set(SHAPE) - {"alias", "tag", "key_twice", "key_is_no_word", "not_a_flag"}
        ],
    )
    def test_it_refuses_what_the_reader_refuses(self, before: str, after: str) -> None:
        assert not self.validator.is_valid(self.content(FILE.replace(before, after, 1)))

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            slip
            for slip in SLIPS
            if planted(slip[1]) and {name for _, name in planted(slip[1])} <= set(ALONE) | set(RECORDS)
        ],
    )
    def test_it_takes_what_only_the_records_refuse(self, before: str, after: str) -> None:
        assert self.validator.is_valid(self.content(FILE.replace(before, after, 1)))
