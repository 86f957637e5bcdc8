import re
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blogsite.tasks.models import QueuedTask
from blogsite.tasks.worker import LEASE, drain
from tests.tasks import sample

LIST = reverse("admin:tasks_queuedtask_changelist")


@pytest.fixture
def sign_in(db, client):
    """Sign in somebody on the staff who has these permissions on tasks."""

    def sign_in(*verbs: str):
        user = get_user_model().objects.create_user("p@example.org", "pat", is_staff=True)
        names = [f"{verb}_queuedtask" for verb in verbs]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def operator(sign_in):
    return sign_in("view", "change", "delete")


def failed(words: str = "no such thing") -> QueuedTask:
    result = sample.fail.enqueue(words)
    QueuedTask.objects.filter(pk=result.id).update(worker_ids=["a", "b"])
    drain()
    job = QueuedTask.objects.get(pk=result.id)
    assert job.status == "FAILED"
    return job


def url(name: str, job: QueuedTask) -> str:
    return reverse(f"admin:tasks_queuedtask_{name}", args=[job.pk])


def press_retry(client, job: QueuedTask):
    """What the button on the task's page sends."""
    page = client.get(url("change", job)).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    [address] = re.findall(r'formaction="([^"]*)"', page)
    return client.post(address, fields, follow=True)


def in_bulk(client, action: str, *jobs: QueuedTask):
    chosen = [str(job.pk) for job in jobs]
    return client.post(LIST, {"action": action, "_selected_action": chosen}, follow=True)


def test_list_shows_state_attempts_and_the_end_of_the_error(operator):
    job = failed("it broke: <b>badly</b>")
    page = operator.get(LIST).content.decode()
    row = re.search(r'<tr><td class="action-checkbox">.*?</tr>', page, re.DOTALL).group()
    cells = dict(re.findall(r'class="field-(\w+)[^"]*">(.*?)</t[dh]>', row))
    assert cells["status"] == "Failed"
    assert cells["attempts"] == "3"
    assert cells["last_error"] == "ValueError: it broke: &lt;b&gt;badly&lt;/b&gt;"
    assert str(job.pk) in cells["short_name"]


def test_next_run_is_said_in_words_or_local_time(operator):
    sample.answer.enqueue(1)
    assert b"as soon as possible" in operator.get(LIST).content
    QueuedTask.objects.update(run_after=datetime(2030, 5, 17, 14, 3, 9, 123, tzinfo=UTC))
    for address in (LIST, url("change", QueuedTask.objects.get())):
        page = operator.get(address).content.decode()
        assert "2030" in page
        assert "14:03:09" not in page


def test_list_shortens_long_errors(operator):
    failed("long " * 500)
    page = operator.get(LIST).content.decode()
    assert page.count("long") < 40
    assert "…" in page


def test_list_filters_by_state(operator):
    failed()
    sample.answer.enqueue(1)
    page = operator.get(LIST, {"status__exact": "FAILED"}).content.decode()
    assert ">fail</a>" in page
    assert ">answer</a>" not in page


def queries_of(client, address: str) -> list[str]:
    client.get(address)  # what a process asks only once is asked here
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


def test_list_needs_few_queries_whatever_it_holds(operator):
    sample.answer.enqueue("short")
    for_one = queries_of(operator, LIST)
    for _ in range(40):
        sample.answer.enqueue("long" * 5000)
    for_many = queries_of(operator, LIST)
    assert 4 <= len(for_one) == len(for_many) <= 12
    assert not any("args_kwargs" in sql for sql in for_many)


def test_detail_needs_few_queries(operator):
    assert len(queries_of(operator, url("change", failed()))) <= 12


def test_detail_shows_the_traceback(operator):
    job = failed("<script>")
    page = operator.get(url("change", job)).content.decode()
    assert "Traceback (most recent call last)" in page
    assert "ValueError: &lt;script&gt;" in page
    assert "Run again now" in page


def test_detail_has_nothing_inline(operator):
    page = operator.get(url("change", failed())).content.decode()
    assert not re.search(r'\sstyle="|<style|\son\w+="', page)


def test_detail_hides_private_arguments(operator):
    secret = sample.keep_secret.enqueue("hunter2")
    plain = sample.answer.enqueue("hunter3")
    page = operator.get(reverse("admin:tasks_queuedtask_change", args=[secret.id])).content
    assert b"hunter2" not in page
    page = operator.get(reverse("admin:tasks_queuedtask_change", args=[plain.id])).content
    assert b"hunter3" in page


def test_detail_of_a_task_whose_code_is_gone_hides_its_arguments(operator):
    sample.answer.enqueue("hunter2")
    QueuedTask.objects.update(task_path="gone.tasks.send")
    page = operator.get(url("change", QueuedTask.objects.get()))
    assert page.status_code == 200
    assert b"hunter2" not in page.content


def test_retry_button_runs_a_failed_task_with_all_its_attempts_again(operator):
    job = failed()
    page = press_retry(operator, job)
    assert page.redirect_chain == [(LIST, 302)]
    assert b"1 task runs again shortly." in page.content
    job.refresh_from_db()
    assert (job.status, job.attempts, job.finished_at) == ("READY", 0, None)
    assert drain() == 1
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("READY", 1)


def test_retry_button_runs_a_waiting_task_now(operator):
    sample.fail.enqueue()
    drain()
    assert drain() == 0
    press_retry(operator, QueuedTask.objects.get())
    assert drain() == 1


@pytest.mark.parametrize("status", ["RUNNING", "SUCCESSFUL"])
def test_retry_leaves_running_and_finished_tasks_alone(operator, status):
    sample.answer.enqueue(1)
    QueuedTask.objects.claim("me", LEASE)
    QueuedTask.objects.update(status=status, finished_at=timezone.now())
    job = QueuedTask.objects.get()
    assert b"Run again now" not in operator.get(url("change", job)).content
    page = in_bulk(operator, "retry_selected", job)
    assert b"was left alone" in page.content
    job.refresh_from_db()
    assert job.status == status


def test_retry_in_bulk(operator):
    jobs = [failed(), failed()]
    sample.answer.enqueue(1)
    drain()
    page = in_bulk(operator, "retry_selected", *jobs, QueuedTask.objects.get(status="SUCCESSFUL"))
    assert b"2 tasks run again shortly." in page.content
    assert b"1 task is running or done already" in page.content
    assert drain() == 2


def test_retry_needs_the_csrf_token(operator):
    job = failed()
    operator.handler.enforce_csrf_checks = True
    assert in_bulk(operator, "retry_selected", job).status_code == 403
    job.refresh_from_db()
    assert job.status == "FAILED"


def test_retry_needs_the_permission(sign_in):
    client, job = sign_in("view", "delete"), failed()
    assert b"Run again now" not in client.get(url("change", job)).content
    assert b"retry_selected" not in client.get(LIST).content
    in_bulk(client, "retry_selected", job)
    job.refresh_from_db()
    assert job.status == "FAILED"


def test_delete_in_bulk(operator):
    jobs = [failed(), failed()]
    chosen = {"action": "delete_selected", "_selected_action": [str(job.pk) for job in jobs]}
    operator.post(LIST, {**chosen, "post": "yes"})
    assert not QueuedTask.objects.exists()


def test_stranger_sees_no_tasks(sign_in):
    client, job = sign_in(), failed()
    assert client.get(LIST).status_code == 403
    assert client.get(url("change", job)).status_code == 403


def test_tasks_can_be_neither_added_nor_edited(operator):
    job = failed()
    assert operator.get(reverse("admin:tasks_queuedtask_add")).status_code == 403
    assert operator.post(url("change", job), {"status": "READY"}).status_code == 403


def test_plain_rows_have_no_admin_of_their_own():
    assert not admin.site.is_registered(DBTaskResult)


def test_only_administrators_look_after_tasks(db):
    granted = Permission.objects.filter(content_type__app_label="tasks", group__isnull=False)
    assert set(granted.values_list("group__name", "codename")) == {
        ("Administrator", "view_queuedtask"),
        ("Administrator", "change_queuedtask"),
        ("Administrator", "delete_queuedtask"),
    }
