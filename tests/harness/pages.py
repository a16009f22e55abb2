"""The audit of pages: what was saved last is there, what was published last is what everybody sees, nothing is half."""

import time
from uuid import UUID

import httpx
from sqlalchemy import Connection, func, select

from engine.content.pages.models import Page, PageStatus, PageVersion
from engine.core.audit import AuditEntry
from engine.core.database import Database
from engine.core.facts import FactRow
from tests.harness.installation import PATIENCE, Installation
from tests.harness.journal import DRAFT, PUBLICATION
from tests.harness.report import Found
from tests.harness.writers import Work, number_in

HTML = {"Accept": "text/html"}


async def audited(db: Database, server: Installation, works: list[Work], found: Found) -> None:
    """Note what is wrong with the pages of these writers, in the database and as visitors and the search have them."""
    for work in works:
        published = await db.query(_as_kept, work, found)
        if published is not None:
            _as_seen(server, work, published, found)
            _as_found(server, work, published, found)


def _as_kept(connection: Connection, work: Work, found: Found) -> int | None:
    """Return the number that is published, once draft, versions, facts and audit lines were looked at."""
    page = connection.execute(select(Page.__table__).where(Page.id == UUID(work.page_id))).one()
    versions = connection.execute(select(PageVersion.__table__).where(PageVersion.page_id == page.id)).all()
    numbers = {version.id: number_in(version.content) for version in versions}
    draft, shown = numbers.get(page.draft_version_id), numbers.get(page.published_version_id)
    if None in numbers.values():
        found.wrong.append(f"half a version of {work.name} is kept")
    if draft is None or draft < work.saved:
        found.lose(DRAFT, f"{work.name} {work.saved}, kept is {draft}")
    if sorted(version.number for version in versions) != list(range(1, len(versions) + 1)):
        found.wrong.append(f"the versions of {work.name} are not numbered one after the other")
    if not work.published:
        return None
    if page.status is not PageStatus.PUBLISHED or shown is None or shown < work.published:
        found.lose(PUBLICATION, f"{work.name} {work.published}, shown is {shown}")
    told = select(FactRow.payload).where(FactRow.about == page.id, FactRow.name == "page.published")
    facts = [fact["version_id"] for fact in connection.scalars(told.order_by(FactRow.id))]
    is_line = (AuditEntry.action == "page.publish") & (AuditEntry.resource_id == page.id)
    lines = connection.scalar(select(func.count()).select_from(AuditEntry).where(is_line))
    if lines != len(facts):
        found.wrong.append(f"{work.name}: {len(facts)} facts and {lines} lines say that it was published")
    if str(page.published_version_id) not in facts:
        found.wrong.append(f"{work.name}: no fact tells of the version that is shown")
    return shown


def _as_seen(server: Installation, work: Work, published: int, found: Found) -> None:
    """See that the page and every address that it had before show what is published."""
    with httpx.Client(base_url=server.url, headers=HTML, follow_redirects=True, timeout=60) as browser:
        for path in (work.path, *work.paths):
            answer = browser.get(path)
            if answer.status_code != 200 or answer.text.count(f"<p>part {published}</p>") != 3:
                found.wrong.append(f"{path} answers {answer.status_code} at {answer.url.path}, and not {published}")


def _as_found(server: Installation, work: Work, published: int, found: Found) -> None:
    """See that the search finds what is published; its index may be in the making."""
    until, seen = time.monotonic() + PATIENCE, None
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as client:
        while time.monotonic() < until:
            answer = client.get("/search", params={"q": f"chronicle {work.name}", "type": "page"})
            hits = answer.json()["items"] if answer.status_code == 200 else []
            seen = [hit["title"] for hit in hits if hit["id"] == work.page_id]
            if seen == [f"Chronicle {work.name} {published}"]:
                return
            time.sleep(1)
    found.wrong.append(f"the search finds {work.name} as {seen}, published is {published}")
