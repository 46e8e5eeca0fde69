from __future__ import annotations

from django.urls import include, path

from satuatap.web.signin import city, fresh, passkeys, pins, second, security, views

own = [
    path("masuk/sandi", views.password, name="password"),
    path("masuk/pastikan", fresh.confirm, name="confirm"),
    path("masuk/akun", security.security, name="security"),
    path("masuk/akun/aplikasi", security.add_app, name="add_app"),
    path("masuk/akun/kunci-sandi", passkeys.add, name="add_passkey"),
    path("masuk/akun/kunci-sandi/tantangan", passkeys.add_options, name="add_passkey_options"),
    path("masuk/akun/pin", pins.pin, name="pin"),
    path("masuk/akun/pin/hapus", pins.drop_pin, name="drop_pin"),
    path("masuk/akun/faktor/hapus", security.drop, name="drop_factor"),
    path("masuk/akun/kode-cadangan", security.new_codes, name="new_codes"),
    path("masuk/akun/sesi/<uuid:session>/akhiri", security.end_one, name="end_session"),
    path("masuk/akun/sesi/akhiri-lain", security.end_others, name="end_others"),
    path("masuk/kode/tantangan", second.second_options, name="second_options"),
    path("masuk/kunci-sandi", passkeys.enter, name="passkey"),
    path("masuk/kunci-sandi/tantangan", passkeys.options, name="passkey_options"),
    path("masuk/kota", city.leave, name="city"),
    path("masuk/kota/kembali", city.back, name="city_back"),
    path("masuk/tujuan", views.landing, name="landing"),
    path("bahasa", views.language, name="language"),
]

urlpatterns = [
    path("masuk", views.sign_in, name="account_login"),  # allauth looks for these two names
    path("masuk/kode", second.second, name="mfa_authenticate"),  # and for this one
    path("keluar", views.sign_out, name="account_logout"),
    path("", include((own, "signin"))),
]
