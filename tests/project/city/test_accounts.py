"""Generated passwords are ones that the sign-in accepts, whatever the user name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from satuatap.project.city import accounts

NAME, LIKE_IT = "koordinator-bpjs-kesehatan", "songket-jembatan-padi-73864"


@pytest.mark.django_db
def test_a_password_too_much_like_the_name_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        validate_password(LIKE_IT, get_user_model()(username=NAME))
    drawn = iter([LIKE_IT, "pasir-sungai-tikar-00001"])
    monkeypatch.setattr(accounts, "new_password", lambda: next(drawn))
    assert accounts.password_for(NAME) == "pasir-sungai-tikar-00001"


def test_the_file_of_accounts_names_a_devices_new_link_and_only_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
    rows = [{"username": "anjungan", "link": "/lama", "password": ""}, {"username": "sari", "password": "x"}]
    accounts.keep_link("anjungan", "baru")
    assert not accounts.accounts_file().exists(), "an account that no opening made stands in no file"
    accounts.accounts_file().write_text(json.dumps({"accounts": rows}))
    accounts.keep_link("anjungan", "baru")
    accounts.keep_link("lain", "baru")
    kept = accounts.read_accounts()
    assert kept == {"anjungan": rows[0] | {"link": "/anjungan/aktifkan/baru"}, "sari": rows[1]}
    assert accounts.accounts_file().stat().st_mode & 0o777 == 0o600
    accounts.accounts_file().write_text("{")
    accounts.keep_link("anjungan", "lagi")
    assert accounts.accounts_file().read_text() == "{"
