"""What is believed of an OpenID provider: each way to lie to it is tried with a token that is right but for one thing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from haicap.kernel import clock, openid

ISSUER = "https://id.example.gov.vn"
CLIENT, NONCE = "haicap", "một nonce"
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in "ab")
DISCOVERY = {
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/hoi", "token_endpoint": f"{ISSUER}/doi",
    "jwks_uri": f"{ISSUER}/khoa", "end_session_endpoint": f"{ISSUER}/ra",
    "authorization_response_iss_parameter_supported": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    openid.forget()
    yield
    openid.forget()


class Network:
    """A provider that says what it is told to say, and counts how often it is asked."""

    def __init__(self, **said: Any) -> None:
        self.discovery = DISCOVERY | said
        self.keys, self.asked, self.forms = [KEY], [], []
        self.token: Any = {}

    def __call__(self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None):
        self.asked.append(url)
        if form is not None:
            self.forms.append((dict(form), dict(headers or {})))
            return json.dumps(self.token).encode()
        if url.endswith("/khoa"):
            return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode()
        return self.discovery if isinstance(self.discovery, bytes) else json.dumps(self.discovery).encode()


def said(**changed: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    right = {"iss": ISSUER, "aud": CLIENT, "sub": "42", "nonce": NONCE, "iat": now, "exp": now + 300}
    return {name: value for name, value in (right | changed).items() if value is not None}


def signed(claims: Mapping[str, Any], key: Any = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid} | header, dict(claims), key, algorithms=["RS256", "HS256"])


def believed(token: str, network: Network | None = None) -> Mapping[str, Any]:
    network = network or Network()
    metadata = openid.discovered(ISSUER, network)
    return openid.claims_of(token, metadata, network, client_id=CLIENT, nonce=NONCE, now=clock.now())


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_right_token_is_believed():
    assert believed(signed(said()))["sub"] == "42"
    assert believed(signed(said(aud=[CLIENT])))["sub"] == "42"
    assert believed(signed(said(aud=[CLIENT, "other"], azp=CLIENT)))["sub"] == "42"


@pytest.mark.parametrize("changed", [
    {"iss": "https://other.example"}, {"iss": ISSUER + "/"}, {"iss": None},
    {"aud": "other"}, {"aud": []}, {"aud": None}, {"aud": [CLIENT, "other"]},
    {"aud": [CLIENT, "other"], "azp": "other"}, {"azp": "other"},
    {"nonce": "another"}, {"nonce": None}, {"nonce": 7}, {"nonce": ""},
    {"exp": None}, {"iat": None}, {"exp": True}, {"exp": "9999999999"}, {"exp": 1},
    {"iat": 1}, {"iat": 99_999_999_999},
    {"sub": None}, {"sub": ""}, {"sub": 42}, {"sub": "x" * 256},
], ids=str)  # fmt: skip
def test_one_thing_that_is_wrong_is_enough(changed):
    with pytest.raises(openid.Untrusted):
        believed(signed(said(**changed)))


def test_a_token_that_has_expired():
    token = signed(said())
    assert believed(token)
    with time_machine.travel(clock.now().timestamp() + 300 + openid.SKEW_S + 1), pytest.raises(openid.Untrusted):
        believed(token)


def test_a_token_without_a_signature():
    bare = f"{segment({'alg': 'none'})}.{segment(said())}."
    for token in (bare, bare + signed(said()).rsplit(".", 1)[1], f"{segment({'alg': 'NONE'})}.{segment(said())}."):
        with pytest.raises(openid.Untrusted):
            believed(token)


def test_a_secret_made_of_what_everybody_knows_signs_nothing():
    """The old trick: the provider's public key, or the client's name, as the key of an HMAC."""
    for known in (KEY.as_pem(private=False), CLIENT.encode() * 8):
        forged = jwt.encode({"alg": "HS256", "kid": "a"}, said(), OctKey.import_key(base64.b64encode(known)),
                            algorithms=["HS256"])  # fmt: skip
        with pytest.raises(openid.Untrusted):
            believed(forged)


def test_a_foreign_key_with_the_providers_key_id():
    with pytest.raises(openid.Untrusted):
        believed(signed(said(), OTHER, kid="a"))


def test_a_key_that_the_token_brings_along_is_not_used():
    with pytest.raises(openid.Untrusted):
        believed(signed(said(), OTHER, jwk=OTHER.as_dict(private=False)))


def test_a_claim_changed_behind_the_signature():
    head, _, tail = signed(said()).split(".")
    with pytest.raises(openid.Untrusted):
        believed(f"{head}.{segment(said(sub='1'))}.{tail}")


def test_a_header_of_brackets_in_brackets():
    deep = base64.urlsafe_b64encode(b"[" * 50_000).rstrip(b"=").decode()
    with pytest.raises(openid.Untrusted):
        believed(f"{deep}.{segment(said())}.x")


@given(st.text(max_size=60) | st.lists(st.text(max_size=20), min_size=3, max_size=5).map(".".join))
def test_no_text_at_all_is_more_than_refused(text):
    with pytest.raises(openid.Untrusted):
        believed(text)


def test_a_new_key_is_fetched_once_and_not_with_every_forged_key_id():
    network = Network()
    believed(signed(said()), network)
    network.keys = [OTHER]
    with pytest.raises(openid.Untrusted):  # within the minute nobody can make us ask again
        believed(signed(said(), OTHER), network)
    asked = network.asked.count(DISCOVERY["jwks_uri"])
    later = openid.time.monotonic() + openid.KEYS_AT_MOST_EVERY_S + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openid.time, "monotonic", lambda: later)
        assert believed(signed(said(), OTHER), network)
        for _ in range(5):
            with pytest.raises(openid.Untrusted):
                believed(signed(said(), KEY, kid="x"), network)
    assert network.asked.count(DISCOVERY["jwks_uri"]) == asked + 1 == 2


@pytest.mark.parametrize("wrong", [
    {"issuer": "https://other.example"}, {"issuer": ISSUER + "/"}, {"token_endpoint": None},
    {"token_endpoint": "http://id.example.gov.vn/doi"}, {"jwks_uri": "file:///etc/passwd"},
    {"authorization_endpoint": "javascript:alert(1)"}, {"jwks_uri": ["https://id.example.gov.vn/khoa"]},
], ids=str)  # fmt: skip
def test_a_discovery_document_that_leads_elsewhere(wrong):
    with pytest.raises(openid.Untrusted):
        openid.discovered(ISSUER, Network(**wrong))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_discovery_document_that_is_none(body):
    network = Network()
    network.discovery = body
    with pytest.raises(openid.Unreachable):
        openid.discovered(ISSUER, network)


@pytest.mark.parametrize("keys", [b"[]", b"{}", b'{"keys": 7}', b'{"keys": [{"kty": "RSA"}]}', b'{"keys": [7]}'])
def test_keys_that_are_none(keys: bytes):
    def network(url: str, **_: Any) -> bytes:
        return keys if url.endswith("/khoa") else json.dumps(DISCOVERY).encode()

    with pytest.raises((openid.Untrusted, openid.Unreachable)):
        believed(signed(said()), network)  # type: ignore[arg-type]


def _exchange(network: Network, secret: str = "", code: str = "mã") -> Callable[[], str]:
    metadata = openid.discovered(ISSUER, network)
    return lambda: openid.exchanged(
        metadata, network, client_id="ha:cap", secret=secret, code=code, redirect_uri="https://x/ve", verifier="v" * 43
    )


@pytest.mark.parametrize("token", [{}, {"id_token": None}, {"id_token": 7}, {"access_token": "x"}], ids=str)
def test_no_identity_token_is_no_sign_in(token):
    network = Network()
    network.token = token
    with pytest.raises(openid.Untrusted):
        _exchange(network)()


@pytest.mark.parametrize(
    ("given", "access"),
    [({"token_type": "Bearer", "access_token": "k"}, "k"), ({"token_type": "bearer", "access_token": "a\r\nb"}, ""),
     ({"token_type": "DPoP", "access_token": "k"}, ""), ({"token_type": "Bearer", "access_token": 7}, ""),
     ({"access_token": "k"}, "")],
)  # fmt: skip
def test_only_a_bearers_key_opens_the_userinfo_address(given, access):
    network = Network()
    network.token = {"id_token": "a.b.c"} | given
    assert _exchange(network)().access == access


def test_the_userinfo_address_is_believed_of_the_same_subject_alone():
    sent: list[Any] = []

    def network(url: str, **rest: Any) -> bytes:
        sent.append((url, rest))
        return json.dumps({"sub": "42", "name": "A"}).encode()

    metadata = openid.discovered(ISSUER, Network(userinfo_endpoint=f"{ISSUER}/ai"))

    def ask(access: str = "k", subject: str = "42") -> Mapping[str, Any]:
        return openid.told_at_userinfo(metadata, network, access=access, subject=subject)

    assert ask()["name"] == "A"
    assert sent == [(f"{ISSUER}/ai", {"headers": {"Authorization": "Bearer k"}})]
    assert ask(access="") == {} and len(sent) == 1
    for other in ("43", ""):
        with pytest.raises(openid.Untrusted):
            ask(subject=other)
    openid.forget()
    bare = openid.discovered(ISSUER, Network(userinfo_endpoint="http://id.example.gov.vn/ai"))
    assert openid.told_at_userinfo(bare, network, access="k", subject="42") == {}, "an address without TLS is none"


def test_the_secret_travels_in_the_header_and_the_verifier_in_the_form():
    network = Network()
    network.token = {"id_token": "a.b.c"}
    assert _exchange(network, secret="mật:khẩu")() == openid.Tokens("a.b.c")
    form, headers = network.forms[0]
    assert form["code_verifier"] == "v" * 43
    assert "client_secret" not in form
    # RFC 6749, 2.3.1: both halves are encoded, so that a colon in one does not end it
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"ha%3Acap:m%E1%BA%ADt%3Akh%E1%BA%A9u"


def test_what_the_browser_carries_holds_the_digest_of_the_verifier_alone():
    fresh, again = openid.begun(), openid.begun()
    assert len({fresh.state, fresh.nonce, fresh.verifier, again.state, again.nonce, again.verifier}) == 6
    assert len(fresh.verifier) >= 43  # RFC 7636, 4.1
    metadata = openid.discovered(ISSUER, Network())
    address = openid.authorization_address(
        metadata, client_id=CLIENT, redirect_uri="https://x/ve", scopes="openid", begun=fresh, acr="cao"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(fresh.verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"], asked["acr_values"]) == (digest, "S256", "cao")
    assert (asked["response_type"], asked["state"], asked["nonce"]) == ("code", fresh.state, fresh.nonce)
    assert fresh.verifier not in address
