from django.urls import path

from satuatap.web.floor import views

app_name = "floor"
urlpatterns = [
    path("pantauan", views.show, name="show"),
    path("pantauan/sekarang", views.panel, name="panel"),
    path("pantauan/tutup", views.close, name="close"),
]
