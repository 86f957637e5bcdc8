import pytest
import redis


def test_server_answers(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        client.set("word", "kept")
        assert client.get("word") == b"kept"


def test_server_wants_its_password(redis_url):
    with (
        redis.Redis.from_url("redis://" + redis_url.split("@")[1]) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()
