"""The help desk's addresses."""

from django.urls import path

from satuatap.web.helpdesk import contact, views

app_name = "helpdesk"
urlpatterns = [
    path("bantuan", views.show, name="show"),
    path("bantuan/terlewat", views.missed, name="missed"),
    path("bantuan/ambil", views.issue, name="issue"),
    path("bantuan/kembalikan", views.put_back, name="put_back"),
    path("bantuan/kontak", contact.reveal, name="reveal"),
    path("bantuan/kelas", views.reclass, name="reclass"),
]
