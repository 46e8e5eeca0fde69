"""The screens of desk, help desk and floor over the opened demo city, shared with the office's tests."""

from tests.web.office.conftest import _django_db_marker, city, post

__all__ = ["_django_db_marker", "city", "post"]
