"""Giving a person their data, at their own request: by the counter or who leads, with the reason, noted on every dossier."""

from __future__ import annotations

from typing import Final

from haicap.domain.dossiers import access, queries
from haicap.domain.dossiers.disclosures import Disclosure, looks_pdf, posts_of
from haicap.domain.dossiers.errors import DossierInvalid, NobodyKnown
from haicap.domain.dossiers.personal import Part, Situation, masked_text
from haicap.domain.dossiers.queries.looks import codes_about, looks_at
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.access import insist
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.readings import Door, Note
from haicap.kernel.readings import commands as readings
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

MOST: Final = 100  # dossiers in one answer
PRINTED: Final = 200  # looks on one paper
REASON_MAX: Final = 300


def give_out(*, actor: Actor, id_number: str, reason: str, identity_checked: bool, form: str) -> Disclosure:
    """What the actor's unit holds about the person with `id_number`; `form`: json or pdf, for the trail.

    Raises Denied, DossierInvalid with every fault, NobodyKnown. About eight statements for each dossier.
    """
    insist(access.may_give_out, actor)
    number, why = "".join(clean(id_number).split()), clean(reason)
    problems = _problems(number, why, identity_checked)
    if problems:
        raise DossierInvalid(problems=problems)
    codes = codes_about(number, MOST + 1)
    if not codes:
        raise NobodyKnown(field="id_number")
    told = codes[:MOST]
    cases = [queries.details(code, actor, Situation.REQUEST) for code in told]
    given = Disclosure(
        id_number=number, reason=why, made_at=clock.now(), unit=Unit.objects.with_parents().get(pk=actor.unit_id or 0),
        post=posts_of(actor.role_names), left_out=len(codes) > MOST,
        cases=[(case, looks_at(case.entry.pk)[0]) for case in cases],
    )  # fmt: skip
    readings.note(actor, [Note(door=Door.EXPORT, code=code, whole=True, purpose=why, detail=form) for code in told])
    record(
        "dossiers:person:give_out", subject=f"personal-data:{actor.unit_id}", unit_id=actor.unit_id,
        data={"number": masked_text(Part.ID_NUMBER, number), "reason": why, "form": form, "dossiers": told},
    )  # fmt: skip
    return given


def give_out_looks(*, actor: Actor, code: str, reason: str) -> tuple[bytes, queries.Details]:
    """The paper that tells a person who looked at their dossier's data. Raises Denied, DossierUnknown, DossierInvalid."""
    insist(access.may_read_log, actor)
    why = clean(reason)
    if problems := _problems("", why, True)[1:]:
        raise DossierInvalid(problems=problems)
    case = queries.details(code, actor, Situation.REQUEST)
    looks, following = looks_at(case.entry.pk, limit=PRINTED)
    readings.note(actor, [Note(door=Door.EXPORT, code=code, purpose=why, detail="looks")])
    record(
        "dossiers:looks:give_out", subject=f"entry:{case.entry.pk}", unit_id=case.entry.unit_id, data={"reason": why}
    )
    unit = Unit.objects.with_parents().get(pk=actor.unit_id or 0)
    paper = looks_pdf(case, looks, unit=unit, reason=why, more=following is not None, made_at=clock.now())
    return paper, case


def _problems(number: str, reason: str, identity_checked: bool) -> list[Problem]:
    found = []
    if wrong := vi.id_number_problem(number):
        found.append(Problem("id_number", wrong))
    if not reason:
        found.append(Problem("reason", bi("Hãy ghi lý do, ví dụ: người dân yêu cầu bằng đơn ngày …",
                                          "Write down the reason, for example the request and its day.")))  # fmt: skip
    elif len(reason) > REASON_MAX:
        found.append(Problem("reason", bi(f"Tối đa {REASON_MAX} ký tự.", f"At most {REASON_MAX} characters.")))
    if not identity_checked:
        found.append(Problem("identity", bi("Hãy đối chiếu giấy tờ tùy thân của người yêu cầu rồi đánh dấu ô này.",
                                            "Compare the person's identity paper, then tick this box.")))  # fmt: skip
    return found
