from django.urls import path

from satuatap.web.desk import officers, views

app_name = "desk"
urlpatterns = [
    path("loket", views.choose, name="choose"),
    path("loket/<int:desk>", views.show, name="show"),
    path("loket/<int:desk>/papan-kerja", views.panel, name="panel"),
    path("loket/<int:desk>/buka", views.open_desk, name="open"),
    path("loket/<int:desk>/tutup", views.close_desk, name="close"),
    path("loket/<int:desk>/istirahat", views.pause, name="pause"),
    path("loket/<int:desk>/ulang", views.recall, name="recall"),
    path("loket/<int:desk>/terlewat", views.miss, name="miss"),
    path("loket/<int:desk>/alihkan", views.transfer, name="transfer"),
    path("loket/<int:desk>/ganti", officers.change, name="change"),
    path("loket/<int:desk>/batal", views.undo, name="undo"),
    # the same addresses as the front's hot endpoints, for forms without script
    path("langsung/loket/<int:desk>/panggil", views.call, name="call"),
    path("langsung/loket/<int:desk>/mulai", views.start, name="start"),
    path("langsung/loket/<int:desk>/selesai", views.finish, name="finish"),
]
