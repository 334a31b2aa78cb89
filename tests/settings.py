"""The service's settings as the tests run them.

The differences are few and each has its reason. `TEST_DATABASE_URL` names a PostgreSQL server to run on;
without it the tests run on SQLite, in a folder of their own that goes with the process.
"""

import atexit
import os
import pathlib
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="cre-toolkit-tests-")
(pathlib.Path(_folder) / "static").mkdir()  # whitenoise warns where there is none
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# Before the settings are read: no key, file or mail of the person who runs the tests is touched.
os.environ["CRE_ENVIRONMENT"] = "demonstration"
os.environ["CRE_VAR"] = _folder
os.environ["SECRET_KEY"] = "tests-only-secret-key"
os.environ["AUDIT_KEY"] = "tests-only-audit-key"
os.environ["SECOND_FACTOR_KEY"] = "tests-only-second-factor-key"
os.environ["AUDIT_SIGNING_KEY"] = "tests-only-audit-signing-key"
# Playwright keeps an event loop in the process, where Django would refuse the database to other tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ["DATABASE_POOL"] = "false"  # a database can be copied only while nobody is connected to it
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_folder}/tests.sqlite3")
for name in ("DEBUG", "EMAIL_URL", "MAIL_ALLOWED_DOMAINS", "MAIL_ALLOWED_DOMAINS_BY_AUTHORITY", "CRE_PACKS"):
    os.environ.pop(name, None)

from cre_toolkit.settings import *  # noqa: E402, F403
from cre_toolkit.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "cre_toolkit.sqlite":
    # A file rather than memory: it can be copied, and opened by several threads and processes.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test-cre.sqlite3"}

# Files under their own names, so that no test needs `collectstatic` first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A test that signs in would otherwise spend its time hashing the password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
