"""Django's entry for the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room's place among the installed ones."""

    name = "haicap.domain.people"
    label = "people"

    def ready(self) -> None:
        """Tell the units what this room holds of theirs, and the kernel who may be asked about roles."""
        from haicap.domain.people.access import People as Directory  # noqa: PLC0415 - models exist only now
        from haicap.domain.people.commands.support import note_view  # noqa: PLC0415
        from haicap.domain.people.holdings import People  # noqa: PLC0415 - models exist only now
        from haicap.domain.people.queries.duties import roles_that_must  # noqa: PLC0415
        from haicap.domain.people.queries.organisation import committee_contact  # noqa: PLC0415
        from haicap.domain.people.web.browsers import known_name  # noqa: PLC0415
        from haicap.domain.units.ports import register_contacts, register_holding  # noqa: PLC0415
        from haicap.kernel.access import register_directory, register_witness  # noqa: PLC0415
        from haicap.kernel.limits.web import register_known  # noqa: PLC0415

        roles_that_must()
        register_holding(People())
        register_contacts(committee_contact)
        register_directory(Directory())
        register_witness(note_view)
        register_known(known_name)
