"""The two forms: signing in, and choosing the own password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

EMPTY = {"required": _("Isian ini kosong. Isi dulu, lalu kirim lagi.")}


class SignInForm(LoginForm):
    """allauth's form with our words. A blocked account fails like a wrong password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Nama pengguna")
        self.fields["login"].error_messages.update(EMPTY)
        self.fields["login"].max_length = 60
        self.fields["password"].label = _("Kata sandi")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages.update(EMPTY)


class PasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = forms.CharField(label=_("Kata sandi sekarang"), max_length=200, strip=False, error_messages=EMPTY)
    new = forms.CharField(label=_("Kata sandi baru"), max_length=200, strip=False, error_messages=EMPTY)
    again = forms.CharField(label=_("Ulangi kata sandi baru"), max_length=200, strip=False, error_messages=EMPTY)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "new" in values and "again" in values and values["new"] != values["again"]:
            self.add_error("again", _("Kedua kata sandi baru tidak sama. Ketik ulang keduanya."))
        return values
