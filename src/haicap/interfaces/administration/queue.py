"""`/quan-tri/hang-doi/`: messages that must leave, how each stands, and who receives them. Never what a message says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.domain.people.access import can_run_queue, can_subscribe
from haicap.domain.units.models import Unit
from haicap.interfaces.administration.pages import actor_of, answer, crumbs, number_in, typed_in
from haicap.kernel.access import allow
from haicap.kernel.audit import queries as trail
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.outbox import administering, queries
from haicap.kernel.outbox.errors import MessageUnknown, ReasonNeeded, SubscriptionRefused, SubscriptionUnknown
from haicap.kernel.outbox.queries import STATE_LABELS, Seen, State
from haicap.kernel.text import clean

LONGEST_QUERY = 120
_TITLE = bi("Hàng đợi gửi đi", "What waits to leave")
_RECEIVERS = bi("Nơi nhận", "Receivers")
_TOPICS = [
    ("dossier.", bi("Mọi bước của hồ sơ", "Every step of a dossier")),
    ("dossier.receive", bi("Chỉ khi tiếp nhận", "Receipts only")),
    ("dossier.return_result", bi("Chỉ khi trả kết quả", "Results handed over only")),
    ("dossier.responsible_changed", bi("Chỉ khi đổi đơn vị giải quyết", "Changes of the responsible unit only")),
    ("", bi("Tất cả", "Everything")),
]
ACTS = {
    "outbox:message:retry": bi("Cho gửi lại ngay", "Tried again now"),
    "outbox:message:give_up": bi("Thôi gửi", "Given up"),
}


@require_safe
@allow(can_run_queue)
def messages(request: HttpRequest) -> HttpResponse:
    """The messages of one's units, the newest first; `?trang-thai=` a state, `?q=` of topic or key, `?tiep=` goes on."""
    asked = request.GET
    state = State(asked["trang-thai"]) if asked.get("trang-thai") in [one.value for one in State] else None
    words = clean(asked.get("q", ""))[:LONGEST_QUERY]
    found, following = queries.messages(state, words, before=number_in(asked.get("tiep", "")))
    return render(request, "administration/messages.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "found": _with_units(found), "next_cursor": following,
        "state": state or "", "words": words, "states": list(STATE_LABELS.items()), "counts": queries.count_by_state(),
        "narrowed": bool(state or words), "silence": queries.worker_silence(),
        "may_subscribe": can_subscribe(actor_of(request)),
    })  # fmt: skip


@require_safe
@allow(can_run_queue)
def message(request: HttpRequest, message_id: str) -> HttpResponse:
    """One message: its attempts, why it failed, who has it. MessageUnknown for another unit's."""
    return _message_page(request, int(message_id))


@require_POST
@allow(can_run_queue, writes=True)
def try_again(request: HttpRequest, message_id: str) -> HttpResponse:
    """Let it be sent at the worker's next round. MessageUnknown, MessageHasLeft."""
    administering.try_again(actor=actor_of(request), message_id=int(message_id))
    return HttpResponseRedirect(reverse("message", args=[message_id]))


@require_POST
@allow(can_run_queue, writes=True)
def give_up(request: HttpRequest, message_id: str) -> HttpResponse:
    """Take it out of the queue with a reason. MessageUnknown, MessageHasLeft."""
    reason = typed_in(request, ["reason"])["reason"]
    try:
        administering.give_up(actor=actor_of(request), message_id=int(message_id), reason=reason)
    except ReasonNeeded as needed:
        return _message_page(request, int(message_id), [Problem("reason", needed.sentence())])
    return HttpResponseRedirect(reverse("message", args=[message_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_subscribe, writes=True)
def receivers(request: HttpRequest) -> HttpResponse:
    """Who receives what leaves; posted, one more, whose secret the answer carries, once."""
    typed = typed_in(request, ("name", "topic_prefix", "url"), administering.LONGEST_URL + 1)
    problems: Sequence[Problem] = ()
    if request.method != "POST":
        typed["topic_prefix"] = _TOPICS[0][0]
    elif typed["topic_prefix"] not in dict(_TOPICS):
        problems = [Problem("topic_prefix", bi("Chọn những gì được gửi.", "Choose what is sent."))]
    else:
        try:
            secret = administering.add_subscription(actor=actor_of(request), **typed)
            return _secret_once(request, typed["name"], secret)
        except SubscriptionRefused as refused:
            problems = refused.problems
    words = dict(_TOPICS)
    return answer(request, "administration/receivers.html", {
        "crumbs": crumbs((_TITLE, reverse("messages")), (_RECEIVERS, "")), "title": _RECEIVERS, "typed": typed,
        "topics": _TOPICS, "found": [(one, words.get(one.topic_prefix, one.topic_prefix)) for one in queries.subscriptions()],
    }, problems)  # fmt: skip


@require_POST
@allow(can_subscribe, writes=True)
def renew_secret(request: HttpRequest, receiver_id: str) -> HttpResponse:
    """A new secret, shown once. SubscriptionUnknown."""
    found = queries.subscription(int(receiver_id))
    if found is None:
        raise SubscriptionUnknown
    secret = administering.renew_secret(actor=actor_of(request), subscription_id=found.id)
    return _secret_once(request, found.name, secret)


@require_POST
@allow(can_subscribe, writes=True)
def switch_receiver(request: HttpRequest, receiver_id: str) -> HttpResponse:
    """Stop sending there (`gui=0`), or begin again (`gui=1`). SubscriptionUnknown."""
    administering.set_active(
        actor=actor_of(request), subscription_id=int(receiver_id), active=request.POST.get("gui") == "1"
    )
    return HttpResponseRedirect(reverse("receivers"))


def _message_page(request: HttpRequest, message_id: int, problems: Sequence[Problem] = ()) -> HttpResponse:
    found = queries.message(message_id)
    if found is None:
        raise MessageUnknown
    acts: list[Any] = [
        {
            "label": ACTS.get(one.tag, one.tag),
            "at": one.at,
            "actor_name": one.actor_name,
            "note": one.data.get("reason"),
        }
        for one in trail.latest(f"outbox:{message_id}")
    ]
    return answer(request, "administration/message.html", {
        "crumbs": crumbs((_TITLE, reverse("messages")), (found.topic, "")), "message": found, "acts": acts,
        "deliveries": queries.deliveries(message_id), "unit": _with_units([found])[0][1],
        "waits": found.state in (State.WAITING, State.FAILING),
        "may_retry": found.state in (State.WAITING, State.FAILING, State.GIVEN_UP),
    }, problems)  # fmt: skip


def _with_units(found: Sequence[Seen]) -> list[tuple[Seen, str]]:
    """Each message with the name of its unit. One statement."""
    units = Unit.objects.in_bulk({one.unit_id for one in found if one.unit_id})
    return [(one, units[one.unit_id].shown_name if one.unit_id in units else "") for one in found]


def _secret_once(request: HttpRequest, name: str, secret: str) -> HttpResponse:
    shown = render(request, "administration/secret.html", {
        "crumbs": crumbs((_TITLE, reverse("messages")), (_RECEIVERS, reverse("receivers")), (name, "")), "name": name,
        "secret": secret,
    })  # fmt: skip
    shown["Cache-Control"] = "no-store"
    return shown
