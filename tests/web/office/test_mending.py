"""A press on the page of an import mends what is wrong there; what it would change is shown before it is applied."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.office.conftest import City

UPKEEP = b"building,work,year,amount\nmpp,Cat,2025,Rp1.250.000\nmpp,Cat,2025,Rp1.250.000\nmp,Atap,2025,100\n"


def test_one_press_for_what_is_clear_and_one_for_a_guess(city: City, post: Callable[..., Any]) -> None:
    some = [SimpleUploadedFile("upkeep.csv", UPKEEP)]
    draft = city.client("keeper").post("/pengelolaan/impor", {"key": str(uuid4()), "files": some})["Location"]
    page = city.client("keeper").get(draft).content.decode()
    assert "Betulkan 2 yang jelas" in page and "Ganti dengan 1250000" in page
    draft = post(f"{draft}/betulkan", who="keeper")["Location"]
    page = city.client("keeper").get(draft).content.decode()
    assert "Buang baris kembar ini" in page  # twins once both say the same
    draft = post(f"{draft}/betulkan", who="keeper")["Location"]
    page = city.client("keeper").get(draft).content.decode()
    assert "Betulkan" not in page and "Ganti dengan mpp" in page
    place = re.search(r'name="place" value="(\d+)"', page)
    assert place is not None
    draft = post(f"{draft}/betulkan", who="keeper", place=place[1])["Location"]
    page = city.client("keeper").get(draft).content.decode()
    assert "Terapkan 2 perubahan" in page
    assert post(f"{draft}/betulkan", who="keeper").status_code == 404  # nothing is left to mend
    assert post(f"{draft}/betulkan", who="manager").status_code == 403
