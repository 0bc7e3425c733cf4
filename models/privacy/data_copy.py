from odoo import api, models
from odoo.exceptions import MissingError, UserError

from ...tools.text import clean
from ..ground.citizen import as_citizen
from ..identity.reporter import CHAT_IDS
from .disclosure import IDENTITY_FIELDS

# Reports of one person in a copy; a person with more asks the Centre for the rest.
MAX_REPORTS = 500
MAX_MESSAGE = 2000


def _iso(moment):
    """A naive UTC datetime as machines read it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


class CivicReporter(models.Model):
    """The copy of a person's data, made when it is asked for and never kept."""

    _inherit = "civic.reporter"

    @api.model
    def _of_account_sudo(self, user, company):
        """The reporter of an account, or empty."""
        if user._is_public():
            return self.sudo().browse()
        # sudo: citizens have no rights on the table; the account is the guard
        return self.sudo().search(
            [("user_id", "in", user.ids), ("company_id", "=", company.id)], limit=1
        )

    def _own_data_values(self):
        """What a signed-in citizen sees of the own data.

        :return: dict of plain values
        """
        self.ensure_one()
        kinds = dict(self.env["civic.data.limit"]._selection_kind())
        labels = self.env["civic.reporter"]._identity_labels()
        requests = self.data_request_ids[:MAX_REPORTS]
        pending = requests.filtered("is_open").mapped("kind")
        return {
            "identity": [
                {"field": name, "label": labels[name], "value": self[name] or ""}
                for name in IDENTITY_FIELDS
            ],
            "restricted": bool(self.restricted_at),
            "looks": self._look_values(),
            "requests": [request._citizen_values() for request in requests],
            # The copy needs no request: it is taken at once.
            "kinds": [
                {"kind": kind, "label": label, "is_open": kind in pending}
                for kind, label in kinds.items()
                if kind != "copy"
            ],
        }

    def _ask_about_data(self, kind, details):
        """Open a request, as the person.

        :param details: dict: message, and new values for a correction
        :raises UserError: in words for the citizen
        """
        self.ensure_one()
        message = clean(details.get("message") or "")[:MAX_MESSAGE]
        changes = {}
        if kind == "correction":
            changes = self._normalized(
                {
                    name: details[name]
                    for name in IDENTITY_FIELDS
                    if (details.get(name) or "").strip()
                }
            )
            if not changes and not message:
                raise UserError(self.env._("Say what is to be corrected."))
        requests = as_citizen(self.env["civic.data.request"]).sudo()
        requests._open(
            self.with_env(requests.env), kind, "portal", {"message": message, **changes}
        )

    def _take_own_copy(self):
        """The copy, for the person; that it was taken is kept on record."""
        self.ensure_one()
        reporter = as_citizen(self).sudo()
        reporter._log_data("copied")
        return reporter._copy_of_data()

    def _copy_of_data(self, when=_iso):
        """Everything that is kept about this person.

        :param when: function that writes moments
        :return: dict of plain values, for JSON and for the page
        """
        self.ensure_one()
        # sudo: the caller has proved to be the person, or is the Centre and logs it
        reporter = self.sudo()
        reports = reporter.report_ids[:MAX_REPORTS]
        return {
            "made_at": when(self.env["civic.door"]._now()),
            "keeper": reporter.company_id.name,
            "identity": {
                **{name: reporter[name] or "" for name in IDENTITY_FIELDS},
                **{name: reporter[name] for name in CHAT_IDS if reporter[name]},
                "is_organisation": reporter.is_organisation,
                "verified": reporter.verified,
                "restricted_at": when(reporter.restricted_at),
            },
            "reports": [report._copy_values(when) for report in reports],
            "looks": [
                {**look, "at": when(look["at"])} for look in reporter._look_values()
            ],
            "disclosures": [
                row._copy_values(when)
                for row in reporter.disclosure_ids
                if row.state in row._shown_states()
            ],
            "requests": [row._copy_values(when) for row in reporter.data_request_ids],
        }


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _copy_values(self, when):
        """This report as its sender gets it in a copy of the own data."""
        self.ensure_one()
        return {
            "code": self.name,
            "state": self.state,
            "received_at": when(self.received_at),
            "subject": self.subject,
            "text": self.description,
            "added_later": self.supplied_text or "",
            "said_of_the_sender": self._said_values(),
            "place": self.address or "",
            "ward": self.ward_id.name or "",
            "latitude": self.latitude,
            "longitude": self.longitude,
            "answer": self.public_result if self.published_at else "",
            "reason_of_refusal": self.reason_message or "",
            "rating": self.rating_level_id.name or "",
            "rating_comment": self.rating_comment or "",
            "files": [
                {
                    "name": file["name"],
                    "path": f"{self._own_path()}/tep/{file['index']}",
                }
                for file in self._own_file_values()
            ],
            "follow_ups": [
                {
                    "sent_at": when(row.sent_at),
                    "question": row.body,
                    "answer": row.answer or "",
                }
                for row in self.interaction_ids
                if not row.by_other
            ],
        }


class CivicDisclosure(models.Model):
    _inherit = "civic.disclosure"

    def _copy_values(self, when):
        self.ensure_one()
        values = self._citizen_values()
        return {
            **{
                name: values[name]
                for name in ("code", "who", "document", "reason", "legal_basis", "data")
            },
            "state": values["state_words"],
            "answered_at": when(self.answered_at),
            "open_until": when(self.expires_at),
        }


class CivicDataRequest(models.Model):
    _inherit = "civic.data.request"

    def _copy_values(self, when):
        self.ensure_one()
        values = self._citizen_values()
        del values["deadline"]
        return {
            **values,
            "received_at": when(self.received_at),
            "ended_at": when(self.ended_at),
        }

    def _copy_for_centre(self):
        """The copy that the Centre hands to the person; the look is written down.

        :raises MissingError: unless a request for a copy is open
        """
        request = self.exists()
        if (
            not request._filtered_access("read")
            or request.kind != "copy"
            or not request.is_open
        ):
            raise MissingError(self.env._("Not found: no copy has been asked for."))
        reporter = request.reporter_id
        reporter._check_show()
        given = reporter._given("data_request", request.display_name)
        reporter._log_look(IDENTITY_FIELDS, given)
        request.env["civic.data.event"]._log(
            "copied", request.company_id, reporter.sudo(), request.sudo()
        )
        copy = reporter._copy_of_data(request.company_id._civic_moment_text)
        labels = self.env["civic.reporter"]._identity_labels()
        copy["identity_rows"] = [
            (labels[name], copy["identity"][name]) for name in IDENTITY_FIELDS
        ]
        return copy
