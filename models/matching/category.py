from odoo import api, fields, models, tools
from odoo.fields import Domain

from ...tools.keywords import ENOUGH, guess, make_table, split_keywords
from ...tools.matching import best
from ..workflow.transitions import INTAKE_STATES, NOT_TAKEN_IN

# What similar reports were about weighs at most so much beside the words.
MAX_LEARNED = 1.5
SHARE_LEARNED = 0.5
# It need not be the same matter to be of the same kind.
ALIKE = 0.4
# The first guess must lead the second by so much, else the choice is the citizen's.
LEAD = 0.15
MAX_CATEGORIES = 500


class CivicCategory(models.Model):
    _name = "civic.category"
    _inherit = ["civic.category", "civic.cached"]

    keywords = fields.Text(
        help="Words and phrases by which citizens tell such matters, between commas or "
        "one on each line, with their accents. The form suggests the category by them.",
    )

    @api.model
    def _guess(self, text):
        """Categories of this company that a text may be about.

        :return: list of :class:`..tools.keywords.Guess` whose keys are ids
        """
        return guess(text, self._keyword_table())

    @api.model
    @tools.ormcache("self.env.company.id")
    def _keyword_table(self):
        # sudo: the words are no secret, yet visitors read no categories
        categories = self.sudo().search(
            [("company_id", "in", [self.env.company.id, False])], limit=MAX_CATEGORIES
        )
        return make_table(
            {row.id: [row.name, *split_keywords(row.keywords)] for row in categories}
        )


class CivicReport(models.Model):
    """Which category a report may belong to, by its words and by what the Centre
    decided about similar ones."""

    _inherit = "civic.report"

    suggested_category_id = fields.Many2one(
        "civic.category",
        compute="_compute_suggested_category",
        groups="civic_report.group_operator",
    )
    suggested_category_reason = fields.Char(
        "Why",
        compute="_compute_suggested_category",
        groups="civic_report.group_operator",
    )

    @api.depends("subject", "description", "latitude", "longitude", "state")
    @api.depends_context("lang")
    def _compute_suggested_category(self):
        for report in self:
            found = {}
            if report.state in INTAKE_STATES:
                matching = self.env["civic.matching"].sudo()
                found = matching._suggest_category(
                    {
                        **report._position_values(),
                        "description": report.description,
                        "exclude_id": report._origin.id,
                    },
                    public=False,
                )
            report.suggested_category_id = found.get("category")
            report.suggested_category_reason = found.get("reason")

    def use_suggested_category(self):
        """Put the report under the suggested category, as if chosen by hand."""
        for report in self.filtered("suggested_category_id"):
            report.category_id = report.suggested_category_id
        return True


class CivicMatching(models.AbstractModel):
    _inherit = "civic.matching"

    @api.model
    def _suggest_category_sudo(self, company, values):
        """The category that a form may offer for what has been written so far.

        :param values: dict of what is known: subject, description, address, latitude,
            longitude, ward_id, exclude_id (of the report itself)
        :return: dict: category_id, name, reason (words), is_emergency, accepted,
            guidance; empty when nothing is clear
        """
        # sudo: categories and published reports, the same for every visitor
        model = self.sudo().with_company(company)
        found = model._suggest_category(values, public=True)
        if not found:
            return {}
        category = found["category"]
        return {
            "category_id": category.id,
            "name": category.name,
            "reason": found["reason"],
            "is_emergency": category.track == "emergency",
            "accepted": category.accepted,
            "guidance": "" if category.accepted else category.guidance or "",
        }

    @api.model
    def _suggest_category(self, values, public):
        """See `_suggest_category_sudo`.

        :return: dict: category, reason; or empty
        """
        categories = self.env["civic.category"]
        text = f"{values.get('subject') or ''} {values.get('description') or ''}"
        guesses = {row.key: row for row in categories._guess(text)}
        scores = {key: row.score for key, row in guesses.items()}
        for key, learned in self._learned_categories(values, public).items():
            scores[key] = scores.get(key, 0.0) + learned
        ranked = sorted(scores, key=lambda key: -scores[key])
        if not ranked or scores[ranked[0]] < ENOUGH:
            return {}
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < LEAD:
            return {}
        first = ranked[0]
        return {
            "category": categories.browse(first),
            "reason": self._suggestion_words(guesses.get(first), public),
        }

    @api.model
    def _suggestion_words(self, found, public):
        if not found:
            return self.env._("because similar reports are about it")
        phrases = ", ".join(f"“{phrase}”" for phrase in found.words[:2])
        if public:
            return self.env._("because you wrote %s", phrases)
        return self.env._("because the citizen wrote %s", phrases)

    @api.model
    def _learned_categories(self, values, public):
        """What similar reports were about, as the Centre has decided.

        :return: dict id of category → weight
        """
        text = (values.get("subject") or values.get("description") or "")[:300]
        wanted = {
            **self._wanted(self.env.company, {**values, "category_id": False}),
            "phrases": self._phrases({"subject": text}),
        }
        found = self._candidates({0: wanted}, public).get(0, set())
        decided = self.env["civic.report"].search(
            Domain("id", "in", list(found - {values.get("exclude_id")}))
            & Domain("category_id.accepted", "=", True)
            & Domain("state", "not in", NOT_TAKEN_IN)
        )
        weights = {}
        matter = self._matter_of({**values, "category_id": False})
        for key, match in best(matter, decided._matters(public).items(), ALIKE, 20):
            category = decided.browse(key).category_id
            weight = weights.get(category.id, 0.0) + SHARE_LEARNED * match.similarity
            weights[category.id] = min(weight, MAX_LEARNED)
        return weights
