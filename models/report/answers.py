from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.text import ascii_digits, clean, decimal_number, is_number

# Answers that a form can ask for; others are left to officers.
ASKED_TYPES = ("char", "text", "integer", "float", "boolean", "date", "selection")
# Kinds that would show records past the rights of who reads, or markup.
REFUSED_TYPES = ("many2one", "many2many", "html")
MAX_QUESTIONS = 20
MAX_LENGTHS = {"char": 300, "text": 2000, "integer": 10, "float": 15, "date": 10}
# By this sign at the end of its label a question must be answered.
MUST = "*"
ANSWER = "answer_"


class Question(NamedTuple):
    """One question of a category, as forms ask it.

    :param field: name of its control in a form
    :param options: list of (value, label) to choose from
    """

    name: str
    field: str
    label: str
    kind: str
    required: bool
    options: list
    suffix: str
    maxlength: int | None


class CivicCategory(models.Model):
    _inherit = "civic.category"

    report_properties_definition = fields.PropertiesDefinition(
        "Questions",
        help="What is asked about reports of this category besides. Never who somebody "
        "is: that stays with the sender's data.",
    )
    question_summary = fields.Text(
        "Questions to the Citizen", compute="_compute_question_summary"
    )

    @api.depends("report_properties_definition")
    def _compute_question_summary(self):
        for category in self:
            category.question_summary = "\n".join(
                f"{row.label} {MUST}" if row.required else row.label
                for row in category._questions()
            )

    @api.constrains("report_properties_definition")
    def _check_questions(self):
        for category in self:
            definition = category.report_properties_definition or []
            if any(row["type"] in REFUSED_TYPES for row in definition):
                raise ValidationError(
                    self.env._(
                        "A question can be answered with words, a number, a "
                        "date or a choice, not with a record."
                    )
                )
            if len(definition) > MAX_QUESTIONS:
                raise ValidationError(
                    self.env._("Ask at most %s questions.", MAX_QUESTIONS)
                )

    def _questions(self):
        """What a form asks about reports of this category, in order.

        :return: list of :class:`Question`
        """
        return [
            Question(
                name=row["name"],
                field=ANSWER + row["name"],
                label=(row.get("string") or row["name"]).removesuffix(MUST).strip(),
                kind=row["type"],
                # Nobody in danger is kept waiting by a question.
                required=self.track != "emergency"
                and (row.get("string") or "").rstrip().endswith(MUST),
                options=[tuple(option) for option in row.get("selection") or ()],
                suffix=row.get("suffix") or "",
                maxlength=MAX_LENGTHS.get(row["type"]),
            )
            for row in self.report_properties_definition or ()
            if row["type"] in ASKED_TYPES
        ]


class CivicReport(models.Model):
    """Answers to the questions of a report's category, the intake forms of 113, 114 and
    115 among them (BP Điều 6.2). The Centre and the agencies read them, nobody else."""

    _inherit = "civic.report"

    report_properties = fields.Properties(
        "Answers",
        definition="category_id.report_properties_definition",
        copy=False,
        groups="base.group_user",
    )


class CivicForm(models.AbstractModel):
    _inherit = "civic.form"

    @api.model
    def _read_answers(self, category, form, errors):
        """Answers to the questions of a category that are in a form.

        :param category: civic.category, may be empty
        :param form: dict of strings; answers stand under `Question.field`
        :param errors: dict to which what is wrong is added, under the same names
        :return: dict name → value
        """
        answers = {}
        for question in category._questions():
            raw = clean(form.get(question.field) or "", question.kind == "text")
            if not raw:
                if question.required:
                    errors[question.field] = self.env._("Answer: %s", question.label)
                continue
            try:
                answers[question.name] = self._read_answer(question, raw)
            except ValueError as error:
                errors[question.field] = str(error)
        return answers

    @api.model
    def _read_answer(self, question, raw):
        """One answer, read as its question asks.

        :raises ValueError: in words for the citizen
        """
        _ = self.env._
        if question.maxlength and len(raw) > question.maxlength:
            raise ValueError(_("At most %s characters.", question.maxlength))
        readers = {
            "integer": (self._read_integer, _("Give a number, such as 3.")),
            "float": (self._read_decimal, _("Give a number, such as 3.5.")),
            "date": (self._read_date, _("Give the day.")),
            "selection": (dict(question.options).__getitem__, _("Choose one.")),
        }
        reader, words = readers.get(question.kind, (str, ""))
        try:
            value = reader(raw)
        except (ValueError, KeyError, OverflowError):
            raise ValueError(words) from None
        if question.kind == "integer" and not 0 <= value < 10**9:
            raise ValueError(words)
        if question.kind == "boolean":
            return True
        return raw if question.kind == "selection" else value

    @api.model
    def _read_integer(self, raw):
        digits = ascii_digits(raw)
        if not is_number(digits):
            raise ValueError(raw)
        return int(digits)

    @api.model
    def _read_decimal(self, raw):
        value = decimal_number(raw)
        if not abs(value) < 10**12:  # not a number compares as false
            raise ValueError(raw)
        return value

    @api.model
    def _read_date(self, raw):
        return fields.Date.to_string(fields.Date.to_date(raw))
