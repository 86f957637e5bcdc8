"""Mail that survives a mail server's bad day.

`EMAIL_BACKEND` names `QueuedMail`, so whatever Django, a library or we send becomes one
task per recipient, in the transaction of whatever caused the mail. `BLOG_MAIL_TRANSPORT`
names the Django e-mail backend that a task then really sends with. When the server is away
or asks to come back later, the task is tried again for about two days; when it refuses the
recipient or the message for good, the task fails at once and is seen in the admin.

One recipient per task, because a second try for one must not be a second copy for another.
The Message-ID and date are given when the mail is queued: should a worker die between
sending and noting it, the second copy is recognisable as the same message.
"""

import smtplib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from email.mime.base import MIMEBase
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from blogsite.tasks import GiveUp, enqueue_on_commit, policy, task

TWO_DAYS_OF_ATTEMPTS = 16


class QueuedMail(BaseEmailBackend):
    """Django e-mail backend that queues."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(_queue(message) for message in email_messages)


@task()
@policy(attempts=TWO_DAYS_OF_ATTEMPTS, time_limit=120, private=True)
def send_mail(recipient: str, message: dict[str, Any]) -> None:
    """Send one queued message to one recipient."""
    transport = import_string(settings.BLOG_MAIL_TRANSPORT)()
    try:
        transport.send_messages([_unpack(recipient, message)])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _give_up_if_final(code, answer, error)
        raise
    except smtplib.SMTPDataError as error:
        _give_up_if_final(error.smtp_code, error.smtp_error, error)
        raise


def _give_up_if_final(code: int, answer: bytes | str, error: Exception) -> None:
    """5xx is for ever, 4xx (full mailbox, greylisting) means: later."""
    if code >= 500:
        words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        raise GiveUp(f"The mail server refused this mail: {code} {words}") from error


def _queue(message: EmailMessage) -> int:
    """Queue the message for each recipient. A mail that cannot be written fails here and now."""
    message.message()
    packed = _pack(message)
    for recipient in (people := dict.fromkeys(map(str, message.recipients()))):
        enqueue_on_commit(send_mail, recipient, packed)
    return bool(people)


def _pack(message: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "sender": str(message.from_email),
        "headers": _headers(message),
        "alternatives": [[str(c), m] for c, m in getattr(message, "alternatives", [])],
        "attachments": [_pack_attachment(attachment) for attachment in message.attachments],
    }


def _headers(message: EmailMessage) -> dict[str, str]:
    """All headers as they shall be, the lists of addressees too: those are for reading only."""
    domain = parseaddr(str(message.from_email))[1].rpartition("@")[2] or "localhost"
    lists = {"To": message.to, "Cc": message.cc, "Reply-To": message.reply_to}
    ours = {
        "Message-ID": make_msgid(domain=domain),
        "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        **{name: ", ".join(map(str, people)) for name, people in lists.items() if people},
    }
    given = {name: str(value) for name, value in message.extra_headers.items()}
    taken = {name.lower() for name in given}
    return {name: value for name, value in ours.items() if name.lower() not in taken} | given


def _pack_attachment(attachment: Any) -> dict[str, str | None]:
    if isinstance(attachment, MIMEBase) or not isinstance(attachment, tuple):
        raise TypeError("Queued mail takes attachments as (file name, content, type).")
    name, content, kind = attachment
    data = content.encode() if isinstance(content, str) else content
    return {"name": name, "base64": b64encode(data).decode(), "type": kind}


def _unpack(recipient: str, packed: dict[str, Any]) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        packed["subject"],
        packed["body"],
        packed["sender"],
        [recipient],
        headers=packed["headers"],
        alternatives=packed["alternatives"],
    )
    message.content_subtype = packed["subtype"]
    for attachment in packed["attachments"]:
        message.attach(attachment["name"], b64decode(attachment["base64"]), attachment["type"])
    return message
