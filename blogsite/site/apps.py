from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "blogsite.site"
    label = "site"
    verbose_name = _("Site")

    role_grants = {
        "Administrator": ["view_sitesettings", "change_sitesettings", "change_head_code"]
    }
