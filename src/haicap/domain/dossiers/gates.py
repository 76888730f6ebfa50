"""Who may open a dossier's files: the same people who may see its applicant's data whole."""

from __future__ import annotations

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.rules import KIND
from haicap.kernel.entries.models import Entry
from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import Actor


def files_of_dossiers(actor: Actor, attachment: Attachment) -> None:
    """Raise NotAtWork for a file of a dossier that the actor is not at work on. Three statements."""
    code = Entry.objects.filter(pk=attachment.entry_id, kind=KIND).values_list("code", flat=True).first()
    if code is not None:
        queries.require_at_work(actor, code)
