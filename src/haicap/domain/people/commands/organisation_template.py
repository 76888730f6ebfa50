"""Reading a template of an organisation (YAML): every fault at once, with the body, the field and the line it stands in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from haicap.domain.people.blocks import CERTAINTIES, Block, StaffKind
from haicap.domain.people.commands.template_text import Fault, lines_of, named, tree_of
from haicap.domain.people.organisation_errors import TemplateInvalid, TemplateUnreadable
from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.units.rules import UnitKind
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format, choose
from haicap.kernel.text import clean

PACKAGED = Path(__file__).resolve().parents[1] / "data" / "organisation.yaml"
LEVELS = ("commune", "province")
LEVEL_OF = {
    UnitKind.PROVINCE.value: "province", UnitKind.CITY.value: "province",
    UnitKind.COMMUNE.value: "commune", UnitKind.WARD.value: "commune", UnitKind.SPECIAL_ZONE.value: "commune",
}  # fmt: skip
LARGEST = 2**18  # bytes; the packaged one has a tenth of it, and the trail keeps the text of each load
MOST_SEATS, MOST_BODIES, MOST_POSTS, LONGEST = 10_000, 300, 100, 300
_KEY = re.compile(r"[a-z0-9_-]{1,60}")
_BODY = {"key", "block", "under", "agency", "kinds", "variants", "optional", "name", "name_en", "certainty", "basis",
         "posts"}  # fmt: skip
_POST = {"key", "title", "title_en", "staff", "seats", "role", "certainty"}
_VARIANT = {"name", "name_en", "certainty"}


@dataclass(frozen=True)
class PostPlan:
    """A post of a template."""

    key: str
    title: str
    title_en: str
    staff_kind: str
    seats: int | None
    role: str
    certainty: str

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return choose(self.title, self.title_en)


@dataclass(frozen=True)
class BodyPlan:
    """A body of a template, as it stands in a unit of one kind."""

    key: str
    block: str
    under: str
    agency: str
    name: str
    name_en: str
    certainty: str
    basis: str
    optional: bool
    posts: tuple[PostPlan, ...]

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return choose(self.name, self.name_en)


@dataclass(frozen=True)
class Template:
    """What a commune (by its kind) and a province have; `name` and `text` stand in the trail."""

    name: str
    levels: Mapping[str, tuple[Mapping[str, Any], ...]]
    laws: Mapping[str, str]
    text: str = ""

    @lru_cache(maxsize=16)  # noqa: B019 - templates live as long as the process
    def bodies(self, kind: str) -> tuple[BodyPlan, ...]:
        """The bodies of a unit of `kind` (`UnitKind`), optional ones too, those above before those below."""
        rows = (row for row in self.levels.get(LEVEL_OF.get(kind, ""), ()) if kind in row.get("kinds", (kind,)))
        return tuple(self._plan(row, kind) for row in rows)

    @property
    def optional_keys(self) -> frozenset[str]:
        """The bodies that stand only where somebody says so."""
        return frozenset(row["key"] for rows in self.levels.values() for row in rows if row.get("optional"))

    def _plan(self, row: Mapping[str, Any], kind: str) -> BodyPlan:
        facts = {**row, **row.get("variants", {}).get(kind, {})}
        basis = facts.get("basis", "")
        return BodyPlan(
            key=facts["key"], block=facts["block"], under=facts.get("under", ""), agency=facts.get("agency", ""),
            name=clean(facts["name"]), name_en=clean(facts.get("name_en", "")), certainty=facts["certainty"],
            basis=clean(self.laws.get(basis, basis)), optional=bool(facts.get("optional")),
            posts=tuple(_post(post, facts["certainty"]) for post in facts.get("posts", ())),
        )  # fmt: skip

    def __hash__(self) -> int:
        return id(self)


def _post(row: Mapping[str, Any], certainty: str) -> PostPlan:
    return PostPlan(
        key=row["key"], title=clean(row["title"]), title_en=clean(row.get("title_en", "")), staff_kind=row["staff"],
        seats=row.get("seats"), role=row.get("role", ""), certainty=row.get("certainty", certainty),
    )  # fmt: skip


def read_template(path: Path | None = None) -> Template:
    """The template in `path`, the packaged one for None. Raises TemplateUnreadable, TemplateInvalid with every fault."""
    source = path or PACKAGED
    try:
        return parse_template(source.read_bytes()[: LARGEST + 1], source.name)
    except OSError as error:
        raise TemplateUnreadable(file=source.name, why=str(error)) from error


def parse_template(content: bytes, file: str) -> Template:
    """The template that a file called `file` holds. Raises TemplateUnreadable, TemplateInvalid with every fault."""
    if len(content) > LARGEST:
        raise TemplateUnreadable(
            file=file, why=bi_format(bi("lớn hơn {n} KB", "larger than {n} KB"), n=LARGEST // 1024)
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = bi("không phải văn bản UTF-8", "it is not UTF-8 text")
        raise TemplateUnreadable(file=file, why=why) from error
    document = tree_of(text, file)
    problems = list(_faults(document))
    if problems:
        known = lines_of(text)
        raise TemplateInvalid(problems=[Fault.of(one, known) for one in problems], file=file)
    levels = {level: tuple(rows) for level, rows in document["levels"].items()}
    name = clean(document.get("name") or "")[:100] or Path(file).stem
    return Template(name, levels, document.get("laws") or {}, text)


def _faults(document: Any) -> Iterator[Problem]:
    levels = document.get("levels") if isinstance(document, dict) else None
    if not isinstance(levels, dict) or not levels or not set(levels) <= set(LEVELS):
        yield Problem("levels", bi("cần phần commune hoặc province.", "needs a section commune or province."))
        return
    if not _texts(document, ("name",)):
        yield Problem("name", bi("phải là chữ.", "must be a text."))
    laws = document.get("laws") or {}
    if not _texts(laws, laws if isinstance(laws, dict) else ()):
        yield Problem("laws", bi("phải là các cặp khóa: tên.", "must be pairs of key: name."))
    for level, rows in levels.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield Problem(level, bi("phải là danh sách cơ quan.", "must be a list of bodies."))
            continue
        yield from _too_many(level, rows, MOST_BODIES)
        seen: set[str] = set()
        for place, row in enumerate(rows[:MOST_BODIES]):
            yield from _body_faults(f"{level}[{named(row, place)}]", row, seen)
            seen.add(named(row, place))


def _body_faults(where: str, row: dict[str, Any], seen: Collection[str]) -> Iterator[Problem]:
    yield from _shape(where, row, _BODY, ("key", "block", "name", "certainty"))
    yield from _one_of(where, row, "block", Block.values)
    yield from _one_of(where, row, "agency", AgencyKind.values)
    yield from _one_of(where, row, "certainty", CERTAINTIES)
    if named(row, "") in seen:
        yield Problem(f"{where}.key", bi("đã có ở trên.", "stands above already."))
    if row.get("under") and row["under"] not in tuple(seen):
        yield Problem(f"{where}.under", bi("cơ quan bên trên phải đứng trước.", "the body above must come before."))
    kinds = row.get("kinds", [])
    if not isinstance(kinds, list) or not all(kind in tuple(UnitKind.values) for kind in kinds):
        yield Problem(f"{where}.kinds", bi("có loại đơn vị không biết.", "names an unknown kind of unit."))
    if not isinstance(row.get("optional", False), bool):
        yield Problem(f"{where}.optional", bi("phải là true hoặc false.", "must be true or false."))
    yield from _variant_faults(where, row.get("variants", {}))
    posts = row.get("posts", [])
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        yield Problem(f"{where}.posts", bi("phải là danh sách vị trí.", "must be a list of posts."))
        return
    yield from _too_many(f"{where}.posts", posts, MOST_POSTS)
    keys: set[str] = set()
    for place, post in enumerate(posts[:MOST_POSTS]):
        yield from _post_faults(f"{where}.posts[{named(post, place)}]", post, keys)
        keys.add(named(post, place))


def _variant_faults(where: str, variants: Any) -> Iterator[Problem]:
    known = isinstance(variants, dict) and set(variants) <= set(UnitKind.values)
    if not known or not all(isinstance(one, dict) for one in variants.values()):
        yield Problem(f"{where}.variants", bi("phải theo loại đơn vị.", "must be by kinds of unit."))
        return
    for kind, one in variants.items():
        yield from _shape(f"{where}.variants.{kind}", one, _VARIANT, ())
        yield from _one_of(f"{where}.variants.{kind}", one, "certainty", CERTAINTIES)


def _post_faults(where: str, post: dict[str, Any], keys: Collection[str]) -> Iterator[Problem]:
    yield from _shape(where, post, _POST, ("key", "title", "staff"))
    yield from _one_of(where, post, "staff", StaffKind.values)
    yield from _one_of(where, post, "role", (Role.CHAIR, Role.HEAD))
    yield from _one_of(where, post, "certainty", CERTAINTIES)
    seats = post.get("seats", 1)
    if isinstance(seats, bool) or not isinstance(seats, int) or not 1 <= seats <= MOST_SEATS:
        yield Problem(f"{where}.seats", bi("phải là số từ 1.", "must be a number from 1."))
    if named(post, "") in keys:
        yield Problem(f"{where}.key", bi("đã có ở trên.", "stands above already."))


def _too_many(where: str, rows: Collection[Any], most: int) -> Iterator[Problem]:
    if len(rows) > most:
        sentence = bi("có {n}, nhiều nhất {most}.", "has {n}, {most} at most.")
        yield Problem(where, bi_format(sentence, n=len(rows), most=most))


def _shape(where: str, row: dict[str, Any], known: Collection[str], needed: Collection[str]) -> Iterator[Problem]:
    """Unknown fields, missing ones, texts that are none or too long, and keys that are no words for a machine."""
    for name in row:
        if name not in known:
            yield Problem(
                f"{where}.{str(name)[:60]}", bi("không có mục này; bỏ đi.", "there is no such field; take it out.")
            )
    for name in needed:
        if not row.get(name) or (isinstance(row[name], str) and not clean(row[name])):
            yield Problem(f"{where}.{name}", bi("còn thiếu.", "is missing."))
    for name in sorted(set(known) - {"kinds", "variants", "optional", "posts", "seats"}):
        if not _texts(row, (name,)) and (row[name] is not None or name not in needed):
            yield Problem(
                f"{where}.{name}", bi("phải là chữ; đặt trong ngoặc kép.", "must be a text; put it in quotes.")
            )
        elif len(row.get(name) or "") > LONGEST:
            sentence = bi("dài quá {most} ký tự.", "is longer than {most} characters.")
            yield Problem(f"{where}.{name}", bi_format(sentence, most=LONGEST))
    key = row.get("key")
    if isinstance(key, str) and key and not _KEY.fullmatch(key):
        sentence = bi("chỉ gồm chữ thường không dấu, số, - và _, tối đa 60 ký tự.", "has small letters a–z, digits, - and _ "
                      "only, 60 at most.")  # fmt: skip
        yield Problem(f"{where}.key", sentence)


def _texts(row: Any, names: Collection[str]) -> bool:
    return isinstance(row, dict) and all(isinstance(row[name], str) for name in names if name in row)


def _one_of(where: str, row: dict[str, Any], name: str, known: Collection[str]) -> Iterator[Problem]:
    if name in row and row[name] not in tuple(known):
        sentence = bi("phải là một trong: {known}.", "must be one of: {known}.")
        yield Problem(f"{where}.{name}", bi_format(sentence, known=", ".join(known)))
