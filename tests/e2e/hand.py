"""A hand on the page that counts what it does.

One action: a click, a key pressed in a choice widget, a field typed (however long its text).
"""

from contextlib import contextmanager
from dataclasses import dataclass

COUNTS: list[str] = []


@dataclass
class Count:
    """What a task cost."""

    typed: int = 0
    actions: int = 0


class Hand:
    """Every act of the journey goes through it; acts out of a budget are counted and dropped."""

    def __init__(self, page, *, scripted=True):
        self.page, self.scripted, self.count = page, scripted, Count()

    @contextmanager
    def budget(self, task, *, typed, actions):
        """Count one task; above its budget the test fails."""
        self.count = Count()
        yield self.count
        done = self.count
        line = f"{task}: {done.typed} typed of {typed}, {done.actions} actions of {actions}"
        COUNTS.append(line)
        assert done.typed <= typed, line
        assert done.actions <= actions, line

    # --- Acts ---------------------------------------------------------------------------

    def click(self, what, **options):
        """A click on a link, a button, a box or a radio."""
        self.count.actions += 1
        self._one(what).click(**options)

    def type(self, label, text, **options):
        """A field typed; picking a date in its widget counts the same."""
        self.count.typed += 1
        self.count.actions += 1
        self.field(label, **options).fill(text)

    def choose(self, label, option):
        """A list opened, then one of its lines."""
        self.count.actions += 2
        self.field(label).select_option(option)

    def press(self, key):
        """One key, in a choice widget or on the way to it."""
        self.count.actions += 1
        self.page.keyboard.press(key)

    # --- Where --------------------------------------------------------------------------

    def field(self, label, *, within=None, exact=False):
        return (within or self.page).get_by_label(label, exact=exact).first

    def _one(self, what):
        """A locator, or the words of a link or a button of the page's content."""
        if not isinstance(what, str):
            return what
        main = self.page.locator("main")
        buttons = main.get_by_role("button", name=what)
        return buttons.or_(main.get_by_role("link", name=what)).first
