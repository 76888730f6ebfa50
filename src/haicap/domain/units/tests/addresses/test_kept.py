"""The gazetteer of the process: read from the tables, read again when a resolution was applied, other names loaded."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections

from haicap.domain.units.commands import load_aliases
from haicap.domain.units.models import Alias
from haicap.domain.units.queries import addresses

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_addresses_are_resolved_from_the_tables() -> None:
    answer = addresses.resolve("Xã Chiềng Đen, TP Sơn La, Sơn La")
    assert answer.as_json()["candidates"][0]["code"] == "03664"
    assert addresses.resolve("Xã Chiềng Đen, Sơn La", date(2025, 6, 30)).codes == ("03661",)
    assert [one.status.value for one in addresses.resolve_many(["Hà Nội", "?"])] == ["exact", "unknown"]


def test_other_names_are_loaded_once_and_each_leads_to_a_unit_of_30_june_2025() -> None:
    assert Alias.objects.count() == 2158
    assert load_aliases() == 0
    assert set(Alias.objects.values_list("unit__valid_from", flat=True)) == {date(2025, 1, 1)}
    assert addresses.resolve("Xã Hòa Xá, huyện Ứng Hòa, Hà Nội").codes == ("10417",)


def test_the_tables_are_read_again_only_when_they_changed(queries) -> None:
    first = addresses.resolver()
    assert addresses.resolver() is first
    with connections["default"].cursor() as cursor:
        cursor.execute(addresses._SIGNATURE)
        assert cursor.fetchone() == addresses._kept.signature
    addresses.forget_gazetteer()
    assert addresses.resolver() is not first
