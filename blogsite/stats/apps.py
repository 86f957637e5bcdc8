from django.apps import AppConfig


class StatsConfig(AppConfig):
    name = "blogsite.stats"
    label = "stats"
