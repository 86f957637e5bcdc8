"""Queued mail, sent to a real mail server that is away, moody or well."""

import email
from collections.abc import Generator
from email.message import Message
from email.mime.base import MIMEBase
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

import blogsite.settings
from blogsite.tasks.models import QueuedTask
from blogsite.tasks.worker import LEASE, drain
from dev.processes import free_port


class MailServer:
    """Refuses whoever or whatever it was told to, delivers the rest to `inbox`."""

    def __init__(self) -> None:
        self.inbox: list[tuple[str, Message]] = []
        self.refused_recipients: dict[str, str] = {}
        self.answer_to_data = "250 OK"
        self.port = free_port()
        self.controller: Controller | None = None

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_to_data.startswith("250"):
            message = email.message_from_bytes(envelope.content)
            self.inbox += [(address, message) for address in envelope.rcpt_tos]
        return self.answer_to_data


@pytest.fixture
def mail_server(db: None, settings) -> Generator[MailServer]:
    """Not started yet."""
    server = MailServer()
    settings.EMAIL_BACKEND = "blogsite.tasks.mail.QueuedMail"
    settings.BLOG_MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.stop()


def write(*recipients: str, **more: Any) -> None:
    EmailMultiAlternatives(
        "Grüße", "The text.", "Blog <blog@example.org>", list(recipients), **more
    ).send()


def only() -> QueuedTask:
    return QueuedTask.objects.get()


def make_due() -> None:
    QueuedTask.objects.update(run_after=timezone.now())


def test_settings_queue_every_mail():
    assert blogsite.settings.EMAIL_BACKEND == "blogsite.tasks.mail.QueuedMail"
    assert blogsite.settings.BLOG_MAIL_TRANSPORT != blogsite.settings.EMAIL_BACKEND


def test_mail_waits_while_the_server_is_away_and_arrives_once_it_is_back(mail_server):
    write("reader@example.org")
    for attempt in (1, 2):
        make_due()
        assert drain() == 1
        assert (only().status, only().attempts) == ("READY", attempt)
        assert "ConnectionRefusedError" in only().traceback
    (queued_id,) = [args["headers"]["Message-ID"] for args in [only().args_kwargs["args"][1]]]
    mail_server.start()
    make_due()
    drain()
    ((address, message),) = mail_server.inbox
    assert address == "reader@example.org"
    assert message["Message-ID"] == queued_id
    assert queued_id.endswith("@example.org>")
    assert only().status == "SUCCESSFUL"


def test_second_copy_after_a_crash_has_the_same_message_id_and_date(mail_server):
    mail_server.start()
    write("reader@example.org")
    job = QueuedTask.objects.claim("dies between sending and noting", LEASE)
    job.call()
    make_due()
    drain()
    (_, first), (_, second) = mail_server.inbox
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_mail_arrives_whole(mail_server):
    mail_server.start()
    message = EmailMultiAlternatives(
        "Grüße",
        "Plain Grüße.",
        "Blog <blog@example.org>",
        ["reader@example.org"],
        reply_to=["editor@example.org"],
        headers={"List-Unsubscribe": "<https://example.org/u>", "message-id": "<mine@example.org>"},
    )
    message.attach_alternative("<p>HTML Grüße.</p>", "text/html")
    message.attach("data.bin", b"\x00\xff", "application/octet-stream")
    message.attach("note.txt", "Notiz: schön", "text/plain")
    message.send()
    drain()
    ((_, arrived),) = mail_server.inbox
    parts = {
        part.get_content_type(): part.get_payload(decode=True)
        for part in arrived.walk()
        if not part.is_multipart() and not part.get_filename()
    }
    files = {
        part.get_filename(): part.get_payload(decode=True)
        for part in arrived.walk()
        if part.get_filename()
    }
    assert str(email.header.make_header(email.header.decode_header(arrived["Subject"]))) == "Grüße"
    assert parts["text/plain"].decode().strip() == "Plain Grüße."
    assert parts["text/html"].decode().strip() == "<p>HTML Grüße.</p>"
    assert files["data.bin"] == b"\x00\xff"
    assert files["note.txt"].decode().strip() == "Notiz: schön"
    assert arrived["From"] == "Blog <blog@example.org>"
    assert arrived["Reply-To"] == "editor@example.org"
    assert arrived["List-Unsubscribe"] == "<https://example.org/u>"
    assert arrived.get_all("Message-ID") == ["<mine@example.org>"]


def test_each_recipient_gets_a_task_and_one_copy(mail_server):
    mail_server.start()
    mail_server.refused_recipients["b@example.org"] = "450 mailbox is full, later"
    write("a@example.org", cc=["b@example.org"], bcc=["c@example.org", "a@example.org"])
    assert drain() == 3
    mail_server.refused_recipients.clear()
    make_due()
    assert drain() == 1
    assert [address for address, _ in mail_server.inbox] == [
        "a@example.org",
        "c@example.org",
        "b@example.org",
    ]
    for _, message in mail_server.inbox:
        assert (message["To"], message["Cc"], message["Bcc"]) == (
            "a@example.org",
            "b@example.org",
            None,
        )
    assert len({message["Message-ID"] for _, message in mail_server.inbox}) == 1


def test_refused_recipient_is_a_visible_failure_at_once(mail_server):
    mail_server.start()
    mail_server.refused_recipients["gone@example.org"] = "550 no such mailbox"
    write("gone@example.org")
    drain()
    assert (only().status, only().attempts) == ("FAILED", 1)
    assert "refused this mail: 550 no such mailbox" in only().traceback


@pytest.mark.parametrize(
    ("answer", "status"), [("554 looks like spam", "FAILED"), ("451 try again later", "READY")]
)
def test_refused_message_fails_only_when_the_server_says_for_ever(mail_server, answer, status):
    mail_server.start()
    mail_server.answer_to_data = answer
    write("reader@example.org")
    drain()
    assert only().status == status
    assert answer[4:] in only().traceback


def test_mail_of_a_rolled_back_transaction_is_not_sent(mail_server):
    with transaction.atomic():
        write("reader@example.org")
        transaction.set_rollback(True)
    assert drain() == 0


def test_mail_that_cannot_be_written_fails_where_it_is_sent(mail_server):
    with pytest.raises(BadHeaderError):
        send_mail("two\nlines", "text", None, ["reader@example.org"])
    message = EmailMultiAlternatives("s", "b", to=["reader@example.org"])
    message.attach(MIMEBase("image", "png"))
    with pytest.raises(TypeError, match="file name, content, type"):
        message.send()
    assert not QueuedTask.objects.exists()


def test_text_of_a_sent_mail_is_forgotten(mail_server):
    mail_server.start()
    write("reader@example.org")
    assert "The text." in str(only().args_kwargs)
    drain()
    assert "The text." not in str(only().args_kwargs)
