"""Settings for databases, and for more than one machine; settings.py reads the environment and asks for them."""

from pathlib import Path
from typing import Any

import environ


def tune(database: dict[str, Any]) -> None:
    """Set what the two databases need to be quick, and to lose nothing."""
    if database["ENGINE"] == "django.db.backends.sqlite3":
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # A deferred transaction that reads and then writes fails at once with "database is locked",
        # whatever the timeout: IMMEDIATE makes writers queue instead. FULL survives a power cut.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # What is deleted is overwritten: erased words are not to be found in the file.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        }
    else:
        # PostgreSQL's defaults are for spinning disks and for reports. With them it reads a whole table where an index
        # has the twenty rows of a page, and starts helpers and compilers for a query of a few milliseconds.
        database.setdefault("OPTIONS", {})["options"] = (
            "-c random_page_cost=1.1 -c work_mem=32MB -c jit=off -c max_parallel_workers_per_gather=0 -c lock_timeout=10s"
        )
        # Nobody waits for ever, neither for what somebody else holds nor for a machine that does not answer.
        database["OPTIONS"].update(connect_timeout=5, tcp_user_timeout=20_000)


def bucket(name: str, *, endpoint: str, region: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """Return the storage of files in a bucket that nobody but the application reaches: every file goes through a view."""
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "default_acl": None,
        # A name is taken once; an address would be good for a minute, should anything ever ask for one.
        "file_overwrite": False,
        "querystring_expire": 60,
        "signature_version": "s3v4",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def replica_of(primary: dict[str, Any], url: str) -> dict[str, Any]:
    """Return the database that follows `primary`: asked in the same way, and given up sooner."""
    database: dict[str, Any] = environ.Env.db_url_config(url)
    options = primary.get("OPTIONS", {}) | database.get("OPTIONS", {})
    if "postgresql" in primary["ENGINE"]:
        options |= {"connect_timeout": 2, "tcp_user_timeout": 3_000}
    kept = {"CONN_MAX_AGE": primary["CONN_MAX_AGE"], "CONN_HEALTH_CHECKS": True}
    return database | kept | {"OPTIONS": options, "TEST": {"MIRROR": "default"}}
