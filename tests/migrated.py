"""A database migrated once and copied by every run: migrations cost seconds, a copy nothing.

Its name holds a fingerprint of the migrations: a change of any makes another one.
"""

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import django
import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.gettempdir()) / "placet-tests"
LOCK = 7141


def fingerprint():
    """What the shape of the database depends on."""
    digest = hashlib.sha256(django.__version__.encode())
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "engine" / "triggers.py"]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def migrate(address):
    """Run the migrations in a process of its own."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": address}
    command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-3000:]


# --- SQLite -------------------------------------------------------------------------------


def sqlite_template():
    """The migrated file, made when it is missing."""
    path = FOLDER / f"migrated-{fingerprint()}.sqlite3"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        fresh = FOLDER / f"{uuid4().hex}.sqlite3"
        migrate(f"sqlite:///{fresh}")
        with sqlite3.connect(fresh) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        fresh.replace(path)
    return path


def copy_sqlite(target, *, uri=False):
    """Fill an empty SQLite database, in memory or in a file; the open connection is returned."""
    source = sqlite3.connect(sqlite_template())
    opened = sqlite3.connect(target, uri=uri, check_same_thread=False)
    source.backup(opened)
    source.close()
    return opened


def fill_when_created(creation):
    """Make Django's own creation of the SQLite test database start from the copy."""
    create, kept = creation._create_test_db, []

    def create_filled(*arguments, **options):
        name = create(*arguments, **options)
        kept.append(copy_sqlite(name, uri=True))
        return name

    creation._create_test_db = create_filled
    return kept


# --- PostgreSQL ---------------------------------------------------------------------------


def postgres_template(url):
    """The name of the migrated database beside the one of this address, made when missing."""
    server, _, base = url.rpartition("/")
    name = f"{base}_migrated_{fingerprint()}"
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            fresh = f"{base}_{uuid4().hex[:8]}"
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
            migrate(f"{server}/{fresh}")
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            cursor.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
    connection.close()
    return name
