from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from ..ground.key import is_inside
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES, OPEN_REPORT_STATES
from .succession import KINDS

MAX_NAMED = 5


class CivicOpenWork(models.AbstractModel):
    """What hangs on an agency, a ward, a category or a person, and would be left to
    nobody if they ended in silence."""

    _name = "civic.open.work"
    _description = "Work in hand"

    def _open_work_domains(self):
        """What is in hand.

        :return: list of (model, domain, words with a gap for the number)
        """
        raise NotImplementedError

    def _open_work(self):
        """How much is in hand, counted past the rights of who asks.

        :return: list of words, such as “12 assignments”; empty for nothing
        """
        return self._count_open(self._open_work_domains())

    @api.model
    def _count_open(self, rows):
        """:param rows: see `_open_work_domains`"""
        return [
            words % number
            for model, domain, words in rows
            # sudo: counts alone, so that nothing is left behind unseen
            if (number := self.env[model].sudo().search_count(domain))
        ]

    def _check_nothing_open(self):
        """:raises RedirectWarning, UserError: naming what is in hand and how to hand it
        over"""
        if is_inside(self.env):
            return
        for record in self.sudo():
            work = record._open_work()
            if work:
                record._refuse_open(record._open_work_words(work))

    def _refuse_open(self, words, company=None):
        """Refuse, and lead who may enter successions to one of this record.

        :param company: res.company whose work it is; by default the record's, or the
            current one
        :raises RedirectWarning, UserError: always
        """
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise UserError(words)
        kind, field = next(
            (kind, field)
            for kind, (model, field, _successors) in KINDS.items()
            if model == self._name
        )
        if self._name != "res.users":
            company = self.company_id
        company = company or self.env.company
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Succession"),
            "res_model": "civic.succession",
            "views": [[False, "form"]],
            "target": "current",
        }
        raise RedirectWarning(
            words,
            action,
            self.env._("Enter the Succession"),
            {
                "default_kind": kind,
                f"default_{field}": self.id,
                "default_company_id": company.id,
            },
        )

    def _open_work_words(self, work):
        return self.env._(
            "%(name)s still has in hand: %(work)s. Name who goes on with it, in "
            "Configuration › Successions; what has no work in hand can be archived.",
            name=self.display_name,
            work=", ".join(work),
        )

    def write(self, vals):
        if vals.get("active") is False:
            self.filtered("active")._check_nothing_open()
        return super().write(vals)


class CivicAgency(models.Model):
    _name = "civic.agency"
    _inherit = ["civic.open.work", "civic.agency"]

    def _open_work_domains(self):
        _ = self.env._
        ids = self.ids
        # A dict: of tuples the export would take the names for terms.
        words = {
            "assignments": _("%s assignments"),
            "duties": _("%s duties"),
            "coordinated": _("%s reports that it coordinates"),
            "branches": _("%s branches"),
        }
        return [
            (
                "civic.assignment",
                [
                    ("agency_id", "in", ids),
                    ("state", "in", list(OPEN_ASSIGNMENT_STATES)),
                ],
                words["assignments"],
            ),
            (
                "civic.step",
                [("agency_id", "in", ids), ("state", "=", "open")],
                words["duties"],
            ),
            (
                "civic.report",
                [
                    ("coordinator_agency_id", "in", ids),
                    ("state", "in", list(OPEN_REPORT_STATES)),
                ],
                words["coordinated"],
            ),
            (
                "civic.agency",
                [("parent_id", "in", ids), ("id", "not in", ids)],
                words["branches"],
            ),
        ]

    # ------------------------------------------------------------------
    # People who leave the roster
    # ------------------------------------------------------------------

    def write(self, vals):
        before = {}
        if {"handler_ids", "leader_ids"} & set(vals):
            before = {
                (agency, role): agency[f"{role}_ids"]
                for agency in self
                for role in ("handler", "leader")
            }
        result = super().write(vals)
        for (agency, role), people in before.items():
            left = people - agency[f"{role}_ids"]
            if left and not is_inside(self.env):
                agency._check_left(role, left)
        return result

    def _check_left(self, role, people):
        """:raises RedirectWarning, UserError: where somebody leaves the roster with
        work in hand"""
        # sudo: the administrator changes people and need not see assignments
        groups = (
            self.env["civic.assignment"]
            .sudo()
            ._read_group(
                [
                    ("agency_id", "child_of", self.id),
                    (f"{role}_id", "in", people.ids),
                    ("state", "in", list(OPEN_ASSIGNMENT_STATES)),
                ],
                [f"{role}_id", "agency_id"],
                ["__count"],
            )
        )
        # Who works in a branch, or for it from above, need not be of this agency.
        held = [
            (person, number)
            for person, agency, number in groups
            if person not in agency._roster(role)
        ]
        if held:
            first, _number = held[0]
            first._refuse_open(
                self.env._(
                    "Who leaves %(agency)s still has assignments in hand: %(people)s. "
                    "Name who goes on with them, in Configuration › Successions.",
                    agency=self.name,
                    people=", ".join(
                        f"{person.name} ({number})"
                        for person, number in held[:MAX_NAMED]
                    ),
                ),
                self.company_id,
            )


class CivicWard(models.Model):
    _name = "civic.ward"
    _inherit = ["civic.open.work", "civic.ward"]

    def _open_work_domains(self):
        _ = self.env._
        words = {"reports": _("%s reports"), "areas": _("%s agencies' area")}
        return [
            (
                "civic.report",
                [
                    ("ward_id", "in", self.ids),
                    ("state", "in", list(OPEN_REPORT_STATES)),
                ],
                words["reports"],
            ),
            ("civic.agency", [("ward_ids", "in", self.ids)], words["areas"]),
        ]


class CivicCategory(models.Model):
    _name = "civic.category"
    _inherit = ["civic.open.work", "civic.category"]

    def _open_work_domains(self):
        _ = self.env._
        words = {"reports": _("%s reports"), "branches": _("%s subcategories")}
        return [
            (
                "civic.report",
                [
                    ("category_id", "in", self.ids),
                    ("state", "in", list(OPEN_REPORT_STATES)),
                ],
                words["reports"],
            ),
            (
                "civic.category",
                [("parent_id", "in", self.ids), ("id", "not in", self.ids)],
                words["branches"],
            ),
        ]
