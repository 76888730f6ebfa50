"""What is masked, and how: the table of sights, and masks that never tell more than they should."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.dossiers import personal
from haicap.domain.dossiers.personal import DOTS, SIGHTS, Part, Sight, Situation, Standing, masked_text
from haicap.kernel.scope import Actor, Inheritance

DIGITS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("part", "whole", "masked"),
    [
        (Part.ID_NUMBER, "014190001234", "014•••••1234"),
        (Part.PHONE, "0912345678", "09•••••678"),
        (Part.PHONE, "02123456789", "02•••••789"),
        (Part.ID_NUMBER, "123456789", "•••••89"),  # an old card: its head and tail would leave two digits
        (Part.ID_NUMBER, "123456", DOTS),
        (Part.NAME, "Nguyễn Thị Mai", "N••• T••• M•••"),
        (Part.EMAIL, "mai@example.vn", "m•••@example.vn"),
        (Part.EMAIL, "m@example.vn", DOTS),
        (Part.ADDRESS, "Bản Hịa, xã Chiềng Khoong, tỉnh Sơn La", "•••, xã Chiềng Khoong, tỉnh Sơn La"),
        (Part.ADDRESS, "Bản Hịa, Sơn La", DOTS),
        (Part.PHONE, "", ""),
    ],
)
def test_masks(part: Part, whole: str, masked: str) -> None:
    assert masked_text(part, whole) == masked
    assert masked_text(part, whole, Sight.WHOLE) == whole
    assert masked_text(part, whole, Sight.NONE) == (DOTS if whole else "")


@given(DIGITS, st.sampled_from([Part.ID_NUMBER, Part.PHONE]))
def test_a_masked_number_leaves_at_least_five_digits_to_guess(number: str, part: Part) -> None:
    masked = masked_text(part, number)
    shown = masked.replace("•", "")
    assert len(number) - len(shown) >= min(5, len(number))
    head, _, tail = masked.partition(DOTS)
    assert number.startswith(head) and number.endswith(tail)


@given(st.text(max_size=200), st.sampled_from(list(personal.COLUMNS)))
def test_no_text_breaks_a_mask(text: str, part: Part) -> None:
    assert isinstance(masked_text(part, text), str)


def test_every_situation_says_something_of_every_part() -> None:
    assert all(set(sights) == set(Part) for sights in SIGHTS.values())
    assert {situation for situation, _ in SIGHTS} == set(Situation)


def test_nobody_sees_all_without_asking_and_administrators_never() -> None:
    whole = {key for key, sights in SIGHTS.items() if set(sights.values()) == {Sight.WHOLE}}
    assert {situation for situation, _ in whole} == {Situation.SHOWN, Situation.REQUEST}
    assert not [standing for _, standing in whole if standing == Standing.KEEPER]
    keepers = [sights for (_, standing), sights in SIGHTS.items() if standing == Standing.KEEPER]
    assert all(Sight.WHOLE not in sights.values() for sights in keepers)


class _Entry:
    holder_agency_id = 1
    holder_role = "case_officer"
    holder_account_id = None
    agencies = (1,)
    state = "processing"


class _Dossier:
    receiving_agency_id = 2
    receiving_unit_id = 1
    competent_agency_id = 1
    procedure_code = "1.001193"


@pytest.mark.parametrize(
    ("roles", "has_moved", "standing"),
    [
        ({(1, "case_officer")}, False, Standing.AT_WORK),  # it waits for them
        ({(3, "case_officer")}, False, Standing.COLLEAGUE),
        ({(3, "case_officer")}, True, Standing.AT_WORK),  # they had it in hand
        ({(2, "counter")}, False, Standing.AT_WORK),
        ({(1, "head")}, False, Standing.AT_WORK),
        ({(3, "head")}, False, Standing.COLLEAGUE),
        ({(9, "chair")}, False, Standing.AT_WORK),
        ({(4, "clerk")}, False, Standing.COLLEAGUE),
        ({(5, "operations")}, False, Standing.COLLEAGUE),
        ({(5, "administrator")}, True, Standing.KEEPER),
        ({(5, "administrator"), (1, "case_officer")}, False, Standing.AT_WORK),
        (set(), True, Standing.KEEPER),
    ],
)
def test_who_is_at_work(roles: set[tuple[int, str]], has_moved: bool, standing: Standing) -> None:
    actor = Actor(name="x", account_id=7, unit_ids=(1,), agency_ids=(1,), roles=frozenset(roles))
    assert personal.standing_of(actor, _Entry(), _Dossier(), has_moved=has_moved) == standing


def test_an_administrator_who_stands_in_for_a_vacant_post_still_does_not_see_all() -> None:
    actor = Actor(name="x", account_id=7, unit_ids=(1,), roles=frozenset({(5, "administrator")}))
    actor = replace(actor, inheritance=Inheritance(stands_in=frozenset({(1, "case_officer")})))
    assert personal.standing_of(actor, _Entry(), _Dossier(), has_moved=True) == Standing.KEEPER
