from odoo import api, fields, models
from odoo.tools import SQL


class CivicVaultKey(models.Model):
    """A key that something in this database is, or was, sealed with: its id alone."""

    _name = "civic.vault.key"
    _description = "Vault Key"
    _order = "id desc"
    _rec_name = "key_id"

    key_id = fields.Char("Key Name", required=True, readonly=True)
    retired_at = fields.Datetime(
        "No Longer Used",
        readonly=True,
        help="Nothing is sealed with it any more: it may leave the key file.",
    )

    state = fields.Selection(
        [
            ("active", "Seals"),
            ("old", "Still opens"),
            ("missing", "Missing from the key file"),
            ("retired", "No longer used"),
        ],
        compute="_compute_state",
    )
    reporter_count = fields.Integer("Reporters", compute="_compute_counts")
    backed_up_at = fields.Datetime(
        "Backed Up",
        readonly=True,
        help="When an administrator said that the key file with it is kept elsewhere.",
    )
    backed_up_by_id = fields.Many2one("res.users", readonly=True)
    file_count = fields.Integer("Original Files", compute="_compute_counts")
    other_count = fields.Integer(
        "Others",
        compute="_compute_counts",
        help="Calls, incoming messages and whatever else is sealed.",
    )

    _key_once = models.UniqueIndex("(key_id)", "This key is known already.")

    @api.depends("retired_at")
    def _compute_state(self):
        active, ids = self.env["civic.vault"]._keys_at_hand()
        for key in self:
            if key.key_id == active:
                key.state = "active"
            elif key.retired_at:
                key.state = "retired"
            else:
                key.state = "old" if key.key_id in ids else "missing"

    def _compute_counts(self):
        counts = {home._name: home._vault_counts() for home in self._homes()}
        for key in self:
            numbers = {name: count.get(key.key_id, 0) for name, count in counts.items()}
            key.reporter_count = numbers.pop("civic.reporter")
            key.file_count = numbers.pop("ir.attachment")
            key.other_count = sum(numbers.values())

    @api.model
    def _homes(self):
        """Models that keep what is sealed."""
        return [
            self.env[name]
            for name, model in sorted(self.env.registry.items())
            if hasattr(model, "_vault_reseal") and not model._abstract
        ]

    def action_backed_up(self):
        """Note that the key file with these keys is kept elsewhere as well.

        :raises AccessError: for all but administrators
        """
        self.check_access("read")
        # sudo: what stands here is written by the module's own methods
        self.sudo().write(
            {"backed_up_at": fields.Datetime.now(), "backed_up_by_id": self.env.uid}
        )
        return True

    # ------------------------------------------------------------------
    # Rotation
    # ------------------------------------------------------------------

    @api.model
    def action_reseal(self):
        """Seal anew, in the background, what older keys have sealed.

        :return: action that says so
        :raises AccessError: for all but administrators
        :raises VaultError: the key is missing or wrong
        """
        self.browse().check_access("read")
        self.env["civic.vault"]._active_key()
        # sudo: administrators of the module need no rights on scheduled actions
        self.env.ref("civic_report.cron_reseal").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Identities are being sealed anew in the background. Reload this "
                    "page to see how far it is."
                ),
            },
        }

    @api.model
    def _cron_reseal(self):
        """Bring everything under the first key of the ring; others are given up then.

        Every batch is committed: it goes on where it stopped, and what is looked up
        meanwhile is found under either key.
        """
        active = self.env["civic.vault"]._active_key()
        self._register_sudo(active)
        cron = self.env["ir.cron"]
        homes = self._homes()
        cron._commit_progress(remaining=self._count_old(homes, active))
        for home in homes:
            last = 0
            while found := home._vault_reseal(active, last):
                done, last = found
                if not cron._commit_progress(done):
                    return
        self._give_up(homes, active)

    @api.model
    def _count_old(self, homes, active):
        counts = [home._vault_counts() for home in homes]
        return sum(
            number for count in counts for key, number in count.items() if key != active
        )

    @api.model
    def _give_up(self, homes, active):
        """Keys that nothing is sealed with any more may leave the ring."""
        used = {active}.union(*(home._vault_counts() for home in homes))
        keys = self.search([("retired_at", "=", False), ("key_id", "not in", used)])
        if keys:
            keys.retired_at = fields.Datetime.now()
            self.env.registry.clear_cache()

    @api.model
    def _register_sudo(self, key_id):
        """Note that from now on this database needs a key."""
        # SQL: of two that seal first at once, both must succeed
        self.env.execute_query(
            SQL(
                """
                INSERT INTO civic_vault_key
                            (key_id, create_uid, write_uid, create_date, write_date)
                     VALUES (%(key)s, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                             now() AT TIME ZONE 'UTC')
                ON CONFLICT (key_id) DO UPDATE SET retired_at = NULL
                  RETURNING id
                """,
                key=key_id,
                uid=api.SUPERUSER_ID,
            )
        )
        self.invalidate_model()
        # Only then: what a savepoint takes back must not be believed in.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
