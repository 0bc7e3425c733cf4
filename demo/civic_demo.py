import base64
import csv
import json
from pathlib import Path

from odoo import api, models
from odoo.fields import Command

from . import periodic, personal_data
from .acts import lead
from .calls import call_up
from .joining import join
from .leaders import show_to_leaders
from .messages import exchange
from .rehearsal import rehearse
from .stories import Stage, play

HERE = Path(__file__).parent
LANGUAGE = "vi_VN"
TIME_ZONE = "Asia/Ho_Chi_Minh"
# What each role sees first.
HOME_ACTIONS = {
    "operator": "civic_report_action_intake",
    "centre_manager": "civic_report_action_intake",
    "handler": "civic_assignment_action_work",
    "leader": "civic_board_action_unit",
    "coordinator": "civic_report_action_coordination",
    "province_leader": "civic_board_action_province",
    "wall": "civic_board_action_wall",
}


class CivicDemo(models.AbstractModel):
    """A model province of six busy weeks, as demo data.

    People, agencies and wards are tables beside this file; reports are stories that
    the people act out through the verbs, dated back from the moment of loading.
    """

    _name = "civic.demo"
    _description = "Demo province"

    @api.model
    def _load(self):
        """Make the province and its reports, unless they are there already.

        :return: the reports, none the second time
        """
        if self.env.ref("civic_report.demo_user_operator1", raise_if_not_found=False):
            return self.env["civic.report"]
        self._load_terms()
        self._set_up_company()
        users = self._load_users()
        wards = self._load_wards()
        agencies = self._load_agencies(users, wards)
        stage = Stage(
            self.env,
            users=users,
            wards=wards,
            agencies=agencies,
            reporters=self._read_rows("reporters.tsv", "key"),
            locale={"lang": self._language(), "tz": TIME_ZONE},
        )
        call_up(stage, json.loads((HERE / "calls.json").read_text("utf-8")))
        reports = play(stage, json.loads((HERE / "reports.json").read_text("utf-8")))
        personal_data.play(stage, reports)
        lead(stage, reports)
        join(self.env, reports, users["citizen1"])
        self.env["civic.figure"]._cron_refresh()
        exchange(self.env, reports)
        show_to_leaders(self.env, wards)
        rehearse(self.env, users["manager"])
        periodic.play(stage)
        return reports

    @api.model
    def _load_terms(self):
        """Have the names of what is shipped in Vietnamese before anything is drawn up:
        Odoo loads them after the demo, and an issued document stays as it was."""
        if self._language() == LANGUAGE:
            # sudo: terms are the module manager's
            modules = self.env["ir.module.module"].sudo()
            modules._load_module_terms(["civic_report"], [LANGUAGE])

    def _set_up_company(self):
        company = self.env.company
        # The post-init hook runs after demo data.
        company._civic_set_up()
        company.write(
            {
                "name": "Trung tâm Giám sát, điều hành đô thị thông minh",
                "civic_procedure_id": self.env.ref("civic_report.procedure_hue").id,
                "email": "trungtam@example.com",
                "civic_email": "phananh@example.com",
                "phone": "1900 0000",
                "country_id": self.env.ref("base.vn").id,
                "civic_map_latitude": 16.46,
                "civic_map_longitude": 107.59,
                "civic_map_zoom": 12,
                "civic_map_reach": 60,
            }
        )
        icon = HERE.parent / "static" / "description" / "icon.png"
        self.env.ref("website.default_website").write(
            {
                "name": "Phản ánh hiện trường",
                "logo": base64.b64encode(icon.read_bytes()),
                "civic_theme": True,
            }
        )

        # A province's footer instead of Odoo's sample.
        self.env.ref("civic_report.website_footer").active = True
        self.env.ref("website.header_text_element").active = False

    def _load_users(self):
        """Users of all roles, by login."""
        rows = self._read_rows("logins.tsv", "login")
        known = self.env["res.users"].search([("login", "in", list(rows))])
        known.write(self._prepare_locale())
        users = {user.login: user for user in known}
        new = {login: row for login, row in rows.items() if login not in users}
        made = self._load_table(
            "res.users",
            "user",
            {login: self._prepare_user(new[login]) for login in new},
        )
        return {**users, **made}

    def _prepare_user(self, row):
        values = {
            "name": row["role"],
            "login": row["login"],
            "password": row["password"],
            "email": f"{row['login']}@example.com",
            **self._prepare_locale(),
        }
        if row["group"] == "portal":
            return {**values, **self._prepare_group("base.group_portal")}
        home = self.env.ref(f"civic_report.{HOME_ACTIONS[row['group']]}")
        return {
            **values,
            **self._prepare_group(f"civic_report.group_{row['group']}"),
            "action_id": home.id,
        }

    def _prepare_group(self, name):
        return {"group_ids": [Command.set(self.env.ref(name).ids)]}

    def _prepare_locale(self):
        return {"lang": self._language(), "tz": TIME_ZONE}

    def _language(self):
        installed = dict(self.env["res.lang"].get_installed())
        return LANGUAGE if LANGUAGE in installed else self.env.lang or "en_US"

    def _load_wards(self):
        """Wards by code, each with the place at which its reports lie."""
        rows = self._read_rows("wards.tsv", "code")
        wards = self._load_table(
            "civic.ward",
            "ward",
            {
                code: {name: row[name] for name in ("name", "code", "kind")}
                for code, row in rows.items()
            },
        )
        return {
            code: (ward, float(rows[code]["latitude"]), float(rows[code]["longitude"]))
            for code, ward in wards.items()
        }

    def _load_agencies(self, users, wards):
        """Agencies by code, with their people, categories and wards."""
        return self._load_table(
            "civic.agency",
            "agency",
            {
                code: self._prepare_agency(row, sequence, users, wards)
                for sequence, (code, row) in enumerate(
                    self._read_rows("agencies.tsv", "code").items(), start=1
                )
            },
        )

    def _prepare_agency(self, row, sequence, users, wards):
        handler, leader = users[row["handler"]], users[row["leader"]]
        categories = [
            self.env.ref(f"civic_report.category_{name}").id
            for name in filter(None, row["categories"].split(","))
        ]
        area = [wards[code][0].id for code in filter(None, row["wards"].split(","))]
        return {
            "name": row["name"],
            "code": row["code"],
            "kind": row["kind"],
            "sequence": sequence,
            "handler_ids": [Command.set(handler.ids)],
            "leader_ids": [Command.set(leader.ids)],
            "focal_handler_id": handler.id,
            "focal_leader_id": leader.id,
            "category_ids": [Command.set(categories)],
            "ward_ids": [Command.set(area)],
        }

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------

    def _load_table(self, model, prefix, table):
        """Create a record with an external id for each row.

        :param table: dict key → values
        :return: dict key → record
        """
        records = self.env[model]._load_records(
            [
                {
                    "xml_id": f"civic_report.demo_{prefix}_{key.lower()}",
                    "values": values,
                    "noupdate": True,
                }
                for key, values in table.items()
            ]
        )
        return dict(zip(table, records, strict=True))

    def _read_rows(self, name, key):
        """Rows of a file of this folder, by their key."""
        with open(HERE / name, newline="", encoding="utf-8") as lines:
            rows = csv.DictReader(lines, delimiter="\t", restval="")
            rows.fieldnames = [column.lstrip("# ") for column in rows.fieldnames]
            return {row[key]: row for row in rows}
