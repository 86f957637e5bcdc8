from contextlib import suppress
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts.backends import TooBusy
from blogsite import limits
from blogsite.lib.client import client_address

#: Tries in ten minutes: for one account from anywhere, and from one address for any account.
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 30
WINDOW = 600


class SignInForm(AdminAuthenticationForm):
    """Counts tries before a password is hashed, and says so when there were too many."""

    #: Why nobody looked at the password: "too_many", "too_busy" or "away".
    refused_as = ""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "That e-mail address or name and password do not belong together. "
            "Capitals matter in the password."
        ),
        "too_many": _("Too many tries. Wait ten minutes, then try again."),
        "too_busy": _("Many people are signing in right now. Try again in a few seconds."),
        "away": _("Signing in is not possible at this moment. Reading goes on; try again soon."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address or name")

    def clean(self) -> dict[str, Any]:
        self._count_this_try()
        try:
            cleaned = super().clean()
        except TooBusy:
            self._refuse("too_busy")
        if self.user_cache:
            with suppress(limits.Unavailable):
                limits.forget(self._account_key())
        return cleaned

    def _count_this_try(self) -> None:
        meta = self.request.META if self.request else {}
        address = client_address(meta, settings.TRUSTED_PROXY_COUNT)
        try:
            within = limits.hit(
                f"sign-in:address:{address}", limit=TRIES_PER_ADDRESS, seconds=WINDOW
            ) and limits.hit(self._account_key(), limit=TRIES_PER_ACCOUNT, seconds=WINDOW)
        except limits.Unavailable:
            self._refuse("away")
        if not within:
            self._refuse("too_many")

    def _account_key(self) -> str:
        # Upper, because that is what `iexact` asks for.
        return f"sign-in:account:{(self.cleaned_data.get('username') or '').strip().upper()[:254]}"

    def _refuse(self, code: str) -> None:
        self.refused_as = code
        raise forms.ValidationError(self.error_messages[code], code=code)
