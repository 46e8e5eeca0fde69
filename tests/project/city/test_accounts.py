"""Generated passwords are ones that the sign-in accepts, whatever the user name."""

from __future__ import annotations

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
