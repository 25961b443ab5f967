from tests.fixtures.desk import (  # noqa: F401
    client,
    desk_app,
    desk_settings,
    desk_sqlite_url,
    editor,
    made_run,
    operators,
    owner,
    sign_in,
    stranger,
    their_run,
    viewer,
)
