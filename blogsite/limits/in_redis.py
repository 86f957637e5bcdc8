"""The same counters in Redis, which forgets them by itself."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import redis

from blogsite.limits import Unavailable

#: One step, as scripts are: a counter left without an end would lock somebody out for ever.
ADD = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
SECONDS_TO_ANSWER = 1


class RedisCounters:
    def __init__(self, url: str) -> None:
        self.client = _client(url)

    def add(self, name: str, seconds: int) -> int:
        return int(self._ask(self.client.eval, ADD, 1, _key(name), seconds))

    def count(self, name: str) -> int:
        return int(self._ask(self.client.get, _key(name)) or 0)

    def forget(self, name: str) -> None:
        self._ask(self.client.delete, _key(name))

    def _ask(self, command: Callable[..., Any], *values: Any) -> Any:
        try:
            return command(*values)
        except redis.RedisError as problem:
            raise Unavailable from problem


def _key(name: str) -> str:
    return f"blogsite:limits:{name}"


@lru_cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
    )
