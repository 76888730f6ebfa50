"""Who may open a page: every view says so by a decorator, and what says nothing is refused.

A view's rule also decides its transaction: `public` pages read facts that nobody needs to sign in for; all others run
inside `entered(request.actor)`, so that row-level security binds them, and read-only unless they say `writes`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from haicap.kernel.errors import Denied, SignInNeeded
from haicap.kernel.language import bi
from haicap.kernel.readings import Note
from haicap.kernel.scope import Actor, entered

View = Callable[..., HttpResponse]
Predicate = Callable[[Actor], bool]
Rule = TypeVar("Rule", bound=Predicate)

SIGN_IN = "/dang-nhap/"
_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Right:
    """What a predicate gives, in both languages: `name` is the action, `within` how far it reaches.

    `own`: it concerns the caller alone, so that also a guest, who otherwise only reads, may do it.
    """

    name: Any
    within: Any
    own: bool = False


@dataclass(frozen=True)
class Trial:
    """Somebody invented who holds one post and nothing else: rules are tried by them, so nobody lists who may what.

    `at`: what kind of unit the post is in.
    """

    role: str
    label: Any
    at: str
    actor: Actor


class Directory(Protocol):
    """What the room that knows roles and posts tells the kernel, which knows neither."""

    def trials(self) -> Sequence[Trial]:
        """One for each role, and each kind of unit in which it exists."""

    def held(self, actor: Actor) -> Sequence[str]:
        """The actor's own roles today, in words."""

    def helpers(self, actor: Actor) -> Sequence[str]:
        """Whom the actor asks for more: the administrators of their unit, by name. Reads the database."""


_directories: list[Directory] = []


def register_directory(directory: Directory) -> None:
    """Called once, when the room of people is ready."""
    _directories[:] = [directory]


def directory() -> Directory:
    """The room that knows roles; an IndexError means that none is installed."""
    return _directories[0]


def right(name: Any, *, within: Any, own: bool = False) -> Callable[[Rule], Rule]:
    """Name a predicate beside it: `@right(bi("Tiếp nhận", "Receive"), within=bi("đơn vị mình", "their unit"))`.

    The table of permissions and every refusal speak with these words; a test fails for a predicate without them.
    """

    def decorate(predicate: Rule) -> Rule:
        predicate.right = Right(name, within, own)  # type: ignore[attr-defined]
        return predicate

    return decorate


def right_of(predicate: Predicate) -> Right | None:
    """The words for a predicate; None where its author gave none."""
    return getattr(predicate, "right", None)


def who_may(predicate: Predicate) -> list[str]:
    """The roles that pass `predicate`, in words: found by trying the rule itself, in the order of the roles."""
    return list(dict.fromkeys(str(trial.label) for trial in directory().trials() if predicate(trial.actor)))


class NotGranted(Denied):
    """A rule said no. The sentence names the action, who may do it, what the caller is today, and whom to ask."""

    title = bi("Không có quyền", "Not allowed")
    template = bi(
        "Việc “{action}” dành cho: {roles}. Hôm nay bạn {held}. Nếu cần cho công việc, hãy hỏi {ask}.",
        "“{action}” is for: {roles}. Today you {held}. If your work needs it, ask {ask}.",
    )

    def members(self) -> dict[str, Any]:
        """The same facts one by one, for programs and for the page."""
        return dict(self.facts["told"])


class GuestsOnlyRead(Denied):
    """A guest tried to change something, or came by a door for programs."""

    code = "denied.guest"
    template = bi(
        "Hỗ trợ kỹ thuật chỉ được xem, không được thay đổi gì. Hãy đề nghị cán bộ của đơn vị tự thực hiện.",
        "Technical support only looks and changes nothing. Ask somebody of the unit to do it themselves.",
    )


Witness = Callable[[Actor, str], None]
_witnesses: list[Witness] = []


def register_witness(note: Witness) -> None:
    """Who writes down what guests look at: called with the guest and the address before each page that they open."""
    _witnesses[:] = [note]


def _receive_guest(predicate: Predicate, request: HttpRequest, actor: Actor) -> None:
    """What a guest's request needs before it is let in. Raises GuestsOnlyRead; SignInNeeded by the witness."""
    named = right_of(predicate)
    if named is not None and named.own:
        return
    if request.method not in _SAFE:
        raise GuestsOnlyRead()
    for note in _witnesses:
        note(actor, request.path)


def refusal(predicate: Predicate, actor: Actor) -> Denied:
    """The refusal of `actor` by `predicate`, explained; two statements for whom to ask."""
    named = right_of(predicate)
    if named is None:
        return Denied()
    told = {
        "action": str(named.name), "roles": who_may(predicate), "held": list(directory().held(actor)),
        "ask": list(directory().helpers(actor)),
    }  # fmt: skip
    held = bi("giữ vai trò {held}", "are {held}") if told["held"] else bi("không giữ chức vụ nào", "hold no post")
    return NotGranted(
        action=told["action"],
        roles=", ".join(told["roles"]) or str(bi("không vai trò nào", "no role")),
        held=str(held).format(held=", ".join(told["held"])),
        ask="; ".join(told["ask"]) or str(bi("người quản trị của đơn vị", "your unit's administrator")),
        told=told,
    )


def insist(predicate: Predicate, actor: Actor) -> None:
    """Raise NotGranted, which explains itself, unless `predicate` holds for `actor`."""
    if not predicate(actor):
        raise refusal(predicate, actor)


def require(allowed: bool, error: Denied | None = None) -> None:
    """Raise Denied (or `error`) unless `allowed`."""
    if not allowed:
        raise error or Denied()


def public(view: View) -> View:
    """Anybody may open this page."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def allow(
    predicate: Predicate,
    *,
    writes: bool = False,
    notes: Callable[..., Note | None] | None = None,
    notes_itself: bool = False,
) -> Callable[[View], View]:
    """Only actors for whom `predicate` holds may open this page; others sign in or are told why not.

    `writes`: the view may change data when it is posted to. Reads run in a read-only transaction. `notes`: what of a
    person's record the view shows, from its own arguments; it is noted before, and taken back where the view raises.
    `notes_itself`: whose records are shown is found by the view, which notes them; so its transaction writes.
    """

    reads = set() if notes_itself else _SAFE

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.is_anonymous:
                return to_sign_in(request)
            insist(predicate, actor)
            try:
                if actor.guest:
                    _receive_guest(predicate, request, actor)
                note = notes(request, *args, **kwargs) if notes else None
                with entered(actor, read_only=not (writes or notes_itself) or request.method in reads, note=note):
                    answer = view(request, *args, **kwargs)
                    if hasattr(answer, "render"):
                        answer.render()
                    return answer
            except SignInNeeded:
                return to_sign_in(request)

        guarded.access = predicate  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a fragment tells the browser to go there as a whole."""
    target = f"{SIGN_IN}?{urlencode({'next': request.get_full_path() if request.method in _SAFE else '/desk/'})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
