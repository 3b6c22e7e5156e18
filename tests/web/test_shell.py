"""The portal starts, answers and refuses as every page of it does."""

from flask.testing import FlaskClient


def test_a_fresh_portal_says_that_it_is_well(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["database"] == "ok"
