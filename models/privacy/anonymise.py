from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.own_words import mask
from ...tools.redaction import Identity
from ..ground.words_field import SUFFIX
from ..identity.reporter import CHAT_IDS
from ..workflow.transitions import UNFINISHED_REPORT_STATES
from .forgetting import COLUMNS, KEPT, NOTES, PARTS, STRUCK
from .residue import SENDERS_NOTES

MAX_NAMED = 5


@dataclass(frozen=True)
class Person:
    """Who is being forgotten, while it is still known.

    :param reporter: civic.reporter, elevated
    :param identities: list of `tools.redaction.Identity`, the known one first
    """

    reporter: models.Model
    identities: list[Identity]

    def struck(self, text):
        """A text with ``[…]`` for whatever tells who the person is."""
        identity, *others = self.identities
        return mask(text, identity, others=others)


class CivicForgetting(models.AbstractModel):
    """Goes through the list for one person.

    SQL where rows are changed: the guards of the models let nobody rewrite them, this
    included.
    """

    _name = "civic.forgetting"
    _description = "What is deleted of a person"

    @api.model
    def _forget(self, reporter):
        """Delete of a person what the list says; what it keeps is not touched.

        :param reporter: civic.reporter, elevated
        :raises VaultError: without the key nobody can tell what names the person
        """
        person = Person(reporter, reporter._known_identities())
        for part in PARTS:
            if part.fate != KEPT:
                getattr(self, part.fate)(self._rows(part, reporter), part, person)
        self.env.invalidate_all()

    @api.model
    def _rows(self, part, reporter):
        """The rows of a part that belong to a person.

        What names the person is looked for in all reports that the person has to do
        with; nothing but the own ones is deleted.
        """
        if isinstance(part.of, str):
            return getattr(reporter, part.of)()
        # sudo: the caller has checked that the law wants it
        model = self.env[part.model].sudo().with_context(active_test=False)
        reports = reporter.report_ids
        if part.fate in (STRUCK, NOTES):
            reports |= reporter.question_ids.report_id
        ids = {"civic.report": reports.ids, "civic.reporter": reporter.ids}
        return model.search(
            Domain.OR(Domain(link, "in", ids[_target(model, link)]) for link in part.of)
        )

    @api.model
    def _empty_rows(self, rows):
        """Delete from rows that are at hand what the list deletes of their model.

        :param rows: elevated
        """
        for part in PARTS:
            if part.model == rows._name and part.fate == COLUMNS:
                self._empty(rows, part)

    # ------------------------------------------------------------------
    # What becomes of a part
    # ------------------------------------------------------------------

    @api.model
    def _shred(self, files, _part, _person):
        files._civic_forget()

    @api.model
    def _delete(self, rows, _part, _person):
        rows.unlink()

    @api.model
    def _empty(self, rows, part, _person=None):
        """Nothing is left in these columns, nor in what was made of them to be read."""
        if not rows:
            return
        rows.flush_model()
        self._update(
            rows,
            {
                name: "…" if rows._fields[name].required else None
                for name in _with_masked(rows, part.columns)
            },
        )

    @api.model
    def _strike(self, rows, part, person):
        """What tells who the person is becomes ``[…]``."""
        if not rows:
            return
        columns = _with_masked(rows, part.columns)
        rows.flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id IN %s ORDER BY id",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL.identifier(rows._table),
                rows._ids,
            )
        )
        for id_, *texts in found:
            struck = {
                name: person.struck(text)
                for name, text in zip(columns, texts, strict=True)
                if text and person.struck(text) != text
            }
            if struck:
                row = rows.browse(id_)
                self._update(row, struck)
                # What is searched by was made of it.
                row.modified(list(struck))

    @api.model
    def _update(self, rows, values):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(rows._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                rows._ids,
            )
        )
        rows.invalidate_recordset(list(values))

    @api.model
    def _forget_notes(self, events, _part, person):
        """Notes of the own history, of the own questions, and whatever names the person
        go; that there were notes stays on record, see `tools.event_log`."""
        reporter = person.reporter
        asked = reporter.question_ids.interaction_id._whole_words()
        passed = {(row.report_id, row.body) for row in asked}

        def goes(event):
            report, note = event.report_id, event.note
            return note and (
                (event.code in SENDERS_NOTES and report in reporter.report_ids)
                or (event.code == "question_passed" and (report, note) in passed)
                or person.struck(note) != note
            )

        events._whole_words().filtered(goes)._forget_notes()


def _target(model, link):
    return model._name if link == "id" else model._fields[link].comodel_name


def _with_masked(rows, columns):
    """These columns, and those of what is read of them outside the Centre."""
    masked = [f"{name}{SUFFIX}" for name in columns]
    return [*columns, *(name for name in masked if name in rows._fields)]


class CivicReporter(models.Model):
    """Deleted means anonymised: the reports and their figures stay, nobody knows any
    more who sent them."""

    _inherit = "civic.reporter"

    def _anonymise(self, note):
        """Delete who these people are, see `PARTS`; their reports and figures stay.

        Reports whose words still tell of a person are marked for a manager to look at.

        :param note: why, for the history
        """
        # sudo: the caller has checked that it is due
        for reporter in self.sudo():
            reporter._end_disclosures()
            reporter.report_ids._mark_residue()
            self.env["civic.forgetting"].sudo()._forget(reporter)
            reporter.write(
                {
                    "verified": False,
                    "is_organisation": False,
                    "restricted_at": False,
                    "anonymised_at": self.env["civic.door"]._now(),
                }
            )
            reporter._log_data("anonymised", note)

    def _deletion_obstacle(self):
        """Why the data cannot be deleted now, and until when; empty if it can.

        :return: words for the manager and the citizen, without identity
        """
        self.ensure_one()
        reporter = self.sudo()  # sudo: only codes of reports are told
        _ = self.env._
        if reporter.anonymised_at:
            return _("The data has been deleted already.")
        if reporter.legal_hold:
            return _("A legal hold stands on it: %s", reporter.legal_hold_reason)
        reports = reporter.report_ids.filtered(
            lambda row: row.state in UNFINISHED_REPORT_STATES
        )
        if reports:
            return _(
                "Reports are still being handled: %s. The data can be deleted when "
                "they are closed.",
                ", ".join(reports[:MAX_NAMED].mapped("name")),
            )
        lasting = reporter.disclosure_ids.filtered(
            lambda row: row.without_consent and row.is_in_force
        )
        if lasting:
            return _(
                "It was given to an authority by force of law, until %s.",
                reporter.company_id._civic_moment_text(
                    max(lasting.mapped("expires_at"))
                ),
            )
        if reporter.report_ids.diversion_ids.filtered(lambda row: row.is_open):
            return _("A complaint or denunciation is still being passed on.")
        return ""

    def _unlink_from(self, report):
        """Take the identity off a report that was passed on.

        Whoever sent nothing else is forgotten altogether.

        :param report: civic.report, elevated
        """
        self.ensure_one()
        reporter = self.sudo()  # the verb has checked who does it
        report.write({"reporter_id": False})
        self.env["civic.forgetting"]._empty_rows(report.statement_ids)
        report._cut_links()
        self.env["civic.data.event"]._log(
            "unlinked", report.company_id, note=report.name
        )
        sent = reporter.report_ids or reporter.question_ids
        if not sent and not reporter._deletion_obstacle():
            reporter._anonymise(self.env._("Nothing else was sent."))

    # ------------------------------------------------------------------
    # Where the person is
    # ------------------------------------------------------------------

    def _known_identities(self):
        """What names the person: what is known, and what the own reports said.

        :return: list of `tools.redaction.Identity`
        """
        self.ensure_one()
        reports = self.env["civic.report"]
        return [
            reports._identity_of(self),
            *(
                reports._identity_from(statement._said())
                for statement in self.report_ids.statement_ids
            ),
        ]

    def _original_files(self, report=None):
        """The originals that hang on this reporter.

        :param report: only those that came with this one
        """
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        if report:
            domain &= Domain("name", "=like", f"{report.name}-%")
        # sudo: sealed originals are nobody's by number
        return self.env["ir.attachment"].sudo().search(domain)

    def _files_beside(self):
        """Files of mails whose words are deleted as the sender's."""
        events = self.report_ids.event_ids
        events = events.filtered(lambda event: event.code in SENDERS_NOTES)
        # sudo: the caller has checked that the law wants them gone
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", events._name), ("res_id", "in", events.ids)])
        )

    def _forgotten_calls(self):
        """Calls about the own reports, found in violation, or from the own number."""
        mine = Domain("report_id", "in", self.report_ids.ids)
        mine |= Domain("violation_ids", "any", [("reporter_id", "=", self.id)])
        if hashes := self._every_hash("phone", "phone"):
            mine |= Domain("number_hash", "in", hashes)
        # The neighbour's are the neighbour's to keep.
        mine &= Domain("company_id", "=", self.company_id.id)
        # sudo: the caller has checked that the law wants it
        return self.env["civic.call"].sudo().search(mine)

    def _forgotten_call_events(self):
        return self._forgotten_calls().event_ids

    def _call_recordings(self):
        return self._forgotten_calls()._recordings()

    def _forgotten_messages(self):
        """Messages that the own reports came from, and others of the same sender."""
        hashes = [
            *self._every_hash("phone", "phone"),
            *self._every_hash("email", "email_from"),
        ]
        for name in CHAT_IDS:
            hashes += self._every_hash(name, name)
        messages = self.env["civic.inbox"]._of(self.report_ids, hashes)
        return messages.filtered(lambda row: row.company_id == self.company_id)

    def _every_hash(self, kind, name):
        """Keyed hashes of a value under every key: a row may have been hashed before
        the key was changed."""
        value = self[name]
        return self.env["civic.vault"]._fingerprints(kind, value) if value else []

    def _followed(self):
        return self.env["civic.support"]._of_reporter(self)

    def _forgotten_activities(self):
        reports = self.report_ids | self.question_ids.report_id
        homes = {
            "civic.report": reports.ids,
            "civic.assignment": reports.assignment_ids.ids,
            "civic.disclosure": self.disclosure_ids.ids,
            "civic.data.request": self.data_request_ids.ids,
        }
        # sudo: whoever is reminded, the caller has checked that the law wants it
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        return activities.search(
            Domain.OR(
                Domain("res_model", "=", model) & Domain("res_id", "in", ids)
                for model, ids in homes.items()
            )
        )


class CivicCall(models.Model):
    _inherit = "civic.call"

    def _recordings(self):
        """The files of recordings, sealed; elevated records only."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "recording_sealed"),
                ("res_id", "in", self.ids),
            ]
        )


class CivicInbox(models.Model):
    _inherit = "civic.inbox"

    @api.model
    def _of(self, reports, senders=()):
        """The messages that these reports came from, or that these senders sent.

        :param reports: civic.report, elevated
        :param senders: keyed hashes
        """
        theirs = Domain("report_id", "in", reports.ids)
        theirs |= Domain("sender", "in", list(senders))
        # sudo: the caller has checked that the law wants them gone
        return self.sudo().search(theirs)
