from django.urls import path

from blogsite.site import views

app_name = "site"

urlpatterns = [path("look-<slug:digest>.css", views.look, name="look")]
