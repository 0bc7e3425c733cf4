import logging
import os
from time import monotonic

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import config

from ...tools import vault

_logger = logging.getLogger(__name__)

OPTION = "civic_vault_keys"
VARIABLE = "CIVIC_VAULT_KEYS"

# Rings that were read: path → (what the file looked like then, ring).
_rings = {}


# What was said to the log, and when: a page of names must not flood it.
_said = {}
SILENCE = 60


def _say(detail):
    now = monotonic()
    if now - _said.get(detail, -SILENCE) >= SILENCE:
        _said.clear()
        _said[detail] = now
        _logger.error("%s", detail)


class VaultError(UserError):
    """The vault cannot be used; nothing has been written.

    Its words are for whoever reads them: the administrator is told which file is wrong
    and what to do, officers and citizens to whom to turn.
    """

    http_status = 503


class CivicVault(models.AbstractModel):
    """Seals identities with keys that lie outside the database and its backups.

    The rest of the module seals, opens and looks up through these private methods; see
    :mod:`..tools.vault` for how.
    """

    _name = "civic.vault"
    _description = "Vault"

    # ------------------------------------------------------------------
    # Sealing and finding
    # ------------------------------------------------------------------

    @api.model
    def _seal(self, data, context):
        """Seal bytes.

        :param context: what it is and where it belongs, such as "civic.inbox:<uuid>";
            it opens under the same context alone
        :raises VaultError: the key is missing or wrong
        """
        ring = self._ring()
        if ring.active_id not in self._known_keys():
            self.env["civic.vault.key"]._register_sudo(ring.active_id)
        return ring.seal(data, context)

    @api.model
    def _open(self, blob, context):
        """Open what `_seal` gave.

        :raises VaultError: the key is missing or wrong, or the bytes are not those that
            were sealed in this context
        """
        ring = self._ring()
        try:
            return ring.open(bytes(blob), context)
        except vault.SealError as error:
            raise self._error(error) from None

    @api.model
    def _fingerprint(self, kind, value):
        """A keyed hash, in hex, to be kept beside what is sealed.

        :param kind: what the value is, such as "phone"
        """
        return self._ring().fingerprint(kind, value)

    @api.model
    def _fingerprints(self, kind, value):
        """Keyed hashes under every key, by which a value is looked up."""
        return self._ring().fingerprints(kind, value)

    @api.model
    def _active_key(self):
        """Id of the key that seals now."""
        return self._ring().active_id

    @api.model
    def _keys_at_hand(self):
        """What the key file holds, whether or not it is this database's.

        :return: (id of the first key, ids); False and none without a file
        """
        try:
            ring = self._load_ring(self._path()[0])
        except vault.SealError:
            return False, []
        return ring.active_id, ring.ids

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    @api.model
    def _set_up(self):
        """Make the key of a new installation, so that it is there to be backed up."""
        try:
            self.env["civic.vault.key"]._register_sudo(self._active_key())
        except VaultError as error:
            _logger.warning("the vault is not ready: %s", error)

    @api.model
    def _problem(self):
        """Why the vault cannot be used, in words for the current user, else False."""
        try:
            self._ring()
        except VaultError as error:
            return error.args[0]
        return False

    @api.model
    def _path(self):
        """Where the keys are, and whether somebody said so."""
        named = os.environ.get(VARIABLE) or config.get(OPTION)
        if named:
            return named, True
        return vault.default_file(config["data_dir"]), False

    @api.model
    def _exposure(self):
        """What is wrong with the place of the key file, and how it is mended.

        :return: two texts for the administrator; empty if nothing is wrong, or there
            is no file
        """
        path, named = self._path()
        try:
            mode = os.stat(path).st_mode
        except OSError:
            return "", ""
        if vault.lies_inside(path, config["data_dir"]):
            return self._inside_words(path, named)
        if mode & 0o007:  # a group may be the service's own
            found = self.env._(
                "The key file %s can be read by other accounts of the server.", path
            )
            return found, self.env._("Run: %s", f"chmod o-rwx {path}")
        return "", ""

    @api.model
    def _inside_words(self, path, named):
        found = self.env._(
            "The key file %s lies in Odoo's data directory, beside files and sessions: "
            "whoever gets a copy of that folder and of the database opens every "
            "identity.",
            path,
        )
        script = vault.__file__
        command = f"sudo python3 {script} move {path} {vault.SYSTEM_FILE}"
        advice = self.env._("Move it; nothing has to be stopped: %s", command)
        if named:
            advice += " " + self.env._(
                "Then write the new place where %(option)s or %(variable)s names the "
                "old one, and restart.",
                option=OPTION,
                variable=VARIABLE,
            )
        return found, advice

    @api.model
    def _warn_of_exposure(self):
        if any(words := self._exposure()):
            _logger.warning("%s %s", *words)

    def _register_hook(self):
        super()._register_hook()
        self._warn_of_exposure()

    @api.model
    def _ring(self):
        """The keys, if this database was sealed with them.

        A province that has just installed the module gets a key of its own. Never one
        in place of a key that is lost.

        :raises VaultError: there is none, or it is another database's
        """
        path, named = self._path()
        try:
            ring = self._read_ring(path, make=not named)
        except vault.SealError as error:
            raise self._error(error) from None
        known = self._known_keys()
        if not known.issubset(ring.ids):
            lost = ", ".join(sorted(known.difference(ring.ids)))
            raise self._error(vault.KeyAbsent(lost))
        return ring

    @api.model
    def _read_ring(self, path, make):
        try:
            return self._load_ring(path)
        except vault.RingMissing:
            if not make or self._is_sealed():
                raise
        try:
            vault.make_ring(path)
        except OSError as error:
            raise vault.RingUnreadable(error.strerror) from None
        _logger.info("made the key file %s: back it up apart from the database", path)
        return self._load_ring(path)

    @api.model
    def _load_ring(self, path):
        """The ring of a file, read again whenever the file has changed."""
        try:
            found = os.stat(path)
        except FileNotFoundError:
            raise vault.RingMissing(path) from None
        except OSError as error:
            raise vault.RingUnreadable(error.strerror) from None
        looks = (found.st_mtime_ns, found.st_ino, found.st_size)
        if _rings.get(path, (None,))[0] != looks:
            _rings[path] = (looks, vault.KeyRing.load(path))
        return _rings[path][1]

    @api.model
    def _is_sealed(self):
        """Whether this database holds what only an existing key opens."""
        if self._known_keys():
            return True
        self.env.cr.execute(
            "SELECT 1 FROM civic_reporter WHERE vault_key IS NOT NULL LIMIT 1"
        )
        return bool(self.env.cr.rowcount)

    @api.model
    @tools.ormcache()
    def _known_keys(self):
        """Ids of the keys without which something in this database does not open."""
        # sudo: which keys are in use is asked before anything can be read
        keys = self.env["civic.vault.key"].sudo()
        return frozenset(keys.search([("retired_at", "=", False)]).mapped("key_id"))

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _error(self, error):
        """The error for whoever works with the module; details go to the log.

        :param error: a SealError
        """
        detail = self._error_detail(error)
        _say(detail)
        user = self.env.user
        if user._is_superuser() or user.has_group("civic_report.group_administrator"):
            return VaultError(detail)
        if user._is_internal():
            return VaultError(
                self.env._(
                    "Names and telephone numbers of citizens can neither be read nor "
                    "written right now: their key is not available. Tell your "
                    "administrator. All other work goes on."
                )
            )
        return VaultError(self._citizen_words())

    @api.model
    def _citizen_words(self):
        return self._with_contact(
            self.env._(
                "Sending is not possible right now, because your name could not be "
                "kept safe. Please try again later."
            )
        )

    @api.model
    def _closed_words(self):
        """What a visitor is told of a page that cannot be opened without the key."""
        return self._with_contact(
            self.env._(
                "What you sent is safe, but it cannot be opened right now. Please try "
                "again later."
            )
        )

    @api.model
    def _with_contact(self, words):
        company = self.env.company.sudo()  # visitors read no companies
        contact = " · ".join(filter(None, (company.phone, company.email)))
        if contact:
            words += " " + self.env._("You can also turn to the centre: %s", contact)
        return words

    @api.model
    def _error_detail(self, error):
        _ = self.env._
        path, _named = self._path()
        known = ", ".join(sorted(self._known_keys()))
        if error.code == "missing" and known:
            return _(
                "The key file %(path)s is missing. This database is sealed with key "
                "%(keys)s: put the file back from the backup of the keys. Nothing is "
                "lost meanwhile, but identities stay closed.",
                path=path,
                keys=known,
            )
        if error.code == "missing":
            return _(
                "There is no key file %(path)s. Make it with: python3 "
                "civic_report/tools/vault.py add %(path)s",
                path=path,
            )
        if error.code == "absent":
            return _(
                "The key file %(path)s is not the one of this database: key %(keys)s "
                "is not in it. Put back the file that holds this key, from the backup "
                "of the keys. Nothing is lost meanwhile, but identities stay closed.",
                path=path,
                keys=error.key_id,
            )
        if error.code == "tampered":
            return _(
                "A sealed record was changed outside the application, or moved to "
                "another place. Restore it from a backup of the database."
            )
        return _(
            "The key file %(path)s cannot be read (%(why)s). Correct its owner and "
            "rights, or put it back from the backup of the keys.",
            path=path,
            why=error.args[0] if error.args else error.code,
        )
