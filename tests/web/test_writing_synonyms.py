"""Writers teach the search which words mean the same, without script."""

from flask.testing import FlaskClient

from portal.database import Database
from portal.people.person import Role
from portal.search.index import Query
from portal.search.synonyms import worded
from tests.web.conftest import MakePerson, SignInAs
from tests.web.test_writing import hidden_fields


def _writer(sign_in_as: SignInAs, make_person: MakePerson) -> FlaskClient:
    return sign_in_as(make_person("wren@desk.example", role=Role.WRITER))


def _post(writer: FlaskClient, path: str, **fields: str) -> str:
    token = hidden_fields(writer.get("/writing/synonyms").text)["csrf_token"]
    sent = writer.post(path, data={"csrf_token": token, **fields}, follow_redirects=True)
    return sent.text


def test_a_line_that_was_added_changes_searches_until_it_is_removed(
    sign_in_as: SignInAs, make_person: MakePerson, database: Database
) -> None:
    writer = _writer(sign_in_as, make_person)
    page = _post(writer, "/writing/synonyms", phrases="VPN, Virtual private  network")
    assert "vpn, virtual private network" in page
    with database.reading() as db:
        query = worded(db, Query("my VPN fails", None))
    assert query.synonyms == {"vpn": ("virtual private network",)}
    assert query.kept == {"vpn"}
    assert "Removed." in _post(writer, "/writing/synonyms/1/removal")
    with database.reading() as db:
        assert worded(db, Query("my VPN fails", None)).synonyms == {}


def test_what_cannot_be_kept_stays_in_the_field_with_the_reason(
    sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    writer = _writer(sign_in_as, make_person)
    assert "Write words that" in _post(writer, "/writing/synonyms", phrases=" , ,")
    assert "never corrected" in _post(writer, "/writing/synonyms", phrases="Qwertz")
    assert "is in the list already" in _post(writer, "/writing/synonyms", phrases="a, qwertz")


def test_only_writers_see_the_list(
    client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    assert client.get("/writing/synonyms").status_code == 303
    contact = sign_in_as(make_person("c@acme.example"))
    assert contact.get("/writing/synonyms").status_code in {403, 404}
