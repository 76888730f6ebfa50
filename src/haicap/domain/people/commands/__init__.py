"""What the room people does: agencies and posts, accounts and sign-ins, sessions and tokens."""

from haicap.domain.people.commands.accounts import hash_password, open_account, sign_in
from haicap.domain.people.commands.passes import (
    TOKEN_SCOPES,
    IssuedToken,
    end_passes,
    issue_token,
    new_session,
    read_token,
    revoke_token,
    sign_out,
)
from haicap.domain.people.commands.posts import appoint, establish_agencies

__all__ = [
    "TOKEN_SCOPES",
    "IssuedToken",
    "appoint",
    "end_passes",
    "establish_agencies",
    "hash_password",
    "issue_token",
    "new_session",
    "open_account",
    "read_token",
    "revoke_token",
    "sign_in",
    "sign_out",
]
