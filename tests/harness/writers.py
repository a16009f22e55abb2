"""Writers: each has a page, autosaves it, publishes it, and moves it to another address."""

from dataclasses import dataclass, field
from typing import Any

from tests.harness.journal import DRAFT, PUBLICATION
from tests.harness.person import Person, World


@dataclass
class Work:
    """One page, and what its writer was told. saved, published: the last numbers that were answered.

    doubtful: a publication without an answer yet. paths: where the page was before, each move answered.
    """

    name: str
    page_id: str
    path: str
    edit: int = 1
    saved: int = 0
    published: int = 0
    paths: list[str] = field(default_factory=list)


def written(name: str, number: int) -> dict[str, Any]:
    """Return a page that says its number in every part, so that half of it shows."""
    texts = [{"id": f"t{i}", "type": "text", "settings": {"text": f"<p>part {number}</p>"}} for i in range(3)]
    return {"title": f"Chronicle {name} {number}", "blocks": texts}


def number_in(content: dict[str, Any]) -> int | None:
    """Return the number that a whole page says; None for half a page."""
    blocks = content["blocks"]
    said = {content["title"].rpartition(" ")[2]}
    said |= {one["settings"]["text"].removeprefix("<p>part ").removesuffix("</p>") for one in blocks}
    return int(said.pop()) if len(said) == 1 and len(blocks) == 3 else None


class Writer(Person):
    """Writes on and on: a few autosaves, a version, a publication, and now and then another address."""

    is_staff = True

    def __init__(self, name: str, world: World, work: Work) -> None:
        super().__init__(name, world)
        self.work = work
        self._number = 0

    def act(self) -> None:
        self._number += 1
        number, work = self._number, self.work
        own = f"/pages/{work.page_id}"
        sent = {"edit": work.edit, "content": written(work.name, number), "autosave": number % 3 != 0}
        saved, lost = self.ask("PUT", f"{own}/draft", json=sent)
        if saved.status_code == 409 and lost:  # it was written, and the answer was lost
            saved, _lost = self.ask("GET", f"{own}/draft")
            if saved.status_code == 200 and number_in(saved.json()["content"]) != number:
                self.journal.wonder(f"{self.name}: {number} was refused, kept is {saved.text[:300]}")
        if saved.status_code != 200:
            return self.wonder(saved)
        work.edit, work.saved = saved.json()["edit"], number
        self.journal.note(DRAFT, f"{work.name} {number}")
        if number % 4 == 0:
            self._publish(number)
        return self.rest(0.1)

    def _publish(self, number: int) -> None:
        own = f"/pages/{self.work.page_id}"
        answer, _lost = self.ask("POST", f"{own}/publish", json={"edit": self.work.edit})
        if answer.status_code != 200:
            return self.wonder(answer)
        self.work.published = number
        self.journal.note(PUBLICATION, f"{self.work.name} {number}")
        if number % 8 == 0:
            slug = f"{self.work.name}-{number}"
            answer, _lost = self.ask("PATCH", own, json={"slug": slug})
            if answer.status_code != 200:
                return self.wonder(answer)
            self.work.paths.append(self.work.path)
            self.work.path = f"/{slug}"
        return None
