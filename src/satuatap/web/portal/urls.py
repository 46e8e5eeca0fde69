from __future__ import annotations

from django.urls import path

from satuatap.web.portal import about, contact, plans, posters, views, visit

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("cari", views.find, name="find"),
    path("layanan", views.everything, name="everything"),
    path("layanan/<slug:code>", views.service, name="service"),
    path("layanan/<slug:code>/standar.pdf", posters.standard, name="standard"),
    path("peristiwa/<slug:code>", views.event, name="event"),
    path("rencana", plans.plan, name="plan"),
    path("rencana/<slug:code>", plans.kept, name="kept"),
    path("kunjungan", visit.follow, name="follow"),
    path("kunjungan/<slug:token>", visit.live, name="live"),
    path("kunjungan/<slug:token>/isi", visit.panel, name="panel"),
    path("kunjungan/<slug:token>/kontak", contact.contact, name="contact"),
    path("kunjungan/<slug:token>/kontak/tarik", contact.withdraw, name="withdraw"),
    path("kunjungan/<slug:token>/kontak/salinan", contact.copy, name="copy"),
    path("aturan-urutan", about.order, name="order"),
    path("tentang", about.about, name="about"),
    path("manifest.webmanifest", about.manifest, name="manifest"),
]
