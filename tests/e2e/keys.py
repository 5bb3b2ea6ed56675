"""A person who uses the keyboard alone: Tab, Shift+Tab, Space, Enter, arrows and letters."""

# What the focused element is called, and whether a sighted reader can see the focus.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return {name: "", seen: true};
  const labels = [...(e.labels || [])].map((l) => l.innerText);
  const by = (e.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => document.getElementById(id)?.innerText || "");
  const own = ["INPUT", "SELECT", "TEXTAREA"].includes(e.tagName) ? "" : e.innerText;
  const group = e.type === "radio" ? e.closest("fieldset")?.querySelector("legend")?.innerText : "";
  const name = [group, ...labels, e.getAttribute("aria-label"), ...by, own].filter(Boolean);
  const styles = [getComputedStyle(e), getComputedStyle(e, "::after")];
  const seen = styles.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  return {name: name.join(" ").replace(/\\s+/g, " "), seen: seen || e.tagName === "MAIN"};
}"""
IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


class Keys:
    """Moves by Tab until the focus stands on what is looked for; never touches the mouse."""

    def __init__(self, page):
        self.page = page

    def focused(self):
        found = self.page.evaluate(FOCUSED)
        assert found["seen"], f"the focus on « {found['name']} » is not visible"
        return found

    def reach(self, words, *, limit=150):
        """Tab to the next element whose name holds these words."""
        passed = []
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            found = self.focused()
            name = found["name"].replace("\u00a0", " ")
            if words.lower() in name.lower():
                self.page.wait_for_function(IN_SIGHT)
                return self
            passed.append(name[:40])
        raise AssertionError(f"« {words} » is not reached by Tab, only {passed}")

    def enter(self):
        self.page.keyboard.press("Enter")
        return self

    def space(self):
        self.page.keyboard.press("Space")
        return self

    def down(self, times=1):
        for _ in range(times):
            self.page.keyboard.press("ArrowDown")
        return self

    def write(self, text):
        self.page.keyboard.type(text)
        return self

    def skip(self):
        """The skip link comes first; it leads past the navigation."""
        self.reach("Aller au contenu", limit=1).enter()
        assert self.page.evaluate("document.activeElement.id") == "contenu"
        return self
