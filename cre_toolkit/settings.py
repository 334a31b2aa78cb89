"""Settings: one file, everything that differs between installations read from the environment.

`docs/reference/settings.md` lists the variables. Without any, it is a demonstration on this machine: SQLite
and generated keys in `var/`, mail written to files. With `CRE_ENVIRONMENT=production` it refuses to start
where a secret or a host is missing or careless, and says which.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env.str("CRE_ENVIRONMENT", "demonstration")
if ENVIRONMENT not in ("demonstration", "production"):
    raise ImproperlyConfigured(f"CRE_ENVIRONMENT is {ENVIRONMENT!r}: set it to demonstration or production.")
PRODUCTION = ENVIRONMENT == "production"
DEMONSTRATION = ENVIRONMENT == "demonstration"
DEBUG = env.bool("DEBUG", False)
VAR_DIR = Path(env.str("CRE_VAR", str(BASE_DIR / "var")))


def _origin_of(address: str) -> list[str]:
    """The origin of an address, for the Content-Security-Policy; nothing where there is no address."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if address else []


# So many characters of `secrets.token_urlsafe` hold more than 256 bits; Django asks for as many.
SHORTEST_SECRET = 50


def _secret(name: str) -> str:
    """A secret from the environment; outside production, one made once and kept in `var/`."""
    value = env.str(name, "")
    if PRODUCTION and len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} must be set in production, to {SHORTEST_SECRET} random characters or more. To make one: "
            f"python -c 'import secrets; print(secrets.token_urlsafe({SHORTEST_SECRET}))'"
        )
    if value:
        return value
    path = VAR_DIR / name.lower()
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret("SECRET_KEY")
# Keys the seal on each audit event. The database never sees it (docs/explanation/audit.md).
AUDIT_KEY = _secret("AUDIT_KEY")
# Those that it replaced, the newest first: what was sealed with them stays verifiable.
AUDIT_FORMER_KEYS = env.list("AUDIT_FORMER_KEYS", default=[])
if PRODUCTION and AUDIT_KEY == SECRET_KEY:
    raise ImproperlyConfigured("AUDIT_KEY must not be the SECRET_KEY: one that leaks must not open both.")

# Encrypts the secrets of apps that show codes: a copy of the database does not make a second step.
SECOND_FACTOR_KEY = _secret("SECOND_FACTOR_KEY")
if PRODUCTION and SECOND_FACTOR_KEY in (AUDIT_KEY, SECRET_KEY):
    raise ImproperlyConfigured(
        "SECOND_FACTOR_KEY must be a key of its own: one that leaks must not open both."
    )

# Signs the heads of the audit's chains, which leave the service each day.
AUDIT_SIGNING_KEY = _secret("AUDIT_SIGNING_KEY")
if PRODUCTION and AUDIT_SIGNING_KEY in (AUDIT_KEY, SECRET_KEY):
    raise ImproperlyConfigured(
        "AUDIT_SIGNING_KEY must be a key of its own: one that leaks must not open both."
    )
AUDIT_HEADS = Path(env.str("AUDIT_HEADS", str(VAR_DIR / "audit-heads")))
AUDIT_HEADS_TO = env.list("AUDIT_HEADS_TO", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
# What links in mail begin with: never what a request calls the host.
SERVICE_ADDRESS = env.str("SERVICE_ADDRESS", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and not SERVICE_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("SERVICE_ADDRESS must be set in production: https://cre.example.org")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the service's hosts in production: cre.example.org")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: its error pages show what is in a request.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "cre_toolkit.audit",
    "cre_toolkit.accounts",
    "cre_toolkit.jobs",
    "cre_toolkit.children",
    "cre_toolkit.documents",
    "cre_toolkit.assessments",
    "cre_toolkit.casework",
    "cre_toolkit.records",
    "cre_toolkit.demonstration",
    "cre_toolkit.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cre_toolkit.web.sessions.SessionEnds",
    "cre_toolkit.web.sign_in_first.SignInFirst",
    "cre_toolkit.web.second_factor.SecondFactorFirst",
    "cre_toolkit.web.held_forms.ForgetHeld",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cre_toolkit.web.mail_refused.MailRefused",
    "cre_toolkit.web.middleware.PrivatePages",
    "cre_toolkit.web.middleware.Refusals",
]

ROOT_URLCONF = "cre_toolkit.web.urls"
WSGI_APPLICATION = "cre_toolkit.wsgi.application"

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
                "cre_toolkit.web.context.service",
                "cre_toolkit.web.held_forms.in_templates",
            ],
        },
    },
]
FORM_RENDERER = "cre_toolkit.web.govuk.renderer.GovukRenderer"

# --- The database: SQLite by default, PostgreSQL by DATABASE_URL ------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'cre.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["ENGINE"] = "cre_toolkit.sqlite"
    _database["CONN_MAX_AGE"] = 600
    _database["OPTIONS"] = {
        # Without IMMEDIATE, two writers that both began by reading fail with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a power cut loses no acknowledged write.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;"
        ),
    }
else:
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        "pool": env.bool("DATABASE_POOL", True),
        # Values travel apart from the statement, so that they do not reach PostgreSQL's log with an error.
        "server_side_binding": True,
    }
# For the few things that all processes must count together: attempts to sign in, above all.
CACHES = {"default": {"BACKEND": "cre_toolkit.accounts.shared_cache.SharedCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cre_toolkit.web.sign_in.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_FORMS = {
    "login": "cre_toolkit.web.forms.sign_in.SignInForm",
    "change_password": "cre_toolkit.web.forms.sign_in.NewPasswordForm",
    "reset_password": "cre_toolkit.web.forms.sign_in.ForgottenForm",
    "reset_password_from_key": "cre_toolkit.web.forms.sign_in.ResetForm",
    "reauthenticate": "cre_toolkit.web.forms.sign_in.ConfirmForm",
}
ACCOUNT_ADAPTER = "cre_toolkit.web.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# The second step: an app or a passkey, for whoever holds one of these roles ("all": any role).
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=["all"] if PRODUCTION else [])
MFA_ADAPTER = "cre_toolkit.web.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Accounts are given to people by their work address; there is none to be verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Telephones run a little fast or slow: the code before and the one after are taken, each once.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "cre_toolkit.web.forms.second_factor.SecondStepForm",
    "authenticate_webauthn": "cre_toolkit.web.forms.second_factor.SecondStepByPasskeyForm",
    "reauthenticate": "cre_toolkit.web.forms.second_factor.ConfirmByCodeForm",
    "reauthenticate_webauthn": "cre_toolkit.web.forms.second_factor.ConfirmByPasskeyForm",
}
# Single sign-on by OpenID Connect, where an organisation has a provider.
OIDC_PROVIDER_ID = "organisation"
OIDC_PROVIDER_URL = env.str("OIDC_PROVIDER_URL", "").rstrip("/")
OIDC_BUTTON = env.str("OIDC_BUTTON", "Sign in through your organisation")
# Whether it has asked for a second step of its own: then none is needed here.
OIDC_SECOND_FACTOR = env.bool("OIDC_SECOND_FACTOR", False)
_oidc = {
    "provider_id": OIDC_PROVIDER_ID,
    "name": OIDC_BUTTON,
    "client_id": env.str("OIDC_CLIENT_ID", ""),
    "secret": env.str("OIDC_CLIENT_SECRET", ""),
    "settings": {
        "server_url": OIDC_PROVIDER_URL,
        # Whose addresses the provider vouches for without saying so of each.
        "verified_email": env.list("OIDC_VERIFIED_DOMAINS", default=[]),
    },
}
if OIDC_PROVIDER_URL and not (_oidc["client_id"] and _oidc["secret"]):
    raise ImproperlyConfigured("OIDC_PROVIDER_URL needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it.")
if PRODUCTION and OIDC_PROVIDER_URL and not OIDC_PROVIDER_URL.startswith("https://"):
    raise ImproperlyConfigured("OIDC_PROVIDER_URL must begin with https:// in production.")
SOCIALACCOUNT_ADAPTER = "cre_toolkit.web.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_oidc] if OIDC_PROVIDER_URL else []}
}
# Counted for each visitor's address, and, as `SignInAdapter` makes the key, for an account as tried from that
# address: nobody is shut out of their own account by somebody who guesses at it from elsewhere.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,3/15m/key"}
# The link of a forgotten password: good for an hour, and once, for it is made from the password as it was.
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# To an address that nobody has an account by, nothing is sent.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False

SESSION_ENGINE = "cre_toolkit.accounts.session_store"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cre_toolkit.web.sign_in_first.csrf_failure"
# HTTPS everywhere but in the demonstration, which is served on this machine alone.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMONSTRATION
if not DEMONSTRATION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Too many wrong passwords shut out the visitor whom the proxy names, not everybody behind the proxy.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        # A browser holds the way to the provider to be where the form goes.
        "form-action": ["'self'", *_origin_of(OIDC_PROVIDER_URL)],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

# A draft of 30 indicators has some 200 fields, and evidence may be 50,000 characters each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- Words, times, files ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The fonts of printed documents, which npm installs (cre_toolkit/documents/fonts.py).
DOCUMENT_FONTS = Path(env.str("CRE_FONTS", str(BASE_DIR / "node_modules" / "@expo-google-fonts")))

# --- Mail and jobs: nothing leaves by accident ------------------------------------------------------------

if env.str("EMAIL_URL", ""):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "cre-toolkit@localhost")
# The domains that mail may go to. Empty: none.
MAIL_ALLOWED_DOMAINS = env.list("MAIL_ALLOWED_DOMAINS", default=["example.org"] if DEMONSTRATION else [])

# An authority's own, in place of those for mail about its children: derby=derby.gov.uk nhs.net,derbyshire=…
MAIL_ALLOWED_DOMAINS_BY_AUTHORITY = {
    authority: domains.split()
    for authority, domains in env.dict("MAIL_ALLOWED_DOMAINS_BY_AUTHORITY", default={}).items()
}

# Called by the worker every ten minutes (cre_toolkit/jobs/upkeep.py).
UPKEEP = [
    "cre_toolkit.accounts.sessions.end_old",
    "cre_toolkit.accounts.shared_cache.forget_old",
    "cre_toolkit.assessments.held.forget_old",
    "cre_toolkit.assessments.drafts.erase_discarded",
    "cre_toolkit.children.notices.remove_old",
    "cre_toolkit.casework.case.pack_days.rebuild",
    "cre_toolkit.casework.lists.reminders.remind",
    "cre_toolkit.casework.lists.digest.send_digests",
    "cre_toolkit.jobs.heads.sign_and_send",
    "cre_toolkit.casework.referral.chasing.tell_senders",
    "cre_toolkit.records.keeping.count_next",
]
# Called by the worker each second.
EACH_TURN = ["cre_toolkit.audit.chain.seal"]
# How long records are kept: the operator's own schedule, in place of the project's.
RETENTION_SCHEDULE = env.str("RETENTION_SCHEDULE", "")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # The queue's own words come with every look into it.
    "loggers": {"django_tasks": {"level": "WARNING"}, "django_tasks_db": {"level": "WARNING"}},
}
