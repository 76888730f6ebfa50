"""Django's entry for the room."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The room's place among the installed ones."""

    name = "haicap.domain.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Tell the units what this room holds of theirs, and the files who may open those of dossiers."""
        from haicap.domain.dossiers.gates import files_of_dossiers  # noqa: PLC0415 - models exist only now
        from haicap.domain.dossiers.holdings import Dossiers, Files  # noqa: PLC0415
        from haicap.domain.units.ports import register_holding  # noqa: PLC0415
        from haicap.kernel.files.ports import register_gate  # noqa: PLC0415

        register_gate(files_of_dossiers)
        register_holding(Dossiers())
        register_holding(Files())
