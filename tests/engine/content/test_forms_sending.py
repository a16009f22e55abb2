"""Sending a form: once, held to its questions, with its files, letters and facts; and what is taken for spam."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from engine.content.forms import entries, exporting, queries, uploads
from engine.content.forms.linking import FORM_TARGET
from engine.content.forms.models import EntryStatus, FormEntry, FormUpload, upload_key
from engine.content.forms.queries import EntryFilter
from engine.content.forms.resources import FORM_ENTRIES, FORMS
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, KeyReused, NotAllowed, NotFound, NotSignedIn
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.paging import PageRequest
from engine.core.records import bin as trash
from engine.core.records import writing
from engine.core.tabular.writing import csv_batches
from engine.messaging.models import Message
from tests.factories.files import pdf
from tests.factories.forms import FIELDS, STAFF, TYPED, VISITOR
from tests.factories.pictures import photo

PAGE = PageRequest(1, 50)


async def count(house, model, *where) -> int:
    async with house.db.read() as session:
        return await session.scalar(select(func.count()).select_from(model).where(*where)) or 0


async def facts(house) -> list[dict[str, Any]]:
    async with house.db.read() as session:
        return list(await session.scalars(select(FactRow.payload).where(FactRow.name == "form.submitted")))


async def letters(house) -> list[Message]:
    async with house.db.read() as session:
        return list(await session.scalars(select(Message).order_by(Message.id)))


class TestSending:
    async def test_it_makes_an_entry_a_fact_and_the_letters_that_were_asked_for(self, house, desk):
        form = await desk.form(
            notify=["desk@example.org"], reply_subject="Thank you, {{ name }}", reply_text="About “{{ message }}”"
        )
        taken = await desk.send(form)
        entry = await desk.entry(taken.entry_id)
        assert entry.answers == {**TYPED, "email": "ada@example.org"}
        assert (entry.status, entry.email) == (EntryStatus.NEW, "ada@example.org")
        assert await facts(house) == [{"entry_id": str(entry.id), "form_id": str(form.id), "slug": "contact"}]
        await house.jobs.run_until_idle()
        notice, reply = await letters(house)
        assert (notice.recipient, notice.reply_to) == ("desk@example.org", "ada@example.org")
        assert "Do you deliver to Ghent?" in notice.text
        assert f"/admin/form-entries/{entry.id}" in notice.html
        assert (reply.recipient, reply.subject) == ("ada@example.org", "Thank you, Ada Lovelace")
        assert "About “Do you deliver to Ghent?”" in reply.text

    async def test_what_is_wrong_is_named_and_nothing_stays(self, house, desk):
        form = await desk.form()
        with pytest.raises(Invalid) as refused:
            await desk.send(form, {"email": "nonsense", "surprise": "x"})
        assert refused.value.fields.keys() == {"surprise"}
        with pytest.raises(Invalid) as refused:
            await desk.send(form, {"email": "nonsense"})
        assert refused.value.fields.keys() == {"name", "email"}
        assert await count(house, FormEntry) == 0
        assert await facts(house) == []

    async def test_a_name_with_a_line_break_reaches_no_header(self, house, desk):
        form = await desk.form(notify=["desk@example.org"], reply_subject="Hello {{ name }}", reply_text="Hi")
        await desk.send(form, {**TYPED, "name": "Ada\r\nBcc: everybody@example.org"})
        await house.jobs.run_until_idle()
        assert [message.subject.splitlines() for message in await letters(house)][1] == [
            "Hello Ada Bcc: everybody@example.org"
        ]

    async def test_another_forms_questions_and_a_closed_form_are_refused(self, house, desk):
        form, other = await desk.form(), await desk.form([{"id": "other", "type": "text", "label": "Other"}])
        with pytest.raises(Invalid):
            await desk.send(form, {**TYPED, "other": "x"})
        await desk.change(other, is_open=False)
        with pytest.raises(Conflict, match="takes no entries"):
            await desk.send(other, {"other": "x"})

    async def test_what_is_hidden_by_logic_is_left_out_of_entry_and_letter(self, house, desk):
        form = await desk.starter("feedback")
        taken = await desk.send(form, {"stars": 5, "better": "everything", "email": "ada@example.org"})
        entry = await desk.entry(taken.entry_id)
        assert (entry.answers, entry.email) == ({"stars": 5}, "")

    async def test_each_starter_can_be_sent(self, desk):
        registration = await desk.starter("registration")
        typed = {"name": "Ada", "email": "ada@example.org", "guests": "2", "consent": True, "food": ["Vegan"]}
        assert (await desk.send(registration, typed)).is_spam is False
        contact = await desk.starter("contact")
        assert contact.slug == "contact"


class TestOnce:
    async def test_a_repeat_makes_no_other_entry(self, house, desk, clock):
        form = await desk.form()
        ticket = desk.ticket(form)
        clock.move(seconds=30)
        first = await desk.send(form, ticket=ticket)
        again = await desk.send(form, ticket=ticket)
        assert (again.entry_id, again.is_repeat) == (first.entry_id, True)
        with pytest.raises(KeyReused):
            await desk.send(form, {**TYPED, "message": "Another one"}, ticket=ticket)
        assert await count(house, FormEntry) == 1

    async def test_two_at_once_make_one(self, house, desk, clock):
        form = await desk.form()
        ticket = desk.ticket(form)
        clock.move(seconds=30)
        both = await asyncio.gather(desk.send(form, ticket=ticket), desk.send(form, ticket=ticket))
        assert len({one.entry_id for one in both}) == 1
        assert await count(house, FormEntry) == 1

    async def test_a_ticket_is_good_for_its_own_form_only(self, house, desk):
        form, other = await desk.form(), await desk.form(name="Another")
        taken = await desk.send(form, ticket=desk.ticket(other))
        assert taken.is_spam


class TestSpam:
    @pytest.mark.parametrize(
        ("typed", "said", "after"),
        [
            (TYPED, {"trap": "http://x"}, 30),
            (TYPED, {}, 0),
            ({**TYPED, "message": " ".join(f"http://{n}.example" for n in range(12))}, {}, 30),
        ],
    )
    async def test_it_is_kept_apart_and_tells_nobody(self, house, desk, clock, typed, said, after):
        form = await desk.form(notify=["desk@example.org"])
        ticket = desk.ticket(form)
        clock.move(seconds=after)
        taken = await desk.send(form, typed, ticket=ticket, **said)
        assert taken.is_spam
        entry = await desk.entry(taken.entry_id)
        assert entry.reasons
        assert await facts(house) == []
        assert await letters(house) == []
        assert (await house.db.query(queries.entries, STAFF, form.id, EntryFilter(), PAGE)).total == 0

    async def test_what_staff_let_through_is_told(self, house, desk):
        form = await desk.form()
        taken = await desk.send(form, ticket="")
        taken = await desk.send(form, ticket=desk.ticket(form), trap="x")
        async with house.db.write() as tx:
            await writing.act(tx, STAFF, FORM_ENTRIES, taken.entry_id, "fine")
        assert (await desk.entry(taken.entry_id)).status is EntryStatus.NEW
        assert [one["entry_id"] for one in await facts(house)] == [str(taken.entry_id)]


FILE = [{"id": "cv", "type": "file", "label": "CV", "takes": ["document"], "maxMegabytes": 1, "required": True}]


class TestFiles:
    async def test_a_file_is_told_by_its_content_kept_private_and_bound_once(self, house, desk):
        form = await desk.form(FILE)
        sent = await uploads.take(house.db, house.blobs, form.id, form.fields[0], pdf(), "../../cv.exe")
        taken = await desk.send(form, {"cv": [sent.token]})
        entry = await desk.entry(taken.entry_id)
        (kept,) = entry.answers["cv"]
        assert (kept["name"], kept["type"]) == ("cv.exe", "application/pdf")
        assert await house.blobs.exists(f"private/forms/{kept['id']}")
        with pytest.raises(Invalid, match="another look"):
            await desk.send(form, {"cv": [sent.token]})

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"<html><script>alert(1)</script>", "web page"),
            (b"MZ\x90\x00", "program"),
            (b"", "empty"),
            (photo(10, 10), "not of a kind"),
            (pdf() + b"\0" * 1024 * 1024, "larger than 1 MB"),
        ],
    )
    async def test_what_is_not_asked_for_is_refused(self, house, desk, data, why):
        form = await desk.form(FILE)
        with pytest.raises(Invalid, match=why):
            await uploads.take(house.db, house.blobs, form.id, form.fields[0], data, "cv.pdf")
        assert await count(house, FormUpload) == 0

    async def test_another_forms_file_and_a_guess_are_refused(self, house, desk):
        form, other = await desk.form(FILE), await desk.form(FILE)
        sent = await uploads.take(house.db, house.blobs, other.id, other.fields[0], pdf(), "cv.pdf")
        for token in (sent.token, "guess", 7, None):
            with pytest.raises(Invalid):
                await desk.send(form, {"cv": [token]})

    async def test_files_alone_fill_no_disk(self, house, desk):
        form = await desk.form(FILE)
        await uploads.take(house.db, house.blobs, form.id, form.fields[0], pdf(), "cv.pdf")
        async with house.db.write() as tx:
            await tx.execute(update(FormUpload).values(size_bytes=uploads.MOST_WAITING))
        with pytest.raises(Invalid, match="Too many files wait"):
            await uploads.take(house.db, house.blobs, form.id, form.fields[0], pdf(), "cv.pdf")

    async def test_what_was_never_sent_is_dropped_after_a_day(self, house, desk, clock):
        form = await desk.form(FILE)
        await uploads.take(house.db, house.blobs, form.id, form.fields[0], pdf(), "cv.pdf")
        sent = await uploads.take(house.db, house.blobs, form.id, form.fields[0], pdf(), "cv.pdf")
        await desk.send(form, {"cv": [sent.token]})
        clock.move(hours=25)
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert await count(house, FormUpload) == 1


class TestEntries:
    async def test_only_staff_read_and_change_them(self, house, desk):
        taken = await desk.send(await desk.form())
        viewer = Actor.person(new_id(), Role.VIEWER)
        with pytest.raises(NotSignedIn):
            await house.db.query(queries.entry, VISITOR, taken.entry_id)
        with pytest.raises(NotAllowed):
            await house.db.query(queries.entry, viewer, taken.entry_id)
        async with house.db.write() as tx:
            with pytest.raises(NotAllowed):
                await entries.note(tx, viewer, taken.entry_id, "x")

    async def test_a_deleted_question_leaves_old_entries_readable(self, house, desk):
        form = await desk.form()
        taken = await desk.send(form)
        form = await desk.change(form, fields=[FIELDS[1], {"id": "new", "type": "text", "label": "New"}])
        entry = await desk.entry(taken.entry_id)
        assert {one.id: one.label for one in entry.questions}["message"] == "Message"
        seen = await house.db.query(queries.questions, form.id)
        columns = exporting.columns_of(form.fields, seen)
        assert [label for _id, label in columns] == ["E-mail", "New", "Name", "Message"]
        assert exporting.row_of(entry, columns, "en")[len(exporting.OWN) :] == [
            "ada@example.org",
            "",
            *[TYPED["name"], TYPED["message"]],
        ]

    async def test_words_status_and_days_narrow_them(self, house, desk, clock):
        form = await desk.form()
        first = await desk.send(form)
        clock.move(days=2)
        await desk.send(form, {"name": "Grace", "email": "grace@example.org", "message": "100 % _sure_"})

        async def found(**asked) -> int:
            return (await house.db.query(queries.entries, STAFF, form.id, EntryFilter(**asked), PAGE)).total

        assert await found() == 2
        assert await found(search="ADA ghent") == 1
        assert await found(search="% _sure") == 1
        assert await found(search="100 zebra") == 0
        assert await found(since=clock.now().date()) == 1
        assert await found(until=clock.now().date() - timedelta(days=1)) == 1
        async with house.db.write() as tx:
            await writing.act(tx, STAFF, FORM_ENTRIES, first.entry_id, "done")
        assert await found(status=EntryStatus.DONE) == 1

    async def test_an_entry_goes_into_the_bin_with_its_notes_and_comes_back(self, house, desk):
        taken = await desk.send(await desk.form())
        async with house.db.write() as tx:
            await entries.note(tx, STAFF, taken.entry_id, "Called back")
        async with house.db.write() as tx:
            binned = await writing.delete(tx, STAFF, FORM_ENTRIES, taken.entry_id)
        with pytest.raises(NotFound):
            await desk.entry(taken.entry_id)
        async with house.db.write() as tx:
            await trash.restore(tx, STAFF, FORM_ENTRIES, binned.id)
        assert [one.text for one in await house.db.query(queries.notes, taken.entry_id)] == ["Called back"]

    async def test_a_form_goes_into_the_bin_with_its_entries(self, house, desk):
        form = await desk.form()
        taken = await desk.send(form)
        async with house.db.write() as tx:
            binned = await writing.delete(tx, STAFF, FORMS, form.id)
        assert await count(house, FormEntry) == 0
        async with house.db.write() as tx:
            await trash.restore(tx, STAFF, FORMS, binned.id)
        assert (await desk.entry(taken.entry_id)).answers["name"] == "Ada Lovelace"


class TestErasing:
    async def test_all_of_a_person_goes_out_of_forms_and_bin_with_files(self, house, desk):
        friend = {"id": "friend", "type": "email", "label": "Friend"}
        asked = [*FIELDS, friend, {**FILE[0], "required": False}]
        form = await desk.form(asked, notify=["desk@example.org"], reply_text="Thank you, {{ name }}")
        sent = await uploads.take(house.db, house.blobs, form.id, form.fields[-1], pdf(), "cv.pdf")
        kept = await desk.send(form, {**TYPED, "cv": [sent.token]})
        file_id = (await desk.entry(kept.entry_id)).answers["cv"][0]["id"]
        binned = await desk.send(form, {**TYPED, "message": "binned"})
        named = await desk.send(form, {**TYPED, "email": "bob@example.org", "friend": "ADA@example.org"})
        other = await desk.send(form, {**TYPED, "email": "ada@example.org.uk"})
        async with house.db.write() as tx:
            await writing.delete(tx, STAFF, FORM_ENTRIES, binned.entry_id)
        async with house.db.write() as tx:
            assert await entries.erase_person(tx, STAFF, " Ada@Example.org ") == 3
        await house.jobs.run_until_idle()
        told = [message for message in await letters(house) if message.about != other.entry_id]
        assert {(one.recipient, one.text, one.subject, str(one.contents)) for one in told} == {("", "", "", "{}")}
        assert not await house.blobs.exists(upload_key(file_id))
        for gone in (kept, named):
            with pytest.raises(NotFound):
                await desk.entry(gone.entry_id)
        assert (await desk.entry(other.entry_id)).email == "ada@example.org.uk"
        assert (await house.db.query(trash.listed, STAFF, FORM_ENTRIES, PAGE)).total == 0

    async def test_entries_are_erased_when_their_time_is_over(self, house, desk, clock):
        form, other = await desk.form(retention_days=30), await desk.form(name="Kept")
        for one in (form, other):
            await desk.send(one)
        clock.move(days=29)
        await desk.send(form)
        clock.move(days=2)
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert await count(house, FormEntry, FormEntry.form_id == form.id) == 1
        assert await count(house, FormEntry, FormEntry.form_id == other.id) == 1


async def test_a_table_runs_no_formula_and_keeps_one_column_a_question(house, desk):
    form = await desk.form()
    await desk.send(form, {**TYPED, "message": '=HYPERLINK("http://evil.example")'})
    async with house.db.write() as tx:
        await tx.execute(update(FormEntry).values(status=EntryStatus.READ))
    found = await house.db.query(lambda c: list(queries.all_entries(c, STAFF, form.id, EntryFilter())))
    columns = exporting.columns_of(form.fields, found[0].questions)
    table = b"".join(csv_batches([label for _id, label in columns], [[exporting.row_of(found[0], columns, "en")]]))
    assert b"'=HYPERLINK" in table
    assert table.count(b"Message") == 1
    assert exporting.record_of(found[0])["labels"] == {"name": "Name", "email": "E-mail", "message": "Message"}


async def test_links_lead_to_forms_and_follow_them(house, desk):
    form = await desk.form()
    (place,) = await house.db.query(FORM_TARGET.find, "CONT", 5)
    assert (place.url, place.is_public) == ("/forms/contact", True)
    await desk.change(form, slug="write-to-us", is_open=False)
    moved = (await house.db.query(FORM_TARGET.places, [form.id]))[form.id]
    assert (moved.url, moved.is_public) == ("/forms/write-to-us", False)
    assert (await house.db.query(FORM_TARGET.at, "/forms/write-to-us")) == moved
    assert await house.db.query(FORM_TARGET.at, "/forms/contact") is None
