"""News of people for the floors above. Sent after the commit, never inside it."""

from django.dispatch import Signal

#: Somebody is called otherwise from now on: `pk` is theirs.
person_renamed = Signal()
