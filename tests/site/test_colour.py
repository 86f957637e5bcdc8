import pytest

from blogsite.site.colour import Oklch, contrast, fits_screen, fitted, from_hex

BLACK, WHITE = from_hex("#000000"), from_hex("#ffffff")


@pytest.mark.parametrize(
    ("code", "lightness", "chroma", "hue"),
    [
        ("#ff0000", 0.628, 0.258, 29.2),
        ("#00ff00", 0.866, 0.295, 142.5),
        ("#0000ff", 0.452, 0.313, 264.1),
        ("#AF2D18", 0.500, 0.170, 31.9),
    ],
)
def test_hex_becomes_oklch(code, lightness, chroma, hue):
    colour = from_hex(code)
    assert colour.lightness == pytest.approx(lightness, abs=0.001)
    assert colour.chroma == pytest.approx(chroma, abs=0.001)
    assert colour.hue == pytest.approx(hue, abs=0.1)


def test_grey_has_no_chroma():
    assert from_hex("#808080").chroma == pytest.approx(0, abs=0.001)


def test_contrast_of_black_on_white_is_the_greatest():
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == pytest.approx(21, abs=0.01)
    assert contrast(WHITE, WHITE) == 1


def test_contrast_is_what_others_count():
    assert contrast(from_hex("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("hue", range(0, 360, 10))
def test_fitted_keeps_the_hue_and_loses_no_more_chroma_than_it_must(hue):
    colour = fitted(Oklch(0.7, 0.4, hue), 0.5)
    assert (colour.lightness, colour.hue) == (0.5, hue)
    assert fits_screen(colour)
    assert not fits_screen(colour._replace(chroma=colour.chroma + 0.002))


def test_fitted_leaves_a_quiet_colour_alone():
    assert fitted(Oklch(0.9, 0.05, 200), 0.5) == Oklch(0.5, 0.05, 200)
