"""`/quan-tri/mau/`: the organisation's template, a sample of each paper, the messages that leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import papers
from haicap.domain.dossiers.papers import samples
from haicap.domain.people.access import can_administer, can_load_organisation
from haicap.domain.people.blocks import Block, StaffKind
from haicap.domain.people.commands.organisation_template import (
    LEVEL_OF,
    BodyPlan,
    Template,
    parse_template,
    read_template,
)
from haicap.domain.people.commands.signing.warnings import EXPIRES
from haicap.domain.people.commands.training.reminders import BEGINS, LACKING
from haicap.domain.people.queries.organisation_loads import in_force, last_load_of_unit, latest_loads
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitKind
from haicap.flows import paper_samples
from haicap.flows.reorganisation.notices import TOPIC
from haicap.interfaces.administration.pages import actor_of, crumbs
from haicap.kernel.access import allow
from haicap.kernel.language import bi

_TITLE = bi("Mẫu và thông điệp", "Templates and messages")
SAMPLES: Final[dict[str, Callable[[], papers.Slip]]] = {
    "01": samples.receipt, "02": samples.supplement, "03": samples.refusal, "04": samples.apology, "05": samples.stop,
    "06": samples.control, "07": samples.register,
}  # fmt: skip
ENGLISH: Final = {
    "01": "Receipt and appointment", "02": "Request for more papers", "03": "Refusal to receive",
    "04": "Apology and longer time", "05": "Notice of stopping", "06": "Control slip", "07": "Register of dossiers",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of message: its topic, when it is written, the fields of its payload."""

    topic: str
    when: Any
    fields: tuple[str, ...]


MESSAGES: Final = (
    Kind("dossier.*", bi(
        "Tiếp nhận hồ sơ và mỗi bước của hồ sơ; sau dấu chấm là tên bước, ví dụ dossier.approve.",
        "A dossier is received, and at each of its moves; after the dot stands the move, for example dossier.approve."),
        ("code", "move", "state", "at")),
    Kind(TOPIC, bi(
        "Sau khi sắp xếp đơn vị, hồ sơ do đơn vị khác chịu trách nhiệm.",
        "After a reorganisation another unit is responsible for the dossier."),
        ("code", "procedure", "state", "due", "was", "responsible", "basis", "why", "resolution", "effective_on")),
    Kind(EXPIRES, bi("Chứng thư số sắp hết hạn.", "A digital certificate is about to expire."),
         ("certificate", "days", "valid_to")),
    Kind(BEGINS, bi("Lớp học sắp khai giảng.", "A class is about to begin."), ("enrolment", "class", "topic", "first_day")),
    Kind(LACKING, bi("Người giữ vị trí còn thiếu chuyên đề bắt buộc.", "Somebody in a post lacks a topic it needs."),
         ("official", "topic", "since")),
)  # fmt: skip


@require_safe
@allow(can_administer)
def templates(request: HttpRequest) -> HttpResponse:
    """The three parts; `?loai=` the kind of unit whose bodies are shown, a commune's if not given. Two statements.

    The province's administrators see the template in force and the last loads; a commune's the packaged one, which their
    province may have changed, and when their own organisation was loaded last.
    """
    asked = request.GET.get("loai", "")
    kind = UnitKind(asked) if asked in LEVEL_OF else UnitKind.COMMUNE
    actor = actor_of(request)
    may_load = can_load_organisation(actor)
    loads = latest_loads(actor.unit_code) if may_load else []
    number, text = in_force(actor.unit_code) if may_load else (0, None)
    template = _template(text)
    return render(request, "administration/templates.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "kind": kind, "kinds": [UnitKind(one) for one in LEVEL_OF],
        "name": template.name, "packaged": text is None, "may_load": may_load,
        "loads": loads, "current": number,
        "own_load": None if may_load else last_load_of_unit(actor.unit_code), "own_code": actor.unit_code,
        "bodies": [_shown(body) for body in template.bodies(kind.value)],
        "forms": [(form, bi(name, ENGLISH[form]), sign) for _, form, name, sign, _ in papers.FORMS.values()],
        "others": [(key, one.name, one.when) for key, one in paper_samples.SAMPLES.items()], "topics": MESSAGES,
    })  # fmt: skip


@require_safe
@allow(can_administer)
def sample(request: HttpRequest, form: str) -> HttpResponse:
    """The dossier's form with this number, or the other paper of this name, filled in with invented facts and printed as
    a real one is; the other papers bear the letterhead of the reader's unit. Http404 for another."""
    if form in SAMPLES:
        made = papers.pdf(SAMPLES[form]())
    elif form in paper_samples.SAMPLES:
        made = paper_samples.SAMPLES[form].make(Unit.objects.with_parents().get(pk=actor_of(request).unit_id))
    else:
        raise Http404
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="mau-{form}.pdf"'
    return answer


@lru_cache(maxsize=4)
def _template(text: str | None) -> Template:
    """The template of this text; the packaged one for None."""
    return read_template() if text is None else parse_template(text.encode(), "mau.yaml")


def _shown(body: BodyPlan) -> tuple[BodyPlan, Any, list[tuple[Any, Any]]]:
    """A body, its block, and each post with its kind of staff, in words."""
    return body, Block(body.block).label, [(post, StaffKind(post.staff_kind).label) for post in body.posts]
