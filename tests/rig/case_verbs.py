"""Whether the verbs of a case let in whom screens show their buttons to."""

from odoo.exceptions import UserError

from ...models.workflow.transitions import rows_of
from .agreement import Agreement, offered


class CaseVerbs(Agreement):
    """The door is asked, see :class:`Agreement`, and each verb itself is called, with
    arguments that are right."""

    def setUp(self):
        super().setUp()
        self.called = set()

    def walk_case(self, case, users, arguments):
        """Each state, as it is set: reachable or not.

        :param arguments: dict of verb → what it is called with
        """
        for state in self.states_of(case):
            self.set_state(case, state)
            self.assertAgree(case, users, strangers=True)
            for user in users:
                self.assert_verbs(case.with_user(user), state, arguments)

    def states_of(self, case):
        return dict(case._fields["state"].selection)

    def set_state(self, case, state):
        case._elevated().write({"state": state})

    def assert_verbs(self, acting, state, arguments):
        shown = offered(acting)
        for verb, row in rows_of(acting._name).items():
            if not row.actors:
                continue
            with self.subTest(state=state, verb=verb, user=acting.env.user.login):
                refusal = self.call_verb(acting, verb, arguments[verb])
                self.assertEqual(refusal is None, verb in shown, refusal)
                if refusal is None:
                    self.called.add(verb)
                else:
                    self.assertTrue(str(refusal))

    def call_verb(self, acting, verb, arguments):
        """Call a verb, and undo what it does.

        :return: the error in which it was refused, or None
        """
        with self.undone():
            try:
                getattr(acting, verb)(*arguments)
            except UserError as error:  # AccessError and MissingError are some
                return error
        return None

    def assert_all_called(self, model):
        """No verb of the model was only ever refused."""
        verbs = {verb for verb, row in rows_of(model).items() if row.actors}
        self.assertEqual(self.called, verbs)
