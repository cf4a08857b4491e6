"""The one table of what each role and key scope may do."""

import pytest

from fadeno import access
from fadeno.access import PERMISSIONS, ROLES, SCOPES, SYSTEM, VERBS, WHAT, Actor, Forbidden, may, require


def somebody(role: str) -> Actor:
    return Actor("member", None, role, role=role)


def something(scope: str) -> Actor:
    return Actor("key", None, scope, scope=scope)


def test_the_table_names_every_verb_with_every_thing_and_only_known_roles_and_scopes():
    assert set(PERMISSIONS) == {(verb, what) for verb in VERBS for what in WHAT}
    assert set().union(*PERMISSIONS.values()) <= {*ROLES, *SCOPES}


def test_an_administrator_and_fadeno_itself_may_do_everything():
    for verb, what in PERMISSIONS:
        assert may(somebody("admin"), verb, what)
        assert may(something("admin"), verb, what)
        assert may(SYSTEM, verb, what)


@pytest.mark.parametrize("what", ["members", "keys", "webhooks", "sources"])
def test_only_administrators_manage(what):
    assert access.allowed("manage", what) == ("admin",)


def test_a_collecting_key_can_hand_in_events_and_nothing_else():
    assert {pair for pair in PERMISSIONS if may(something("collect"), *pair)} == {("change", "events")}


def test_a_reading_key_changes_nothing():
    assert {verb for verb, what in PERMISSIONS if may(something("read"), verb, what)} == {"see", "export"}


@pytest.mark.parametrize("role", ["marketing", "analyst"])
def test_who_plans_or_counts_sees_people_but_not_how_to_reach_them(role):
    assert may(somebody(role), "see", "customers")
    assert not may(somebody(role), "see", "contacts")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("admin", "manager")])
def test_exporting_and_erasing_people_is_for_managers(role):
    assert not may(somebody(role), "erase", "customers")
    assert not may(somebody(role), "export", "customers")
    assert not may(somebody(role), "see", "audit")


def test_nobody_without_a_role_may_do_anything():
    for pair in PERMISSIONS:
        assert not may(Actor("member", None, "x"), *pair)
        assert not may(Actor("key", None, "x", role="admin"), *pair)


def test_a_refusal_says_who_may():
    with pytest.raises(Forbidden, match="The role 'shop' may not merge customers") as refused:
        require(somebody("shop"), "merge", "customers")
    assert refused.value.hint == "Allowed: admin, manager, agent, write."


def test_a_question_the_table_does_not_know_is_a_fault_in_the_code():
    with pytest.raises(ValueError, match="no 'delete customers'"):
        may(somebody("admin"), "delete", "customers")
