"""What platforms read, checked as text: no engine is at hand to build or run it."""

import fnmatch
import json
import re
import shlex

import pytest
import yaml
from django.core.management import get_commands

from blogsite import settings
from tests.frame.environment import ROOT

PLATFORM_SETS = {"HEROKU_SLUG_COMMIT", "PORT"}


def dockerfile() -> list[list[tuple[str, str]]]:
    """The stages, each a list of (instruction, arguments)."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    stages: list[list[tuple[str, str]]] = [[]]
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        if line.strip():
            instruction, arguments = line.split(maxsplit=1)
            if instruction == "FROM":
                stages.append([])
            stages[-1].append((instruction, arguments))
    return stages


def only(stage: list[tuple[str, str]], instruction: str) -> list[str]:
    return [arguments for name, arguments in stage if name == instruction]


def env(stage: list[tuple[str, str]]) -> dict[str, str]:
    return dict(pair.split("=", 1) for line in only(stage, "ENV") for pair in shlex.split(line))


def test_packages_are_installed_before_the_code_comes():
    _arguments, packages, final = dockerfile()
    assert only(packages, "COPY") == ["requirements.txt ."]
    install = next(line for line in only(packages, "RUN") if "pip install" in line)
    assert "--require-hashes -r requirements.txt" in install
    assert only(final, "COPY") == ["--from=packages /venv /venv", ". ."]
    assert not [line for line in only(final, "RUN") if "pip" in line]


def test_static_files_are_collected_while_building_with_no_secret():
    final = dockerfile()[-1]
    assert [line for line in only(final, "RUN") if "manage.py collectstatic" in line]
    assert "SECRET_KEY" not in (ROOT / "Dockerfile").read_text()


def test_the_image_does_not_run_as_root_and_says_so_by_number():
    final = dockerfile()[-1]
    assert only(final, "USER") == ["10001:10001"]
    assert [name for name, _ in final].index("USER") > max(
        place for place, (name, _) in enumerate(final) if name == "RUN"
    )


def test_the_image_serves_and_runs_any_command():
    final = dockerfile()[-1]
    assert json.loads(only(final, "CMD")[0]) == shlex.split(procfile()["web"])
    assert only(final, "ENTRYPOINT") == []


def test_the_image_writes_to_its_volume_only():
    final = dockerfile()[-1]
    assert only(final, "VOLUME") == ["/data"]
    variables = env(final)
    assert variables["MEDIA_ROOT"].startswith("/data/")
    assert variables["DATABASE_URL"].startswith("sqlite:////data/")
    assert variables["PYTHONDONTWRITEBYTECODE"] == "1"


def test_the_image_is_production_of_the_python_we_name():
    arguments, *_, final = dockerfile()
    assert env(final)["ENV"] == "production"
    version = (ROOT / ".python-version").read_text().strip()
    assert only(arguments, "ARG") == [f"PYTHON={version}"]
    assert all("python:${PYTHON}-slim" in only(stage, "FROM")[0] for stage in dockerfile()[1:])


def test_the_image_asks_itself_for_its_health():
    check = dockerfile()[-1]
    words = json.loads(only(check, "HEALTHCHECK")[0].partition("CMD")[2])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "HEALTHCHECK", "exec")
    assert "/health" in words[2]
    assert "urllib" not in words[2]  # would ask the proxy of HTTP_PROXY


@pytest.mark.parametrize("name", [".env", ".git", ".venv", "db.sqlite3", "media", "staticfiles"])
def test_nothing_private_or_local_gets_into_the_image(name):
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert any(fnmatch.fnmatch(name, pattern) for pattern in ignored)


def procfile() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def test_procfile_has_a_release_a_web_and_a_worker_line():
    lines = procfile()
    assert list(lines) == ["release", "web", "worker"]
    assert "manage.py migrate" in lines["release"]
    # Building an index on a grown table may take longer than a request may wait.
    assert "DATABASE_STATEMENT_TIMEOUT=0" in lines["release"]
    for name in re.findall(r"manage\.py (\w+)", " ".join(lines.values())):
        assert name in get_commands()


def app_json() -> dict:
    return json.loads((ROOT / "app.json").read_text())


def test_the_button_asks_only_for_variables_that_exist():
    app = app_json()
    for environment in (app["env"], app["environments"]["review"]["env"]):
        assert set(environment) <= settings.read.names - PLATFORM_SETS


def test_the_button_makes_a_whole_site_of_one_dyno():
    app = app_json()
    assert app["env"]["ENV"]["value"] == "production"
    assert app["env"]["SECRET_KEY"] == {
        "description": app["env"]["SECRET_KEY"]["description"],
        "generator": "secret",
    }
    assert app["env"]["TRUSTED_PROXY_COUNT"]["value"] == "1"
    assert app["env"]["WORKER"]["value"] == "true"
    assert app["addons"] == ["heroku-postgresql:essential-0"]
    assert app["formation"]["web"]["quantity"] == 1
    for variable in app["env"].values():
        assert variable.keys() & {"value", "generator"} or variable["required"] is False


def test_review_apps_come_with_a_database_and_a_sample_blog():
    review = app_json()["environments"]["review"]
    assert review["env"]["ENV"]["value"] == "staging"
    assert review["addons"]
    command = re.fullmatch(r"python manage\.py (\w+)", review["scripts"]["postdeploy"])[1]
    assert command in get_commands()


def test_heroku_finds_exactly_one_list_of_packages_and_one_version():
    known = {"requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock"}
    assert {name for name in known if (ROOT / name).exists()} == {"requirements.txt"}
    assert re.fullmatch(r"3\.\d+\n", (ROOT / ".python-version").read_text())


def services() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_compose_has_everything_of_production():
    assert set(services()) == {"db", "redis", "prepare", "web", "worker"}
    database = services()["db"]
    assert database["healthcheck"]["test"][1] == "pg_isready"
    assert database["volumes"] == ["database:/var/lib/postgresql/data"]


def test_compose_reloads_the_mounted_code():
    web = services()["web"]
    assert ".:/app" in web["volumes"]
    assert "manage.py runserver" in web["command"]
    assert "--noreload" not in web["command"]


def test_compose_waits_until_the_tables_are_there():
    prepare = services()["prepare"]
    assert prepare["depends_on"]["db"]["condition"] == "service_healthy"
    assert re.findall(r"manage\.py (\w+)", prepare["command"]) == [
        "wait_for_db",
        "migrate",
        "seed_demo",
    ]
    for name in ("web", "worker"):
        condition = services()[name]["depends_on"]["prepare"]["condition"]
        assert condition == "service_completed_successfully"


def test_compose_asks_only_the_web_server_for_its_health():
    asked = {name for name, service in services().items() if "command" in service}
    disabled = {name for name in asked if services()[name].get("healthcheck") == {"disable": True}}
    assert asked - disabled == {"web"}


def test_compose_sets_only_variables_that_exist():
    for name in ("prepare", "web", "worker"):
        assert set(services()[name]["environment"]) <= settings.read.names
