"""Production wiring: PostgreSQL, Redis, SMTP, TLS. Every secret comes from the environment."""

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, STORAGES, env, logging_config

PLACET_PRODUCTION = True
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PLACET_BASE_URL = env.str("PLACET_BASE_URL").rstrip("/")

STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "woff", "woff2", "gz", "br"]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-placet_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-placet_csrf"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

LOGGING = logging_config(as_json=True, level=env.str("LOG_LEVEL", default="INFO"))
