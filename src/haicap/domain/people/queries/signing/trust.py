"""Issuers that are trusted, and their revocation lists, as rules judge by them and as the page tells them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cryptography import x509
from django.db.models import Count, Q, QuerySet

from haicap.domain.people.models import DigitalCertificate, RevocationList, TrustAnchor
from haicap.domain.people.signing_authorities import load_list, revocations
from haicap.domain.people.signing_rules import IN_FORCE
from haicap.domain.people.signing_trust import FALSE, Authority, Chain


def authorities(*, with_lists: bool = True) -> list[Authority]:
    """The issuers that are trusted now, with what their lists say. Two statements."""
    lists = {one.anchor_id: one for one in RevocationList.objects.all()} if with_lists else {}
    return [_authority(one, lists.get(one.pk)) for one in TrustAnchor.objects.filter(withdrawn_at=None).order_by("pk")]


def anchors() -> QuerySet[TrustAnchor]:
    """Every issuer that was ever entered, roots first, those withdrawn last; with its list but without files."""
    rows = TrustAnchor.objects.select_related("revocation_list", "unit").defer("file", "revocation_list__file")
    return rows.order_by("withdrawn_at", "-is_root", "name", "pk")


def out_of_date(now: datetime) -> list[RevocationList]:
    """Lists whose next one should have come by `now`, of issuers that are trusted. One statement."""
    rows = RevocationList.objects.filter(next_update__lt=now, anchor__withdrawn_at=None).select_related("anchor")
    return list(rows.defer("file", "anchor__file").order_by("next_update"))


def standing_of(unit_ids: Collection[int]) -> dict[str, int]:
    """Of the certificates in force of some units: how many of a trusted issuer, of none known, of one that is not to be
    trusted. One statement."""
    rows = DigitalCertificate.objects.filter(unit_id__in=unit_ids, state__in=IN_FORCE)
    return rows.aggregate(
        trusted=Count("pk", filter=Q(chain=Chain.TRUSTED)),
        unsure=Count("pk", filter=Q(chain__in=(Chain.UNCHECKED, Chain.UNKNOWN))),
        untrusted=Count("pk", filter=Q(chain__in=FALSE)),
    )


def _authority(row: TrustAnchor, kept: RevocationList | None) -> Authority:
    certificate = x509.load_der_x509_certificate(bytes(row.file))
    if kept is None:
        return Authority(row.pk, certificate)
    return Authority(row.pk, certificate, revocations(load_list(bytes(kept.file))), kept.next_update)
