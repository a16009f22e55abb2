"""What a house gathers: what people say and send, files, articles, addresses that moved, work that is done."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.content.articles.models import Article, ArticleAuthor
from engine.content.comments.models import Comment
from engine.content.forms.models import EntryStatus, Form, FormEntry
from engine.content.models import MissingPage, Redirect
from engine.content.pages.models import Page, PageKind, PageStatus, PageVersion, VersionKind
from engine.content.reviews.models import Review
from engine.content.speech.standing import Standing
from engine.core.jobs import REACTION, Job, JobStatus
from engine.core.searchquestions import SearchQuestion
from engine.core.tables import table_of
from engine.media.models import Media, MediaKind, MediaTag
from engine.operations.alerting.models import Alert, Severity
from tests.benchmarks.crowd.people import named
from tests.benchmarks.crowd.plan import Plan, Rows, id_at
from tests.benchmarks.crowd.words import COLOURS, LOOKS, STUFFS, THINGS, sentence

KINDS = range(21, 33)
REVIEW, COMMENT, FORM, ENTRY, FILE, ARTICLE, WRITTEN, AUTHOR, MOVED, MISSING, JOB, ALERT = KINDS
FORMS, AUTHORS, FOLDERS = 5, 20, 40
#: Of all that is gathered every tenth brings an article and an alert.
RARE = 10
TABLES = (Review, Comment, FormEntry, Media, MediaTag, Page, PageVersion, Article, Redirect, MissingPage,
          SearchQuestion, Job, Alert)  # fmt: skip
_form, _author = table_of(Form), table_of(ArticleAuthor)


class Gathered:
    """So many of each: reviews, comments, entries of forms, files, redirects, missing pages, searches and jobs."""

    name, batch = "gathered", 1_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def prepare(self, connection: Connection) -> None:
        """Put together the forms, and name the authors, once."""
        times = {"created_at": self._plan.since, "updated_at": self._plan.since}
        if not self._plan.gathered or connection.scalar(select(_form.c.id).where(_form.c.id == self._form(0))):
            return
        forms = [{"id": self._form(n), "name": f"Crowd {n}", "slug": f"crowd-{n}", **times} for n in range(FORMS)]
        connection.execute(insert(_form), forms)
        authors = [
            {"id": self._author(n), "name": named(n)[0], "slug": f"crowd-{n}", "user_id": None, **times}
            for n in range(AUTHORS)
        ]
        connection.execute(insert(_author), authors)

    def rows(self, start: int, stop: int) -> Rows:
        dice = random.Random(f"{self._plan.seed}:gathered:{start}")
        made: Rows = {table_of(model): [] for model in TABLES}
        for number in range(start, stop):
            for model, row in self._of(dice, number, self._at(number)):
                made[table_of(model)].append(row)
        return made

    def finish(self, connection: Connection) -> None:
        """Nothing else changes."""

    def _of(self, dice: random.Random, number: int, at: datetime) -> list[tuple[type[Any], dict[str, Any]]]:
        times = {"created_at": at, "updated_at": at}
        said = self._said(dice, number, at)
        about = id_at(at, 0, number)
        found = [
            (Review, {"id": id_at(at, REVIEW, number), "kind": "product", "subject_id": about, **said, **times}
             | {"stars": dice.randint(1, 5), "title": sentence(dice, 3), "answered_at": None}),
            (Comment, {"id": id_at(at, COMMENT, number), "kind": "article", "subject_id": about, **said, **times}
             | {"parent_id": None, "branch_id": None, "told_at": None}),
            (FormEntry, self._entry(dice, number, at) | times),
            (Media, self._file(dice, number, at) | times),
            (MediaTag, {"media_id": id_at(at, FILE, number), "tag": dice.choice(STUFFS)}),
            (Redirect, {"id": id_at(at, MOVED, number), "source_path": f"/old/{dice.choice(THINGS)}-{number}", **times}
             | {"target_url": f"/products/{dice.choice(THINGS)}-{number}", "hits": number % 50, "last_hit_at": at}),
            (MissingPage, {"id": id_at(at, MISSING, number), "path": f"/gone/{dice.choice(THINGS)}-{number}", **times}
             | {"hits": number % 70 + 1, "referrer": f"/crowd-{number % 10}", "last_seen_at": at}
             | {"is_dismissed": number % 3 == 0}),
            (SearchQuestion, {"question": f"{dice.choice(COLOURS)} {dice.choice(THINGS)} {number}", "asked_at": at}
             | {"asked": number % 90 + 1, "found": 0 if number % 4 == 0 else number % 30 + 1}),
            (Job, self._job(number, at)),
        ]  # fmt: skip
        if number % RARE == 0:
            found += self._article(dice, number, at)
            found.append((Alert, self._alert(number, at)))
        return found

    def _said(self, dice: random.Random, number: int, at: datetime) -> dict[str, Any]:
        name, email = named(number)
        fate = dice.random()
        standing = Standing.PUBLISHED if fate < 0.9 else Standing.SPAM if fate < 0.97 else Standing.PENDING
        is_seen = standing is Standing.PUBLISHED
        return {
            "user_id": None, "name": name, "email": email, "text": sentence(dice, 30), "status": standing,
            "reasons": [], "lesson": None, "published_at": at if is_seen else None, "edited_at": None,
            "external_key": None,
        } | ({"source": f"crowd-{number}"})  # fmt: skip

    def _entry(self, dice: random.Random, number: int, at: datetime) -> dict[str, Any]:
        name, email = named(number)
        text = sentence(dice, 40)
        return {
            "id": id_at(at, ENTRY, number), "form_id": self._form(number % FORMS), "summary": f"{name} · {text[:80]}",
            "status": dice.choices((EntryStatus.NEW, EntryStatus.READ, EntryStatus.DONE, EntryStatus.SPAM),
                                   (2, 40, 48, 10))[0],
            "email": email, "answers": {"name": name, "email": email, "text": text}, "questions": [],
            "words": f"{name} {email} {text}".casefold(), "user_id": None, "lesson": None, "reasons": [],
            "payment": None, "order_id": None,
        }  # fmt: skip

    def _file(self, dice: random.Random, number: int, at: datetime) -> dict[str, Any]:
        words = f"{dice.choice(LOOKS)} {dice.choice(COLOURS)} {dice.choice(THINGS)}"
        return {
            "id": id_at(at, FILE, number), "filename": f"{words.replace(' ', '-')}-{number}.jpg",
            "kind": MediaKind.IMAGE, "content_type": "image/jpeg", "extension": "jpg", "size_bytes": 90_000 + number,
            "sha256": f"{number:064x}", "version": f"{number:016x}", "width": 1_200, "height": 800,
            "alt": words if dice.random() < 0.9 else "", "folder": f"shop/{THINGS[number % FOLDERS]}", "variants": {},
            "uploaded_by": None, "deleted_at": None,
        }  # fmt: skip

    def _article(self, dice: random.Random, number: int, at: datetime) -> list[tuple[type[Any], dict[str, Any]]]:
        page, version = id_at(at, ARTICLE, number), id_at(at, WRITTEN, number)
        title = f"{sentence(dice, 5)[:-1]} {number}"
        return [
            (Page, {"id": page, "kind": PageKind.ARTICLE, "status": PageStatus.PUBLISHED, "title": title, "roles": []}
             | {"slug": f"crowd-{number}", "path": f"/blog/crowd-{number}", "parent_id": None, "published_at": at}
             | {"draft_version_id": version, "published_version_id": version, "first_published_at": at}
             | {"created_at": at, "updated_at": at}),
            (PageVersion, {"id": version, "page_id": page, "number": 1, "kind": VersionKind.IMPORT, "created_at": at}
             | {"content": {"title": title, "blocks": []}, "at": at, "published_at": at}),
            (Article, {"page_id": page, "title": title, "excerpt": sentence(dice, 20), "cover_id": None}
             | {"author_id": self._author(number // RARE % AUTHORS), "series_id": None}),
        ]  # fmt: skip

    def _job(self, number: int, at: datetime) -> dict[str, Any]:
        has_failed = number % 50 == 0
        return {
            "id": id_at(at, JOB, number), "kind": REACTION if number % 3 else "messages.send",
            "payload": {"reaction": "search.follow", "facts": []}, "run_at": at, "created_at": at, "finished_at": at,
            "status": JobStatus.FAILED if has_failed else JobStatus.SUCCEEDED, "attempts": 9 if has_failed else 1,
            "error": "The provider did not answer." if has_failed else None, "created_by": None, "leased_by": None,
            "lease_until": None, "ordering_key": None, "result": None,
        }  # fmt: skip

    def _alert(self, number: int, at: datetime) -> dict[str, Any]:
        return {
            "id": id_at(at, ALERT, number), "rule": "high_cpu", "severity": Severity.WARNING, "value": 91.0,
            "allowed": 80.0, "source": "crowd", "raised_at": at, "seen_at": at, "over_at": at + timedelta(minutes=5),
            "told_at": at, "told_over_at": at + timedelta(minutes=5),
        }  # fmt: skip

    def _at(self, number: int) -> datetime:
        plan = self._plan
        return plan.since + timedelta(days=plan.days) * ((number + 0.5) / plan.gathered)

    def _form(self, number: int) -> UUID:
        return id_at(self._plan.since, FORM, number)

    def _author(self, number: int) -> UUID:
        return id_at(self._plan.since, AUTHOR, number)
