from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.own_words import BY_FORM, mask, mask_forms
from ...tools.redaction import NOBODY
from ..ground.words_field import (
    SUFFIX,
    MaskedChar,
    MaskedJson,
    MaskedText,
    WordsChar,
    WordsProperties,
    WordsText,
    _Words,
    masked_words,
    whole_words,
)
from ..identity.reporter import IDENTITY
from ..vault.vault import VaultError

MASK_BATCH = 1000
SIGNATURE = frozenset({"signature"})
# Reports of other rows of the same person, the latest of which are masked anew.
MOST_OF_SAME = 100
# Notes of the history that repeat what came in.
SENDERS_NOTES = ("sender_wrote", "other_wrote", "thanks", "supply", "amend")
SENDERS_NOTES += ("follow_up", "rate", "withdraw", "ask_withdrawal")


class CivicWords(models.AbstractModel):
    """Rows that hold what a citizen wrote; see :mod:`.words_field`."""

    _name = "civic.words"
    _description = "Words of a citizen"

    # Where the row's report is, and where its sender is known.
    _words_report = "report_id"
    # Rows of which there are many and that nobody changes: written with their masks.
    _masks_at_once = False

    def _whole_words(self):
        """These records as the Centre, and the sender, read them."""
        return whole_words(self)

    def _masked_words(self):
        """These records as they are read outside the Centre, by whomever."""
        return masked_words(self)

    @api.model
    def _words_fields(self):
        """Names of the fields of this model that hold words of citizens."""
        return [
            name for name, field in self._fields.items() if isinstance(field, _Words)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        if self._masks_at_once:
            vals_list = self._with_masks(vals_list)
        return super().create(vals_list)

    @api.model
    def _with_masks(self, vals_list):
        names, link = self._words_fields(), self._words_report
        said = [vals for vals in vals_list if any(vals.get(name) for name in names)]
        # sudo: see `_words_report_sudo`. All of them: then they are read at once.
        reports = self.env["civic.report"].sudo().browse(vals[link] for vals in said)
        known = {report.id: report for report in reports}
        return [
            {
                **vals,
                **{
                    name + SUFFIX: self._masked_text(
                        vals[name],
                        known[vals[link]],
                        forms=self._words_forms(name, known[vals[link]], vals),
                    )
                    for name in names
                    if vals.get(name)
                },
            }
            for vals in vals_list
        ]

    def _compute_masked(self, name):
        for row in self._whole_words():
            value = row[name]
            if isinstance(self._fields[name], fields.Properties):
                # As it is kept: a mapping's items would be labels of what was chosen.
                value = dict(value._values or {})
            row[name + SUFFIX] = row._masked_value(name, value) if value else value

    def _masked_value(self, name, value):
        """What is read of a value outside the Centre.

        :param value: words, or a dict of answers
        """
        report, shown = self._words_report_sudo(), self._words_shown(name)
        forms = self._words_forms(name, report, self)

        def masked(text):
            return self._masked_text(text, report, shown, forms)

        if not isinstance(value, dict):
            return masked(value)
        return {
            key: masked(answer) if isinstance(answer, str) else answer
            for key, answer in value.items()
        }

    @api.model
    def _masked_text(self, text, report, shown=(), forms=()):
        """A text without what is known of its sender.

        :param report: civic.report, elevated, with which the text came
        :param shown: kinds of the identity that may stay
        :param forms: kinds that are masked whosever they are, see `own_words.mask`
        """
        sender, kept = report.reporter_id, report._offices()
        if not sender:
            return mask(text, forms=forms, kept=kept)
        if not sender.anonymised_at:
            try:
                identity, *others = report._sender_identities()
            except VaultError:
                pass  # work goes on without the key
            else:
                return mask(
                    text, identity, shown, others=others, forms=forms, kept=kept
                )
        return mask_forms(mask(text, NOBODY, shown, forms=SIGNATURE & set(forms)))

    @api.model
    def _words_forms(self, name, report, row):
        """Kinds that are masked in a field by their form alone, whosever they are.

        What is written without a form says who writes among the words, and below.

        :param report: civic.report, elevated
        :param row: record, or dict of values, in which the field is
        """
        is_free = report.channel_id.id in self.env["civic.channel"]._free_ids()
        return SIGNATURE | BY_FORM if is_free else SIGNATURE

    def _words_report_sudo(self):
        """With which report it came, elevated."""
        # sudo: what the vault opens is compared with, and leaves nothing but masks
        row = self.sudo()
        return row[self._words_report] if self._words_report else row

    def _words_shown(self, name):
        """Kinds of the sender's identity that need not be masked in a field."""
        return ()

    def _mask_again(self):
        """Mask what these rows say by what is known of their senders now."""
        for name in self._words_fields():
            self.env.add_to_compute(self._fields[name + SUFFIX], self)

    @api.model
    def _mask_in_batches(self):
        """Mask every row of this model, for a database that had no masks.

        :return: generator, to be run through; each step is one batch, written
        """
        texts = [
            name
            for name in self._words_fields()
            if not isinstance(self._fields[name], fields.Properties)
        ]
        said = Domain.OR(Domain(name, "!=", False) for name in texts)
        last = 0
        model = self.sudo().with_context(active_test=False)._whole_words()
        while True:
            rows = model.search(
                said & Domain("id", ">", last), order="id", limit=MASK_BATCH
            )
            if not rows:
                return
            last = rows[-1].id
            rows._mask_again()
            self.env.flush_all()
            self.env.invalidate_all()
            yield len(rows)


class CivicReport(models.Model):
    _name = "civic.report"
    _inherit = ["civic.report", "civic.words"]
    _words_report = None

    subject = WordsChar()
    subject_masked = MaskedChar("subject", ["identity_shown"])
    description = WordsText()
    description_masked = MaskedText("description")
    standardised_description = WordsText()
    standardised_description_masked = MaskedText(
        "standardised_description", ["identity_shown"]
    )
    supplied_text = WordsText()
    supplied_text_masked = MaskedText("supplied_text")
    address = WordsChar()
    address_masked = MaskedChar("address")
    rating_comment = WordsText()
    rating_comment_masked = MaskedText("rating_comment")
    report_properties = WordsProperties()
    report_properties_masked = MaskedJson("report_properties")

    def _words_shown(self, name):
        # Where it is, an agency has to know, also where it is at the sender's home.
        if name == "address":
            return ("address",)
        # What the Centre has decided to leave in what everybody reads.
        if name in ("subject", "standardised_description"):
            return (self.sudo().identity_shown or "").split(",")
        return ()

    def _words_forms(self, name, report, row):
        forms = super()._words_forms(name, report, row)
        if name == "supplied_text":
            return forms | BY_FORM  # added by mail to what came by a form
        shown = row._words_shown(name)
        if "name" in shown:
            forms -= SIGNATURE
        # Of numbers that are not the sender's a mark is kept, see `_naming_keys`.
        return forms - {kind.partition("#")[0] for kind in shown if "#" in kind}

    # ------------------------------------------------------------------
    # What the sender reads is whole; what pages show, see `site/shape.py`
    # ------------------------------------------------------------------

    def _copy_values(self, when):
        return super(CivicReport, self._whole_words())._copy_values(when)

    # ------------------------------------------------------------------
    # Whose words they are
    # ------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get("reporter_id"):
            self.env["civic.reporter"]._mask_words_of(self)
        return result

    def _said_changed(self):
        self.env["civic.reporter"]._mask_words_of(self)
        return super()._said_changed()


class CivicInteraction(models.Model):
    _name = "civic.interaction"
    _inherit = ["civic.interaction", "civic.words"]

    _masks_at_once = True

    body = WordsText()
    body_masked = MaskedText("body")

    def _words_forms(self, name, report, row):
        return SIGNATURE | BY_FORM  # it comes by mail as well as from the page


class CivicEvent(models.Model):
    """Notes of the history repeat what the sender said, and what others say of it."""

    _name = "civic.event"
    _inherit = ["civic.event", "civic.words"]

    _masks_at_once = True

    note = WordsText()
    note_masked = MaskedText("note")

    def _words_forms(self, name, report, row):
        return SIGNATURE | BY_FORM if row["code"] in SENDERS_NOTES else frozenset()


class CivicViolation(models.Model):
    _name = "civic.violation"
    _inherit = ["civic.violation", "civic.words"]

    appeal_text = WordsText()
    appeal_text_masked = MaskedText("appeal_text")


class CivicReporter(models.Model):
    """Who is known better is masked in what was written before, too."""

    _inherit = "civic.reporter"

    def write(self, vals):
        if not vals.keys() & set(IDENTITY):
            return super().write(vals)
        # sudo: only whether what is sealed has changed
        before = {row: row.vault_blob for row in self.sudo()}
        result = super().write(vals)
        changed = self.sudo().filtered(lambda row: row.vault_blob != before[row])
        if changed:
            self._mask_words_of(changed.report_ids | changed._reports_of_same())
        return result

    @api.model_create_multi
    def create(self, vals_list):
        reporters = super().create(vals_list)
        # Of rows that know no more than a mail tells nothing new can be masked.
        telling = [
            bool(vals.get("phone") or vals.get("citizen_id") or vals.get("address"))
            for vals in vals_list
        ]
        # sudo: who else has the same address is compared, and told to nobody
        known = reporters.browse(
            row.id for row, tells in zip(reporters, telling, strict=True) if tells
        ).sudo()
        reports = known._reports_of_same()
        if reports:
            self._mask_words_of(reports)
        return reporters

    def _reports_of_same(self):
        """The latest reports of other rows with the same number or address."""
        others = self.same_ids
        if not others:
            return self.env["civic.report"]
        return others.env["civic.report"].search(
            [("reporter_id", "in", others.ids)], order="id desc", limit=MOST_OF_SAME
        )

    @api.model
    def _mask_words_of(self, reports):
        """Mask anew what the senders of these reports have written."""
        reports = reports.sudo()  # of whoever has just been allowed to change it
        reports._mask_again()
        for name, model in self.env.registry.items():
            if (
                not model._abstract
                and name != reports._name
                and issubclass(model, self.env.registry["civic.words"])
            ):
                rows = self.env[name].sudo().search([("report_id", "in", reports.ids)])
                rows._mask_again()
        # Not at the end of the request, in the name of whoever made it.
        self.env.flush_all()
