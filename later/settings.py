"""All settings in one file. What is required and missing stops the boot in words."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounts.plans import PLANS
from core.crypto import KeyRing, KeyRingError
from later import env
from later.logs import configure as configure_logs
from later.mail import settings_of as mail_settings

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY needs at least 32 characters.")

BASE_URL = env.url("BASE_URL", schemes=("http", "https"))
BASE_HOST = urlsplit(BASE_URL).hostname or ""
ALLOWED_HOSTS = [BASE_HOST, *env.words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")
# Whose X-Forwarded-For is believed (accounts/signin/client.py); nobody's by default.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

# Secrets of connections (R-D2). Never derived from SECRET_KEY.
try:
    TOKEN_KEYS = KeyRing.parse(env.text("TOKEN_KEYS"))
except KeyRingError as error:
    raise ImproperlyConfigured(str(error)) from None

# Platforms
PLATFORM_GATEWAY = env.url("PLATFORM_GATEWAY", "", schemes=("http", "https"))
PLATFORM_DIRECT_HOSTS = frozenset(env.words("PLATFORM_DIRECT_HOSTS"))

INSTALLED_APPS = [
    "later.apps.LaterConfig",
    "accounts",
    "notifications",
    "billing",
    "media",
    "profiles",
    "scheduling",
    "publishing",
    "talent",
    "leaving",
    "support",
    "support.admin_config.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_structlog",
]

MIDDLEWARE = [
    "later.programs.EncryptedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "later.middleware.GuardMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.signin.middleware.SignInMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.origin.OriginMiddleware",
    "later.middleware.DomainErrorMiddleware",
    "support.middleware.ActingMiddleware",
]

ROOT_URLCONF = "later.urls"
WSGI_APPLICATION = "later.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "later.context.shell",
            ],
        },
    },
]

# Data
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # Writers queue up for 20 s instead of failing; readers never wait (WAL).
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "later",
        # A Redis that hangs costs a page a moment, not its worker.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
UPLOAD_MAX_MB = env.number("UPLOAD_MAX_MB", 300, low=1, high=5_000)
FILE_UPLOAD_HANDLERS = [
    # First in the row: what it lets through the others keep.
    "media.uploads.Bounds",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# The picker sends two fields for each of a sign-in's identities, hundreds of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or DEMO
WHITENOISE_ALLOW_ALL_ORIGINS = False
if WHITENOISE_USE_FINDERS:
    # WhiteNoise warns at each start when it isn't there, also when nothing is in it.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.signin.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            {"user_attributes": ("email", "name")},
        ),
        (
            "django.contrib.auth.password_validation.MinimumLengthValidator",
            {"min_length": 10},
        ),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {}),
        ("accounts.signin.passwords.VariedPasswordValidator", {}),
        ("accounts.signin.passwords.BlocklistValidator", {}),
    )
]
# A sorted file of passwords that are refused, as large as you like.
PASSWORD_BLOCKLIST = env.file("PASSWORD_BLOCKLIST")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "later.signup.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "add_email": "accounts.add_address.AddAddressForm",
    "reset_password": "accounts.forgot.ForgotForm",
}
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
PASSWORD_RESET_TIMEOUT = 3_600
# Tries are counted by accounts/signin/throttle.py, which needs no cache.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How long a proof of who is there counts for dangerous acts (accounts/fresh.py).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "accounts.signin.secrets.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "activate_totp": "accounts.signin.forms.ActivateForm",
    "authenticate": "accounts.signin.forms.CodeForm",
    "reauthenticate": "accounts.signin.forms.CodeAgainForm",
    "edit_webauthn": "accounts.signin.forms.RenamePasskeyForm",
    "add_webauthn": "accounts.signin.forms.AddPasskeyForm",
    "authenticate_webauthn": "accounts.signin.forms.PasskeyStepForm",
    "login_webauthn": "accounts.signin.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.signin.forms.PasskeyAgainForm",
}
# Browsers keep passkeys for names, over HTTPS or on the machine itself.
PASSKEYS = BASE_HOST == "localhost" or (HTTPS and not env.is_address(BASE_HOST))

# Plans. Without Stripe nobody could buy a larger one: then nothing is bounded.
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
if bool(STRIPE_SECRET_KEY) != bool(STRIPE_WEBHOOK_SECRET):
    raise ImproperlyConfigured(
        "STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are set together or not at all."
    )
STRIPE_PRICES = {
    plan.key: price
    for plan in PLANS.values()
    if plan.for_sale and (price := env.text(f"STRIPE_PRICE_{plan.key.upper()}", ""))
}
if STRIPE_SECRET_KEY and not STRIPE_PRICES:
    raise ImproperlyConfigured(
        "STRIPE_SECRET_KEY needs a STRIPE_PRICE_<PLAN> for each plan that is sold."
    )
DEFAULT_PLAN = env.choice(
    "DEFAULT_PLAN", "free" if STRIPE_SECRET_KEY else "unlimited", PLANS
)

# Mail
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Later <alerts@later.com>")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])
EMAIL_BACKEND, _mail = mail_settings(
    env.text("EMAIL_URL", "mailbox://" if DEMO else None)
)
EMAIL_HOST = _mail["host"]
EMAIL_PORT = _mail["port"]
EMAIL_HOST_USER = _mail["user"]
EMAIL_HOST_PASSWORD = _mail["password"]
EMAIL_USE_TLS = _mail["tls"]
EMAIL_USE_SSL = _mail["ssl"]
EMAIL_TIMEOUT = 10

# Web
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["later.formats"]
SESSION_COOKIE_SECURE = HTTPS
if HTTPS:
    # The browser then takes them from this very host only, over HTTPS only.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
# Programs are refused instead of led (later/programs.py).
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$", r"^api/", r"^hooks/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Addresses of ours can hold tokens and ids: no other site learns any of them.
SECURE_REFERRER_POLICY = "same-origin"
# The sign-in of a platform opens in a pop-up, which must find its opener again.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
X_FRAME_OPTIONS = "DENY"
_foreign = [PLATFORM_GATEWAY] if PLATFORM_GATEWAY else []
_foreign += [f"http://{host}" for host in sorted(PLATFORM_DIRECT_HOSTS)]
# Forms stay here; only pages that lead to a platform's sign-in may end elsewhere, and
# the servers of Mastodon and Bluesky are anywhere (core.away).
FORMS_LEAD_TO = ["https:", *_foreign]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        # Pictures of profiles lie on platforms' hosts, which change and are anywhere.
        "img-src": [SELF, "data:", "blob:", "https:", *_foreign],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["later.api_bounds.Json"],
    "DEFAULT_THROTTLE_CLASSES": ["later.api_bounds.Throttle"],
    "EXCEPTION_HANDLER": "later.api.exception_handler",
}

# Work
CELERY_BROKER_URL = REDIS_URL
PUBLISH_LEASE_S = env.number("PUBLISH_LEASE_S", 120, low=5, high=3_600)
PUBLISH_BATCH = env.number("PUBLISH_BATCH", 500, low=1, high=5_000)
# Later than this nothing goes out unasked (R-F8's default).
PUBLISH_LATE_MIN = env.number("PUBLISH_LATE_MIN", 120, low=1, high=10_080)
HEARTBEAT_MAX_AGE_S = env.number("HEARTBEAT_MAX_AGE_S", 30, low=2, high=3_600)

# Watching it
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN needs at least 16 characters.")
METRICS_PORT = env.number("METRICS_PORT", 0, low=0, high=65_535)
if METRICS_PORT and not METRICS_TOKEN:
    raise ImproperlyConfigured("METRICS_PORT needs METRICS_TOKEN: nobody could read.")
# What each backup writes, a file or a folder; the doctor judges the newest's age.
BACKUP_PATH = env.text("BACKUP_PATH", "")
BACKUP_MAX_AGE_H = env.number("BACKUP_MAX_AGE_H", 26, low=1, high=8_760)
ALARM_LATE_S = env.number("ALARM_LATE_S", 120, low=10, high=86_400)
ALARM_EMAILS = env.words("ALARM_EMAILS")
ALARM_HOOK_URL = env.url("ALARM_HOOK_URL", "", schemes=("http", "https"))
ALARM_HOOK_SECRET = env.text("ALARM_HOOK_SECRET", "")
if ALARM_HOOK_URL and len(ALARM_HOOK_SECRET) < 16:
    raise ImproperlyConfigured(
        "ALARM_HOOK_URL needs an ALARM_HOOK_SECRET of at least 16 characters."
    )

DJANGO_STRUCTLOG_CELERY_ENABLED = False
LOGGING = configure_logs(json=not DEBUG, level=env.text("LOG_LEVEL", "INFO"))
