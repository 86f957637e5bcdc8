from django import template
from django.utils.safestring import SafeString

from blogsite.lib.pictures import markup
from blogsite.media.models import Image
from blogsite.media.showing import facts

register = template.Library()


@register.filter
def at_width(image: Image, pixels: int) -> str:
    """The address of the smallest copy so wide, in a format that everything shows."""
    return facts(image).fallback(pixels)


@register.simple_tag
def picture(
    image: Image, sizes: str, alt: str = "", *, most: int = 0, first: bool = False
) -> SafeString:
    """A picture of the library. `most` pixels are the widest it is ever shown, `first` is what
    nothing may keep waiting. Without `alt` it says nothing: the words beside it do.
    """
    hint = ("fetchpriority", "high") if first else ("loading", "lazy")
    return markup(facts(image), sizes, dict([("alt", alt), hint]), most=most)
