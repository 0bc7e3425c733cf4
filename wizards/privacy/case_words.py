from odoo import fields, models

# Verbs that ask for words, and the heading of each.
DISCLOSURE_VERBS = [
    ("decline", "Refuse the request"),
    ("decide_by_law", "Give without consent"),
    ("give_consent", "The citizen agrees"),
    ("refuse_consent", "The citizen does not agree"),
    ("withdraw_consent", "The citizen withdraws"),
]
REQUEST_VERBS = [
    ("acknowledge", "First answer"),
    ("extend", "Extend the time"),
    ("fulfil", "Fulfil"),
    ("refuse_request", "Refuse"),
]
REPORTER_VERBS = [
    ("hold", "Set a legal hold"),
    ("release_hold", "Lift the legal hold"),
    ("lift_restriction", "Lift the restriction"),
]


class CivicWizardDisclosureWords(models.TransientModel):
    """A decision on a disclosure, with its words."""

    _name = "civic.wizard.disclosure.words"
    _inherit = ["civic.wizard"]
    _description = "Decision on a disclosure"
    _target = "disclosure_id"

    disclosure_id = fields.Many2one("civic.disclosure", required=True, readonly=True)
    verb = fields.Selection(DISCLOSURE_VERBS, required=True, readonly=True)
    law_basis = fields.Char("Law That Does Without Consent")
    words = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        arguments = [self.words]
        if self.verb == "decide_by_law":
            arguments.insert(0, self.law_basis)
        return getattr(self.disclosure_id, self.verb)(*arguments)


class CivicWizardDataRequestWords(models.TransientModel):
    """An answer to a request about personal data."""

    _name = "civic.wizard.data.request.words"
    _inherit = ["civic.wizard"]
    _description = "Answer to a request about personal data"
    _target = "request_id"

    request_id = fields.Many2one("civic.data.request", required=True, readonly=True)
    verb = fields.Selection(REQUEST_VERBS, required=True, readonly=True)
    kind = fields.Selection(related="request_id.kind")
    obstacle = fields.Char(related="request_id.obstacle")
    legal_basis = fields.Char()
    words = fields.Text("What the Citizen Is Told")

    def action_confirm(self):
        self.ensure_one()
        arguments = [self.words]
        if self.verb == "refuse_request":
            arguments.append(self.legal_basis)
        return getattr(self.request_id, self.verb)(*arguments)


class CivicWizardReporterWords(models.TransientModel):
    """A decision on how long a reporter's data is kept."""

    _name = "civic.wizard.reporter.words"
    _inherit = ["civic.wizard"]
    _description = "Decision on a reporter's data"
    _target = "reporter_id"

    reporter_id = fields.Many2one("civic.reporter", required=True, readonly=True)
    verb = fields.Selection(REPORTER_VERBS, required=True, readonly=True)
    words = fields.Text("Reason", required=True)

    def action_confirm(self):
        self.ensure_one()
        return getattr(self.reporter_id, self.verb)(self.words)
