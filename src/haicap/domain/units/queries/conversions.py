"""Reading how far a file of addresses is. Only who knows its key finds it."""

from __future__ import annotations

from haicap.domain.units.errors import ConversionUnknown
from haicap.domain.units.models import Conversion
from haicap.domain.units.models.conversions import digest_of
from haicap.kernel import clock

KEY_MAX = 64


def conversion_of(key: str) -> Conversion:
    """The file with this key; raises ConversionUnknown, also when its day has passed. One statement."""
    found = Conversion.objects.alive(clock.now()).filter(key_digest=digest_of(key[:KEY_MAX])).first()
    if found is None:
        raise ConversionUnknown()
    return found


def ahead_of(conversion: Conversion) -> int:
    """How many files come before it; 0 once it is under way. One statement at most."""
    if conversion.state != "waiting":
        return 0
    return Conversion.objects.unfinished().filter(id__lt=conversion.id).count()
