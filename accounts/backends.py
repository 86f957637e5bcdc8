"""Who may sign in: by e-mail address or public name, within limits."""

import threading
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.http import HttpRequest

from accounts.models import User
from blogsite.prepared import Prepared

#: Two tries of 32 MiB at a time fit the smallest machine; a crowd of them would not.
_hashing = threading.BoundedSemaphore(2)

DEVELOPMENT_OWNER = "owner@example.org"


class TooBusy(Exception):
    """More people are signing in than this process can check in a second."""


class EitherNameBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        given = username or kwargs.get(User.USERNAME_FIELD)
        if not given or password is None:
            return None
        user = User.objects.by_either_name(given.strip())
        if not _hashing.acquire(timeout=1):
            raise TooBusy
        try:
            return self._check(user, password)
        finally:
            _hashing.release()

    def _check(self, user: User | None, password: str) -> User | None:
        if user is None:
            # As slow as a real check, so that the answer's time does not tell who exists.
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        """The sample blog's owner is known to everybody: never outside development."""
        if user.email.lower() == DEVELOPMENT_OWNER and settings.ENV != "development":
            return False
        return super().user_can_authenticate(user)

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(PERSON.ask(pk=user_id)), None)
        return user if user is None or self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those of one's own and of the groups at once: every page of the desk asks."""
        if obj is not None or not user_obj.is_active or user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            found = PERMISSIONS.ask(user=user_obj.pk)
            user_obj._perm_cache = {f"{app}.{name}" for app, name in found}
        return user_obj._perm_cache


def _permissions(user: int) -> Any:
    names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    return names.filter(user=user).union(names.filter(group__user=user))


PERMISSIONS = Prepared(_permissions)
PERSON = Prepared(lambda pk: User.objects.filter(pk=pk))
