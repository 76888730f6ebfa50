"""`/quan-tri/cong-viec/`: the worker's jobs by the clock, what became of each, and a run now."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haicap.domain.people.access import can_run_system
from haicap.flows.jobs import BY_NAME, JOBS, Job, ask_for
from haicap.interfaces.administration.pages import actor_of, crumbs
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.errors import NotFound
from haicap.kernel.jobs import queries
from haicap.kernel.jobs.models import Run
from haicap.kernel.language import bi
from haicap.kernel.outbox import queries as outbox
from haicap.kernel.outbox import rules

_TITLE = bi("Việc nền", "Jobs")


@require_safe
@allow(can_run_system)
def jobs(request: HttpRequest) -> HttpResponse:
    """Each job with its last run and its next one; the workers that were heard. Four statements."""
    runs, asked, now = queries.last_runs(), queries.asked_for(), clock.now()
    lines = [
        (job, run, job.words(run) if run else "", next_run(job, run, now), job.name in asked)
        for job, run in ((job, runs.get(job.name)) for job in JOBS)
    ]
    workers = [(name, at, now - at <= rules.SILENCE) for name, at in outbox.workers()]
    return render(request, "administration/jobs.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "lines": lines, "workers": workers,
        "alive": any(alive for _, _, alive in workers),
    })  # fmt: skip


@require_safe
@allow(can_run_system)
def job(request: HttpRequest, name: str) -> HttpResponse:
    """One job: its last runs. NotFound for one there is not."""
    found = BY_NAME.get(name)
    if found is None:
        raise NotFound(what=bi("việc nền này", "This job"))
    return render(request, "administration/job.html", {
        "crumbs": crumbs((_TITLE, reverse("jobs")), (found.label, "")), "job": found,
        "runs": [(run, found.words(run)) for run in queries.runs_of(name)],
        "asked": name in queries.asked_for(),
    })  # fmt: skip


@require_POST
@allow(can_run_system, writes=True)
def run_now(request: HttpRequest, name: str) -> HttpResponse:
    """Ask the worker for a run; every job leaves alone what is not due. NotFound."""
    ask_for(actor=actor_of(request), name=name)
    return HttpResponseRedirect(reverse("job", args=[name]))


def next_run(job: Job, last: Run | None, now: datetime) -> datetime | None:
    """When the job runs next, of itself; None where no worker ever ran it: then at the worker's start."""
    if last is None:
        return None
    here = clock.local(now)
    midnight = datetime.combine(here.date() + timedelta(days=1), time.min, tzinfo=clock.ZONE)
    return min(midnight, max(last.started_at + timedelta(hours=1), now)) if job.hourly else midnight
