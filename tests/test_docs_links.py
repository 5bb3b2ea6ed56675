"""What the documents say exists: links, pictures, commands, modules, accounts, packages."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from config.seeding import demo_people
from referentiel.models import Affectation

ROOT = Path(settings.BASE_DIR)
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "referentiel").rglob("*.md")]
)
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(path):
    return path.read_text(encoding="utf-8")


def named(paths):
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def anchors(path):
    """The anchors of a page's titles, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("path", named(PAGES))
def test_every_relative_link_and_picture_leads_somewhere(path):
    lost = []
    for link in LINK.findall(text(path)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        found = (path.parent / unquote(target)).resolve() if target else path
        if not found.exists() or (anchor and anchor not in anchors(found)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("path", named(PAGES))
def test_every_picture_says_what_it_shows(path):
    assert re.findall(r"!\[\s*\]\(", text(path)) == []


def targets():
    return set(re.findall(r"^([a-z][a-z-]*(?: [a-z-]+)*):", text(ROOT / "Makefile"), re.MULTILINE))


@pytest.mark.parametrize("path", named(PAGES))
def test_every_make_command_exists(path):
    known = {name for line in targets() for name in line.split()}
    # Commands stand in code, inline or in a block; « make sure » in prose is not one.
    code = re.findall(r"`([^`\n]+)`", text(path)) + re.findall(
        r"^\s*([^#\n]*\bmake [a-z-]+)",
        "\n".join(re.findall(r"```sh\n(.*?)```", text(path), re.S)),
        re.M,
    )
    asked = {name for line in code for name in re.findall(r"\bmake ([a-z][a-z-]+)", line)}
    assert asked - known == set()


def test_the_map_of_the_tree_exists():
    section = README.split("## Plan du dépôt")[1].split("\n## ")[0]
    entries = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert len(entries) >= 10
    assert [entry for entry in entries if not (ROOT / entry).exists()] == []


@pytest.mark.parametrize("path", named(PAGES))
def test_every_file_named_in_code_exists(path):
    """`access/rules/`, `config/schedule.py`: a name with a slash and one of our roots."""
    roots = "engine|referentiel|access|followup|billing|config|templates|static|tests|docs|bin"
    found = re.findall(rf"`((?:{roots})/[\w./-]*)`", text(path))
    assert [name for name in found if not (ROOT / name).exists()] == []


def resolves(dotted):
    """True for a module, or something in a module (a method of a class included)."""
    if (ROOT / (dotted.replace(".", "/") + ".py")).exists():
        return True
    if (ROOT / dotted.replace(".", "/")).is_dir():
        return True
    for step in (1, 2):
        module, *names = dotted.rsplit(".", step)
        try:
            found = import_string(f"{module}.{names[0]}")
        except ImportError:
            continue
        return step == 1 or hasattr(found, names[1])
    return False


def test_every_rule_named_beside_its_article_exists():
    roots = "engine|referentiel|access|followup|billing|config"
    found = re.findall(rf"`((?:{roots})\.[\w.]+)`", text(ROOT / "docs" / "regles.md"))
    assert len(found) > 30
    assert [name for name in found if not resolves(name)] == []


@pytest.mark.parametrize("path", named(ADRS))
def test_a_decision_is_short_and_has_its_three_parts(path):
    page = text(path)
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(page.split()) < 520


def requirements():
    lines = "\n".join(text(ROOT / "requirements" / f"{n}.in") for n in ("run", "test"))
    return {name.lower() for name in re.findall(r"^([\w-]+)", lines, re.MULTILINE)}


@pytest.mark.parametrize("path", named(ADRS))
def test_a_decision_names_only_packages_we_use(path):
    page = " ".join(text(path).split())
    used = re.findall(r"Depends on: ([^.]+)\.", page)
    avoided = re.findall(r"Does without: ([^.]+)\.", page)
    names = {"used": set(), "avoided": set()}
    for kind, found in (("used", used), ("avoided", avoided)):
        for part in found:
            names[kind] |= set(re.findall(r"`([\w-]+)`", part))
    assert names["used"] - requirements() == set()
    assert names["avoided"] & requirements() == set()


@pytest.mark.django_db
def test_the_accounts_of_the_readme_are_those_of_the_demonstration():
    demo_people.build()
    rows = re.findall(r"^\| `([^`]+@[^`]+)` \| ([^|]+) \| ([^|]+) \|$", README, re.MULTILINE)
    assert len(rows) >= 10
    for email, role, organisation in rows:
        held = Affectation.objects.select_related("organisation").get(user__email=email)
        assert role.split(" (")[0].strip() == held.get_role_display()
        assert organisation.strip() == held.organisation.nom
    assert f"`{settings.PLACET_DEMO_PASSWORD}`" in README


@pytest.mark.parametrize("path", named(PAGES))
def test_no_page_names_a_machine(path):
    assert re.findall(r"(?<![\w.])/(?:work|root|tmp|home)/[\w.-]*", text(path)) == []
