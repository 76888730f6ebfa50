"""Django's entry for the room."""

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    """The room's place among the installed ones."""

    name = "haicap.domain.voice"
    label = "voice"

    def ready(self) -> None:
        """Tell the units what this room holds of theirs."""
        from haicap.domain.units.ports import register_holding  # noqa: PLC0415 - models exist only now
        from haicap.domain.voice.holdings import Denunciations  # noqa: PLC0415

        register_holding(Denunciations())
