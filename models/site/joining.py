from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.push import InvalidSubscription, subscription
from ...tools.text import InvalidEmail, clean, email_normalized
from ..vault.vault import VaultError
from ..workflow.transitions import OPEN_REPORT_STATES


class CivicReport(models.Model):
    """“Me too” and following, as visitors of one report use them."""

    _inherit = "civic.report"

    support_ids = fields.One2many("civic.support", "report_id", groups=fields.NO_ACCESS)

    def _takes_support(self):
        """Whether people may still join; later they report that it happens again."""
        return bool(self.is_published and self.state in OPEN_REPORT_STATES)

    def _support_as(self, person, wanted):
        """Count a visitor as having met the same, or no longer.

        :param person: (kind, value), see `civic.support._find_sudo`
        :param wanted: whether the visitor joins
        """
        self.ensure_one()
        support = self.env["civic.support"]
        if not wanted:
            support._take_back_sudo(self, *person)
        elif self._check_takes_support():
            support._support_sudo(self, *person)

    def _follow_as(self, user, wanted):
        """Let a signed-in visitor follow, or no longer.

        :param user: res.users
        """
        self.ensure_one()
        support = self.env["civic.support"]
        if not wanted:
            support._unfollow_account_sudo(self, user)
        elif self._check_takes_support():
            support._follow_account_sudo(self, user)

    def _follow_by_email(self, email):
        """Ask an address whether it wants to follow; see `_ask_to_follow_sudo`.

        What is answered does not depend on whether the address follows already, nor on
        how often it was asked.

        :raises UserError: for what is no address, in words for the visitor
        """
        self.ensure_one()
        self._check_takes_support()
        try:
            address = email_normalized(clean(email, multiline=False))
        except InvalidEmail:
            raise UserError(
                self.env._("This is no e-mail address: write it like ten@example.com.")
            )
        # Nobody's letter box is filled by a stranger, from however many devices.
        if not self.env["civic.throttle"]._take("follow", {"email": address}):
            support = self.env["civic.support"]
            support._ask_to_follow_sudo(self, address, self.env.lang)

    def _follow_on_device(self, endpoint, p256dh, auth):
        """Let a visitor's browser be notified of each step.

        :param endpoint, p256dh, auth: as the browser's PushSubscription gives them
        :raises UserError: for what is none, in words for the visitor
        """
        self.ensure_one()
        self._check_takes_support()
        try:
            services = self.env["civic.driver.push"]._push_hosts()
            device = subscription(endpoint, p256dh, auth, services)
        except InvalidSubscription:
            raise UserError(
                self.env._("This device cannot be notified. Follow by e-mail instead.")
            )
        self.env["civic.support"]._follow_push_sudo(self, device, self.env.lang)

    def _unfollow_on_device(self, endpoint):
        """Let a visitor's browser be notified no longer; once it is not, nothing."""
        self.ensure_one()
        self.env["civic.support"]._unfollow_push_sudo(self, endpoint)

    def _is_followed_on(self, endpoint):
        """Whether a browser that has this endpoint follows."""
        self.ensure_one()
        support = self.env["civic.support"]
        row = support._find_sudo(self, "push", {"endpoint": endpoint})
        return row.state == "following"

    @api.model
    def _push_public_key(self):
        """What browsers check our notifications by; empty where none are sent."""
        return self.env["civic.driver.push"]._followers_keys_sudo()[1]

    def _check_takes_support(self):
        """:raises UserError: once the report has ended"""
        if not self._takes_support():
            raise UserError(
                self.env._(
                    "This report has ended. Is it happening again? Then report it "
                    "anew: the page has a button for it."
                )
            )
        return True

    def _support_values(self, person):
        """How one visitor stands to this report.

        :param person: (kind, value), or nothing for a visitor who is not known
        :return: `Standing`
        """
        self.ensure_one()
        row = self.env["civic.support"]
        if person:
            # Without the key nobody is known, and the page is there all the same.
            with suppress(VaultError):
                row = row._find_sudo(self, *person)
        return {
            "count": self.support_count,
            "joined": self.joined_count,
            "is_open": self._takes_support(),
            "is_mine": row.is_support,
            "is_followed": row.state == "following",
        }

    def _react_end_following(self, act):
        hidden = self.filtered(
            lambda report: (
                act.before[report]["is_published"] and not report.is_published
            )
        )
        if hidden:
            # sudo: whoever hides a report need not know who follows it
            self.env["civic.outbox"].sudo()._queue_withdrawn(hidden)
            self.env["civic.support"]._end_following(hidden)


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    follower_days = fields.Integer(
        "Followers Kept (days)",
        default=30,
        help="After a report has ended; then who followed it or met the same is "
        "deleted, and the figure stays.",
    )

    _follower_figures = models.Constraint(
        "CHECK (follower_days BETWEEN 0 AND 3660)",
        "Keep followers at most ten years after a report has ended.",
    )


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    def _copy_of_data(self, *args, **options):
        """What this person follows is kept about the person, too."""
        copy = super()._copy_of_data(*args, **options)
        reporter = self.sudo()  # sudo: as there
        rows = self.env["civic.support"]._of_reporter(reporter)
        labels = dict(rows._fields["state"]._description_selection(self.env))
        copy["follows"] = [
            {"code": row.report_id.name, "state": labels[row.state]} for row in rows
        ]
        return copy


class CivicThrottleLimit(models.Model):
    _inherit = "civic.throttle.limit"

    scope = fields.Selection(
        selection_add=[
            ("support", "“Me too” pressed"),
            ("follow", "Following asked for"),
        ],
        ondelete={"support": "cascade", "follow": "cascade"},
    )
    kind = fields.Selection(
        selection_add=[("email", "One e-mail address")],
        ondelete={"email": "cascade"},
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _forget_follows(self):
        """An account that is deleted follows nothing."""
        support = self.env["civic.support"]
        for user in self:
            hashes = support._person_hashes(None, "account", user.id)
            # sudo: nobody has rights on the table
            support.sudo().search([("person_hash", "in", hashes)]).unlink()
