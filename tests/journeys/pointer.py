"""A person with a mouse or a finger, for the ways of a journey that are not walked with the keyboard alone."""

from typing import Any

from tests.journeys.keyboard import Keyboard

# Of several with one name, the first after what has the focus, else the last before it.
NEAREST = """found => {
  const at = document.activeElement, after = Node.DOCUMENT_POSITION_FOLLOWING;
  const next = found.findIndex(one => one === at || at.compareDocumentPosition(one) & after);
  return next < 0 ? found.length - 1 : next;
}"""


class Pointer(Keyboard):
    """The same moves, by clicking and filling."""

    def _nearest(self, role: str, name: str, *, exact: bool) -> Any:
        found = self._found(role, name, exact=exact)
        found.first.wait_for(state="attached")
        return found.nth(found.evaluate_all(NEAREST))

    def reach(self, role: str, name: str, *, exact: bool = True, group: bool = False) -> None:
        self._nearest(role, name, exact=exact).focus()

    def press(self, role: str, name: str, *, exact: bool = True) -> None:
        self._nearest(role, name, exact=exact).click()

    def follow(self, role: str, name: str, *, exact: bool = True, seen: bool = False) -> None:
        with self.page.expect_event("domcontentloaded"):
            self._nearest(role, name, exact=exact).click()
        if not seen:
            self.walker.check()

    def write(self, label: str, text: str) -> None:
        self._nearest("field", label, exact=False).fill(text)

    def tick(self, label: str, *, exact: bool = True) -> None:
        self._nearest("checkbox", label, exact=exact).check()

    def choose(self, label: str) -> None:
        self._nearest("radio", label, exact=False).check()

    def select(self, label: str, option: str) -> None:
        box = self._nearest("combobox", label, exact=False)
        wanted = "(box, option) => [...box.options].find(one => one.label === option || one.value === option).index"
        box.select_option(index=box.evaluate(wanted, option))

    def attach(self, label: str, path: Any) -> None:
        self._nearest("field", label, exact=False).set_input_files(path)
