"""Digital certificates from request to revocation, and the devices that hold their keys."""

from haicap.domain.people.commands.signing.answers import Answer, Taken, take_answers
from haicap.domain.people.commands.signing.certificates import RequestFacts, move, request_certificates, revoke, send
from haicap.domain.people.commands.signing.devices import add_device, hand_over, report_lost, take_back

__all__ = [
    "Answer",
    "RequestFacts",
    "Taken",
    "add_device",
    "hand_over",
    "move",
    "report_lost",
    "request_certificates",
    "revoke",
    "send",
    "take_answers",
    "take_back",
]
