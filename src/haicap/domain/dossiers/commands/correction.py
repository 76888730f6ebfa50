"""Correcting an applicant's data: only what is typed changes, and the move keeps what stood there before.

The move's row makes the change (a trigger, see migration 0004): the application itself may not write these columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from haicap.domain.dossiers.commands.intake import applicant_as_stored
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.personal import COLUMNS, Part
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

NOTHING_THERE: Final = "-"  # typed to remove a phone, an e-mail address, an address


def judge(dossier: Dossier, given: Mapping[str, Any]) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """`before` and `after` of what would change, and every fault at its input. Empty inputs stay as they are."""
    stands = {part.value: getattr(dossier, column) for part, column in COLUMNS.items()}
    wished = {key: given[key] for key in stands if given.get(key) not in (None, "")}
    problems = [
        Problem(key, bi("Mục này phải là chữ.", "This must be text."))
        for key, value in wished.items()
        if not isinstance(value, str)
    ]
    if problems:
        return {}, problems
    typed = {key: "" if clean(value) == NOTHING_THERE else value for key, value in wished.items()}
    stored = applicant_as_stored({**stands, **typed}, problems)
    problems = [Problem(one.field.removeprefix("applicant."), one.message) for one in problems]
    problems = [one for one in problems if one.field in wished]  # an old fault elsewhere does not hinder
    after = {key: stored[key] for key in wished if stored[key] != stands[key]}
    if not problems and not after:
        sentence = bi("Hãy ghi thông tin đúng vào mục cần sửa; mục để trống được giữ nguyên.",
                      "Type the right data where they change; what is empty stays.")  # fmt: skip
        problems.append(Problem(Part.NAME.value, sentence))
    changes = {"before": {key: stands[key] for key in after}, "after": after}
    if Part.NAME in after:
        changes["search"] = {"folded": stored["folded"]}
    return changes, problems
