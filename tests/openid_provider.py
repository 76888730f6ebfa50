"""A real OpenID provider for the tests: Canaille, an identity provider of its own, on loopback, its people in memory.

As some providers do, it keeps its identity tokens short: names and numbers are told at its userinfo address alone.

    python tests/openid_provider.py PORT REDIRECT_URI

It is a process of its own, because it is a program of its own.
"""

from __future__ import annotations

import sys
from typing import Any

CLIENT, SECRET = "haicap", "mat-khau-cua-ung-dung"  # known to everybody, guards nothing
USER, PASSWORD, EMAIL = "lothianh-03664", "mat-khau-o-nha-cung-cap", "lo.thi.anh@vi-du.example"
NUMBER = "014190001234"


def main(port: int, redirect_uri: str) -> None:
    """Serve until killed."""
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend
    from canaille.oidc import provider, userinfo
    from flask import request
    from joserfc.jwk import RSAKey

    app = create_app({
        "SECRET_KEY": "khoa-cua-nha-cung-cap-trong-kiem-thu", "SERVER_NAME": f"localhost:{port}",
        "PREFERRED_URL_SCHEME": "http", "CANAILLE": {"DATABASE": "memory"},
        "CANAILLE_OIDC": {
            "ACTIVE_JWKS": [RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)],
            "USERINFO_MAPPING": {"PREFERRED_USERNAME": "{{ user.employee_number }}"},
        },
    })  # fmt: skip
    with app.app_context():
        Backend.instance.save(models.User(
            user_name=USER, formatted_name="Lò Thị Ánh", given_name="Ánh", family_name="Lò Thị", emails=[EMAIL],
            password=PASSWORD, employee_number=NUMBER,
        ))  # fmt: skip
        client = models.Client(
            client_id=CLIENT, client_name="HaiCap", client_secret=SECRET, redirect_uris=[redirect_uri],
            grant_types=["authorization_code"], response_types=["code"], scope=["openid", "profile", "email"],
            token_endpoint_auth_method="client_secret_basic",
        )  # fmt: skip
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)

    def subject_alone(_: Any, user: Any, scope: Any) -> Any:
        return userinfo.UserInfo(sub=userinfo.generate_user_claims(user)["sub"])

    provider.OpenIDCode.generate_user_info = subject_alone

    @app.before_request
    def forget_codes() -> None:
        """Canaille's memory finds the oldest code that nobody fetched, whichever is asked for: leave none behind."""
        if request.path == "/oauth/authorize":
            for code in Backend.instance.query(models.AuthorizationCode):
                Backend.instance.delete(code)

    app.run(host="127.0.0.1", port=port, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
