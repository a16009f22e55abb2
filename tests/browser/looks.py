"""How pages are looked at: axe-core's serious findings, and what moved after it was drawn, in light and in dark.

A page is loaded once a width; in the other colours, only what depends on them is looked at again. A module names its
addresses and asks `wrong_with(browser, server, addresses, sign_in)`; an empty list is as it should be.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PATIENCE, PHONE
from tests.server import Server

AXE = Path(__file__).parents[2] / "ui/node_modules/axe-core/axe.min.js"
SERIOUS = ("serious", "critical")
#: What a page may move in all: a hundredth of what Web Vitals call good, so that a packet that came late fails nothing.
UNSEEN = 0.001
#: Adds up what moves without having been asked to, from the first paint on.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved.push([entry.value,
    entry.sources.map((s) => s.node?.className || s.node?.nodeName || "?").join(" ")]);
}).observe({ type: "layout-shift", buffered: true });
"""
#: Everything has come: fonts, pictures in view, and what htmx fetches on its own.
SETTLED = """
() => document.readyState === "complete" && document.fonts.status === "loaded"
  && !document.querySelector(".htmx-request, [hx-trigger=load]:not(.htmx-settling):empty")
  && [...document.images].every((image) => image.loading === "lazy" || image.complete)
"""
LOOK = """
async ([impacts, only]) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const lighter = axe._audit.rules.filter(({ impact }) => !impacts.includes(impact));
  const { violations } = await axe.run(document, { resultTypes: ["violations"],
    ...(only.length ? { runOnly: { type: "rule", values: only } }
      : { rules: Object.fromEntries(lighter.map(({ id }) => [id, { enabled: false }])) }) });
  return violations.map(({ id, impact, nodes }) => [id, impact, nodes.map((node) => node.html.slice(0, 160))]);
}
"""
DOWN = "() => new Promise((done) => { scrollTo(0, document.body.scrollHeight); requestAnimationFrame(() => done()); })"


def wrong_with(
    browser: Browser,
    server: Server,
    addresses: Sequence[str],
    sign_in: Callable[[Page], None] | None = None,
    *,
    sample: int = 1,
) -> list[str]:
    """Return what is wrong with these pages, at both widths, in light and in dark. sign_in: done once in each.

    sample: where many pages share their parts, every so manieth in all four; the others in light on the desk and in the
    dark on the phone. What moves and what is too wide is measured on all. A page that is wrong is looked at again: on a
    busy machine a style sheet may come late, and to look at all the others again would take minutes.
    """
    wrong = _looked_at(browser, server, [(one, place % sample == 0) for place, one in enumerate(addresses)], sign_in)
    if not wrong:
        return []
    print("\n".join(["looked at again:", *(line for lines in wrong.values() for line in lines)]))  # noqa: T201
    again = _looked_at(browser, server, [*wrong], sign_in)
    return [line for lines in again.values() for line in lines]


def _looked_at(
    browser: Browser,
    server: Server,
    pages: Collection[tuple[str, bool]],
    sign_in: Callable[[Page], None] | None,
) -> dict[tuple[str, bool], list[str]]:
    """Return what is wrong by page: its address, and whether it is looked at in both colours."""
    wrong: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size, base_url=server.url, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH)
        page = context.new_page()
        if sign_in:
            sign_in(page)
        for address, in_both in pages:
            page.emulate_media(color_scheme="dark" if size is PHONE and not in_both else "light")
            answer = page.goto(address)
            found = [] if answer and answer.status == 200 else [f"answered {answer and answer.status}"]
            for one in [*found, *seen(page, in_both=in_both)]:
                wrong[address, in_both].append(f"{address} at {size['width']}: {one}")
        context.close()
    return wrong


def seen(page: Page, *, in_both: bool = True) -> list[str]:
    """Return what is wrong with the page that is open. in_both: in the dark too."""
    page.wait_for_function(SETTLED)
    found = [f"{id_} ({impact}): {nodes}" for id_, impact, nodes in findings(page)]
    if in_both:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # no colour is on its way to another
        page.wait_for_function(SETTLED)
        found += [f"{id_} in the dark: {nodes}" for id_, _impact, nodes in findings(page, "color-contrast")]
    page.evaluate(DOWN)
    moved = page.evaluate("window.moved")
    if sum(value for value, _what in moved) > UNSEEN:
        found += [f"moved by {value:.4f}: {what}" for value, what in moved]
    if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"is {wide} pixels wider than the screen")
    return found


def findings(page: Page, *rules: str) -> list[Any]:
    """Return what axe-core finds serious on a page: (rule, impact, pieces of markup). rules: only these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(LOOK, [SERIOUS, rules])
    return found


def sign_in_as(email: str, password: str, area: str = "/account") -> Callable[[Page], None]:
    """Return what signs somebody in on a page."""

    def enter(page: Page) -> None:
        page.goto(f"{area}/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(re.compile(rf"{area}$"))

    return enter
