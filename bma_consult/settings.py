"""Every setting, read from the environment or from a file, by default `.env` beside `manage.py`.

README.md lists the variables; a test keeps that table equal to the reads below.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from bma_consult import machines, policy
from comments import logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))


def secret(name: str) -> str:
    """Return a secret of at least 32 characters, or refuse to start."""
    value: str = env.str(name, default="")
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"{name} is not set, or shorter than 32 characters. `make .env` writes one for a trial."
        )
    return value


# What the running application writes: the SQLite file, collected static files, uploaded files.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# Who we are
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY")
# The first key encrypts; all of them decrypt. See docs/operations.md for rotation.
CONTACT_KEYS = [key.strip() for key in secret("CONTACT_KEYS").split(",")]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "comments",
    "comments.apps.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "comments.views.request_log.RequestLog",
    "comments.views.keeping.KeptPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before what may refuse a request: the refusal can be framed, too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "comments.views.overload.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "comments.views.language.LanguageByAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "comments.views.sessions.StaffSessions",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bma_consult.urls"
WSGI_APPLICATION = "bma_consult.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The database
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'bma_consult.sqlite3'}")
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
machines.tune(DATABASES["default"])
REPLICA_MOST_LAG = env.int("REPLICA_MOST_LAG", default=5)
if replica := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = machines.replica_of(DATABASES["default"], replica)
    DATABASE_ROUTERS = ["comments.replica.Router"]
# The memory of each process for pages that it drew.
KEPT_PAGES_MB = env.int("KEPT_PAGES_MB", default=32)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time. Thai is the language whatever the browser asks for; English lives under /en/.
LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

if bucket := env.str("STORAGE_S3_BUCKET", default=""):
    STORAGES["default"] = machines.bucket(
        bucket,
        endpoint=env.str("STORAGE_S3_ENDPOINT", default=""),
        region=env.str("STORAGE_S3_REGION", default=""),
        access_key=env.str("STORAGE_S3_ACCESS_KEY", default=""),
        secret_key=env.str("STORAGE_S3_SECRET_KEY", default=""),
    )

# Uploaded files. A view decides who gets one, and how. The storage "default" may be replaced by one elsewhere.
MEDIA_ROOT = VAR_DIR / "media"
# The files of the open data, each made anew when it is needed.
OPEN_DATA_ROOT = VAR_DIR / "open-data"
# Large exports, for a day: unpublished words. An export of more rows is made step by step.
EXPORT_ROOT = VAR_DIR / "exports"
EXPORT_AT_ONCE = env.int("EXPORT_AT_ONCE", default=20_000)
# Uploads above 2.5 MB wait here, on the same disk, so that keeping one is no more than renaming it.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = [
    "comments.views.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Backups, and the list of erasures: on another disk than VAR_DIR, better on another machine.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_MOST_HOURS = env.int("BACKUP_MOST_HOURS", default=26)
ERASURE_LOG = env.str("ERASURE_LOG", default="")

# E-mail. Unless an address is set nothing is sent, and nothing is offered: on the console a copy of a receipt
# would put the secret into the journal while its author waits for it.
EMAIL_URL = env.str("EMAIL_URL", default="")
SENDS_EMAIL = bool(EMAIL_URL)
vars().update(environ.Env.email_url_config(EMAIL_URL or "dummymail://"))
# A person waits for the answer.
EMAIL_TIMEOUT = 10
# What stands before our addresses in e-mails that no request belongs to.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
# Under which anybody may use the open data.
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", default="https://creativecommons.org/licenses/by/4.0/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="webmaster@localhost")

# Who answers for the data, and how to reach them: for every page. An empty name is the city's own.
CONTROLLER_NAME = env.str("CONTROLLER_NAME", default="")
CONTROLLER_NAME_EN = env.str("CONTROLLER_NAME_EN", default="")
CONTROLLER_ADDRESS = env.str("CONTROLLER_ADDRESS", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
CONTACT_SITE = env.str("CONTACT_SITE", default="https://official.bangkok.go.th")
CONTACT_PHONE = env.str("CONTACT_PHONE", default="1555")
DPO_CONTACT = env.str("DPO_CONTACT", default="")


def days(value: int) -> int:
    """Return a number of days, 1 to 36,500, or refuse to start."""
    if not 1 <= value <= 36_500:
        raise ImproperlyConfigured(f"RETAIN_…_DAYS must be 1 to 36500 days, not {value}.")
    return value


# How long what is personal is kept; `purge_expired` carries it out, and the privacy notice says it.
RETAIN_CONTACT_DAYS = days(env.int("RETAIN_CONTACT_DAYS", default=365))
RETAIN_UNPUBLISHED_FILE_DAYS = days(env.int("RETAIN_UNPUBLISHED_FILE_DAYS", default=365))
RETAIN_TRIES_DAYS = days(env.int("RETAIN_TRIES_DAYS", default=1))
RETAIN_SIGN_INS_DAYS = days(env.int("RETAIN_SIGN_INS_DAYS", default=180))
if RETAIN_SIGN_INS_DAYS < 90:
    # Section 26 of the Computer-Related Crime Act; the database refuses to delete younger ones, too.
    raise ImproperlyConfigured("RETAIN_SIGN_INS_DAYS must be at least 90: the law asks for it.")

# How often one address may send: five hundred people in a hall have one, and so has a machine that floods us.
# 0 is without end. What is counted by the minute, and votes, each worker process counts for itself.
SUBMISSIONS_PER_HOUR = env.int("SUBMISSIONS_PER_HOUR", default=600)
SUBMISSIONS_PER_MINUTE = env.int("SUBMISSIONS_PER_MINUTE", default=120)
UPLOADS_PER_HOUR = env.int("UPLOADS_PER_HOUR", default=120)
VOTES_PER_HOUR = env.int("VOTES_PER_HOUR", default=3000)
LOOK_UPS_PER_HOUR = env.int("LOOK_UPS_PER_HOUR", default=120)
SEARCHES_PER_MINUTE = env.int("SEARCHES_PER_MINUTE", default=600)

# Staff sign-in
LOGIN_URL = reverse_lazy("admin:login")
_DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_DJANGOS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_DJANGOS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_DJANGOS}.CommonPasswordValidator"},
    {"NAME": f"{_DJANGOS}.NumericPasswordValidator"},
    {"NAME": "comments.passwords.OwnWords"},
]
# A code from a telephone beside the password. Off is for a trial on one's own machine.
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=True)
# Who is signed in stays so for this long at most, and without a pause longer than that.
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
if STAFF_SESSION_HOURS < 1 or STAFF_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("STAFF_SESSION_HOURS and STAFF_IDLE_MINUTES must be at least 1.")
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 60 * 60
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Five wrong passwords for one name from one address lock just these two out of each other.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Else whoever goes on guessing would keep the owner of the name out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "comments.views.sign_in.locked"
# It is given no name and no address, only what stands for them today.
AXES_USERNAME_CALLABLE = "comments.views.clients.masked_name"
AXES_CLIENT_IP_CALLABLE = "comments.views.clients.masked_address"
AXES_HANDLER = "comments.views.clients.NamelessAttempts"
# The log of sign-ins is ours.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The browser
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
# A load balancer, and who watches, ask these in plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name from this very host alone, over HTTPS, and for all of it.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "comments.views.cookies.Messages"
# Trust the proxy's word on the scheme, and on whom it speaks for, only where a proxy stands; else a client could claim it.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if BEHIND_PROXY else 0)
if not 0 <= TRUSTED_PROXIES <= 9:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES must be 0 to 9, not {TRUSTED_PROXIES}.")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "comments.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = policy.CONTENT
# Who has waited for longer than this to send something, or a third of it to read, is told to come again.
REQUESTS_WAIT_SECONDS = env.float("REQUESTS_WAIT_SECONDS", default=9)
# 8,000 graphemes of four-byte text, percent-encoded, with room for the other fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

LOGGING = logs.configuration(env.str("LOG_LEVEL", default="INFO"), env.str("LOG_FORMAT", default="text"))
# Who sends this may read /metrics; while it is empty there is no such page, and nothing is counted for it.
METRICS_TOKEN = secret("METRICS_TOKEN") if env.str("METRICS_TOKEN", default="") else ""
