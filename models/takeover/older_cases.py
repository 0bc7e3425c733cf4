import os
from base64 import b64decode
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from ...tools.import_files import Archive, FilesError, Folder
from ..ground.guard import check_visible

MB = 1024 * 1024
MOST_BYTES = 128 * MB
MOST_ARCHIVE = 128 * MB
# A file up to this size is checked while its sender waits.
AT_ONCE = 512 * 1024
# Names the one folder of the server under which folders of files may lie.
OPTION = "civic_import_folder"
VARIABLE = "CIVIC_IMPORT_FOLDER"
BUSY = ("checking", "running")
# How long a file waits to be taken in.
KEPT = timedelta(days=30)


class CivicImport(models.Model):
    """Cases of an older system, taken over from a file.

    The file is checked as a whole first: what is wrong is listed by line, and nothing
    is written. Then the good lines become reports, some hundreds in a transaction, by a
    scheduled action that goes on where it was. A number that is there already is passed
    over, so that the same file can be taken in again. Nobody is told of anything.

    The file holds identities: it is kept sealed, and only until it has been taken in.
    """

    _name = "civic.import"
    _inherit = ["civic.buttons", "civic.links"]
    _description = "Import of Older Cases"
    _order = "id desc"
    _kept_fields = frozenset(
        {
            *("state", "user_id", "lang", "encoding", "fault_ids"),
            *("line_count", "good_count", "bad_count", "known_count"),
            *("made_count", "left_count", "last_line", "started_at", "ended_at"),
            "differing_count",
        }
    )

    name = fields.Char("Description", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    source = fields.Char(
        "Older System",
        required=True,
        help="Its short name. A number is taken in once for each older system.",
    )
    procedure_id = fields.Many2one(
        "civic.procedure",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.sudo().civic_procedure_id,
        help="The regulation under which the cases came in: it says what was late.",
    )
    channel_id = fields.Many2one(
        "civic.channel",
        required=True,
        ondelete="restrict",
        help="Of lines that name none.",
        default=lambda self: self.env.ref(
            "civic_report.channel_web", raise_if_not_found=False
        ),
    )
    upload = fields.Binary(
        "File (CSV or XLSX)",
        compute="_compute_uploads",
        inverse="_inverse_upload",
        help="Kept sealed until it has been taken in, then deleted.",
    )
    upload_name = fields.Char("File's Name")
    archive = fields.Binary(
        "Files of the Cases (ZIP)",
        compute="_compute_uploads",
        inverse="_inverse_archive",
    )
    archive_name = fields.Char("Archive's Name")
    folder = fields.Char(
        "Folder on the Server",
        help="Instead of an archive: a folder under the one that the server's "
        "configuration names.",
    )
    state = fields.Selection(
        [
            ("draft", "To be checked"),
            ("checking", "Being checked"),
            ("checked", "File checked"),
            ("running", "Being taken in"),
            ("done", "All taken in"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    user_id = fields.Many2one("res.users", "Taken In By", readonly=True, copy=False)
    lang = fields.Char(readonly=True, copy=False)
    encoding = fields.Char("Written In", readonly=True, copy=False)
    line_count = fields.Integer("Lines Read", readonly=True, copy=False)
    good_count = fields.Integer("Good Lines", readonly=True, copy=False)
    bad_count = fields.Integer("Lines With Faults", readonly=True, copy=False)
    known_count = fields.Integer("There Already", readonly=True, copy=False)
    differing_count = fields.Integer(
        "There Already, But Otherwise", readonly=True, copy=False
    )
    made_count = fields.Integer("Cases Taken In", readonly=True, copy=False)
    left_count = fields.Integer("Could Not Be Taken In", readonly=True, copy=False)
    last_line = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", aggregator=None)
    started_at = fields.Datetime("Begun", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    fault_ids = fields.One2many("civic.import.fault", "import_id", "Faults")
    report_count = fields.Integer(compute="_compute_report_count")

    @api.depends("good_count", "made_count", "known_count", "left_count", "state")
    def _compute_progress(self):
        for row in self:
            done = row.made_count + row.left_count
            is_done = row.state == "done" or not row.good_count
            row.progress = 100.0 if is_done else 100.0 * done / row.good_count
            if row.state in ("draft", "checking", "checked"):
                row.progress = 0.0

    def _compute_report_count(self):
        for row in self:
            # Without a source it would count what was not taken in from anywhere.
            row.report_count = row.source and self.env["civic.report"].search_count(
                row._report_domain()
            )

    def _report_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("imported_from", "=", self.source),
        ]

    # ------------------------------------------------------------------
    # The file, sealed
    # ------------------------------------------------------------------

    def _compute_uploads(self):
        """What was sent is never given out again."""
        self.upload = self.archive = False

    def _inverse_upload(self):
        for row in self.filtered("upload"):
            row._keep_sent("file", row.upload, MOST_BYTES)
            row._forget_check()

    def _inverse_archive(self):
        for row in self.filtered("archive"):
            row._keep_sent("archive", row.archive, MOST_ARCHIVE)
            row._forget_check()

    def _keep_sent(self, kind, encoded, most):
        if self.state in BUSY or self.state == "done":
            raise self._state_error()
        data = b64decode(encoded)
        if len(data) > most:
            raise UserError(
                self.env._(
                    "The file is larger than %s MB: divide it, and take the parts in "
                    "one after the other.",
                    most // MB,
                )
            )
        parts = self._parts_sudo()
        parts.filtered(lambda part: part.kind == kind).unlink()
        parts._seal_new(self, kind, data)

    def _parts_sudo(self, kind=None):
        # sudo: what is sealed is nobody's to read; only this model opens it
        parts = self.env["civic.import.part"].sudo()
        domain = [("import_id", "in", self.ids)]
        return parts.search(domain + ([("kind", "=", kind)] if kind else []))

    def _open_file(self):
        """:raises UserError: when there is none"""
        part = self._parts_sudo("file")[:1]
        if not part:
            raise UserError(self.env._("Choose the file of the cases first."))
        return part._opened()

    def _open_files(self):
        """The files that belong to the cases, or None.

        :return: see :mod:`..tools.import_files`
        :raises FilesError: they cannot be used
        """
        part = self._parts_sudo("archive")[:1]
        if part:
            return Archive(part._opened())
        if not self.folder:
            return None
        root = os.environ.get(VARIABLE) or config.get(OPTION)
        if not root:
            raise FilesError("no_root")
        return Folder(root, self.folder)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_template(self):
        """Download the file to fill in.

        :return: action
        """
        self.ensure_one()
        name = self.env._("older cases")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/civic.import/{self.id}/template/{name}.xlsx"
            "?download=true",
            "target": "download",
        }

    def action_check(self):
        """Check the file without writing anything: faults are listed by line."""
        row = self._enter_import(("draft", "checked"))
        part = row._parts_sudo("file")[:1]
        if not part:
            raise UserError(self.env._("Choose the file of the cases first."))
        row._forget_check()
        row.write({"state": "checking", "lang": self.env.lang, "user_id": self.env.uid})
        if part.size <= AT_ONCE:
            row._check(lambda: True)
        else:
            row._wake()
        return True

    def action_start(self):
        """Take the good lines in; those with faults are left out."""
        row = self._enter_import(("checked",))
        if not row.good_count:
            raise UserError(
                self.env._("No line can be taken in: mend the faults, check again.")
            )
        row.write(
            {
                "state": "running",
                "lang": self.env.lang,
                "user_id": self.env.uid,
                "started_at": fields.Datetime.now(),
            }
        )
        row._wake()
        return True

    def action_stop(self):
        """Stop; what has been taken in stays, and the rest can be taken in later."""
        row = self._enter_import(BUSY)
        if row.state == "running":
            row.state = "checked"
        else:
            row._forget_check()
        return True

    def action_reports(self):
        """Show what has been taken in.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "civic_report.civic_report_action_all"
        )
        return {**action, "domain": self._report_domain(), "context": {}}

    def action_faults(self):
        """Show what is wrong, line by line.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Faults by Line"),
            "res_model": "civic.import.fault",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
        }

    def _enter_import(self, states):
        """Check that the user may do it now.

        :return: the row, locked and elevated
        """
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(
                self.env._("Older cases are an administrator's to import.")
            )
        check_visible(self, self.env._("Not found: there is no such import."), "write")
        # sudo: the group has been checked; its parts are nobody's
        row = self.sudo()
        if not row.try_lock_for_update():
            raise UserError(
                self.env._("It is being worked on right now: wait a moment.")
            )
        row.invalidate_recordset()
        if row.state not in states:
            raise row._state_error()
        return row.with_company(row.company_id)

    def _state_error(self):
        return UserError(
            self.env._(
                "This import is “%s”: that is not possible now.",
                self._labels(self._name, "state")[self.state],
            )
        )

    def _forget_check(self):
        """As if it had not been checked."""
        # sudo: as in `_parts_sudo`
        row = self.sudo()
        row.fault_ids.unlink()
        row._parts_sudo("lines").unlink()
        counts = ("line", "good", "bad", "known", "differing", "made", "left")
        row.write(
            {
                "state": "draft",
                "last_line": 0,
                "encoding": False,
                **{f"{name}_count": 0 for name in counts},
            }
        )

    @api.constrains("procedure_id", "company_id")
    def _check_procedure_company(self):
        for row in self:
            # sudo: whose a procedure is
            owner = row.procedure_id.sudo().company_id
            if owner and owner != row.company_id:
                raise UserError(
                    self.env._(
                        "%(record)s belongs to another province.",
                        record=row.procedure_id.display_name,
                    )
                )

    def write(self, vals):
        meant = {"company_id", "source", "procedure_id", "channel_id", "folder"}
        if meant & vals.keys() and not self.env.su:
            for row in self:
                if row.state in BUSY or row.state == "done":
                    raise row._state_error()
        result = super().write(vals)
        if meant & vals.keys():
            # What was found holds for what was chosen then.
            self.filtered(lambda row: row.state == "checked")._forget_check()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if self.filtered(lambda row: row.state in BUSY or row.made_count):
            raise UserError(
                self.env._("What has been taken in is kept: this import stays listed.")
            )

    @api.autovacuum
    def _gc_files(self):
        """Files that nobody has taken in for a month are not kept longer."""
        before = fields.Datetime.now() - KEPT
        parts = self.env["civic.import.part"].search(
            [("create_date", "<", before), ("import_id.state", "not in", BUSY)]
        )
        imports = parts.import_id
        parts.unlink()
        imports._forget_check()
        imports.write({"upload_name": False, "archive_name": False})

    # ------------------------------------------------------------------
    # Going on
    # ------------------------------------------------------------------

    @api.model
    def _wake(self):
        # sudo: administrators of the module need not be those of the server
        self.env.ref("civic_report.cron_import").sudo()._trigger()

    @api.model
    def _cron_go_on(self):
        """Go on with imports that wait, the first one first, until time is up."""
        cron = self.env["ir.cron"]

        def may_go_on():
            is_left = bool(cron._commit_progress(1, remaining=1))
            self.env.invalidate_all()
            return is_left

        for row in self.search([("state", "in", BUSY)], order="id"):
            if not row.try_lock_for_update():
                continue
            row.invalidate_recordset()
            if not row._speaking()._go_on(may_go_on):
                return
        waiting = self.search_count([("state", "in", BUSY)])
        cron._commit_progress(remaining=waiting)

    def _speaking(self):
        """This import in the language of who asked for it."""
        row = self.with_company(self.company_id)
        return row.with_context(lang=self.lang) if self.lang else row

    def _go_on(self, may_go_on):
        """
        :param may_go_on: called after each piece of work, commits it; False: stop here
        :return: whether it was finished
        """
        if self.state == "checking":
            return self._check(may_go_on)
        if self.state == "running":
            return self._run(may_go_on)
        return True
