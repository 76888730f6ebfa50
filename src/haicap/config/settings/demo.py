"""A laptop's demonstration: made keys, plain HTTP on loopback, data marked as synthetic."""

import os

from haicap.config.settings.base import *  # noqa: F403
from haicap.kernel import environment
from haicap.kernel.db import home

SECRET_KEY = environment.secret("HAICAP_SECRET_KEY") or home.secret("secret-key")
ALLOWED_HOSTS = ["*"]
HAICAP_DEMO = True
HAICAP_BASE_URL = os.environ.get("HAICAP_BASE_URL", "http://127.0.0.1:8000")
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_SECURE = False
