"""What a version of a procedure is made of, as frozen values; `of_json` reads what the database keeps."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self, TypeVar

from haicap.domain.procedures.rules.kinds import Certainty, Channel, Database, FeePer, FeeRule, FieldType, OnlineLevel
from haicap.kernel.language import choose
from haicap.kernel.workdays import TimeLimit

T = TypeVar("T")


def _known(cls: type[T], data: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}  # type: ignore[arg-type]
    return {key: value for key, value in data.items() if key in names and value is not None}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    value: str
    label: str
    label_en: str = ""

    @property
    def shown(self) -> str:
        """The label in the caller's language."""
        return choose(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the electronic form. `min`/`max`: numbers, or ISO days ("today" allowed) for dates."""

    name: str
    label: str
    label_en: str = ""
    type: str = FieldType.TEXT.value
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    hint: str = ""
    hint_en: str = ""
    min: Any = None
    max: Any = None
    integer: bool = False
    default: Any = None

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Self:
        """The field from stored data."""
        choices = tuple(Choice(**_known(Choice, choice)) for choice in data.get("choices") or ())
        return cls(**{**_known(cls, data), "choices": choices})

    @property
    def shown(self) -> str:
        """The label in the caller's language."""
        return choose(self.label, self.label_en)

    @property
    def shown_hint(self) -> str:
        """The hint in the caller's language."""
        return choose(self.hint, self.hint_en)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a dossier. `skipped_if`: the database that replaces it; `show_only`: shown at the desk, not kept."""

    code: str
    name: str
    name_en: str = ""
    originals: int = 0
    copies: int = 0
    required: bool = True
    show_only: bool = False
    e_form: bool = False
    skipped_if: str = ""
    certainty: str = Certainty.K.value
    source: str = ""

    @property
    def shown(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)

    @property
    def database(self) -> Any:
        """The name of the database that replaces it, or an empty text."""
        return Database(self.skipped_if).label if self.skipped_if else ""


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee in đồng. `channel` "any" is overridden by a fee of the same code for the very channel."""

    code: str
    name: str
    amount: int
    name_en: str = ""
    per: str = FeePer.DOSSIER.value
    channel: str = "any"
    rule: str = FeeRule.FLAT.value
    quantity_field: str = ""
    pages_field: str = ""
    copies_field: str = ""
    from_page: int = 3
    then: int = 0
    cap: int | None = None
    exempt: str = ""
    exempt_en: str = ""
    exempt_field: str = ""
    province_decides: bool = False
    certainty: str = Certainty.K.value
    source: str = ""

    @property
    def shown(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)

    @property
    def shown_exemption(self) -> str:
        """Who need not pay, in the caller's language."""
        return choose(self.exempt, self.exempt_en)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which agency (its kind), in which role, for which share of the time limit."""

    key: str
    name: str
    agency: str
    role: str
    share: float
    name_en: str = ""

    @property
    def shown(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class Law:
    """One legal basis."""

    number: str
    name: str
    name_en: str = ""
    certainty: str = Certainty.K.value
    source: str = ""

    @property
    def shown(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class Graded:
    """How sure one part of a version is, where it was found, and what to know about it."""

    certainty: str = Certainty.K.value
    source: str = ""
    note: str = ""
    note_en: str = ""

    @property
    def shown_note(self) -> str:
        """The note in the caller's language."""
        return choose(self.note, self.note_en)

    @property
    def is_unverified(self) -> bool:
        """True where an office must still confirm it."""
        return self.certainty == Certainty.K


@dataclass(frozen=True)
class Version:
    """A procedure as it stands from `valid_from` up to, not including, `valid_to`. A dossier keeps the `id`."""

    id: int
    procedure_id: int
    code: str
    number: int
    name: str
    name_en: str
    area: str
    area_name: str
    area_name_en: str
    level: str
    valid_from: date
    valid_to: date | None
    time_limit: TimeLimit | None
    verification: TimeLimit | None
    time_grade: Graded
    grade: Graded
    receivable: bool
    not_receivable_note: str
    not_receivable_note_en: str
    boundary_free: bool
    online: str
    applicants: tuple[str, ...]
    papers: tuple[Paper, ...]
    fields: tuple[Field, ...]
    fees: tuple[Fee, ...]
    steps: tuple[Step, ...]
    basis: tuple[Law, ...]
    result: str
    result_en: str
    decision_number: str
    decision_on: date | None
    steps_certainty: str = Certainty.K.value
    form_certainty: str = Certainty.K.value

    @property
    def shown_name(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)

    @property
    def shown_area(self) -> str:
        """The area in the caller's language."""
        return choose(self.area_name, self.area_name_en)

    @property
    def shown_result(self) -> str:
        """What the applicant gets, in the caller's language."""
        return choose(self.result, self.result_en)

    @property
    def decider(self) -> Step:
        """The step that decides: the last one before the result goes back to the counter."""
        inner = [step for step in self.steps if step.role != "counter"]
        return (inner or list(self.steps))[-1]

    @property
    def deciding_agency(self) -> str:
        """The kind of the agency that decides: `committee`, `police`, or a department's."""
        return self.decider.agency

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels by which it can be filed."""
        if self.online == OnlineLevel.NONE:
            return (Channel.DIRECT.value, Channel.POSTAL.value)
        return (Channel.DIRECT.value, Channel.ONLINE.value, Channel.POSTAL.value)

    def is_on(self, day: date) -> bool:
        """True where it stands on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def field(self, name: str) -> Field | None:
        """The form's field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def paper(data: dict[str, Any]) -> Paper:
    """A paper from stored data."""
    return Paper(**_known(Paper, data))


def fee(data: dict[str, Any]) -> Fee:
    """A fee from stored data."""
    return Fee(**_known(Fee, data))


def step(data: dict[str, Any]) -> Step:
    """A step from stored data."""
    return Step(**_known(Step, data))


def law(data: dict[str, Any]) -> Law:
    """A legal basis from stored data."""
    return Law(**_known(Law, data))


def graded(data: dict[str, Any]) -> Graded:
    """A part's grade from stored data."""
    return Graded(**_known(Graded, data))
