"""The desk, and people signed in to it."""

from tests.fixtures.desk import (  # noqa: F401
    client,
    desk_app,
    desk_postgres_url,
    desk_settings,
    desk_sqlite_url,
    desk_url,
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
