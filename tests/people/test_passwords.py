"""Passwords: what is refused, and that looking at one costs the same for everybody."""

import time

import pytest

from portal.people import passwords
from portal.people.passwords import (
    WeakPasswordError,
    check_password,
    common_passwords,
    needs_new_hash,
    new_hash,
    verify,
)


def test_a_password_is_known_by_its_hash_only() -> None:
    stored = new_hash("an orange kite")
    assert stored.startswith("$argon2id$")
    assert "orange" not in stored
    assert verify(stored, "an orange kite")
    assert not verify(stored, "an orange kite ")


def test_the_same_letters_typed_in_another_way_are_the_same_password() -> None:
    assert verify(new_hash("caf\u00e9 by the sea"), "cafe\u0301 by the sea")


@pytest.mark.parametrize("stored", [None, "", "no hash at all", "$argon2id$v=19$broken"])
def test_without_a_good_hash_no_password_is_right(stored: str | None) -> None:
    assert not verify(stored, "nobody has this password")


def test_an_endless_password_is_refused_before_anything_is_reckoned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = new_hash("an orange kite")
    monkeypatch.setattr(passwords, "_hasher", None)
    assert not verify(stored, "x" * 10_000_000)


def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    stored = new_hash("an orange kite")
    verify(None, "warm up")

    def cost(hashed: str | None) -> float:
        started = time.process_time()
        for _ in range(5):
            verify(hashed, "wrong password")
        return time.process_time() - started

    known = min(cost(stored) for _ in range(3))
    unknown = min(cost(None) for _ in range(3))
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize(
    "password",
    ["", "short", "1234567", "password", "Password1", "QWERTYUIOP", "iloveyou123", "x" * 1_025],
)
def test_a_password_that_is_easily_found_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_password(password)


def test_the_own_address_is_no_password() -> None:
    with pytest.raises(WeakPasswordError, match="Choose another"):
        check_password("Ada@Customer.example", email="ada@customer.example")


@pytest.mark.parametrize(
    "password", ["an orange kite", "\u6a58\u8272\u306e\u51e7\u304c\u98db\u3093\u3067", "x7#k-PQ2"]
)
def test_anything_else_is_welcome(password: str) -> None:
    check_password(password)


def test_three_thousand_common_passwords_are_known() -> None:
    assert len(common_passwords()) >= 3_000
    assert all(len(password) >= 8 for password in common_passwords())


def test_a_hash_of_other_costs_is_made_anew() -> None:
    old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$H6Y4fTmI1RDkC8Aw2bFHlQ"
    assert needs_new_hash(old)
    assert not needs_new_hash(new_hash("an orange kite"))
