"""Whether what screens offer is what the door lets in."""

from odoo.exceptions import AccessError, UserError

from ...models.workflow.transitions import rows_of


def lets_in(acting, verb):
    """Whether the door opens; it is asked itself, and writes nothing."""
    try:
        acting._enter(verb)
    except UserError:  # AccessError and MissingError are some
        return False
    return True


def offered(acting):
    """Verbs of which screens show the buttons to the user of `acting`."""
    # sudo: citizens have no rights on the field, their pages none on the record
    acting = acting if acting.env.user._is_internal() else acting.sudo()
    acting.invalidate_recordset(["allowed_verbs"])
    try:
        return set(acting.allowed_verbs) - {"read"}
    except AccessError:
        return set()


class Agreement:
    """For cases that compare the two; remembers what each guard has answered."""

    def setUp(self):
        super().setUp()
        self.doors_tried = 0
        self.answers = {}

    def assertAgree(self, records, users, strangers=False):
        """Screens offer each of these users what the door allows, no more and no less.

        The door is asked for each transition of the state that the user's role may
        make; with `strangers` for those of others, or of other states, too. What is
        offered on several records is asked for at once.
        """
        for user in users:
            acting = records.with_user(user)
            roles = acting._door_roles()
            shown = {record: offered(record) for record in acting}
            if len(records) == 1:
                self.ask_guards(acting)
            enough = any if strangers else all
            for verb, row in rows_of(records._name).items():
                ids = [record.id for record in acting if verb in shown[record]]
                if with_button := acting.browse(ids):
                    self.assertOpens(with_button, verb)
                for record in acting - with_button:
                    is_theirs = bool(row.actors & roles[record])
                    is_its_state = record.sudo().state in row.sources
                    if enough((is_theirs, is_its_state)):
                        self.assertStaysShut(record, verb)

    def assertOpens(self, acting, verb):
        self.doors_tried += len(acting)
        for record in acting if not lets_in(acting, verb) else ():
            self.assertTrue(lets_in(record, verb), self.words(record, verb))

    def assertStaysShut(self, record, verb):
        self.doors_tried += 1
        self.assertFalse(lets_in(record, verb), self.words(record, verb))

    def words(self, record, verb):
        state = record.sudo().state
        return f"{record._name} in {state}: {verb} by {record.env.user.login}"

    def ask_guards(self, acting):
        for row in rows_of(acting._name).values():
            for name in row.guards:
                words = getattr(acting.sudo(), f"_guard_{name}")()
                self.answers.setdefault(name, set()).add(bool(words))

    def assertSeenBothWays(self, model):
        """No guard of a model was only ever silent, or only ever in the way."""
        for row in rows_of(model).values():
            for name in row.guards:
                with self.subTest(guard=name):
                    self.assertEqual(self.answers.get(name), {True, False})
