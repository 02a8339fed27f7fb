"""The environment in which every test, check and screenshot runs, whatever the developer's own is.

`python -m tests.environment COMMAND…` runs a command in it.
"""

import ast
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "bma_consult" / "settings.py"
# A variable of its own: a DATABASE_URL left in a shell could be the city's.
DATABASE_VARIABLE = "TEST_DATABASE_URL"
FIXED = {
    "DJANGO_SETTINGS_MODULE": "bma_consult.settings",
    "ENV_FILE": os.devnull,
    "DEBUG": "off",
    "HTTPS": "off",
    "STAFF_TWO_FACTOR": "off",
    # A busy machine is no defect.
    "REQUESTS_WAIT_SECONDS": "300",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    # Every test comes from one address; those of the limits set their own.
    "SUBMISSIONS_PER_HOUR": "0",
    "SUBMISSIONS_PER_MINUTE": "0",
    "UPLOADS_PER_HOUR": "0",
    "VOTES_PER_HOUR": "0",
    "LOOK_UPS_PER_HOUR": "0",
    "SEARCHES_PER_MINUTE": "0",
    "SECRET_KEY": "the-tests-use-this-key-and-nothing-else-ever-should-0123456789",
    "CONTACT_KEYS": "dGhlIHRlc3RzIHVzZSB0aGlzIGtleSBhbmQgbm9uZSE=",
}


def names_read(source: str) -> set[str]:
    """Name every environment variable that the source of a settings file reads."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and node.args and _reads_environment(node.func)
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def _reads_environment(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="env" | "secret"):
            return True
        case ast.Attribute(value=ast.Name(id="env"), attr=method):
            return method != "read_env"
    return False


def fix(environ: MutableMapping[str, str] = os.environ) -> None:
    """Replace every setting in `environ`; files go to a directory that is removed at exit."""
    var_dir = Path(tempfile.mkdtemp(prefix="bma-consult-tests-"))
    atexit.register(shutil.rmtree, var_dir, ignore_errors=True)
    # WhiteNoise warns when the directory of the collected files is not there.
    (var_dir / "static").mkdir()
    for name in names_read(SETTINGS.read_text(encoding="utf-8")):
        environ.pop(name, None)
    environ.update(FIXED)
    environ["VAR_DIR"] = str(var_dir)
    environ["DATABASE_URL"] = environ.get(DATABASE_VARIABLE, "sqlite://:memory:")


if __name__ == "__main__":
    fix()
    sys.exit(subprocess.call(sys.argv[1:]))
