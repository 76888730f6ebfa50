"""Files that came with the form itself, from a browser without scripts: stored first, then named like any other."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from haicap.domain.dossiers.web.forms import OTHER
from haicap.domain.procedures.rules import Version
from haicap.kernel import clock
from haicap.kernel.errors import DomainError, Problem
from haicap.kernel.files.commands import store
from haicap.kernel.scope import Actor


def with_uploads(request: HttpRequest, version: Version, actor: Actor) -> tuple[QueryDict, list[Problem]]:
    """The posted values with a `file:<paper>_id` for each file of the request, and what was wrong with any of them."""
    post, problems = request.POST.copy(), []
    for code in (*(paper.code for paper in version.papers), OTHER):
        for file in request.FILES.getlist(f"file:{code}"):
            try:
                kept = store(actor=actor, stream=file.chunks(), name=file.name or "", at=clock.now())
            except DomainError as error:
                problems.append(Problem(f"file:{code}", error.sentence()))
                continue
            post.appendlist(f"file:{code}_id", kept.digest)
            post.appendlist(f"file:{code}_name", file.name or "")
    return post, problems
