"""What every page owes its readers: no axe violation, no sideways scroll on a phone.

A page is the same whatever the database: PLACET_LOOKS=0 spares the second wiring the looking.
"""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
# What a colour scheme can change; names, roles and structure are the same in both.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# The widest element that sticks out, not held by a scrolling frame of its own.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const held = (e) => { for (let p = e.parentElement; p; p = p.parentElement) {
    if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true; }
    return false; };
  const out = [...document.body.querySelectorAll("*")].filter(
    (e) => e.getBoundingClientRect().right > wide + 1 && !held(e));
  return out.map((e) => e.outerHTML.slice(0, 120)).slice(-1)[0] || "the page itself";
}"""
axe = Axe()


def look(page, name):
    """Read the page as it stands in light, in dark, and on a phone."""
    if os.environ.get("PLACET_LOOKS") == "0":
        return
    faults = []
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        picture(page, f"{name}-{scheme}")
        for found in violations(page, rules):
            where = [" ".join(node["target"]) for node in found["nodes"][:3]]
            faults.append(f"{name}, {scheme}: {found['id']} ({found['help']}) at {where}")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    picture(page, f"{name}-phone")
    if sticking_out := page.evaluate(STICKING_OUT):
        faults.append(f"{name}, 360 px: wider than the screen: {sticking_out}")
    page.set_viewport_size(DESK)
    assert not faults, "\n".join(faults)


def violations(page, rules=RULES):
    """What axe finds; its script is put once in a page."""
    if page.evaluate("window.axe === undefined"):
        page.evaluate(axe.axe_script)
    return page.evaluate("(rules) => axe.run(document, rules)", rules)["violations"]


def picture(page, name):
    """Keep what is looked at, for a person to see (PLACET_LOOK=folder)."""
    folder = os.environ.get("PLACET_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, caret="initial")
