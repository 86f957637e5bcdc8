from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from blogsite.pagecache.stamps import pending
from blogsite.site.models import SiteSettings, held

pytestmark = pytest.mark.django_db


def away(execute, sql, params, many, context):
    raise OperationalError("the server closed the connection")


def problems(**fields) -> dict[str, list[str]]:
    site = SiteSettings(**fields)
    try:
        site.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as problem:
        return problem.message_dict
    return {}


def test_migration_has_made_the_row():
    assert SiteSettings.objects.get().title == "New blog"


def test_there_is_one_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.bulk_create([SiteSettings(id=2)])


@pytest.mark.parametrize(
    "fields",
    [
        {"posts_per_page": 0},
        {"posts_per_page": 51},
        {"paper": "pink"},
        {"typeface": "goth"},
        {"home_layout": "mosaic"},
    ],
)
def test_database_refuses_what_may_not_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.update(**fields)


def test_defaults_are_good():
    assert problems() == {}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "red", "# and six digits"),
        ("accent", "#12345g", "# and six digits"),
        ("accent", "#12345\n", "# and six digits"),
        ("language", "klingon", "Choose one of the list"),
        ("time_zone", "Mars/Olympus", "Europe/Berlin"),
        ("time_zone", "../../etc/passwd", "Europe/Berlin"),
        ("navigation", [{"label": "", "address": "/about/"}], "write a name"),
        ("social_links", [{"label": "A", "address": "/about/"}], "begins with one of"),
        ("posts_per_page", 0, "greater than or equal to 1"),
        ("title", "", "blank"),
    ],
)
def test_bad_value_is_told_at_its_field(field, value, words):
    told = problems(**{field: value})
    assert list(told) == [field]
    assert words in told[field][0]


def test_saving_renders_the_footer():
    site = SiteSettings.current()
    site.footer_text = "Read the [imprint](/imprint/). <script>alert(1)</script>"
    site.save(update_fields=["footer_text"])
    html = SiteSettings.current().footer_html
    assert '<a href="/imprint/">imprint</a>' in html
    assert "<script" not in html


def test_saving_moves_the_stamp_of_the_site():
    SiteSettings.current().save()
    assert "site" in pending()


def test_current_sees_what_another_process_wrote():
    SiteSettings.current()
    SiteSettings.objects.update(title="Low Water")
    assert SiteSettings.current().title == "Low Water"


def test_current_asks_once_in_a_request(django_assert_num_queries):
    with django_assert_num_queries(1), held():
        assert SiteSettings.current() is SiteSettings.current()


def test_current_forgets_what_was_saved_meanwhile():
    with held():
        site = SiteSettings.current()
        SiteSettings.objects.get().save()
        assert SiteSettings.current() is not site


def test_current_has_the_defaults_where_the_row_is_gone():
    SiteSettings.objects.all().delete()
    assert SiteSettings.current().title == "New blog"


def test_current_never_guesses():
    SiteSettings.current()
    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        SiteSettings.current()


def test_at_hand_remembers_while_the_database_is_away():
    SiteSettings.objects.update(title="Low Water")
    SiteSettings.current()
    with connection.execute_wrapper(away):
        assert SiteSettings.at_hand().title == "Low Water"


def test_zone_that_this_machine_has_lost_is_utc():
    assert SiteSettings(time_zone="Europe/Atlantis").zone == ZoneInfo("UTC")
    assert SiteSettings(time_zone="Europe/Berlin").zone == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("pt-br", "ltr"), ("ar", "rtl"), ("he", "rtl")]
)
def test_direction_follows_the_language(language, direction):
    assert SiteSettings(language=language).direction == direction
