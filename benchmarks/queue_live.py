"""What one live page asks of the database, as text for pgbench: caught from the page's own view, without its memory."""

from __future__ import annotations

import os

from benchmarks.queue_city import City


def statements_of_a_page(city: City) -> list[str]:
    """The statements of a first look at a visit in the middle of the queue."""
    os.environ.pop("DATABASE_URL", None)
    import django  # SATUATAP_HOME was set by the city

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from satuatap.features.visits import queries

    with CaptureQueriesContext(connection) as caught:
        visit = queries.visit_by_token(f"bench{city.visits // 2:017d}")
        assert visit is not None
        queries.holder_view(visit)
    connection.close()
    found = [one["sql"] for one in caught.captured_queries]
    assert len(found) > 3, found
    return found
