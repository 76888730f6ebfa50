"""The room of administrative procedures."""

from __future__ import annotations

from django.apps import AppConfig

from haicap.kernel.language import bi


class ProceduresConfig(AppConfig):
    """The catalogue: procedures and their versions."""

    name = "haicap.domain.procedures"
    label = "procedures"
    verbose_name = bi("Thủ tục hành chính", "Administrative procedures")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the people which kinds of work a post may lend."""
        from haicap.domain.people.ports import register_kinds  # noqa: PLC0415 - models exist only now
        from haicap.domain.procedures.queries.lendable import kinds_of_work  # noqa: PLC0415

        register_kinds(kinds_of_work)
