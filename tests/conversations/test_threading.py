"""To which case something belongs: a table of proofs, and that neither doubles nor their order change what is kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import conversations
from fadeno.conversations.model import Proofs, Standing, case_for, reply_token, signed_case
from fadeno.events import Matter
from tests.conversations.playing import texts, writes

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
LAMP, BILL = Matter("topic", "lamp"), Matter("topic", "bill")


def standing(n: int, *, same: bool = True, solved_days: int | None = None, matter: Matter | None = LAMP) -> Standing:
    solved_at = None if solved_days is None else AT - timedelta(days=solved_days)
    return Standing(UUID(int=n), same, solved_days is not None, solved_at, AT - timedelta(hours=2), matter)


@pytest.mark.parametrize(
    ("proofs", "matter", "expected"),
    [
        (Proofs(), LAMP, (None, "new", None)),
        (Proofs(signed=standing(1, same=False)), LAMP, (1, "signed", None)),
        (Proofs(standing(1), standing(2), [standing(3)], [standing(4)]), LAMP, (1, "signed", None)),
        (Proofs(answered=standing(2), referred=[standing(3)]), BILL, (2, "answers", None)),
        (Proofs(referred=[standing(3, same=False), standing(4)]), BILL, (4, "references", None)),
        (Proofs(referred=[standing(3, same=False)]), LAMP, (None, "new", None)),
        (Proofs(theirs=[standing(5)]), LAMP, (5, "matter", None)),
        (Proofs(theirs=[standing(5)]), BILL, (None, "new", None)),
        (Proofs(theirs=[standing(5), standing(6, matter=BILL)]), BILL, (6, "matter", None)),
        (Proofs(theirs=[standing(5)]), None, (5, "latest", None)),
        (Proofs(theirs=[standing(5, solved_days=3)]), LAMP, (None, "new", None)),
        (Proofs(signed=standing(1, solved_days=13)), LAMP, (1, "signed", None)),
        (Proofs(signed=standing(1, solved_days=15), theirs=[standing(5)]), LAMP, (None, "new", 1)),
        (Proofs(signed=standing(1, same=False, solved_days=15), theirs=[standing(5)]), LAMP, (5, "matter", None)),
        (Proofs(theirs=[standing(5, same=False)]), LAMP, (None, "new", None)),
    ],
)
def test_the_strongest_proof_decides(proofs, matter, expected):
    found = case_for(proofs, matter, AT)
    ids = [case.id.int if case else None for case in (found.case, found.after)]
    assert (ids[0], found.because, ids[1]) == expected


@given(st.uuids(), st.uuids(), st.binary(min_size=16, max_size=32), st.integers(0, 41), st.sampled_from("abc2z=+é"))
def test_a_reply_address_names_its_case_to_its_account_alone(case_id, account_id, key, at, letter):
    token = reply_token(key, case_id, account_id)
    assert len(token) == 42
    assert signed_case(key, token.upper(), account_id) == case_id
    assert signed_case(key, token, UUID(int=account_id.int ^ 1)) is None
    assert signed_case(key + b"x", token, account_id) is None
    changed = token[:at] + letter + token[at + 1 :]
    assert changed == token or signed_case(key, changed, account_id) is None or at == 41


MAILS = [
    ("<1@a>", (), "Lamp"),
    ("<2@a>", ("<1@a>",), "Re: Lamp"),
    ("<3@a>", ("<1@a>", "<2@a>"), "Lamp"),
    ("", (), "Bill"),
]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 2), min_size=6, max_size=9), st.permutations(range(3)))
async def test_doubled_and_reordered_mails_are_each_kept_once_in_one_case(shared_tx, doubled, order):
    async with shared_tx() as tx:
        for n in [*order, *doubled]:
            id_, references, subject = MAILS[n]
            heard = await writes(
                tx, "email:anna@example.com", f"mail {n}", provider_id=id_, references=references, subject=subject
            )
        assert sorted(await texts(tx, heard.case_id)) == ["mail 0", "mail 1", "mail 2"]
        assert (await conversations.check(tx))[0] == "1 cases with 3 messages"
