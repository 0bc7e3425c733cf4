from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.text import clean

LONGEST_MINIMUM = 2000


class CivicProcedure(models.Model):
    """What a result must have, where the province asks for it."""

    _inherit = "civic.procedure"

    result_min_length = fields.Integer(
        "Least Length of a Result",
        help="In characters. Empty: the procedure asks for none.",
    )
    result_picture = fields.Selection(
        [
            ("all", "Of every result"),
            ("marked", "Of categories that ask for one"),
        ],
        "Picture After the Work",
        help="Empty: the procedure asks for none. A missing one is shown to leader and "
        "Centre; they decide.",
    )

    _result_min_length_sensible = models.Constraint(
        f"CHECK (result_min_length IS NULL OR result_min_length BETWEEN 0 AND "
        f"{LONGEST_MINIMUM})",
        f"Ask for at most {LONGEST_MINIMUM} characters.",
    )


class CivicCategory(models.Model):
    _inherit = "civic.category"

    result_picture = fields.Boolean(
        "Picture After the Work",
        help="Where the procedure asks for one of categories that are marked.",
    )


class CivicReadyAnswer(models.Model):
    """Words that an agency keeps for what it answers often."""

    _name = "civic.ready.answer"
    _inherit = ["civic.links"]
    _description = "Ready-made answer"
    _order = "agency_id, sequence, id"

    name = fields.Char(required=True)
    body = fields.Text(
        required=True, help="Put into the result, where it is then completed."
    )
    agency_id = fields.Many2one(
        "civic.agency",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._default_agency(),
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def write(self, vals):
        result = super().write(vals)
        # What is not one's own any more was never to be put there.
        self.check_access("write")
        return result

    @api.model
    def _default_agency(self):
        return self.env["civic.agency"].browse(self.env.user._civic_agency_ids()[:1])

    @api.constrains("body")
    def _check_body(self):
        for answer in self:
            if not clean(answer.body or "").strip():
                raise ValidationError(self.env._("Write the words of the answer."))


class CivicAssignment(models.Model):
    """Answers that say something (see `civic.procedure`), and how one is begun."""

    _inherit = "civic.assignment"

    ready_answer_id = fields.Many2one(
        "civic.ready.answer",
        "Ready-made Answer",
        store=False,
        domain="[('agency_id', 'parent_of', agency_id)]",
        help="Its words are put below what is written already.",
    )
    result_gaps = fields.Char("Missing in the Result", compute="_compute_result_gaps")

    @api.onchange("ready_answer_id")
    def _onchange_ready_answer(self):
        body = self.ready_answer_id.body
        if body:
            self.result = "\n\n".join(filter(None, [(self.result or "").strip(), body]))
            self.ready_answer_id = False

    @api.depends(
        *("result", "result_attachment_ids", "state", "role"),
        *("report_id.category_id.result_picture", "report_id.procedure_id"),
        "report_id.procedure_id.result_picture",
        "report_id.procedure_id.result_min_length",
    )
    @api.depends_context("lang")
    def _compute_result_gaps(self):
        for assignment in self:
            assignment.result_gaps = " ".join(assignment._find_gaps())

    def _find_gaps(self):
        """What the procedure asks of a result and this one lacks.

        :return: list of sentences
        """
        gaps = [self._length_gap(self.result)] if self.result else []
        if self._needs_picture() and not self._has_picture():
            gaps.append(self.env._("There is no picture of the work done."))
        return [gap for gap in gaps if gap]

    def _needs_picture(self):
        asked = self.report_id.procedure_id.result_picture
        category = self.report_id.category_id
        return asked == "all" or (asked == "marked" and category.result_picture)

    def _has_picture(self):
        # sudo: only of which kind the files are
        files = self.sudo().result_attachment_ids
        return any(
            (file.mimetype or "").startswith(("image/", "video/")) for file in files
        )

    def _length_gap(self, text):
        """What is wrong with the length of a result; empty when nothing is."""
        least = self.report_id.procedure_id.result_min_length
        length = len(" ".join((text or "").split()))
        if not any(letter.isalnum() for letter in text or ""):
            return self.env._("It says nothing.")
        if least and length < least:
            return self.env._(
                "It has %(length)s characters; %(procedure)s asks for %(least)s.",
                length=length,
                least=least,
                procedure=self.report_id.procedure_id.name,
            )
        return ""

    def _check_result(self, text):
        """:raises UserError: unless a result says what was done"""
        self.ensure_one()
        gap = self._length_gap(text)
        if gap:
            raise UserError(
                self.env._(
                    "%(assignment)s: write what was done, or by when it will be, "
                    "before you submit. %(gap)s",
                    assignment=self.display_name,
                    gap=gap,
                )
            )
