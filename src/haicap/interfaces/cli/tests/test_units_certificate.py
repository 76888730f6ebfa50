"""`haicap units certificate`: the document, the paper, the list, and what a check says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pypdfium2
import pytest

from haicap.flows.tests.reorganised import NUMBER, OLD_ONE, OLD_TWO, World, reorganised, tamper
from haicap.interfaces.cli import boot, main
from haicap.kernel.language import activate


@pytest.fixture
def made(own_database) -> World:
    return reorganised()


@pytest.fixture(autouse=True)
def world(made, as_worker, monkeypatch) -> World:
    """Django and the database are there already; the other groups have tests of their own."""
    monkeypatch.setattr(boot, "django", lambda **_: None)
    monkeypatch.setattr(main, "GROUPS", ("units",))
    activate("vi")
    return made


def certificate(*words: object) -> int:
    return main.main(["units", "certificate", *map(str, words)])


def test_the_document_has_the_shape_that_is_promised(capsys, tmp_path: Path):
    assert certificate(NUMBER, "--json", "--out", tmp_path / "c.json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert set(document) == {"schema", "root", "made_at", "haicap", "content"}
    content = document["content"]
    assert set(content) == {
        "resolution", "effective_at", "as_of", "holdings", "units", "before", "after", "totals",
    }  # fmt: skip
    assert set(content["resolution"]) == {"number", "body", "title", "adopted_on", "effective_on", "file_sha256"}
    assert set(content["before"][0]) == {"unit", "holding", "count", "open", "sum"}
    assert set(content["after"][0]) == {"unit", "from", "holding", "count", "open", "sum", "by"}
    assert content["effective_at"] == "2026-03-01T00:00:00+07:00"
    assert [one["code"] for one in content["holdings"]] == ["denunciations", "dossiers", "files", "people"]
    assert {one["unit"] for one in content["units"]} >= {f"{OLD_ONE}@2025-07-01", "99911@2026-03-01"}


def test_people_get_a_summary(capsys):
    assert certificate(NUMBER) == 0
    shown = capsys.readouterr()
    assert "Hồ sơ: 6 (đang giải quyết 5) trước và sau" in shown.out
    assert "mã gốc" in shown.out


def test_a_certificate_is_checked_and_the_first_difference_is_named(capsys, tmp_path: Path, world):
    file = tmp_path / "c.json"
    assert certificate(NUMBER, "--out", file) == 0
    capsys.readouterr()
    assert certificate("--verify", file) == 0
    assert "đúng" in capsys.readouterr().out
    tamper("DELETE FROM files_attachment")
    assert certificate("--verify", file) == 1
    said = capsys.readouterr().err
    assert f"{OLD_ONE}@2025-07-01 / files: số lượng ghi 1, tính lại được 0" in said
    assert len(said.splitlines()) == 1
    assert certificate("--verify", file, "--json") == 1
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["ok"], verdict["first"]["holding"], verdict["first"]["what"]) == (False, "files", "count")


def test_the_list_names_each_thing_with_its_heir(capsys, tmp_path: Path, world):
    assert certificate(NUMBER, "--items", tmp_path / "items.csv") == 0
    with (tmp_path / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 + 1 + 4
    assert {row["key"] for row in rows if row["holding"] == "dossiers"} == {
        *world.dossiers[OLD_ONE], *world.dossiers[OLD_TWO],
    }  # fmt: skip
    assert all(len(row["sha256"]) == 64 and row["heir"].endswith("@2026-03-01") for row in rows)


def test_the_paper_names_units_numbers_and_root(capsys, tmp_path: Path):
    assert certificate(NUMBER, "--pdf", tmp_path / "c.pdf", "--json") == 0
    root = json.loads(capsys.readouterr().out)["root"]
    document = pypdfium2.PdfDocument((tmp_path / "c.pdf").read_bytes())
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    assert "GIẤY CHỨNG NHẬN BẢO TOÀN HỒ SƠ KHI SẮP XẾP ĐƠN VỊ HÀNH CHÍNH" in text
    assert "ỦY BAN NHÂN DÂN TỈNH SƠN LA" in text
    assert "Cộng hòa xã hội chủ nghĩa Việt Nam".upper() in text
    assert root in text.replace(" ", "")
    for part in (NUMBER, "Xã Cũ Hai 99902", "Xã Mới Hai 99912", "Cộng, bằng trước sắp xếp"):
        assert part in text


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["1/KHONG-CO"], 1, "Không có nghị quyết nào"),
        ([], 2, "give a NUMBER, or --verify FILE"),
        ([NUMBER, "--verify", "x.json"], 2, "give a NUMBER, or --verify FILE"),
        (["--verify", "khong-co.json"], 1, "không phải giấy chứng nhận"),
        ([NUMBER, "--as-of", "hôm qua"], 2, "--as-of takes a moment"),
        ([NUMBER, "--as-of", "2026-02-01"], 1, "phải từ"),
    ],
)
def test_what_cannot_be_done_is_said(capsys, words, status, said):
    try:
        assert certificate(*words) == status
    except SystemExit as usage:
        assert usage.code == status
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "x"}', '{"schema": "haicap.certificate-of-conservation/1"}']
)
def test_another_file_is_no_certificate(capsys, tmp_path: Path, text):
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    assert certificate("--verify", tmp_path / "x.json") == 1
    assert "x.json" in capsys.readouterr().err
