"""The five groups, and what each may do.

The names live here; the permissions live with the app they speak of: its
AppConfig carries `role_grants = {"Author": ["add_post", …], …}`. After every
`migrate` the groups hold exactly what the code says, so an upgrade that brings
a new permission needs no hand work. A permission of an app that declares no
grants is never touched.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CONTRIBUTOR = "Contributor", _("Contributor: writes drafts and hands them in")
    AUTHOR = "Author", _("Author: publishes their own posts")
    EDITOR = "Editor", _("Editor: works on everybody’s posts")
    MODERATOR = "Moderator", _("Moderator: looks after the comments")
    ADMINISTRATOR = "Administrator", _("Administrator: runs the site")


def sync_groups(sender, using="default", apps=None, **kwargs) -> None:
    """Give each group exactly its permissions on the app that was migrated."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    grants = getattr(sender, "role_grants", None)
    if grants is None or not _has_table(Group, using):
        return
    unknown = set(grants) - set(Role.values)
    if unknown:
        raise ValueError(f"{sender.label}.role_grants names unknown groups: {sorted(unknown)}")
    # Django makes them in a handler of the same signal, which may come after this one.
    create_permissions(sender, verbosity=0, using=using, **({"apps": apps} if apps else {}))

    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    for role in Role.values:
        group, _created = Group.objects.using(using).get_or_create(name=role)
        # A code name without a permission yet (its migration runs later, or was just
        # reversed) waits for the next signal.
        codenames = grants.get(role, [])
        group.permissions.add(*of_app.filter(codename__in=codenames))
        group.permissions.remove(*of_app.exclude(codename__in=codenames))


def _has_table(model, using: str) -> bool:
    from django.db import connections

    return model._meta.db_table in connections[using].introspection.table_names()
