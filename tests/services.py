"""Finds PostgreSQL and Redis for the tests, and leaves nothing behind in them."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis
from psycopg2 import sql

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379"
REDIS_DATABASE = "11"


def with_path(url: str, path: str) -> str:
    """The same address, with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


@dataclass
class Services:
    """What was found, under one name that no other run uses."""

    name: str
    postgres: str = ""
    postgres_version: str = ""
    redis: str = ""
    redis_version: str = ""
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return "PostgreSQL + Redis" if self.redis else "PostgreSQL"

    @property
    def detail(self) -> str:
        versions = (self.postgres_version, self.redis_version)
        return ", ".join(version for version in versions if version)

    def environment(self) -> dict[str, str]:
        """Variables for the suites: own database name, own Redis database and prefix."""
        variables = {"DATABASE_URL": with_path(self.postgres, self.name)} if self.postgres else {}
        if self.redis:
            variables |= {"REDIS_URL": self.redis, "REDIS_PREFIX": f"{self.name}:"}
        return variables

    def clean_up(self) -> None:
        """Drop the databases and keys that a stopped run left."""
        if self.postgres:
            drop_databases(self.postgres, self.name)
        if self.redis:
            # Every prefix of this run begins with its name.
            delete_keys(self.redis, self.name)


def delete_keys(url: str, prefix: str) -> None:
    """Delete every key that begins with this prefix."""
    client = redis.Redis.from_url(url)
    for key in client.scan_iter(f"{prefix}*"):
        client.delete(key)
    client.close()


def create_database(url: str, name: str, template: str = "template1") -> str:
    """A new database on the server of this address, copied from a template; its own address."""
    connection = psycopg2.connect(with_path(url, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    connection.close()
    return with_path(url, name)


def drop_databases(url: str, name: str) -> None:
    """Drop every database whose name holds this run's name."""
    connection = psycopg2.connect(with_path(url, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{name}%"])
        for (database,) in cursor.fetchall():
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(drop.format(sql.Identifier(database)))
    connection.close()


def find_services(name: str) -> Services:
    """Ask the addresses of the environment, or the standard local ports."""
    services = Services(name)
    url = os.environ.get("DATABASE_URL") or POSTGRES
    if url.startswith("sqlite"):
        url = POSTGRES
    try:
        connection = psycopg2.connect(with_path(url, "postgres"), connect_timeout=3)
        version = connection.server_version // 10000
        connection.close()
        services.postgres, services.postgres_version = url, f"PostgreSQL {version}"
    except psycopg2.OperationalError as error:
        services.missing["PostgreSQL"] = str(error).strip().splitlines()[0]
    url = os.environ.get("REDIS_URL") or REDIS
    if urlsplit(url).path in ("", "/"):
        url = with_path(url, REDIS_DATABASE)
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=3)
        services.redis, services.redis_version = url, f"Redis {client.info()['redis_version']}"
        client.close()
    except redis.RedisError as error:
        services.missing["Redis"] = str(error)
    return services
