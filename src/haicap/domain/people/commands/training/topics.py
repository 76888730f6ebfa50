"""The province's list of topics, and which posts need them: from a file at first, by page afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from haicap.domain.people.access import can_edit_topics
from haicap.domain.people.models import Topic, TrainingNeed
from haicap.domain.people.training_errors import TrainingRefused
from haicap.domain.people.training_rules import Level
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

PACKAGED = Path(__file__).resolve().parents[2] / "data" / "training.yaml"
LONGEST_NAME, MOST_MONTHS, LONGEST_KEY = 160, 600, 40


@dataclass(frozen=True)
class NeedPlan:
    """Posts that need a topic; an empty part speaks of all."""

    level: str = ""
    body: str = ""
    post: str = ""


@dataclass(frozen=True)
class TopicPlan:
    """A topic of a plan. `certainty`, `source`: of who needs it and for how long it counts; empty where the file says nothing."""

    key: str
    name: str
    name_en: str
    basis: str
    months: int | None
    needs: tuple[NeedPlan, ...]
    certainty: str = ""
    source: str = ""


def read_plan(path: Path = PACKAGED) -> list[TopicPlan]:
    """The topics of a YAML file as packaged in `data/training.yaml`. Raises TrainingRefused for what is no such file."""
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
        return [_planned(one, given) for one in given["topics"]]
    except (OSError, UnicodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        why = bi("Tệp chuyên đề không đọc được: {why}", "The file of topics cannot be read: {why}").format(why=error)
        raise TrainingRefused(problems=[Problem("file", why)]) from error


def load_plan(*, actor: Actor, plan: Sequence[TopicPlan]) -> int:
    """Add the topics of a plan that the actor's province does not have yet, with their needs; gives how many are new.

    A topic that is there stays as the province has it. Raises Denied.
    """
    require(can_edit_topics(actor))
    known = set(Topic.objects.filter(unit_id=_unit_id(actor)).values_list("key", flat=True))
    new = [one for one in plan if one.key not in known]
    with transaction.atomic():
        topics = Topic.objects.bulk_create(
            Topic(unit_id=_unit_id(actor), key=one.key, name=one.name, name_en=one.name_en, basis=one.basis,
                  months=one.months, position=len(known) + place)
            for place, one in enumerate(new)
        )  # fmt: skip
        TrainingNeed.objects.bulk_create(
            TrainingNeed(topic=topic, unit_id=_unit_id(actor), level=need.level, body_key=need.body, post_key=need.post)
            for topic, one in zip(topics, new, strict=True)
            for need in one.needs
        )
        if new:
            audit.record(
                "people:topic:load", subject=f"topics:{_unit_id(actor)}", unit_id=_unit_id(actor),
                data={"topics": [one.key for one in new]},
            )  # fmt: skip
    return len(new)


def save_topic(*, actor: Actor, name: str, name_en: str = "", months: int | None = None, basis: str = "",
               topic_id: int | None = None) -> Topic:  # fmt: skip
    """Add a topic to the actor's province, or change one. Raises Denied, TrainingRefused."""
    require(can_edit_topics(actor))
    name, name_en, basis = clean(name), clean(name_en), clean(basis)
    found = []
    if not 0 < len(name) <= LONGEST_NAME:
        found.append(
            Problem("name", bi("Ghi tên chuyên đề, không quá 160 ký tự.", "Give a name, 160 letters at most."))
        )
    if months is not None and not 0 < months <= MOST_MONTHS:
        found.append(Problem("months", bi("Ghi số tháng từ 1 đến 600, hoặc để trống.", "1 to 600 months, or nothing.")))
    if max(len(name_en), len(basis)) > LONGEST_NAME:
        found.append(Problem("name_en", bi("Không quá 160 ký tự.", "160 letters at most.")))
    if found:
        raise TrainingRefused(problems=found)
    facts = {"name": name, "name_en": name_en, "months": months, "basis": basis}
    if topic_id is None:
        facts |= {"unit_id": _unit_id(actor), "key": _free_key(actor, name), "position": _last(actor)}
        topic = Topic.objects.create(**facts)
    else:
        topic = own_topic(actor, topic_id)
        for field, value in facts.items():
            setattr(topic, field, value)
        topic.save(update_fields=list(facts))
    audit.record("people:topic:save", subject=f"topic:{topic.pk}", unit_id=_unit_id(actor), data=facts)
    return topic


def retire_topic(*, actor: Actor, topic_id: int) -> None:
    """Nobody needs the topic from today on; what was passed stays. A retired one comes back. Raises Denied."""
    topic = own_topic(actor, topic_id)
    topic.retired_on = None if topic.retired_on else clock.today()
    topic.save(update_fields=["retired_on"])
    audit.record(
        "people:topic:retire", subject=f"topic:{topic.pk}", unit_id=_unit_id(actor), data={"on": topic.retired_on}
    )


def add_need(*, actor: Actor, topic_id: int, level: str, body: str, post: str) -> TrainingNeed:
    """Say that posts need a topic. Raises Denied, TrainingRefused where that is said already."""
    topic = own_topic(actor, topic_id)
    if level not in Level.values or max(len(body), len(post)) > LONGEST_KEY:
        raise TrainingRefused(problems=[Problem("level", bi("Chọn trong danh sách.", "Choose from the list."))])
    try:
        with transaction.atomic():
            need = TrainingNeed.objects.create(
                topic=topic, unit_id=topic.unit_id, level=level, body_key=clean(body), post_key=clean(post)
            )
    except IntegrityError:
        text = bi("Dòng này đã có.", "That line is there already.")
        raise TrainingRefused(problems=[Problem("level", text)]) from None
    audit.record(
        "people:need:add", subject=f"topic:{topic.pk}", unit_id=topic.unit_id,
        data={"level": level, "body": body, "post": post},
    )  # fmt: skip
    return need


def remove_need(*, actor: Actor, need_id: int) -> None:
    """Posts no longer need a topic. Raises Denied, TrainingRefused."""
    require(can_edit_topics(actor))
    need = TrainingNeed.objects.filter(pk=need_id, unit_id=_unit_id(actor)).first()
    if need is None:
        raise TrainingRefused(problems=[Problem("need", bi("Dòng này không còn.", "That line is gone."))])
    audit.record(
        "people:need:remove", subject=f"topic:{need.topic_id}", unit_id=need.unit_id,
        data={"level": need.level, "body": need.body_key, "post": need.post_key},
    )  # fmt: skip
    need.delete()


def own_topic(actor: Actor, topic_id: int) -> Topic:
    """A topic of the actor's province, locked. Raises Denied, TrainingRefused."""
    require(can_edit_topics(actor))
    topic = Topic.objects.select_for_update().filter(pk=topic_id, unit_id=_unit_id(actor)).first()
    if topic is None:
        raise TrainingRefused(problems=[Problem("topic", bi("Chọn chuyên đề.", "Choose the topic."))])
    return topic


def _unit_id(actor: Actor) -> int:
    """The actor's province; 0, of no unit, for who has none."""
    return actor.unit_id or 0


def _planned(one: Mapping[str, Any], file: Mapping[str, Any]) -> TopicPlan:
    needs = tuple(
        NeedPlan({"commune": "xa", "province": "tinh"}.get(need.get("level", ""), ""), need.get("body", ""),
                 need.get("post", ""))
        for need in one.get("needs", [])
    )  # fmt: skip
    months = one.get("months")
    return TopicPlan(
        str(one["key"])[:LONGEST_KEY], clean(one["name"]), clean(one.get("name_en", "")), clean(one.get("basis", "")),
        None if months is None else int(months), needs, str(one.get("certainty", file.get("certainty", ""))),
        clean(str(one.get("source", file.get("source", "")))),
    )  # fmt: skip


def _free_key(actor: Actor, name: str) -> str:
    stem = (
        "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in vi.fold(name)).split())[:30] or "chuyen-de"
    )
    taken = set(Topic.objects.filter(unit_id=_unit_id(actor), key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def _last(actor: Actor) -> int:
    return Topic.objects.filter(unit_id=_unit_id(actor)).count()
