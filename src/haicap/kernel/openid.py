"""OpenID Connect as a relying party: the authorization code flow with PKCE, and what is believed of an identity token.

OpenID Connect Core 1.0, Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer). Signatures and keys are the
library's (joserfc); what a token must say is checked here, line by line. The network is a `Fetch` that the caller brings.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils.crypto import constant_time_compare
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519")
"""Public-key signatures alone: never `none`, nor a secret that two would share."""

KEPT_S = 3600.0
KEYS_AT_MOST_EVERY_S = 60.0  # an unknown key id asks for the keys again, but not oftener
SKEW_S = 60
OLDEST_S = 600
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2

Fetch = Callable[..., bytes]
"""`fetch(url, form=None, headers=None)`: the body of the answer; a POST where a form is given. Raises Unreachable."""


class Unreachable(Exception):
    """The provider does not answer, or not with what was asked for."""


class Untrusted(Exception):
    """The answer is not to be believed; the text says why, for the log."""


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself at its well-known address."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    userinfo_endpoint: str = ""
    names_itself: bool = False  # in the answer to the browser (RFC 9207)
    takes_basic: bool = True  # the client's secret in the header; else in the form


@dataclass(frozen=True)
class Begun:
    """What one sign-in carries from its beginning to its end."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Tokens:
    """What a code was changed for: the identity token, and the key to the userinfo address ("" where none was given)."""

    identity: str
    access: str = ""


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


def forget() -> None:
    """Drop what is kept of providers."""
    _metadata.clear()
    _keys.clear()


def begun() -> Begun:
    """Fresh random values, 256 bits each."""
    return Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32))


def discovered(issuer: str, fetch: Fetch) -> Metadata:
    """What the provider says of itself; kept an hour. Raises Unreachable, or Untrusted where it names another issuer."""
    kept = _metadata.get(issuer)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    told = _json(fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    if told.get("issuer") != issuer:
        raise Untrusted("the discovery document names another issuer")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(isinstance(told.get(name), str) and _same_scheme(told[name], issuer) for name in needed):
        raise Untrusted("the discovery document lacks an endpoint, or has one without TLS")
    ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    found = Metadata(
        issuer=issuer, authorization_endpoint=told["authorization_endpoint"], token_endpoint=told["token_endpoint"],
        jwks_uri=told["jwks_uri"],
        end_session_endpoint=_optional(told, "end_session_endpoint", issuer),
        userinfo_endpoint=_optional(told, "userinfo_endpoint", issuer),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        takes_basic="client_secret_basic" in ways,
    )  # fmt: skip
    _metadata[issuer] = (time.monotonic() + KEPT_S, found)
    return found


def authorization_address(
    metadata: Metadata, *, client_id: str, redirect_uri: str, scopes: str, begun: Begun, acr: str = ""
) -> str:
    """Where the browser goes to sign in at the provider."""
    digest = hashlib.sha256(begun.verifier.encode()).digest()
    asked = {
        "response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "scope": scopes,
        "state": begun.state, "nonce": begun.nonce, "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), **({"acr_values": acr} if acr else {}),
    }  # fmt: skip
    join = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
    return f"{metadata.authorization_endpoint}{join}{urlencode(asked)}"


def end_session_address(metadata: Metadata, *, client_id: str, back: str) -> str:
    """Where the browser ends the provider's own session; "" where the provider has no such place."""
    if not metadata.end_session_endpoint:
        return ""
    return f"{metadata.end_session_endpoint}?{urlencode({'client_id': client_id, 'post_logout_redirect_uri': back})}"


def exchanged(
    metadata: Metadata, fetch: Fetch, *, client_id: str, secret: str, code: str, redirect_uri: str, verifier: str
) -> Tokens:
    """The tokens for a code. Raises Unreachable, or Untrusted where the provider refuses it or gives none."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    headers = {}
    if secret and metadata.takes_basic:
        pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form |= {"client_id": client_id, **({"client_secret": secret} if secret else {})}
    told = _json(fetch(metadata.token_endpoint, form=form, headers=headers))
    token, access = told.get("id_token"), told.get("access_token")
    if not isinstance(token, str):
        raise Untrusted("the provider gave no identity token for the code")
    bears = isinstance(access, str) and str(told.get("token_type")).lower() == "bearer" and access.isascii()
    return Tokens(token, str(access) if bears and str(access).isprintable() else "")


def told_at_userinfo(metadata: Metadata, fetch: Fetch, *, access: str, subject: str) -> Mapping[str, Any]:
    """What the provider tells of `subject` at its userinfo address (OpenID Connect Core 5.3), nothing where it has none.

    Raises Unreachable (also for an answer that is signed or no JSON), Untrusted where it speaks of somebody else: without the
    same `sub` as in the identity token nothing of it may be used (5.3.2).
    """
    if not metadata.userinfo_endpoint or not access:
        return {}
    told = _json(fetch(metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"}))
    if told.get("sub") != subject:
        raise Untrusted("the userinfo address speaks of another subject")
    return told


def claims_of(
    token: str, metadata: Metadata, fetch: Fetch, *, client_id: str, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """What an identity token says, once all of it was checked (OpenID Connect Core 3.1.3.7). `now` with its zone.

    Raises Unreachable, Untrusted.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise Untrusted(f"the token is signed with {header.get('alg')!r}")
        keys = _keys_of(metadata, fetch, header.get("kid"))
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError, UnicodeError, RecursionError) as error:
        raise Untrusted(f"the token's signature: {error}") from error
    _judge(claims, metadata.issuer, client_id, nonce, now.timestamp())
    return claims


def _judge(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str, now: float) -> None:
    audience = claims.get("aud")
    audience = audience if isinstance(audience, list) else [audience]
    moments = [claims.get(name) for name in ("exp", "iat")]
    if claims.get("iss") != issuer:
        raise Untrusted("another issuer")
    if client_id not in audience or (len(audience) > 1 and claims.get("azp") != client_id):
        raise Untrusted("for another audience")
    if claims.get("azp", client_id) != client_id:
        raise Untrusted("for another authorized party")
    if not all(isinstance(moment, int | float) and not isinstance(moment, bool) for moment in moments):
        raise Untrusted("no times in it")
    if claims["exp"] <= now - SKEW_S or not now - OLDEST_S <= claims["iat"] <= now + SKEW_S:
        raise Untrusted("expired, or of another time")
    if not isinstance(claims.get("nonce"), str) or not constant_time_compare(claims["nonce"], nonce):
        raise Untrusted("another nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Untrusted("no subject")


def _keys_of(metadata: Metadata, fetch: Fetch, kid: Any) -> KeySet:
    kept, now = _keys.get(metadata.jwks_uri), time.monotonic()
    if kept and now < kept[0] + KEPT_S and (_has(kept[1], kid) or now < kept[0] + KEYS_AT_MOST_EVERY_S):
        return kept[1]
    keys = KeySet.import_key_set(_json(fetch(metadata.jwks_uri)))  # type: ignore[arg-type]
    _keys[metadata.jwks_uri] = (now, keys)
    return keys


def _has(keys: KeySet, kid: Any) -> bool:
    return kid is None or any(key.kid == kid for key in keys.keys)


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:  # brackets in brackets, thousands deep
        raise Unreachable("the answer is no JSON") from error
    if not isinstance(told, dict):
        raise Unreachable("the answer is no JSON object")
    return told


def _optional(told: Mapping[str, Any], name: str, issuer: str) -> str:
    """An endpoint that need not be there; "" also for one without TLS."""
    address = told.get(name)
    return address if isinstance(address, str) and _same_scheme(address, issuer) else ""


def _same_scheme(address: str, issuer: str) -> bool:
    """An issuer with TLS has no endpoint without."""
    there = urlsplit(address)
    return bool(there.hostname) and there.scheme in {"https", urlsplit(issuer).scheme}
