"""What the room people does: agencies and posts, accounts and sign-ins, sessions and tokens."""

from haicap.domain.people.commands.accounts import (
    change_password,
    check_own_password,
    hash_password,
    open_account,
    sign_in,
)
from haicap.domain.people.commands.passes import (
    TOKEN_SCOPES,
    IssuedToken,
    end_other_sessions,
    end_own_pass,
    end_passes,
    issue_token,
    new_session,
    read_token,
    revoke_token,
    sign_out,
)
from haicap.domain.people.commands.posts import appoint, establish_agencies
from haicap.domain.people.commands.second_factor import (
    Opened,
    new_seed,
    renew_recovery_codes,
    secret_of,
    take_second_step,
    turn_off,
    turn_on,
)

__all__ = [
    "TOKEN_SCOPES",
    "IssuedToken",
    "Opened",
    "appoint",
    "change_password",
    "check_own_password",
    "end_other_sessions",
    "end_own_pass",
    "end_passes",
    "establish_agencies",
    "hash_password",
    "issue_token",
    "new_seed",
    "new_session",
    "open_account",
    "read_token",
    "renew_recovery_codes",
    "revoke_token",
    "secret_of",
    "sign_in",
    "sign_out",
    "take_second_step",
    "turn_off",
    "turn_on",
]
