"""`/tai-khoan/`: what somebody who is signed in sees and changes of their own account."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from haicap.domain.people.access import owns_account
from haicap.domain.people.commands import (
    change_password,
    check_own_password,
    end_other_sessions,
    end_own_pass,
    new_seed,
    recovery,
    renew_recovery_codes,
    secret_of,
    turn_off,
    turn_on,
)
from haicap.domain.people.errors import CodeRefused, SecondFactorStands, SecondStepExpired
from haicap.domain.people.models import Account
from haicap.domain.people.queries import (
    account_of,
    has_password,
    own_passes,
    own_passkeys,
    own_resets,
    second_factor_of,
)
from haicap.domain.people.queries.looks import own_looks
from haicap.domain.people.queries.openid import own_identities, providers_in_use
from haicap.domain.people.rules import LONGEST_PASSKEY_NAME, PASSWORD_LEAST, PASSWORD_MOST
from haicap.domain.people.web import first_steps, identity, passkeys
from haicap.domain.people.web.places import next_place
from haicap.kernel import clock, totp
from haicap.kernel.access import allow
from haicap.kernel.errors import DomainError
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

PAGE = "/tai-khoan/"
TICKET_LIFE_S = 900  # to fetch a telephone, install an application and read the code
_SALT = "haicap.second-factor-ticket"
# Where an error stands: by the section of the page and the field that it names; above the page otherwise.
_FIELDS = {
    ("second_factor", "password"): "factor_problem",
    ("passkeys", "password"): "passkey_problem",
    ("passkey", "password"): "remove_problem",
    ("identities", "password"): "identity_problem",
    ("password", "password"): "old_problem",
    ("password", "new"): "new_problem",
    ("password", "again"): "again_problem",
}
_DONE = {
    "mat-khau": bi(
        "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
        "The password is changed. Your other sessions have ended.",
    ),
    "da-bat": bi("Đã bật mã trên điện thoại.", "Codes of the telephone are on."),
    "da-tat": bi("Đã tắt mã trên điện thoại.", "Codes of the telephone are off."),
    "da-them": bi("Đã thêm khóa truy cập.", "The passkey is added."),
    "da-xoa": bi("Đã xóa khóa truy cập.", "The passkey is removed."),
    "tu-choi": bi(
        "Đã từ chối yêu cầu. Hãy báo lãnh đạo đơn vị.", "The request is refused. Tell the head of your unit."
    ),
    "da-lien-ket": bi("Đã liên kết danh tính.", "The identity is linked."),
    "da-bo-lien-ket": bi("Đã bỏ liên kết danh tính.", "The identity is no longer linked."),
    "ket-thuc": bi("Đã kết thúc.", "It has ended."),
    "phien-khac": bi("Đã kết thúc các phiên đăng nhập khác.", "Your other sessions have ended."),
}

_NOT_DONE = {
    "het-han": bi("Chưa liên kết được; hãy làm lại từ đầu.", "Not linked; begin again."),
    "khong-tra-loi": bi(
        "Nhà cung cấp chưa trả lời; hãy thử lại sau.", "The provider does not answer; try again later."
    ),
}


@allow(owns_account)
@require_GET
@never_cache
def own_account(request: HttpRequest) -> HttpResponse:
    """`/tai-khoan/`: the second factor, the sessions and tokens, the password."""
    asked = request.GET.get("xong", "")
    return page(request, done=_DONE.get(asked, ""), problem=_NOT_DONE.get(asked, ""))


@allow(owns_account, writes=True)
@require_POST
@never_cache
def begin_second_factor(request: HttpRequest) -> HttpResponse:
    """The password again, then the QR code and the key. Nothing is on before the telephone's first code was right."""
    actor = actor_in(request)
    try:
        account = check_own_password(actor, typed(request, "password"))
        if second_factor_of(account.pk).telephone:
            raise SecondFactorStands
    except DomainError as error:
        return page(request, "second_factor", error)
    return _telephone(request, account, new_seed())


@allow(owns_account, writes=True)
@require_POST
@never_cache
def confirm_second_factor(request: HttpRequest) -> HttpResponse:
    """The telephone's first code turns the second factor on; the recovery codes are shown this once."""
    actor, seed = actor_in(request), b""
    try:
        seed = _seed_of(request)
        codes = turn_on(actor=actor, seed=seed, code=typed(request, "code"))
    except CodeRefused as error:
        return _telephone(request, account_of(actor), seed, error)
    except DomainError as error:
        return page(request, "second_factor", error)
    return show_codes(request, codes, fresh=True) if codes else HttpResponseRedirect(f"{PAGE}?xong=da-bat")


@allow(owns_account, writes=True)
@require_POST
def end_second_factor(request: HttpRequest) -> HttpResponse:
    """The password again, then codes by time are off; passkeys stay."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        turn_off(actor=actor)
    except DomainError as error:
        return page(request, "second_factor", error)
    return HttpResponseRedirect(f"{PAGE}?xong=da-tat")


@allow(owns_account, writes=True)
@require_POST
@never_cache
def renew_codes(request: HttpRequest) -> HttpResponse:
    """The password again, then ten new recovery codes, shown this once; the old ones are void."""
    actor = actor_in(request)
    try:
        check_own_password(actor, typed(request, "password"))
        codes = renew_recovery_codes(actor=actor)
    except DomainError as error:
        return page(request, "second_factor", error)
    return show_codes(request, codes, fresh=False)


@allow(owns_account, writes=True)
@require_POST
def end_pass(request: HttpRequest, pass_id: int) -> HttpResponse:
    """End one session or token of one's own; another's is not there."""
    end_own_pass(actor=actor_in(request), pass_id=pass_id)
    return HttpResponseRedirect(f"{PAGE}?xong=ket-thuc")


@allow(owns_account, writes=True)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this one."""
    end_other_sessions(actor=actor_in(request))
    return HttpResponseRedirect(f"{PAGE}?xong=phien-khac")


@allow(owns_account, writes=True)
@require_POST
def refuse_reset(request: HttpRequest, reset_id: int) -> HttpResponse:
    """ "I did not ask for this": a reset of one's own second factor that waits is refused; another's is not there."""
    recovery.refuse_own_reset(actor=actor_in(request), reset_id=reset_id)
    return HttpResponseRedirect(f"{PAGE}?xong=tu-choi")


@allow(owns_account, writes=True)
@require_POST
def new_password(request: HttpRequest) -> HttpResponse:
    """Another password: the old one, and the new one twice."""
    try:
        change_password(
            actor=actor_in(request),
            old=typed(request, "password"),
            new=request.POST.get("new", ""),
            again=request.POST.get("again", ""),
        )
    except DomainError as error:
        return page(request, "password", error)
    if identity.duty_in(request):
        return first_steps.after_password(request)
    return HttpResponseRedirect(f"{PAGE}?xong=mat-khau")


def page(
    request: HttpRequest, section: str = "", error: DomainError | None = None, done: Any = "", problem: Any = ""
) -> HttpResponse:
    """The page; with `error` it stands in `section`, at the field it names. What was counted is kept (no exception).

    Somebody who owes a step sees the page of that step instead.
    """
    problems = {_FIELDS.get((section, error.field), "problem"): error.sentence()} if error else {}
    status = 200 if error is None else 429 if error.status == 429 else 422
    if duty := identity.duty_in(request):
        return first_steps.page(request, duty, problems, status)
    actor = actor_in(request)
    account = account_of(actor)
    passes = own_passes(actor)
    identities = own_identities(actor)
    linked = {one.provider_id for one in identities}
    standing = second_factor_of(account.pk)
    context: dict[str, Any] = {
        "frame": frame_of(request), "account": account, "standing": standing, "passes": passes,
        "others": any(not p.here and not p.is_token for p in passes), "done": done,
        "has_password": partial(has_password, account.pk),
        "passkeys": own_passkeys(actor) if standing.passkeys else [], "passkeys_offered": passkeys.offered(request),
        "identities": identities, "problem": problem,
        "linkable": [one for one in providers_in_use("staff") if one.pk not in linked] if actor.roles else [],
        "looks": own_looks(actor), "resets": own_resets(actor), "now": clock.now(),
        "new_attrs": {"autocomplete": "new-password", "maxlength": PASSWORD_MOST},
        "least": PASSWORD_LEAST, "name_most": {"maxlength": LONGEST_PASSKEY_NAME}, **problems,
    }  # fmt: skip
    return render(request, "people/own_account.html", context, status=status)


def _telephone(request: HttpRequest, account: Account, seed: bytes, error: DomainError | None = None) -> HttpResponse:
    """The QR code. The ticket carries the seed to the next step, so that nothing is stored before it."""
    secret = secret_of(account.pk, seed)
    context = {
        "frame": frame_of(request), "key": totp.key_text(secret), "problem": error.sentence() if error else "",
        "qr": totp.address(secret, issuer="HaiCap", account=account.name),
        "ticket": signing.dumps([account.pk, seed.hex()], salt=_SALT), "next": next_place(request, ""),
        "back": identity.FIRST_STEPS if identity.duty_in(request) else PAGE,
    }  # fmt: skip
    return render(request, "people/second_factor.html", context, status=422 if error else 200)


def _seed_of(request: HttpRequest) -> bytes:
    """The seed in the ticket of this account; raises SecondStepExpired for an old, forged or foreign one."""
    try:
        account_id, seed = signing.loads(request.POST.get("ticket", ""), salt=_SALT, max_age=TICKET_LIFE_S)
    except (signing.BadSignature, ValueError, TypeError):
        raise SecondStepExpired from None
    if account_id != actor_in(request).account_id:
        raise SecondStepExpired
    return bytes.fromhex(seed)


def actor_in(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def frame_of(request: HttpRequest) -> str:
    """The desk around the page of those who may go to it; the portal's plain frame around a citizen's, and the first steps."""
    return "base_desk.html" if actor_in(request).roles and not identity.duty_in(request) else "base_portal.html"


def show_codes(request: HttpRequest, codes: list[str], *, fresh: bool) -> HttpResponse:
    """The recovery codes, this once; then back to where the reader was."""
    target = identity.FIRST_STEPS if identity.duty_in(request) else PAGE
    context = {"frame": frame_of(request), "codes": codes, "fresh": fresh, "target": _with_next(request, target)}
    return render(request, "people/recovery_codes.html", context)


def _with_next(request: HttpRequest, target: str) -> str:
    wanted = next_place(request, "")
    return f"{target}?{urlencode({'next': wanted})}" if wanted else target


def typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:500]
