"""Tests: SQLite in memory, or PostgreSQL when DATABASE_URL says so; nothing leaves the process."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, env, logging_config

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PLACET_DEMO = env.bool("PLACET_DEMO", default=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAR_DIR = Path(tempfile.gettempdir()) / "placet-tests"
MEDIA_ROOT = str(VAR_DIR / "files")
STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
WHITENOISE_AUTOREFRESH = True
# Each process its own cache; the tests of real processes use Redis with production settings.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = "memory://localhost/", {}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ACCOUNT_RATE_LIMITS = False
PLACET_STRONG_LOGIN = False
LOGGING = logging_config(as_json=False, level="ERROR")
