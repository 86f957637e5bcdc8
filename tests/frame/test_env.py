import pytest

from blogsite.env import INHERITED_PREFIX, Reader, Refusal, read_file


def refusal(call) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("value", ["true", "TRUE", "1", "yes", "on", " true "])
def test_flag_takes_the_usual_words_for_true(value):
    assert Reader({"DEBUG": value}).flag("DEBUG", False) is True


@pytest.mark.parametrize("value", ["false", "False", "0", "no", "off"])
def test_flag_takes_the_usual_words_for_false(value):
    assert Reader({"DEBUG": value}).flag("DEBUG", True) is False


@pytest.mark.parametrize("value", ["ture", "2", "flase", "none", "-"])
def test_flag_refuses_typos(value):
    line = refusal(lambda: Reader({"DEBUG": value}).flag("DEBUG", True))
    assert line == f"DEBUG: “{value}” is neither true nor false. Example: DEBUG=true"


def test_empty_counts_as_unset():
    read = Reader({"DEBUG": "", "PORT": " ", "ENV": "", "ALLOWED_HOSTS": ""})
    assert read.flag("DEBUG", True) is True
    assert read.number("PORT", 8000) == 8000
    assert read.choice("ENV", "development", ("development",)) == "development"
    assert read.hosts("ALLOWED_HOSTS") == []


@pytest.mark.parametrize("value", ["80.5", "-1", "eighty", "0", "65536", "１２", "1e3", "²"])
def test_number_refuses_what_is_none_or_out_of_range(value):
    line = refusal(lambda: Reader({"PORT": value}).number("PORT", 8000, least=1, most=65535))
    assert line == (f"PORT: “{value}” is not a whole number from 1 to 65535. Example: PORT=8000")


def test_a_long_number_is_refused_in_a_short_line():
    assert len(refusal(lambda: Reader({"PORT": "9" * 5000}).number("PORT", 8000))) < 200


def test_choice_names_the_choices():
    line = refusal(
        lambda: Reader({"ENV": "prod"}).choice("ENV", "a", ("development", "production"))
    )
    assert line == "ENV: “prod” is none of development, production. Example: ENV=development"


@pytest.mark.parametrize(
    "value",
    ["example.org", ".example.org", "a.example.org, b.example.org", "127.0.0.1", "[::1]", "*"],
)
def test_hosts_takes_names_and_addresses(value):
    assert Reader({"H": value}).hosts("H") == [word.strip() for word in value.split(",")]


@pytest.mark.parametrize(
    "value",
    [
        "https://example.org",
        "example.org:8000",
        "example.org/",
        "a b",
        "example.org;b.org",
        "bü.de",
        "a..b",
    ],
)
def test_hosts_refuses_addresses_of_pages(value):
    assert refusal(lambda: Reader({"H": value}).hosts("H")).startswith("H: “")


def test_host_takes_one_name_only():
    assert Reader({"C": "WWW.Example.org"}).host("C") == "www.example.org"
    assert Reader({"C": "localhost:8000"}).host("C") == "localhost:8000"
    for value in (
        "*", ".example.org", "a.org,b.org", "https://a.org", "a.org:", "a.org/b", "a..b",
        "a.org:99999", "a.org:0", "a.org:²",
    ):  # fmt: skip
        assert "is not one host name" in refusal(lambda value=value: Reader({"C": value}).host("C"))


@pytest.mark.parametrize(
    ("given", "prefix"),
    [("", ""), ("/", ""), ("/blog", "/blog"), ("/blog/", "/blog"), ("/a/b", "/a/b")],
)
def test_prefix_has_one_form(given, prefix):
    assert Reader({"SCRIPT_NAME": given}).prefix("SCRIPT_NAME") == prefix


@pytest.mark.parametrize("given", ["blog", "/a//b", "/a b", "https://a.org/b", "/ä"])
def test_prefix_refuses_what_is_no_path(given):
    assert "starts with a slash" in refusal(
        lambda: Reader({"SCRIPT_NAME": given}).prefix("SCRIPT_NAME")
    )


def test_prefix_leaves_the_environment_but_reaches_child_processes():
    environment = {"SCRIPT_NAME": "/blog"}
    assert Reader(environment).prefix("SCRIPT_NAME") == "/blog"
    assert environment == {INHERITED_PREFIX: "/blog"}
    assert Reader(environment).prefix("SCRIPT_NAME") == "/blog"


def test_a_new_prefix_wins_over_the_inherited_one():
    environment = {"SCRIPT_NAME": "/new", INHERITED_PREFIX: "/old"}
    assert Reader(environment).prefix("SCRIPT_NAME") == "/new"


def test_email_names_the_server():
    found = Reader({"EMAIL_URL": "smtp+tls://a%40b:p%23w@mail.example.org:587"}).email(
        "EMAIL_URL", ""
    )
    assert found["EMAIL_HOST_USER"] == "a@b"
    assert found["EMAIL_HOST_PASSWORD"] == "p#w"
    assert found["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize(
    "value",
    ["mail.example.org", "smtp://", "http://a.org", "smtp://a:b@c:d", "smtp+tls://u:12#3@host"],
)
def test_email_refuses_what_is_no_server(value):
    line = refusal(lambda: Reader({"EMAIL_URL": value}).email("EMAIL_URL", ""))
    assert line.startswith("EMAIL_URL: not the address of a mail server. Example: ")


@pytest.mark.parametrize(
    "value",
    [
        "localhost:6379", "http://a", "redis://", "redis://localhost:abc", "redis://localhost:99999",
        "redis://[::1", "redis://:p#ss@h", "redis://u:12#3@h", "redis://u:12/3@h", "unix://",
    ],
)  # fmt: skip
def test_redis_refuses_what_is_none(value):
    assert refusal(lambda: Reader({"REDIS_URL": value}).redis("REDIS_URL")).startswith("REDIS_URL:")


@pytest.mark.parametrize(
    "value", ["rediss://u:p%40@h:6380/1", "redis://[::1]", "unix:///run/redis.sock?db=1"]
)
def test_redis_takes_what_is_one(value):
    assert Reader({"REDIS_URL": value}).redis("REDIS_URL") == value


def test_reader_remembers_every_name():
    read = Reader({})
    read.flag("A", True), read.number("B", 1), read.choice("C", "x", ("x",)), read.hosts("D")
    assert read.names == {"A", "B", "C", "D"}


def test_file_is_taken_up_and_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setattr("environ.Env.ENVIRON", environment := {"PORT": "1"})
    (tmp_path / ".env").write_text("# a comment\nPORT=2\nRELEASE_ID='from the file'\n")
    read_file(tmp_path / ".env", environment)
    assert environment == {"PORT": "1", "RELEASE_ID": "from the file"}


@pytest.mark.parametrize("env", ["staging", "production"])
def test_file_is_ignored_outside_development(tmp_path, monkeypatch, env):
    monkeypatch.setattr("environ.Env.ENVIRON", environment := {"ENV": env})
    (tmp_path / ".env").write_text("DEBUG=true\n")
    read_file(tmp_path / ".env", environment)
    assert environment == {"ENV": env}


def test_file_cannot_make_production(tmp_path, monkeypatch):
    monkeypatch.setattr("environ.Env.ENVIRON", environment := {})
    (tmp_path / ".env").write_text("ENV=production\n")
    line = refusal(lambda: read_file(tmp_path / ".env", environment))
    assert line.startswith("ENV: set in .env, which only development reads")
