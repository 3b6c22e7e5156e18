"""The portal starts, answers and refuses as every page of it does."""

from pathlib import Path

from flask.testing import FlaskClient

from tests.web.conftest import MakeApp


def test_a_fresh_portal_says_that_it_is_well(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["database"] == "ok"


def test_a_portal_that_was_not_migrated_says_so(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(database_url=f"sqlite:///{tmp_path / 'older.db'}")
    with app.extensions["portal"].database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE library_change (revision INTEGER)")
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "not migrated"
