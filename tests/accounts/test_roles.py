"""Exactly these permissions; a new one is a decision, made here too."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from accounts.roles import Role, sync_groups

pytestmark = pytest.mark.django_db

OWN = {"add_post", "change_post", "delete_post", "view_post", "view_tag", "view_series"}
MEDIA = {"add_image", "view_image", "change_image", "add_file", "view_file", "change_file"}
PUBLISH = {"publish_post", "add_tag", "add_series"}


def held(role: str) -> set[str]:
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_there_are_five_groups_after_migrate():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


def test_contributor_writes_and_hands_in():
    assert held("Contributor") == OWN | MEDIA


def test_author_also_publishes():
    assert held("Author") == OWN | MEDIA | PUBLISH


def test_moderator_touches_no_post():
    assert not {name for name in held("Moderator") if "post" in name}


def test_editor_works_on_everybodys_posts_but_not_on_people_or_settings():
    assert "edit_any_post" in held("Editor")
    assert not {name for name in held("Editor") if "user" in name or "settings" in name}


def test_administrator_holds_what_every_other_group_holds():
    administrator = held("Administrator")
    assert administrator >= {"add_user", "change_user", "change_sitesettings"}
    assert administrator >= held("Editor") | held("Moderator")


def test_a_permission_taken_or_added_by_hand_is_put_right_by_migrate():
    group = Group.objects.get(name="Contributor")
    group.permissions.remove(Permission.objects.get(codename="add_post"))
    group.permissions.add(Permission.objects.get(codename="publish_post"))
    sync_groups(apps.get_app_config("posts"))
    assert held("Contributor") == OWN | MEDIA
