"""OpenID providers, and whose an identity is."""

from __future__ import annotations

from django.db import connection

from haicap.domain.people.models import Identity, IdentityProvider
from haicap.domain.people.openid_errors import ProviderUnknown
from haicap.kernel.scope import Actor


def provider_named(key: str) -> IdentityProvider:
    """The provider in use with this key; raises ProviderUnknown."""
    provider = IdentityProvider.objects.filter(key=key, active=True).first()
    if provider is None:
        raise ProviderUnknown
    return provider


def providers_in_use(audience: str = "") -> list[IdentityProvider]:
    """Those that people may sign in by, in the order in which they were entered. One statement."""
    rows = IdentityProvider.objects.filter(active=True).order_by("pk")
    return list(rows.filter(audience=audience) if audience else rows)


def account_of_identity(provider: IdentityProvider, subject: str) -> int | None:
    """Whose account somebody at a provider is; None where nobody's."""
    return _told("people_identity_account", provider.pk, subject)


def account_of_citizen(id_number: str) -> int | None:
    """The citizen's account with this personal identification number; None where there is none."""
    return _told("people_citizen_account", id_number)


def account_by_email(email: str) -> int | None:
    """The account of the one serving official whose staff record has this e-mail; None where none or several do."""
    return _told("people_account_by_email", email)


def account_by_name(name: str) -> int | None:
    """The active account of somebody of the staff, of today or before, with this sign-in name; None where there is none."""
    return _told("people_staff_by_name", name)


def own_identities(actor: Actor) -> list[Identity]:
    """The actor's identities at providers. One statement, inside `entered(actor)`."""
    rows = Identity.objects.filter(account_id=actor.account_id or 0).select_related("provider")
    return list(rows.order_by("pk"))


def _told(function: str, *facts: int | str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(facts))})", list(facts))
        found = cursor.fetchone()[0]
    return int(found) if found is not None else None
