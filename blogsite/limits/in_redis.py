"""The same counters in Redis, which forgets them by itself."""

from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

from blogsite.limits import Unavailable

#: One step, as scripts are: a counter left without an end would lock somebody out for ever.
ADD = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
SECONDS_TO_ANSWER = 1
PREFIX = "blogsite:limits:"


def add(name: str, seconds: int) -> int:
    return int(_ask("eval", ADD, 1, PREFIX + name, seconds))


def count(name: str) -> int:
    return int(_ask("get", PREFIX + name) or 0)


def forget(name: str) -> None:
    _ask("delete", PREFIX + name)


def _ask(command: str, *values: Any) -> Any:
    try:
        return getattr(_client(settings.REDIS_URL), command)(*values)
    except redis.RedisError as problem:
        raise Unavailable from problem


@lru_cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
    )
