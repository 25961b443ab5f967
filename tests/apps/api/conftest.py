"""The desk, and people signed in to it, on PostgreSQL.

What a route does is done by the domain, whose tests run on SQLite too, as all pages' do; where the database makes a
difference to the API itself (whose rows are seen, races, what is sent to listeners), its tests run on both.
"""

import pytest

from tests.fixtures.desk import (  # noqa: F401
    client,
    desk_app,
    desk_postgres_url,
    desk_settings,
    desk_sqlite_url,
    editor,
    made_run,
    operators,
    owner,
    served,
    sign_in,
    stranger,
    their_run,
    viewer,
)


@pytest.fixture
def desk_url(desk_postgres_url: str) -> str:  # noqa: F811
    return desk_postgres_url
