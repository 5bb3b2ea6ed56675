"""The compose file describes the six services, healthy, with the settings of production."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")


def example_variables():
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))


def test_six_services():
    assert set(SERVICES) == {"db", "redis", *OURS}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_each_lasting_service_tells_its_health(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_share_image_and_variables(name):
    assert SERVICES[name]["image"] == "placet"
    assert SERVICES[name]["env_file"] == ".env"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_migrations_and_broker(name):
    conditions = {k: v["condition"] for k, v in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "redis": "service_healthy",
    }


def test_only_one_beat_and_no_embedded_one():
    commands = {name: SERVICES[name]["command"] for name in OURS}
    assert [name for name, command in commands.items() if "beat" in command] == ["beat"]
    assert "--beat" not in commands["worker"]
    assert "-B" not in commands["worker"]


def test_volumes_are_declared():
    named = {volume.split(":")[0] for s in SERVICES.values() for volume in s.get("volumes", [])}
    assert named == set(COMPOSE["volumes"])


def test_web_is_published_on_this_machine_only():
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_image_is_not_root_and_has_the_pdf_libraries():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11-slim-bookworm$", dockerfile, re.MULTILINE)
    assert re.search(r"^USER placet$", dockerfile, re.MULTILINE)
    assert "libpango-1.0-0" in dockerfile
    assert "--no-deps --require-hashes" in dockerfile


def test_the_lock_needs_nothing_that_it_does_not_pin():
    """Both installers add nothing to the lock: it must be whole by itself."""
    assert "--no-deps --require-hashes" in (ROOT / "bin/setup").read_text()
    check = [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_example_variables_are_those_settings_read():
    settings = "".join(path.read_text() for path in (ROOT / "config/settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    assert set(example_variables()) - {"POSTGRES_PASSWORD"} <= read


def test_example_password_is_the_same_for_server_and_client():
    variables = example_variables()
    assert f":{variables['POSTGRES_PASSWORD']}@db:" in variables["DATABASE_URL"]
