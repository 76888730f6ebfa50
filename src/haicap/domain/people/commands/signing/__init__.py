"""Digital certificates from request to revocation, and the devices that hold their keys."""

from haicap.domain.people.commands.signing.answers import Answer, Taken, bring_file, take_answers
from haicap.domain.people.commands.signing.certificates import RequestFacts, move, request_certificates, revoke, send
from haicap.domain.people.commands.signing.devices import add_device, hand_over, report_lost, take_back
from haicap.domain.people.commands.signing.trust import distrust, judge_by_the_clock, look_at_anchor, take_list, trust

__all__ = [
    "Answer",
    "RequestFacts",
    "Taken",
    "add_device",
    "bring_file",
    "distrust",
    "hand_over",
    "judge_by_the_clock",
    "look_at_anchor",
    "move",
    "report_lost",
    "request_certificates",
    "revoke",
    "send",
    "take_answers",
    "take_back",
    "take_list",
    "trust",
]
