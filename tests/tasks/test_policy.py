from itertools import pairwise

from blogsite.tasks.mail import send_mail
from blogsite.tasks.policy import pause_after


def seconds_until_last(attempts: int) -> float:
    return sum(pause_after(attempt).total_seconds() for attempt in range(1, attempts))


def test_pause_grows_up_to_six_hours():
    pauses = [pause_after(attempt).total_seconds() for attempt in range(1, 8)]
    assert 12 <= pauses[0] <= 18
    assert all(later > earlier for earlier, later in pairwise(pauses))
    assert pause_after(50).total_seconds() <= 6 * 3600 * 1.2


def test_pause_is_scattered():
    assert len({pause_after(3) for _ in range(20)}) > 10


def test_mail_is_tried_for_about_two_days():
    tries = [seconds_until_last(send_mail.func.policy.attempts) for _ in range(50)]
    assert 2 < sum(tries) / len(tries) / 86_400 < 3
