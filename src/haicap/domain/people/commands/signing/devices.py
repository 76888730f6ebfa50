"""Devices that hold keys: taken in, handed over, brought back, lost."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.commands.signing.certificates import block_all
from haicap.domain.people.models import DeviceHandover, DigitalCertificate, Official, SigningDevice
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.signing_errors import DeviceUnknown, SigningRefused
from haicap.domain.people.signing_rules import Carrier, State, Why
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST_SERIAL = 60


def add_device(*, actor: Actor, unit: Unit, kind: str, serial: str) -> SigningDevice:
    """Take a device into the unit's register. Raises Denied, SigningRefused."""
    require(can_keep_certificates(actor))
    serial = clean(serial).upper()
    found = []
    if unit.pk not in reach_of(actor).unit_ids:
        found.append(Problem("unit", bi("Đơn vị này không do bạn quản trị.", "You do not administer that unit.")))
    if kind not in Carrier.values:
        found.append(Problem("kind", bi("Chọn loại thiết bị.", "Choose the kind of device.")))
    if not 0 < len(serial) <= LONGEST_SERIAL:
        found.append(
            Problem("serial", bi("Ghi số máy, không quá 60 ký tự.", "Give its number, 60 characters at most."))
        )
    if found:
        raise SigningRefused(problems=found)
    try:
        with transaction.atomic():
            device = SigningDevice.objects.create(unit=unit, kind=kind, serial=serial)
    except IntegrityError:
        text = bi("Số máy này đã có trong sổ thiết bị.", "A device has this number already.")
        raise SigningRefused(problems=[Problem("serial", text)]) from None
    audit.record("people:device:add", subject=f"device:{device.pk}", unit_id=unit.pk,
                 data={"kind": kind, "serial": serial})  # fmt: skip
    return device


def hand_over(*, actor: Actor, device_id: int, official_id: int, on: date) -> DeviceHandover:
    """Give a device to somebody of the unit. Raises Denied, DeviceUnknown, SigningRefused."""
    device = own_device(actor, device_id)
    official = Official.objects.serving().filter(pk=official_id, unit_id=device.unit_id).first()
    found = []
    if official is None:
        found.append(Problem("official", bi("Chọn người của đơn vị.", "Choose somebody of the unit.")))
    if device.lost_on:
        found.append(Problem("official", bi("Thiết bị đã báo mất.", "The device is lost.")))
    if device.handovers.filter(valid_to=None).exists():
        found.append(
            Problem("official", bi("Thiết bị đang ở người khác; ghi trả trước.", "Somebody has it; take it back."))
        )
    if on > clock.today():
        found.append(Problem("on", bi("Ngày này ở tương lai.", "That day is still to come.")))
    if device.handovers.filter(valid_to__gt=on).exists():
        found.append(Problem("on", bi("Ngày đó thiết bị ở người khác.", "Somebody else had it on that day.")))
    if found or official is None:
        raise SigningRefused(problems=found)
    row = DeviceHandover.objects.create(device=device, unit_id=device.unit_id, official=official, valid_from=on)
    audit.record("people:device:hand_over", subject=f"device:{device.pk}", unit_id=device.unit_id,
                 data={"official": official.pk, "on": on})  # fmt: skip
    return row


def take_back(*, actor: Actor, device_id: int) -> None:
    """The device is back today. Raises Denied, DeviceUnknown, SigningRefused."""
    device = own_device(actor, device_id)
    row = device.handovers.select_for_update().filter(valid_to=None).first()
    if row is None:
        text = bi("Thiết bị đang ở kho.", "The device is in store already.")
        raise SigningRefused(problems=[Problem("device", text)])
    row.valid_to = clock.today()
    row.save(update_fields=["valid_to"])
    audit.record("people:device:take_back", subject=f"device:{device.pk}", unit_id=device.unit_id,
                 data={"official": row.official_id})  # fmt: skip


def report_lost(*, actor: Actor, device_id: int) -> int:
    """The device is lost or broken: certificates on it serve no more from now on, and are to be revoked; gives how many.

    Raises Denied, DeviceUnknown, SigningRefused where that is known already.
    """
    device = own_device(actor, device_id)
    if device.lost_on:
        raise SigningRefused(problems=[Problem("device", bi("Đã báo mất.", "It is reported already."))])
    device.lost_on = clock.today()
    device.save(update_fields=["lost_on"])
    rows = list(DigitalCertificate.objects.select_for_update(of=("self",)).filter(device=device, state=State.ISSUED))
    block_all(rows, Why.DEVICE_LOST)
    audit.record("people:device:lost", subject=f"device:{device.pk}", unit_id=device.unit_id,
                 data={"certificates": [row.pk for row in rows]})  # fmt: skip
    return len(rows)


def own_device(actor: Actor, device_id: int) -> SigningDevice:
    """A device of a unit that the actor administers, locked. Raises Denied, DeviceUnknown."""
    require(can_keep_certificates(actor))
    device = (
        SigningDevice.objects.select_for_update().filter(pk=device_id, unit_id__in=reach_of(actor).unit_ids).first()
    )
    if device is None:
        raise DeviceUnknown
    return device
