"""A person without a mouse: goes from control to control with Tab and arrows, and sees where they are at every stop.

Nothing here clicks or fills: what cannot be reached, or does not show that it has the focus, fails.
"""

import re
from typing import Any

from playwright.sync_api import expect

MOST = 90  # presses until a control is given up

# Remembered on the page, so that a press of Tab costs one question.
WANTED = """(found, ofGroup) => {
  const radios = () => [...document.querySelectorAll('input[type=radio]')];
  window.stoppedAt = null;
  window.wanted = ofGroup ? radios().filter(one => one.name === found[0].name && one.form === found[0].form) : found;
}"""
# 1 if the wanted is after what has the focus, -1 if before, 0 if it has it.
WAY = """() => {
  const at = document.activeElement, after = Node.DOCUMENT_POSITION_FOLLOWING;
  return wanted.includes(at) ? 0 : wanted.some(one => at.compareDocumentPosition(one) & after) ? 1 : -1;
}"""
# Where the focus is, and what is wrong with that: not painted, out of view, or under something else.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return { where: '', wrong: '', reached: false, skips: false };
  const isPainted = one => {
    const { outlineStyle, outlineWidth, boxShadow, stroke } = getComputedStyle(one);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
      || (one.closest('svg') && stroke !== 'none');
  };
  const painters = [at, at.closest('label'), at.querySelector('path')].filter(Boolean);
  const inView = [...at.getClientRects()]
    .map(box => [Math.max(box.left, 0), Math.max(box.top, 0), Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)])
    .filter(([left, top, right, bottom]) => right > left && bottom > top);
  const parts = [.1, .5, .9];
  const over = inView.flatMap(([left, top, right, bottom]) => parts.flatMap(x => parts.map(y =>
    document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y))));
  const isFree = hit => hit && (at.contains(hit) || hit.contains(at) || at.closest('label')?.contains(hit));
  const wrong = !at.matches(':focus-visible') || !painters.some(isPainted) ? 'does not show that it has the focus'
    : !inView.length ? 'is out of view' : !over.some(isFree) ? 'is under something else' : '';
  const where = [at.localName, at.name || at.getAttribute('href'), (at.ariaLabel ?? at.textContent).trim().slice(0, 40)];
  const isAgain = window.stoppedAt === at;
  window.stoppedAt = at;
  return {
    where: where.filter(Boolean).join(' '), wrong, isAgain, reached: wanted.includes(at),
    skips: at.matches('.skip') && wanted.some(one => one.closest('main')),
  };
}"""


class Keyboard:
    """Moves on `walker.page`. A control is named by its role and its accessible name; of several, the nearest is taken."""

    def __init__(self, walker: Any) -> None:
        self.walker = walker

    @property
    def page(self) -> Any:
        return self.walker.page

    def reach(self, role: str, name: str, *, exact: bool = True, group: bool = False) -> None:
        """Go there with Tab, or with Shift and Tab where it is behind; `group` stops at any radio of its group."""
        found = self._found(role, name, exact=exact)
        expect(found, f"{role} “{name}” is on {self.page.url}").not_to_have_count(0)
        found.evaluate_all(WANTED, group)
        way = self.page.evaluate(WAY)
        for _press in range(MOST if way else 0):
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
            stop = self.page.evaluate(STOP)
            assert not stop["wrong"], f"{stop['where']} {stop['wrong']} on {self.page.url}"
            if stop["reached"]:
                return
            assert not stop.get("isAgain"), f"{stop['where']} keeps the focus on {self.page.url}"
            if stop["skips"]:
                self.page.keyboard.press("Enter")
        assert not way, f"{role} “{name}” is not reached with {MOST} presses on {self.page.url}"

    def _found(self, role: str, name: str, *, exact: bool) -> Any:
        words = re.compile(rf"^\s*{re.escape(name)}" + (r"\s*$" if exact else ""))
        if role == "summary":
            return self.page.locator("summary").filter(has_text=words, visible=True)
        if role == "field":  # a line, several, a line with suggestions, a password, a file
            return self.page.get_by_label(words).and_(self.page.locator("input, textarea"))
        return self.page.get_by_role(role, name=words)

    def press(self, role: str, name: str, *, exact: bool = True) -> None:
        """What stays on this page: a summary, a link to a field."""
        self.reach(role, name, exact=exact)
        self.page.keyboard.press("Enter")

    def follow(self, role: str, name: str, *, exact: bool = True, seen: bool = False) -> None:
        """A link or button that leads to another page, which is checked unless it was `seen` before."""
        self.reach(role, name, exact=exact)
        with self.page.expect_event("domcontentloaded"):  # the link to the content is a navigation too
            self.page.keyboard.press("Enter")
        if not seen:
            self.walker.check()

    def write(self, label: str, text: str) -> None:
        """In place of what stands in the field."""
        self.reach("field", label, exact=False)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def tick(self, label: str, *, exact: bool = True) -> None:
        self.reach("checkbox", label, exact=exact)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), label

    def choose(self, label: str) -> None:
        """One radio of a group: Tab to the group, arrows inside it."""
        self.reach("radio", label, exact=False, group=True)
        wanted = self._found("radio", label, exact=False).first
        for _press in range(MOST):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert wanted.is_checked(), label

    def select(self, label: str, option: str) -> None:
        """Arrows change what a closed list says; `option` is what it says, or its value."""
        self.reach("combobox", label, exact=False)
        self.page.keyboard.press("Home")
        for _press in range(MOST):
            chosen = self.page.evaluate("(one => [one.label, one.value])(document.activeElement.selectedOptions[0])")
            if option in chosen:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{option}” is not in the list “{label}”")

    def attach(self, label: str, path: Any) -> None:
        self.reach("field", label, exact=False)
        with self.page.expect_file_chooser() as chooser:
            self.page.evaluate("0")  # the page has heard that choosers are awaited; a key comes there by another way
            self.page.keyboard.press("Enter")
        chooser.value.set_files(path)

    def label_of(self, name: str) -> str:
        """What the first control with this `name` is called on the page."""
        words = self.page.locator(f"main [name='{name}']").first.evaluate(
            "one => one.ariaLabel ?? one.labels[0].textContent"
        )
        return " ".join(words.split())
