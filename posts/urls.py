from django.urls import path

from posts import views, views_preview

app_name = "posts"

urlpatterns = [
    path("", views.home, name="home"),
    path("preview/<int:pk>/read/", views_preview.read, name="preview_read"),
    # Whatever else is below: a secret with something behind it must not become a dead address.
    path("preview/<path:secret>", views_preview.enter, name="preview"),
    path("<str:slug>/", views.post_detail, name="detail"),
]
