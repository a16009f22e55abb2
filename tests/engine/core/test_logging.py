"""The log: what it never holds, how it is written, and that it forgets."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.core import logging as logs
from engine.core.actor import Actor, Role
from engine.core.errors import NotAllowed
from engine.core.ids import new_id
from engine.core.redaction import redacted
from engine.operations.logs import reading
from engine.operations.logs.reading import LogBook, LogFilter

ADMIN = Actor.person(new_id(), Role.ADMIN)
SECRETS = (
    "hunter2secret",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "sk_live_51Habcdefghijk",
    "whsec_abcDEF123456",
    "w7mC3o0GmRk0b4bq0Kc2Xw",
    "ada@example.org",
    "ada.o'brien+shop@mail.example.co.uk",
    "203.0.113.77",
    "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    "+44 20 7946 0958",
    "4242 4242 4242 4242",
)
LINES = (
    "password=hunter2secret",
    "{'password': 'hunter2secret', 'x': 1}",
    '{"clientSecret": "hunter2secret"}',
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "key sk_live_51Habcdefghijk and whsec_abcDEF123456",
    "GET /orders/w7mC3o0GmRk0b4bq0Kc2Xw 200",
    "GET /setup?token=w7mC3o0GmRk0b4bq0Kc2Xw",
    "Cookie: agora_session=w7mC3o0GmRk0b4bq0Kc2Xw; theme=dark",
    "postgresql://agora:hunter2secret@db/agora",
    "mail to ada@example.org or ada.o'brien+shop@mail.example.co.uk refused",
    "refused /admin from 203.0.113.77",
    "refused /admin from 2001:db8:85a3:8d3:1319:8a2e:370:7348",
    "call +44 20 7946 0958",
    "card 4242 4242 4242 4242",
)


@pytest.fixture
def log(tmp_path: Path) -> logging.Logger:
    logger = logging.Logger("agora.tests")  # noqa: LOG001 - one of its own, which no other test hears
    logger.addHandler(logs.DailyFile(tmp_path / "logs"))
    return logger


class TestRedaction:
    @pytest.mark.parametrize("line", LINES)
    def test_no_secret_and_nobody_is_left(self, line: str) -> None:
        found = redacted(line)
        assert not [secret for secret in SECRETS if secret in found], found

    @pytest.mark.parametrize(
        "line",
        [
            "job messaging.send 0190a0f4-7b1c-7d3e-8f00-0242ac120002 failed at attempt 3",
            "GET /products/a-very-long-slug-of-a-blue-enamel-mug 200 in 12.5 ms",
            "agora-2026-11-26-020000-scheduled.zip is made; /srv/backups/agora-2026-11-26-020000-upgrade.agora, too",
            "Agora 0.1.0 serves 127.0.0.1:8000 since 2026-05-01 12:30:00",
        ],
    )
    def test_what_is_nobodys_stays(self, line: str) -> None:
        assert redacted(line) == line


class TestWriting:
    def test_a_line_is_json_with_its_request_and_its_error_without_secrets(
        self, log: logging.Logger, tmp_path: Path
    ) -> None:
        token = logs.inside.set("req-12345678")
        try:
            int("password=hunter2secret of ada@example.org")
        except ValueError:
            log.exception("could not write to %s\nsecond line", "ada@example.org")
        finally:
            logs.inside.reset(token)
        [file] = logs.files_in(tmp_path / "logs")
        [line] = [json.loads(raw) for raw in file.read_text().splitlines()]
        assert line["request"] == "req-12345678"
        assert line["message"] == "could not write to [e-mail]\nsecond line"
        assert "ValueError" in line["error"]
        assert not [secret for secret in SECRETS if secret in file.read_text()]
        assert file.stat().st_mode & 0o077 == 0

    def test_a_full_file_is_followed_by_another_and_old_ones_go(
        self, log: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(logs, "LARGEST_FILE", 500)
        for number in range(12):
            log.warning("line %s", number)
        folder = tmp_path / "logs"
        names = [path.name for path in logs.files_in(folder)]
        assert len(names) > 2
        assert names[-1].count(".") == 1
        assert int(names[0].split(".")[1]) == len(names)
        (folder / "2020-01-01.jsonl").write_text("{}\n")
        assert logs.forget_files(folder, 30, datetime.now(UTC)) == 1
        assert LogBook(folder).read(ADMIN, LogFilter()).lines[0].message == "line 11"


class TestReading:
    def test_the_newest_come_first_page_by_page_and_none_twice(
        self, log: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(logs, "LARGEST_FILE", 3_000)
        monkeypatch.setattr(reading, "BLOCK", 100)
        for number in range(60):
            log.warning("line %s é“", number)
        book, seen, before = LogBook(tmp_path / "logs"), [], ""
        while True:
            found = book.read(ADMIN, LogFilter(), 7, before)
            seen += [line.message for line in found.lines]
            before = found.older
            if not before:
                break
        assert seen == [f"line {number} é“" for number in reversed(range(60))]

    def test_filters_narrow_it_and_damage_is_skipped(self, log: logging.Logger, tmp_path: Path) -> None:
        log.info("quiet")
        token = logs.inside.set("req-12345678")
        log.error("Loud trouble")
        logs.inside.reset(token)
        folder = tmp_path / "logs"
        with logs.files_in(folder)[0].open("ab") as file:
            file.write(b'{"half": \n\xff\xfe\n[]\n')
        book = LogBook(folder)
        assert [one.message for one in book.read(ADMIN, LogFilter()).lines] == ["Loud trouble", "quiet"]
        for asked in (LogFilter(level="warning"), LogFilter(text="TROUBLE"), LogFilter(request="req-12345678")):
            assert [one.message for one in book.read(ADMIN, asked).lines] == ["Loud trouble"]
        assert book.read(ADMIN, LogFilter(since=datetime(2999, 1, 1, tzinfo=UTC))).lines == []
        assert book.read(ADMIN, LogFilter(), before="../../etc/passwd:10").lines == []

    def test_it_is_not_for_everybody(self, tmp_path: Path) -> None:
        with pytest.raises(NotAllowed):
            LogBook(tmp_path).read(Actor.person(new_id(), Role.EDITOR), LogFilter())
