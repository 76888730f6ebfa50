"""Tables of addresses in, tables with answers out: what people's CSV files are like, and what must never happen to them."""

from __future__ import annotations

import csv
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from haicap.domain.units import errors
from haicap.domain.units.addresses import Answer, Candidate, Status
from haicap.domain.units.commands.conversion import ADDED, Stopped, Tally, convert
from haicap.domain.units.commands.conversion.reading import find_column
from haicap.domain.units.queries import addresses
from haicap.kernel.errors import DomainError
from haicap.kernel.language import speaking

WARD = Candidate(1, "03646", "Phường Chiềng An", "phuong", "Tỉnh Sơn La", "14", 1.0, "nhập toàn bộ")
OTHER = Candidate(2, "03664", "Phường Tô Hiệu", "phuong", "Tỉnh Sơn La", "14", 0.5, "một phần")
KNOWN = "Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La"
DIVIDED = "Xã Bính Xá, Huyện Đình Lập"
OURS = ["exact", "03646", "Phường Chiềng An", "14", "03646"]
BOTH = ["ambiguous", "", "", "", "03646;03664"]
NOTHING = ["unknown", "", "", "", ""]


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that knows two addresses: what is tested here is the table."""

    def resolve_many(asked: Iterable[str], on: date | None = None) -> Iterator[Answer]:
        for text in asked:
            if "Chiềng Đen" in text:
                yield Answer(Status.EXACT, (WARD,))
            elif "Bính Xá" in text:
                yield Answer(Status.AMBIGUOUS, (WARD, OTHER), "xã đã bị chia")
            else:
                yield Answer(Status.UNKNOWN, (), "không có tên xã")

    monkeypatch.setattr(addresses, "resolve_many", resolve_many)


@pytest.fixture
def converted(tmp_path: Path) -> Callable[..., tuple[bytes, list[list[str]], Tally]]:
    """Convert a text or bytes; gives the result's bytes, the report's rows and the tally."""

    def run(content: str | bytes, **options: object) -> tuple[bytes, list[list[str]], Tally]:
        source, target, report = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "out.report.csv"
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        tally = convert(source, target, report, overwrite=True, **options)  # type: ignore[arg-type]
        with report.open(encoding="utf-8-sig", newline="") as told:
            return target.read_bytes(), list(csv.reader(told)), tally

    return run


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True), delimiter=delimiter))


def test_five_columns_come_behind_what_was_there(converted):
    data, report, tally = converted(f'ma,address,tên\n1,"{KNOWN}",Lò Văn Ín\n2,"{DIVIDED}",x\n3,gì đó,y\n4,,z\n')
    assert data.decode() == (
        "ma,address,tên,status,new_code,new_name,province_code,candidates\n"
        f'1,"{KNOWN}",Lò Văn Ín,exact,03646,Phường Chiềng An,14,03646\n'
        f'2,"{DIVIDED}",x,ambiguous,,,,03646;03664\n'
        "3,gì đó,y,unknown,,,,\n4,,z,unknown,,,,\n"
    )
    assert (tally.rows, tally.exact, tally.ambiguous, tally.unknown) == (4, 1, 1, 2)
    assert report == [
        ["row", "address", "status", "candidates", "why"],
        ["3", DIVIDED, "ambiguous", "03646;03664",
         "xã đã bị chia | 03646 Phường Chiềng An, Tỉnh Sơn La: nhập toàn bộ | 03664 Phường Tô Hiệu, Tỉnh Sơn La: một phần"],
        ["4", "gì đó", "unknown", "", "không có tên xã"],
        ["5", "", "unknown", "", "ô địa chỉ trống"],
    ]  # fmt: skip


def test_the_report_speaks_the_callers_language(converted):
    with speaking("en"):
        assert converted("address\n \n")[1][1][-1] == "the cell is empty"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_marks_ends_and_delimiters_stay_as_they_were(converted, mark, end, bom):
    content = bom + f'số{mark}Địa chỉ{end}1{mark}"{KNOWN}"{end}2{mark}"{DIVIDED}"{end}'.encode()
    data, _, tally = converted(content)
    assert data.startswith(bom + "số".encode())
    assert data.count(b"\xef\xbb\xbf") == len(bom) // 3
    assert data.count(end.encode()) == data.count(b"\n") == 3
    assert rows(data, mark) == [
        ["số", "Địa chỉ", *ADDED], ["1", KNOWN, *OURS], ["2", DIVIDED, *BOTH]
    ]  # fmt: skip
    assert (tally.exact, tally.ambiguous) == (1, 1)


def test_each_line_is_kept_byte_for_byte(converted):
    lines = [f'"0012", "{KNOWN.replace(",", "")}" ,=1+1', ' a ,"b ""c"" d",-x', '"nhiều\r\ndòng",z,@y', "'1,2, 3 "]
    data, _, _ = converted("a,address,b\n" + "\n".join(lines) + "\n")
    text = data.decode()
    for line in lines:
        assert f"\n{line},unknown," in text or f"\n{line},exact," in text, line


def test_line_ends_inside_quotation_marks_belong_to_the_cell(converted):
    data, report, tally = converted(f'address,b\n"Bản Mòng\n{KNOWN}",1\ngì,2\n')
    assert rows(data)[1:] == [[f"Bản Mòng\n{KNOWN}", "1", *OURS], ["gì", "2", *NOTHING]]
    assert (tally.rows, report[1][0]) == (2, "3")


def test_a_file_of_one_column_needs_no_quotation_marks(converted):
    data, _, tally = converted(f'address\n{KNOWN}\n\n"{DIVIDED}"\n"Bản", Xã\n{KNOWN}')
    assert rows(data) == [
        ["address", *ADDED], [KNOWN, *OURS], [], [DIVIDED, *BOTH], ['"Bản", Xã', *NOTHING], [KNOWN, *OURS]
    ]  # fmt: skip
    assert tally.rows == 4


def test_rows_that_do_not_fit_their_headings_keep_our_columns_in_place(converted):
    data, report, tally = converted(f"a,address,b\n1,{KNOWN},x\n2\n3,{KNOWN.split(',', maxsplit=1)[0]}\n")
    assert rows(data)[1:] == [["1", KNOWN, "x", *NOTHING], ["2", "", "", *NOTHING], ["3", "Xã Chiềng Đen", "", *OURS]]
    assert "dòng có 5 ô, tiêu đề có 3" in report[1][-1]
    assert "thiếu cột" in report[2][-1]
    assert (tally.exact, tally.unknown) == (1, 2)


def test_an_unclosed_mark_in_the_last_line_does_not_swallow_the_answer(converted):
    data, _, _ = converted('a,address\n1,"gì đó')
    assert rows(data)[1] == ["1", "gì đó", *NOTHING]


def test_excels_line_of_the_separator(converted):
    data, _, _ = converted(f"sep=;\r\na;address\r\n1;{KNOWN}\r\n")
    assert data.decode().startswith("sep=;\r\na;address;status")
    assert rows(data, ";")[2] == ["1", KNOWN, *OURS]


def test_codes_are_quoted_where_the_semicolon_parts_columns(converted):
    assert '"03646;03664"' in converted(f"a;address\n1;{DIVIDED}\n")[0].decode()


def test_formulas_stay_in_the_users_cells_and_never_enter_ours(converted):
    data, report, _ = converted('a,address\n=cmd(),"=HYPERLINK(""http://x"")"\n')
    assert rows(data)[1][:2] == ["=cmd()", '=HYPERLINK("http://x")']
    assert report[1][1] == '\'=HYPERLINK("http://x")'


def test_an_address_as_long_as_a_novel_is_not_asked(converted):
    _, report, _ = converted("a,address\n1," + "x" * 501 + "\n")
    assert "500" in report[1][-1]
    assert len(report[1][1]) == 300


def test_headings_alone_are_an_empty_table(converted):
    data, report, tally = converted("a,address\n")
    assert (data, len(report), tally.rows) == (b"a,address,status,new_code,new_name,province_code,candidates\n", 1, 0)


def test_columns_that_are_called_like_ours_stay_and_ours_come_last(converted):
    data, _, _ = converted(f'status,address\ncũ,"{KNOWN}"\n')
    assert rows(data)[1] == ["cũ", KNOWN, *OURS]
    assert next(csv.DictReader(data.decode().splitlines()))["status"] == "exact"


@pytest.mark.parametrize(
    ("header", "wanted", "place"),
    [
        (["a", "address"], None, 1), (["ĐỊA CHỈ", "b"], None, 0), (["a", " dia_chi "], None, 1),
        (["Địa chỉ", "Address"], None, 1), (["nơi ở", "address"], "Nơi ở", 0), (["a", "DiaChi"], None, 1),
    ],
)  # fmt: skip
def test_the_column_is_found(header, wanted, place):
    assert find_column(header, wanted) == place


REFUSED = {
    "nothing": (b"", errors.TableEmpty, ""),
    "an empty line": (b"\n\n", errors.TableEmpty, ""),
    "a mark alone": (b"\xef\xbb\xbf", errors.TableEmpty, ""),
    "a workbook": (b"PK\x03\x04" + b"x" * 50, errors.TableNotCsv, "CSV UTF-8"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", errors.TableNotCsv, "CSV UTF-8"),
    "utf-16 of Excel": ("address\tb\nXã".encode("utf-16"), errors.TableNotCsv, "UTF-16"),
    "utf-16 without a mark": ("address\tb".encode("utf-16-le"), errors.TableNotCsv, "UTF-16"),
    "windows-1258": (b"a,address\n1,abc\n2,X\xe3 Chi\xea\xcc\n", errors.TableNotUtf8, "Dòng 3"),
    "no such column": ("tên,nơi ở\n1,2\n".encode(), errors.ColumnMissing, "“tên”, “nơi ở”"),
    "two such columns": (b"address,Address\n1,2\n", errors.ColumnTwice, "address"),
    "an open mark": (b'a,address\n1,x\n2,"y\n3,z\n', errors.TableBroken, "dòng 3"),
    "a mark that closes too late": (b'a,address\n1,"x\n2,"y\n3,z\n', errors.TableBroken, "dòng 2"),
    "old Macs": (b"a,address\r1,x\r2,y\r", errors.TableBroken, "Mac"),
    "a line without end": (b"address\n" + b"x" * 2**21, errors.TableBroken, "dòng 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_what_to_do_and_leaves_nothing(name, converted, tmp_path):
    content, error, words = REFUSED[name]
    with pytest.raises(error) as refused:
        converted(content)
    assert words in refused.value.sentence()
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    with speaking("en"):
        assert "{" not in refused.value.sentence()


def test_places_that_cannot_take_a_result(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("address\nx\n")
    out, report = tmp_path / "out.csv", tmp_path / "r.csv"
    with pytest.raises(errors.TargetUnusable):
        convert(source, source, report, overwrite=True)
    with pytest.raises(errors.TargetUnusable):
        convert(source, tmp_path / "none" / "out.csv", report)
    with pytest.raises(errors.TargetUnusable):
        convert(source, tmp_path, report, overwrite=True)
    with pytest.raises(errors.TableUnreadable):
        convert(tmp_path / "missing.csv", out, report)
    out.write_text("mine")
    with pytest.raises(errors.TargetExists):
        convert(source, out, report)
    assert out.read_text() == "mine"
    convert(source, out, report, overwrite=True)
    with pytest.raises(errors.TargetExists):
        convert(source, tmp_path / "other.csv", report)


def test_an_end_asked_for_in_the_middle_leaves_nothing(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("address\n" + "x\n" * 2000)
    seen: list[int] = []

    def watch(tally: Tally) -> bool:
        seen.append(tally.rows)
        return len(seen) < 2

    with pytest.raises(Stopped):
        convert(source, tmp_path / "out.csv", tmp_path / "r.csv", watch=watch)
    assert seen == sorted(seen)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_too_many_rows(tmp_path, converted):
    with pytest.raises(errors.TooManyRows):
        converted("address\n" + "x\n" * 1001, most_rows=1000)


def test_memory_does_not_grow_with_the_file(tmp_path):
    source = tmp_path / "in.csv"

    def peak(count: int) -> int:
        with source.open("w", encoding="utf-8") as file:
            file.write("a,address\n")
            file.writelines(f'{n},"{KNOWN}"\n' for n in range(count))
        tracemalloc.start()
        convert(source, tmp_path / "out.csv", tmp_path / "r.csv", overwrite=True)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1_000)
    small, large = peak(2_000), peak(40_000)
    assert large < small + 300_000, (small, large)


KILLED = """
import os, sys, time
import django
from pathlib import Path
django.setup()
from haicap.domain.units.addresses import Answer, Status
from haicap.domain.units.queries import addresses
addresses.resolve_many = lambda asked, on=None: (Answer(Status.UNKNOWN) for _ in asked)
from haicap.domain.units.commands.conversion import convert
def watch(tally):
    os.kill(os.getpid(), 9)
convert(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), watch=watch)
"""


def test_a_kill_leaves_no_half_file(tmp_path):
    source, out, report = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "r.csv"
    source.write_text("address\n" + "x\n" * 2000)
    done = subprocess.run([sys.executable, "-c", KILLED, source, out, report], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert not out.exists()
    assert not report.exists()
    convert(source, out, report)
    assert len(out.read_text().splitlines()) == 2001


def test_every_refusal_is_a_domain_error_in_two_languages():
    for name in vars(errors).values():
        if isinstance(name, type) and issubclass(name, DomainError):
            assert str(name.template)
