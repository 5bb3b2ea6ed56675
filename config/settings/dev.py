"""Embedded wiring: `make demo`, `make run`. Needs no variable at all."""

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR, env, logging_config

VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="demonstration-only-refused-in-production")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PLACET_DEMO = env.bool("PLACET_DEMO", default=True)
LOGGING = logging_config(as_json=False, level=env.str("LOG_LEVEL", default="WARNING"))
