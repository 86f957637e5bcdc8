"""All configuration, from the environment. Importable with nothing set.

ENV chooses safe defaults, every other variable overrides one of them. A wrong value stops the
process with one line (blogsite.env); a dangerous or forgotten one is found by the checks
before the server starts (blogsite.checks). docs/operations.md explains every variable.
"""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from blogsite import csp, database, env, logs, storages
from blogsite.site.theme import themed

BASE_DIR = Path(__file__).resolve().parent.parent

read = env.Reader()
env.read_file(BASE_DIR / read.text("ENV_FILE", ".env"))

ENV = read.choice("ENV", "development", ("development", "staging", "production"))
DEVELOPMENT = ENV == "development"
DEBUG = read.flag("DEBUG", DEVELOPMENT)

# --- Who we are -----------------------------------------------------------------------------

# Empty outside development: building needs none, and the checks refuse to serve without.
SECRET_KEY = read.text("SECRET_KEY", "development-only-not-a-secret" if DEVELOPMENT else "")
SECRET_KEY_FALLBACKS = read.words("SECRET_KEY_FALLBACKS")

CANONICAL_HOST = read.host("CANONICAL_HOST")
ALLOWED_HOSTS = read.hosts("ALLOWED_HOSTS") or (
    ["localhost", ".localhost", "127.0.0.1", "[::1]"] if DEVELOPMENT else []
)
if (_host := CANONICAL_HOST.partition(":")[0]) and _host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_host)

# How many proxies of ours stand in front; None while nobody has said so.
PROXIES_DECLARED = bool(read.text("TRUSTED_PROXY_COUNT"))
TRUSTED_PROXY_COUNT = read.number("TRUSTED_PROXY_COUNT", 0, most=10)

PREFIX = read.prefix("SCRIPT_NAME")
FORCE_SCRIPT_NAME = PREFIX or None

RELEASE_ID = read.text("RELEASE_ID", read.text("HEROKU_SLUG_COMMIT", "unreleased"))

# --- The server -----------------------------------------------------------------------------

PORT = read.number("PORT", 8000, least=1, most=65_535)
WEB_CONCURRENCY = read.number("WEB_CONCURRENCY", 2, least=1, most=256)
GUNICORN_THREADS = read.number("GUNICORN_THREADS", 4, least=1, most=256)
PAGE_CACHE_BYTES = read.number("PAGE_CACHE_BYTES", 24 * 2**20)

# --- Parts ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "blogsite",
    "blogsite.limits",
    "blogsite.pagecache",
    "blogsite.tasks",
    "blogsite.site",
    "blogsite.media",
    "accounts",
    "posts",
    "blogsite.stats",
    "blogsite.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "blogsite.middleware.request_id",
    # Before everything that looks at the host or the scheme: probes come with any.
    "blogsite.health.middleware",
    "blogsite.middleware.security_headers",
    "blogsite.middleware.refuse_bad_input",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blogsite.site.middleware.SiteMiddleware",
    *(["posts.views.missing.lead_on"] if DEBUG else []),
]
ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blogsite.site.context.site",
            ]
        },
    }
]
FORM_RENDERER = "blogsite.lib.fields.Fields"
# A folder whose templates/ and static/ come before ours.
THEME_DIR = BASE_DIR / theme if (theme := read.text("THEME_DIR")) else None
if THEME_DIR:
    TEMPLATES.insert(0, themed(TEMPLATES[0], THEME_DIR / "templates"))

# --- Data -----------------------------------------------------------------------------------

DATABASES = {"default": database.configure(read, BASE_DIR, GUNICORN_THREADS)}
# What this machine may take of the plan's connections; the smallest plans allow 20.
DATABASE_CONNECTION_LIMIT = read.number("DATABASE_CONNECTION_LIMIT", 20, least=1)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = read.redis("REDIS_URL")

TASK_BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
}
_tasks = read.choice("TASKS", "database", tuple(TASK_BACKENDS))
TASKS = {"default": {"BACKEND": TASK_BACKENDS[_tasks]}}
WORKER = read.flag("WORKER", False)
if WORKER and _tasks != "database":
    env.refuse("WORKER", f"there is nothing to do for it with TASKS={_tasks}", "false")

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = f"{PREFIX}/static/"
STATIC_ROOT = BASE_DIR / read.text("STATIC_ROOT", "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
if THEME_DIR and (THEME_DIR / "static").is_dir():
    STATICFILES_DIRS.insert(0, THEME_DIR / "static")
# A developer's files come from where they are written, not from where they are collected.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEVELOPMENT
# Pages name no others: half as much to compress at each release, and to ship.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

MEDIA_URL = f"{PREFIX}/media/"
MEDIA_ROOT = BASE_DIR / read.text("MEDIA_ROOT", "media")
MEDIA_STORAGE = storages.kind(read)
S3 = storages.s3_options(read)
STORAGES = {
    "default": storages.media(MEDIA_STORAGE, S3),
    "staticfiles": storages.static(hashed=not DEVELOPMENT),
}

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EitherNameBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2",
    # Read only by what an import brings; the next sign-in makes it Argon2.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"

# An address typed without a scheme is https, as Django 6 takes it (and this line goes then).
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- E-mail ---------------------------------------------------------------------------------

# Staging catches its mail in the log, so that no reader hears from a rehearsal.
_mail = read.email("EMAIL_URL", "consolemail://")
globals().update(_mail)
# Whoever sends a mail queues it, and a task sends it with this.
BLOG_MAIL_TRANSPORT = _mail["EMAIL_BACKEND"]
EMAIL_BACKEND = "blogsite.tasks.mail.QueuedMail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read.text("DEFAULT_FROM_EMAIL", f"blog@{_host or 'localhost'}")
SERVER_EMAIL = read.text("SERVER_EMAIL", DEFAULT_FROM_EMAIL)

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "blogsite.site.formats"
TIME_ZONE = "UTC"

# --- Security -------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = read.flag("SECURE_SSL_REDIRECT", not DEVELOPMENT)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = read.number(
    "SECURE_HSTS_SECONDS", 365 * 86_400 if ENV == "production" and SECURE_SSL_REDIRECT else 0
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = read.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
CSRF_FAILURE_VIEW = "blogsite.desk.resume.csrf_failure"
SECURE_CSP = csp.POLICY
# Whether other names below the domain, and browsers' built-in lists, may be promised HTTPS too
# is the domain owner's to say, not ours. blogsite.E003 asks more of the key than W009. auth.W004
# does not see that e-mail addresses are unique by a constraint, in any spelling.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W009", "security.W021", "auth.W004"]

SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = read.flag("SECURE_COOKIES", SECURE_SSL_REDIRECT)
SESSION_COOKIE_PATH = f"{PREFIX}/"
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_PATH = SESSION_COOKIE_PATH
LANGUAGE_COOKIE_PATH = SESSION_COOKIE_PATH

# A long post is a tenth of this; uploads of files have their own limit in MAX_UPLOAD_BYTES.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
# Two long texts that differ everywhere are that many choices.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
MAX_UPLOAD_BYTES = read.number("MAX_UPLOAD_BYTES", 20 * 2**20)
# What is only stored, not decoded: recordings, documents, archives.
MAX_FILE_BYTES = read.number("MAX_FILE_BYTES", 200 * 2**20)

# --- Logs -----------------------------------------------------------------------------------

LOG_LEVEL = read.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
ACCESS_LOG = read.flag("ACCESS_LOG", not DEVELOPMENT)
LOGGING = logs.configuration(
    LOG_LEVEL,
    readable=DEVELOPMENT,
    secrets=[
        SECRET_KEY,
        *SECRET_KEY_FALLBACKS,
        DATABASES["default"].get("PASSWORD", ""),
        S3.get("secret_key", ""),
        _mail["EMAIL_HOST_PASSWORD"] or "",
        REDIS_URL,
    ],
)
