from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.case_verbs import CaseVerbs
from ..rig.privacy import PASSPHRASE, DataRequestCase

WORDS = "Đã xem xét hồ sơ."
DISCLOSURE = {
    **dict.fromkeys(("ask_citizen", "end_disclosure", "look"), ()),
    "decline": (WORDS,),
    "decide_by_law": ("Luật 91/2025/QH15, Điều 19.1", WORDS),
    **dict.fromkeys(
        ("give_consent", "refuse_consent", "withdraw_consent"),
        ("Gọi lại số máy đã biết.",),
    ),
}
DATA_REQUEST = {
    **dict.fromkeys(("acknowledge", "fulfil"), ()),
    "extend": (WORDS,),
    "refuse_request": (WORDS, "Luật 91/2025/QH15"),
}


@tagged("-at_install", "post_install")
class TestCaseDoors(CaseVerbs, DataRequestCase):
    """Cases of personal data: screens offer what the door lets in, and nothing else."""

    def people(self):
        return self.operator, self.manager, self.second_manager, self.handler

    def walk(self, case, arguments):
        self.walk_case(case, self.people(), arguments)

    def in_turn(self, case, arguments, *situations):
        self.walk(case, arguments)
        for record, values in situations:
            with self.subTest(**values):
                record._elevated().write(values)
                self.walk(case, arguments)

    def sender(self, **values):
        """The sender as the law has left the data; written past its own guards."""
        self.reporter.sudo().write(values)

    def test_disclosures(self):
        now = self.env["civic.door"]._now()
        disclosure = self.by_authority()
        day = timedelta(days=1)
        self.in_turn(
            disclosure,
            DISCLOSURE,
            (disclosure, {"deadline": now + day, "expires_at": now + day}),
            (disclosure, {"deadline": now - day, "expires_at": now - day}),
            (disclosure, {"requested_by_id": self.manager.id}),
            (disclosure, {"expires_at": now + day, "without_consent": True}),
        )
        self.sender(restricted_at=now)
        self.walk(disclosure, DISCLOSURE)
        disclosure._elevated().write({"without_consent": False, "document": False})
        self.walk(disclosure, DISCLOSURE)
        self.sender(restricted_at=False, anonymised_at=now)
        self.walk(disclosure, DISCLOSURE)
        self.assertSeenBothWays("civic.disclosure")
        self.assert_all_called("civic.disclosure")

    def test_data_requests(self):
        now = self.env["civic.door"]._now()
        request = self.open_request("copy")
        self.in_turn(
            request,
            DATA_REQUEST,
            (request, {"fulfil_due": now - timedelta(days=1)}),
            (request, {"extended_at": now}),
        )
        # The sender's report is in hand: that stands against it.
        self.make_report()
        self.walk(self.open_request("deletion"), DATA_REQUEST)
        self.assertSeenBothWays("civic.data.request")
        self.assert_all_called("civic.data.request")

    def test_diversions(self):
        report = self.make_report()
        number = report.divert("21/CV", None, "Thanh tra tỉnh")
        diversion = self.env["civic.diversion"].browse(number).sudo()
        arguments = {
            "take_out": (PASSPHRASE,),
            "take_out_again": (WORDS,),
            "wipe": (report.name,),
        }
        with patch.object(type(diversion), "_sealed_file", lambda *args: b""):
            self.walk(diversion, arguments)
        self.assert_all_called("civic.diversion")

    def test_the_own_page_offers_what_the_door_lets_in(self):
        """As the sender, who has proved it, whatever holds."""
        now = self.env["civic.door"]._now()
        day = timedelta(days=1)
        disclosure = self.forwarded()
        offers = {
            "is_asked": "refuse",
            "can_agree": "agree",
            "can_withdraw": "withdraw",
        }
        seen = {offer: set() for offer in offers}
        for values in (
            {"deadline": now + day, "expires_at": now + day},
            {"deadline": now - day, "expires_at": now - day},
            {"expires_at": now + day, "without_consent": True},
        ):
            disclosure._elevated().write(values)
            for state in self.states_of(disclosure):
                self.set_state(disclosure, state)
                for restricted in (False, now):
                    self.sender(restricted_at=restricted)
                    if state in disclosure._shown_states():
                        shown = disclosure._citizen_values()
                        for offer, answer in offers.items():
                            self.assert_answer(disclosure, answer, shown[offer])
                            seen[offer].add(shown[offer])
        self.assertEqual(set(map(frozenset, seen.values())), {frozenset((True, False))})

    def assert_answer(self, disclosure, answer, offered):
        with self.subTest(state=disclosure.state, answer=answer):
            arguments = (answer,)
            refusal = self.call_verb(disclosure, "_answer_as_citizen", arguments)
            self.assertEqual(refusal is None, offered, refusal)

    def test_what_is_over_is_not_withdrawn(self):
        disclosure = self.given()
        self.go(days=8)
        self.assertFalse(disclosure._citizen_values()["can_withdraw"])
        with self.assertRaisesRegex(UserError, "time is over"):
            disclosure._answer_as_citizen("withdraw")
