import json
import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mail.tools.jwt import generate_vapid_keys

from ....tools.ask import AskError
from ....tools.text import InvalidEmail, email_normalized
from ...ground.key import Clock
from ...ground.words_field import masked_words
from ..channels.driver import Undelivered
from ..channels.push import GONE
from ..outbox import CITIZENS, EMERGENCY

# With what pushes to followers are signed.
KEYS = "civic_report.follow_vapid"
# What followers are told besides the events of the history.
FOLLOW_ASKED, WITHDRAWN = "follow_asked", "withdrawn"
FOLLOWER_GAPS = frozenset(
    {
        *("code", "link", "province", "subject", "what", "state", "agencies"),
        *("deadline", "result", "stop", "confirm"),
    }
)
# No words of a citizen or an officer on a locked screen.
FOLLOWER_SHORT_GAPS = FOLLOWER_GAPS - {"subject", "result"}


class CivicNotice(models.Model):
    """What followers of a report are told; see `civic.support`."""

    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("follower", "Follower")], ondelete={"follower": "cascade"}
    )

    @api.model
    def _selection_event(self):
        labels = {
            FOLLOW_ASKED: self.env._("Address of a follower to be confirmed"),
            WITHDRAWN: self.env._("Report no longer public"),
        }
        return [*super()._selection_event(), *labels.items()]

    def _known_gaps(self):
        if self.audience == "follower":
            return FOLLOWER_SHORT_GAPS if self._is_short() else FOLLOWER_GAPS
        return super()._known_gaps()


class CivicOutbox(models.Model):
    """Followers are told of what is public, each step in two statements however many
    they are, and each of them how to stop it."""

    _inherit = "civic.outbox"

    support_id = fields.Many2one(
        "civic.support",
        "Follower",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )

    # ------------------------------------------------------------------
    # Queueing
    # ------------------------------------------------------------------

    @api.model
    def _queue_about(self, happenings):
        result = super()._queue_about(happenings)
        if isinstance(self.env.context.get("civic_clock"), Clock):
            return result
        notices = self._follower_notices()
        told = [row for row in happenings if row[0] in notices and row[1].is_published]
        if told:
            reports = self.env["civic.report"].union(*(row[1] for row in told))
            followers = self._followers(reports)
            self._queue(
                [
                    self._prepare_follower(
                        notices[code][channel], report, follower, assignment, event
                    )
                    for code, report, assignment, event in told
                    for follower, channel in followers.get(report.id, ())
                    if channel in notices[code]
                ]
            )
        return result

    @api.model
    def _prepare_for_follower(self, row, report, assignment):
        return []  # see above

    @api.model
    def _queue_withdrawn(self, reports):
        """Tell followers that they hear no more, before they are forgotten.

        :param reports: civic.report that are public no more
        """
        notices = self._follower_notices().get(WITHDRAWN)
        if not notices or isinstance(self.env.context.get("civic_clock"), Clock):
            return
        followers = self._followers(reports)
        self._queue(
            [
                self._prepare_follower(notices[channel], report, follower)
                for report in reports
                for follower, channel in followers.get(report.id, ())
                if channel in notices
            ]
        )

    @api.model
    def _queue_question(self, support):
        """Ask an address whether it wants to follow.

        :param support: civic.support
        """
        notice = self._follower_notices().get(FOLLOW_ASKED, {}).get("email")
        if notice:
            row = self._prepare_follower(notice, support.report_id, support.id)
            # Asked again: by then the first mail may be lost. Whoever asked waits.
            again = f"{row['key']}:{uuid.uuid4().hex}"
            self._queue([{**row, "key": again, "priority": EMERGENCY}])

    @api.model
    def _follower_notices(self):
        """The notices to followers about each event that has one.

        :return: dict of event → dict of channel → notice
        """
        found = {}
        for event, notices in self.env["civic.notice"]._by_event().items():
            for notice in notices:
                if notice[1] == "follower":
                    found.setdefault(event, {})[notice[2]] = notice
        return found

    @api.model
    def _followers(self, reports):
        """Who follows, and how each is told: a device by push, all others by e-mail.

        :return: dict of report id → list of (id of civic.support, channel)
        """
        # sudo: whoever makes a transition need not know who follows
        support = self.env["civic.support"].sudo()
        support.flush_model(["kind", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT report_id, array_agg(id ORDER BY id),
                       array_agg(CASE kind WHEN 'push' THEN 'push' ELSE 'email' END
                                 ORDER BY id)
                  FROM civic_support
                 WHERE report_id IN %s AND state = 'following'
              GROUP BY report_id
                """,
                tuple(reports.ids),
            )
        )
        return {
            report_id: list(zip(ids, channels, strict=True))
            for report_id, ids, channels in rows
        }

    @api.model
    def _prepare_follower(self, notice, report, follower, assignment=None, event=None):
        happening = f"event:{event.id}" if event else f"report:{report.id}"
        return {
            **self._prepare_row(notice, report.company_id),
            "key": f"{happening}:{notice[0]}:{follower}",
            "audience": "follower",
            "support_id": follower,
            "report_id": report.id,
            "assignment_id": assignment.id or None if assignment else None,
            "event_id": event.id or None if event else None,
            "priority": CITIZENS,
        }

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def _follower(self):
        """Who this is for, as long as it is to be told.

        :raises Undelivered: once the person follows no longer
        """
        support = self.sudo().support_id
        wanted = {FOLLOW_ASKED: "asked", WITHDRAWN: "ended"}
        if support.state != wanted.get(self.notice_id.event, "following"):
            raise Undelivered("nobody", self.env._("Does not follow any more."))
        return support

    def _recipient_email(self):
        if self.audience != "follower":
            return super()._recipient_email()
        try:
            return email_normalized(self._follower()._address()[0] or "")
        except InvalidEmail:
            raise Undelivered("nobody", self.env._("There is no e-mail address."))

    def _recipient_lang(self):
        if self.audience != "follower":
            return super()._recipient_lang()
        lang = self._follower()._address()[1]
        return lang or self.company_id.partner_id.lang or self.env.lang

    def _wording(self):
        if self.audience != "follower":
            return super()._wording()
        row = self.with_context(lang=self._recipient_lang())
        is_hidden = not row.report_id.is_published
        return row.notice_id, row._follower_values(), is_hidden

    def _follower_values(self):
        report = self.report_id
        agencies = self.assignment_id.agency_id or report.agency_id
        when = self.company_id._civic_deadline_text
        stop = self._stop_link()
        return {
            **self._common_values(),
            "subject": masked_words(report).subject,
            "what": self.event_id._code_label(self.event_id.code)
            if self.event_id
            else "",
            "state": report._state_sentence(),
            "agencies": ", ".join(agencies.mapped("name")),
            "deadline": when(report.deadline) if report.deadline else "",
            "result": (report.public_result or "") if report.published_at else "",
            "stop": stop,
            "confirm": stop,
        }

    def _link(self):
        if self.audience != "follower":
            return super()._link()
        report = self.report_id
        path = report._website_path() if report.is_published else "/phan-anh"
        return self._site() + path

    def _stop_link(self):
        """Where this follower confirms the address and stops following."""
        return self._site() + self._follower()._link_path()

    def _links(self):
        links = super()._links()
        return {*links, self._stop_link()} if self.audience == "follower" else links


class CivicDriverEmail(models.AbstractModel):
    _inherit = "civic.driver.email"

    @api.model
    def _build(self, row, sender, address):
        """One click in the mail program is enough to stop (RFC 8058)."""
        message = super()._build(row, sender, address)
        if row.audience == "follower" and row._follower().link_key:
            message["List-Unsubscribe"] = f"<{row._stop_link()}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


class CivicDriverPush(models.AbstractModel):
    """Browsers of citizens who follow a report on their device.

    Where a browser wants it posted was told by a stranger: only push services that are
    known are asked, and of their answer nothing but the status counts.
    """

    _inherit = "civic.driver.push"

    @api.model
    def _followers_keys_sudo(self):
        """The keys with which pushes to followers are signed, (private, public).

        They are not Odoo's: where it has keys it looks for devices at each message.
        """
        return self._vapid_sudo(KEYS)

    @api.model
    def _make_followers_keys(self):
        """Make them once."""
        if any(self._followers_keys_sudo()):
            return
        parameters = self.env["ir.config_parameter"]
        for half, key in zip(("private", "public"), generate_vapid_keys(), strict=True):
            parameters.set_param(f"{KEYS}_{half}_key", key)

    @api.model
    def _deliver(self, row, connections):
        if row.audience != "follower":
            return super()._deliver(row, connections)
        follower, signed_by = row._follower(), self._followers_keys_sudo()
        if not signed_by[1]:
            # A copy of the database has none: it tells nobody anything.
            raise Undelivered("nobody", self.env._("This server sends no push."))
        device = follower._who()
        keys = json.dumps({name: device[name] for name in ("p256dh", "auth")})
        payload = self._follower_payload(row)
        try:
            self._push_encrypted(row, device["endpoint"], keys, payload, signed_by)
        except AskError as error:
            if error.status in GONE:
                follower.unlink()
            elif error.kind != "refused":
                words = self.env._("The device is not reached now.")
                raise Undelivered("temporary", words)
            raise Undelivered("nobody", self.env._("There is no device to notify."))

    @api.model
    def _follower_payload(self, row):
        """What the worker of the browser shows, see static/src/push/worker.js."""
        subject, body = row._words()
        _ = row.with_context(lang=row._recipient_lang()).env._
        return json.dumps(
            {
                "title": subject,
                "options": {
                    "body": body,
                    "icon": "/civic_report/static/description/icon.png",
                    "tag": row.external_id,
                    "data": {"link": row._link(), "stop": row._stop_link()},
                    "actions": [{"action": "stop", "title": _("Follow it no longer")}],
                },
            }
        )
