"""The checks of looks find what they are for."""

import pytest

from tests.e2e.looks import look

FAULTY = """<!doctype html><html lang="fr"><title>Essai</title><main><h1>Essai</h1>
<p style="color: #aaa; background: #fff">Trop pâle</p><input>
<div style="width: 900px">Trop large</div></main></html>"""


def test_pale_unnamed_and_wide_things_are_found(page, monkeypatch):
    monkeypatch.delenv("PLACET_LOOKS", raising=False)
    page.set_content(FAULTY)
    with pytest.raises(AssertionError) as found:
        look(page, "essai")
    for fault in ("light: color-contrast", "dark: color-contrast", "light: label", "360 px"):
        assert fault in str(found.value)
