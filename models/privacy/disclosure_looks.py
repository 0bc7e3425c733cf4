from odoo import fields, models


class CivicAccess(models.Model):
    """Looks by a disclosure, and what the citizen is told of a look."""

    _inherit = "civic.access"

    disclosure_id = fields.Many2one(
        "civic.disclosure", index="btree_not_null", ondelete="restrict", readonly=True
    )

    def _citizen_values(self):
        """A look as the citizen sees it: agency and role, no names.

        :return: dict of plain values: at, who, what
        """
        self.ensure_one()
        disclosure = self.disclosure_id
        labels = self.env["civic.reporter"]._identity_labels()
        names = (self.shown or "").split(", ")
        what = ", ".join(labels[name] for name in names if name in labels)
        if self.kind == "file":
            what = self.env._("an original file")
        elif self.kind == "change":
            what = self.env._("corrected: %s", what)
        who = self.env._("Intake centre")
        if disclosure:
            who = disclosure._looker_words(self.user_id)
        elif self.user_id == self.env.ref("civic_report.user_citizen"):
            who = self.env._("Yourself")
        return {"at": self.at, "who": who, "what": what}


class CivicDisclosure(models.Model):
    _inherit = "civic.disclosure"

    access_ids = fields.One2many(
        "civic.access",
        "disclosure_id",
        "Looks",
        groups="civic_report.group_centre_manager",
    )


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _look_values(self):
        """Who looked at the sender's identity because of this report."""
        return self.reporter_id._look_values(self) if self.reporter_id else []
