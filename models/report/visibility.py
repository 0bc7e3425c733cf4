from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.own_words import BY_FORM, is_kept
from ...tools.redaction import NOBODY, OWN, find, same_number
from ..ground.guard import required_text
from ..ground.key import is_inside
from ..ground.words_field import whole_words
from ..vault.vault import VaultError

# What everybody reads of a published report; see `_public_values`.
PUBLIC_TEXTS = ("subject", "standardised_description", "public_result")


class CivicReport(models.Model):
    """Who may see a report: decided by the Centre, said with its reason, and never
    widened against the sender's wish (HUE Điều 9.1, 11; ST Điều 15.3)."""

    _inherit = "civic.report"

    asked_private = fields.Boolean(
        "Sender Asked for Privacy",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Never published until the sender agrees (HUE Điều 9.1b, ST Điều 15.3b).",
    )
    identity_shown = fields.Char(
        "Identity Left in the Text",
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="What of the sender's identity the Centre has decided, with a reason, to "
        "leave in what is published.",
    )

    # Secret reports are few: found at once, in lists of a million.
    _secret = models.Index("(id) WHERE visibility = 'secret'")

    # ------------------------------------------------------------------
    # Verbs
    # ------------------------------------------------------------------

    def set_visibility(self, visibility, reason, consent=None, identity_reason=None):
        """Decide who may see reports.

        To narrow it needs a reason. To publish what the sender asked to keep private
        needs the sender's consent as well; what is sensitive, the coordinating agency's
        agreement (HUE Điều 11.4–5). A secret report becomes no more than sensitive, by
        a Centre manager's decision.

        :param visibility: public, private, sensitive or secret
        :param reason: why; the history keeps it
        :param consent: how and when the sender agreed to publication, in words
        :param identity_reason: why what names somebody stays in the public text
        :raises UserError: where the rules above do not allow it
        """
        reports = self._enter("set_visibility")
        labels = dict(self._fields["visibility"]._description_selection(self.env))
        if visibility not in labels:
            raise UserError(self.env._("Choose who may see the report."))
        reason = required_text(self.env, reason, self.env._("a reason"))
        consent = (consent or "").strip()
        roles = self._door_roles()
        for report, own in zip(reports, self, strict=True):
            report._check_visibility(visibility, consent, identity_reason)
            values = {"visibility": visibility}
            if visibility == "private":
                values["asked_private"] = True
            elif visibility == "public":
                values["asked_private"] = False
            elif visibility == "secret" and "centre_manager" not in roles[own]:
                # Who finds it out goes on with it; other operators see it no more.
                values["operator_id"] = self.env.uid
            change = f"{labels[report.visibility]} → {labels[visibility]}"
            note = "\n".join(filter(None, (change, reason, consent)))
            report._walk("set_visibility", values, note=note)
        return True

    def ask_private(self):
        """Ask, as the sender, that the report be not published, or no longer."""
        reports = self._enter("ask_private")
        for report in reports:
            values = {"asked_private": True}
            if report.visibility == "public":
                values["visibility"] = "private"
            report._walk("ask_private", values)
        return True

    def allow_publication(self):
        """Take back, as the sender, the wish for privacy.

        The Centre decides then: what is published is edited first.
        """
        reports = self._enter("allow_publication")
        reports._walk("allow_publication", {"asked_private": False})
        return True

    def _guard_not_secret(self):
        manages = self.env.user.has_group("civic_report.group_centre_manager")
        if self.visibility == "secret" and not manages:
            return self.env._(
                "%s is secret: a Centre manager decides on it.", self.name
            )
        return None

    def _guard_not_private(self):
        if self.asked_private:
            return self.env._("This report is kept private already.")
        return None

    def _guard_private(self):
        if not self.asked_private:
            return self.env._("You have not asked for privacy.")
        return None

    def _check_visibility(self, visibility, consent, identity_reason=None):
        """:raises UserError: see `set_visibility`"""
        self.ensure_one()
        _ = self.env._
        if visibility == self.visibility:
            raise UserError(_("%s: that is so already.", self.name))
        if self.visibility == "secret" and visibility != "sensitive":
            raise UserError(
                _("%s is secret: make it sensitive first, if at all.", self.name)
            )
        if visibility != "public":
            return
        if self.asked_private and not consent:
            raise UserError(
                _(
                    "%s: its sender asked that it be not published. Write how and when "
                    "the sender agreed.",
                    self.name,
                )
            )
        if self._needs_coordination() and not self.concurred_at:
            raise UserError(
                _(
                    "%s is sensitive: it may be published only after the coordinating "
                    "agency has agreed with the result.",
                    self.name,
                )
            )
        if self.dispatched_at:
            self._check_identity(identity_reason)

    def _hide_sensitive(self):
        """HUE Điều 6.1a: sensitive matters are taken in without publicity."""
        labels = dict(self._fields["visibility"]._description_selection(self.env))
        note = f"{labels[self.visibility]} → {labels['sensitive']}"
        self._walk("set_visibility", {"visibility": "sensitive"}, note=note)

    def _prepare_create(self, vals, now):
        vals = super()._prepare_create(vals, now)
        if vals.get("visibility") == "private":
            vals["asked_private"] = True
        if vals.get("visibility") == "secret" and not self.env.su:
            vals["operator_id"] = self.env.uid
        return vals

    def _react_forget_published(self, act):
        """Remove the list of pages for search engines: it names reports by their words,
        and Odoo keeps it for half a day."""
        if not any(
            act.before[report]["is_published"] and not report.is_published
            for report in self
        ):
            return
        # sudo: of files of the website, which operators do not manage
        self.env["ir.attachment"].sudo().search(
            [("url", "=like", "/sitemap-%.xml"), ("type", "=", "binary")]
        ).unlink()

    # ------------------------------------------------------------------
    # Identity in what is published
    # ------------------------------------------------------------------

    def write(self, vals):
        edited = [name for name in PUBLIC_TEXTS if name in vals]
        if not edited or is_inside(self.env):
            return super().write(vals)
        # What everybody could read before is not asked about at the next comma.
        stood = {
            report: report._numbers_published()
            for report in self.filtered("is_published")
        }
        result = super().write(vals)
        published = self.filtered("is_published")
        for report in published:
            report._check_identity(known=stood.get(report, ()))
        published._log_edited(edited)
        return result

    def _numbers_published(self):
        """Marks of the numbers of others that stand in what is published."""
        text = "\n".join(whole_words(self)._public_texts())
        return {key for key in self._naming_keys(text) if "#" in key}

    def _log_edited(self, names):
        """What everybody had read is other words now. The old ones are not repeated:
        they may be what nobody was to read."""
        labels = [self._fields[name]._description_string(self.env) for name in names]
        for report in self:
            report._log_note("edit_published", ", ".join(labels))

    def _check_identity(self, reason=None, with_result=False, known=()):
        """Nobody learns from a published text who sent it (HUE Điều 5.5, ST Điều 4.5),
        nor anybody's telephone, e-mail address or identity number: a sender of whom
        little is known may be named by them as well.

        :param reason: why it is left in all the same; the history keeps it
        :param with_result: whether the result is about to be published too
        :param known: what need not be asked about, see `_naming_keys`
        :raises UserError: for what no reason has been given for, now or before
        """
        reason = (reason or "").strip()
        for report in self:
            # sudo: what was decided before and the vault's clear values, to compare
            report_sudo = report.sudo()
            text = "\n".join(whole_words(report)._public_texts(with_result))
            found = report._naming_keys(text)
            decided = {*(report_sudo.identity_shown or "").split(","), *known}
            left = {kind for key, kind in found.items() if key not in decided}
            if left and not reason:
                raise UserError(
                    self.env._(
                        "%(report)s: the text to be published names somebody by "
                        "%(what)s. Strike it out, or give the reason why it stays.",
                        report=report.name,
                        what=report._personal_words(left),
                    )
                )
            if left:
                report._elevated()._walk(
                    "leave_identity",
                    {"identity_shown": ",".join(sorted(found))},
                    note=f"{report._personal_words(left)}: {reason}",
                )

    def _naming_keys(self, text):
        """What of a text may be published only with a reason.

        :return: dict of kinds, as `find` calls them, by what `identity_shown` keeps of
            each: a kind of the sender's own; of anybody else's number the kind and a
            keyed hash, so that the next one is asked about anew
        """
        keys = {}
        for span in self._personal_spans(text):
            if span.kind.startswith(OWN):
                keys[span.kind.removeprefix(OWN)] = span.kind
            elif span.kind in BY_FORM:
                number = same_number(span.kind, text[span.start : span.end])
                keys[f"{span.kind}#{self._number_mark(span.kind, number)}"] = span.kind
        return keys

    def _number_mark(self, kind, number):
        try:
            return self.env["civic.vault"]._fingerprint(kind, number)[:16]
        except VaultError:
            return ""  # without the key what is decided holds for all of the kind

    def _public_texts(self, with_result=False):
        """What everybody reads, or will, in the words that stand there now."""
        self.ensure_one()
        texts = [self.subject, self.standardised_description]
        if with_result or self.published_at:
            texts.append(self.public_result)
        return list(filter(None, texts))

    def _personal_spans(self, text):
        """Where a text names somebody: by form, or this report's sender as known.

        Numbers and addresses of the province and its agencies are nobody's.

        :return: list of :class:`..tools.redaction.Span`
        """
        text = text or ""
        identity, *others = self._identities_to_compare()
        offices = self._offices()
        return [
            span
            for span in find(text, identity, others)
            if not is_kept(text, span, offices)
        ]

    def _identities_to_compare(self):
        """As `_sender_identities`; work goes on without the key."""
        try:
            # sudo: the vault opens for code of the module alone; only places in a text
            # that the caller has written leave this model
            return self.sudo()._sender_identities()
        except VaultError:
            # What has the form of personal data is found.
            return [NOBODY]

    @api.model
    def _personal_words(self, kinds):
        """Kinds of personal data as one reads them."""
        _ = self.env._
        words = {
            "phone": _("a telephone number"),
            "email": _("an e-mail address"),
            "citizen_id": _("an identity card number"),
            "plate": _("a licence plate"),
            "account": _("a bank account"),
            "own_name": _("the sender's name"),
            "own_phone": _("the sender's telephone number"),
            "own_email": _("the sender's e-mail address"),
            "own_citizen_id": _("the sender's identity card number"),
            "own_address": _("the sender's address"),
        }
        kinds = set(kinds)
        return ", ".join(word for kind, word in words.items() if kind in kinds)

    def find_personal_data(self, text):
        """Find what names somebody in a text that is to be published.

        :param text: what an operator has written
        :return: list of dicts in the order of the text: start, end, label
        :raises AccessError: for whoever does not publish
        """
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("Operators edit what is published."))
        self._check_found()
        return [
            {
                "start": span.start,
                "end": span.end,
                "label": self._personal_words([span.kind]),
            }
            for span in self._personal_spans(text)
        ]

    def _needs_coordination(self):
        return self.track == "sensitive" and self.procedure_id.sensitive_consult
