"""The kiosk's addresses."""

from django.urls import path

from satuatap.web.kiosk import views

app_name = "kiosk"
urlpatterns = [
    path("anjungan", views.start, name="start"),
    path("anjungan/pilih", views.choose, name="choose"),
    path("anjungan/rencana", views.plan, name="plan"),
    path("anjungan/di-mana/<slug:code>", views.elsewhere, name="elsewhere"),
    path("anjungan/layar", views.lower, name="lower"),
    path("anjungan/struk/<str:token>", views.slip, name="slip"),
    path("anjungan/aktifkan/<str:secret>", views.activate, name="activate"),
    path("langsung/ambil", views.issue, name="issue"),
]
