"""A province and its neighbour with one canary in each personal field."""

import io
from datetime import timedelta

from PIL import Image

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from ...models.site.submission import Sending
from ...tools.periods import Period
from ..rig.common import CivicCase
from .policy import ACTORS
from .words import IDENTITY, TEXTS

PASSWORD = "civic-canary-password"
OFFICERS = (
    *("operator", "manager", "administrator", "handler", "leader"),
    *("other_handler", "other_leader", "coordinator", "province_leader"),
)


def picture(note=""):
    """A photograph whose hidden part names the camera's owner."""
    image = Image.new("RGB", (48, 32), "gray")
    exif = Image.Exif()
    exif[0x013B] = note  # Artist
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


class CanaryCase(CivicCase, HttpCase):
    """Every role, reports in every stage, and a second province beside them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plant_people()
        cls.plant_reports()
        cls.plant_cases()
        cls.plant_gateways()
        cls.plant_acts()
        cls.plant_successions()
        cls.plant_leadership()
        cls.plant_beyond()
        cls.plant_foresight()
        cls.plant_roots()
        cls.plant_counts()
        cls.plant_periodic()
        cls.env.flush_all()
        cls.actors = {name: cls.actor(name) for name in ACTORS}
        cls.actors["anonymous"] = cls.env.ref("base.public_user")

    @classmethod
    def actor(cls, name):
        return getattr(cls, name, None)

    # ------------------------------------------------------------------
    # This province
    # ------------------------------------------------------------------

    @classmethod
    def plant_people(cls):
        for role in OFFICERS:
            user = getattr(cls, role)
            user.partner_id.name = f"{TEXTS['officer'].capitalize()} {role}"
        cls.citizen.write(
            {
                "name": f"{TEXTS['account'].capitalize()} Tài Khoản",
                "login": f"{TEXTS['account']}@example.com",
                "email": f"{TEXTS['account']}@example.com",
            }
        )
        for role in (*OFFICERS, "plain", "citizen", "other_citizen"):
            getattr(cls, role).password = PASSWORD
        cls.ward = cls.env["civic.ward"].create(
            {"name": "Phường Thuận Hóa", "code": "26", "company_id": cls.company.id}
        )

    @classmethod
    def send(cls, word, *, company=None, user=None, identity=None, **form):
        """A report as the citizen sends it, with a canary in its text."""
        identity = identity or IDENTITY
        values = {
            "subject": "Ổ gà trên đường",
            "description": f"Chi tiết {word} của người dân.",
            "address": "Trước số 10 Lê Lợi",
            "category_id": str(cls.category.id),
            "occurred_at": "2026-01-05T08:00",
            "name": identity["name"],
            "phone": identity["phone"],
            "email": identity["email"],
            "reporter_address": identity["address"],
            "citizen_id": identity["citizen_id"],
            "consent": "1",
            **form,
        }
        return cls.env["civic.form"]._submit_sudo(
            Sending(
                values,
                [picture(IDENTITY["exif"] if user is None else word)],
                user=user or cls.citizen,
                company=company or cls.company,
            )
        )

    @classmethod
    def plant_reports(cls):
        sensitive = cls.env.ref("civic_report.category_corruption", False)
        sensitive = sensitive or cls.env["civic.category"].search(
            [("track", "=", "sensitive")], limit=1
        )
        cls.reports = {
            "own": cls.send(TEXTS["own"]),
            "private": cls.send(TEXTS["private"], private="1"),
            "sensitive": cls.send(TEXTS["sensitive"], category_id=str(sensitive.id)),
            "secret": cls.send(TEXTS["secret"]),
            "new": cls.send(TEXTS["new"]),
            "done": cls.send(TEXTS["own"]),
        }
        cls.plant_in_hand(cls.reports["own"])
        for name in ("private", "secret"):
            cls.plant_dispatched(cls.reports[name])
        cls.plant_followers(cls.reports["own"])
        cls.plant_message(cls.reports["own"])
        cls.plant_sensitive(cls.reports["sensitive"])
        cls.plant_done(cls.reports["done"])
        cls.reporter = cls.reports["own"].reporter_id
        cls.plant_changed_minds()
        secret = cls.reports["secret"].with_user(cls.manager).sudo(False)
        secret.set_visibility("secret", "Có tin mật.")

    @classmethod
    def plant_changed_minds(cls):
        """One report corrected, one to be withdrawn, a one-time code on its way."""
        amended = {"message": f"Sửa lại {TEXTS['new']}.", "address": "Số 12 Lê Lợi"}
        cls.reports["new"]._amend_as(cls.citizen, amended)
        why = f"Xin rút {TEXTS['message']}."
        cls.reports["private"]._withdraw_as(cls.citizen, why)
        cls.env["civic.code"]._issue_sudo(cls.reports["own"], "lookup")
        # As an anonymous form would say it in the sender's name; then somebody looks.
        said = {"address": f"Số 2 {IDENTITY['address']}"}
        cls.env["civic.statement"]._keep(cls.reports["own"], said)
        cls.as_operator(cls.reports["own"]).reporter_id.show("call_back")

    @classmethod
    def as_operator(cls, report):
        return report.with_user(cls.operator).sudo(False)

    @classmethod
    def as_citizen(cls, report):
        return report._as_sender(cls.citizen)

    @classmethod
    def plant_in_hand(cls, report):
        """Asked for more, completed, dispatched, sent back, drafted anew."""
        operator = cls.as_operator(report)
        operator.request_supplement(f"Xin bổ sung {TEXTS['message']}.")
        report._supply_as(cls.citizen, f"Bổ sung {TEXTS['supplement']}.", [])
        operator.standardised_description = "Ổ gà sâu trên đường."
        cls.plant_dispatched(report)
        assignment = report.assignment_ids.sudo(False)
        if report.procedure_id.assign_step:
            assignment.with_user(cls.leader).assign(cls.handler.id)
        assignment.with_user(cls.handler).submit("Đã vá.")
        assignment.with_user(cls.leader).send_back(f"Viết rõ {TEXTS['back']}.")
        assignment.with_user(cls.handler).result = f"Sẽ vá {TEXTS['draft']}."
        cls.assignment = assignment.sudo()

    @classmethod
    def plant_dispatched(cls, report):
        operator = cls.as_operator(report)
        operator.receive()
        operator.dispatch([cls.agency.id], note=f"Khẩn trương {TEXTS['note']}.")
        report.assignment_ids.sudo(False).with_user(cls.handler).accept()

    @classmethod
    def plant_followers(cls, report):
        """An address, an account and a device that follow."""
        support = cls.env["civic.support"]
        link = support._new_link("canary-link-")
        support._upsert(
            support._prepare_row(
                report, "email", IDENTITY["email"], state="following", **link
            )
        )
        support._follow_account_sudo(report, cls.citizen)
        device = {"endpoint": f"https://push.example.com/{IDENTITY['chat']}"}
        support._follow_push_sudo(report, {**device, "p256dh": "x", "auth": "x"}, "")

    @classmethod
    def plant_message(cls, report):
        """The sender writes on Zalo, too: who that is, and the message as it came."""
        report.reporter_id.sudo().zalo_id = IDENTITY["chat"]
        inbox, vault = cls.env["civic.inbox"], cls.env["civic.vault"]
        raw = f'{{"sender": {{"id": "{IDENTITY["chat"]}"}}}}'.encode()
        inbox.create(
            {
                "channel": "zalo",
                "external_id": "planted",
                "content_id": "planted",
                "uuid": "planted",
                "raw": inbox._seal_bytes(raw, "planted"),
                "vault_key": vault._active_key(),
                "sender": vault._fingerprint("zalo_id", IDENTITY["chat"]),
                "size": len(raw),
                "company_id": cls.company.id,
                "report_id": report.id,
                "state": "done",
                "received_at": report.received_at,
                "due_at": report.received_at,
            }
        )

    @classmethod
    def plant_sensitive(cls, report):
        operator = cls.as_operator(report)
        operator.receive()
        operator.consult(cls.coordinating_agency.id)
        coordinator = report.with_user(cls.coordinator).sudo(False)
        coordinator.answer_consult([cls.agency.id], "Sở Xây dựng.")
        operator.dispatch([cls.agency.id])

    @classmethod
    def plant_done(cls, report):
        cls.plant_dispatched(report)
        assignment = report.assignment_ids.sudo(False)
        assignment.with_user(cls.handler).submit("Đã vá ổ gà.")
        assignment.with_user(cls.leader).approve()
        operator = cls.as_operator(report)
        operator.public_result = "Đã vá ổ gà."
        operator.publish()
        level = report.procedure_id.scale_id.level_ids[:1]
        report._rate_as(cls.citizen, level.id, f"Cảm ơn {TEXTS['opinion']}.")
        report._follow_up_as(cls.citizen, f"Còn {TEXTS['question']} thì sao?")
        cls.plant_questions(report)

    @classmethod
    def plant_questions(cls, report):
        """Somebody else asks, too: one is passed on, one is to be looked at."""
        report.procedure_id.anyone_follows_up = True
        name = f"{TEXTS['asked'].capitalize()} Người Hỏi"
        asker = {"name": name, "email": f"{TEXTS['asked']}@example.com", "consent": "1"}
        public = cls.env.ref("base.public_user")
        for body in (f"Tôi là {name}: bao giờ xong?", f"Còn {TEXTS['asked']}?"):
            question = report._ask_sudo({**asker, "body": body}, user=public)
            if name in body:
                question.with_user(cls.operator).sudo(False).pass_on()

    # ------------------------------------------------------------------
    # Cases about the citizen
    # ------------------------------------------------------------------

    @classmethod
    def plant_successions(cls):
        """What is to come alone: nobody stands in for anybody yet."""
        day = cls.company._civic_today() + timedelta(days=30)
        row = cls.env["civic.succession"].create(
            {
                "kind": "agency",
                "agency_id": cls.agency.id,
                "successor_agency_ids": [
                    Command.set([cls.other_agency.id, cls.coordinating_agency.id])
                ],
                "date": day,
            }
        )
        row.with_user(cls.administrator).action_propose()
        cls.env["civic.stand.in"].create(
            {
                "user_id": cls.handler.id,
                "deputy_id": cls.other_handler.id,
                "date_from": day,
                "date_to": day,
            }
        )

    @classmethod
    def plant_leadership(cls):
        """A year of this agency that is to be decided on; deadlines and ratings are
        kept by the walks themselves."""
        day = cls.company._civic_today()
        year = Period("demand", day - timedelta(days=60), day + timedelta(days=1))
        cls.env["civic.evaluation"]._draft_year(cls.company, year)

    @classmethod
    def plant_cases(cls):
        """A call, a finding, a request of an agency and one of the citizen."""
        report = cls.reports["own"]
        cls.env["civic.call"].with_user(cls.operator).create(
            {
                "number": IDENTITY["phone"],
                "note": f"Gọi hỏi {TEXTS['call']}.",
                "report_id": report.id,
            }
        )
        cls.as_operator(cls.reports["done"]).mark_violation(
            "wording", f"Lời lẽ {TEXTS['finding']}."
        )
        cls.assignment.with_user(cls.handler).sudo(False).request_disclosure(
            f"Cùng đo đạc {TEXTS['disclosing']}.",
            "Luật Đất đai 2024",
            ["name", "phone"],
            cls.handler.ids,
            7,
        )
        cls.reporter._ask_about_data("withdrawal", {"message": TEXTS["data"]})

    @classmethod
    def plant_acts(cls):
        """What leaders do: urged, directed, explained, rewarded; here and beyond."""
        cls.assignment.with_user(cls.province_leader).sudo(False).urge("Khẩn trương.")
        for company, agency, report in (
            (cls.company, cls.agency, cls.reports["own"]),
            (cls.company, cls.other_agency, cls.reports["new"]),
        ):
            cls.plant_acts_of(company, agency, report, "Chấn chỉnh.")

    @classmethod
    def plant_acts_of(cls, company, agency, report, words):
        """A directive with an answer, an explanation and a proposal of one agency."""
        env = report._elevated().env
        today = company._civic_today()
        directive = env["civic.directive"].create(
            {
                "number": f"{agency.id}/CT-UBND",
                "date": today,
                "issuer": "UBND tỉnh",
                "subject": words,
                "body": words,
                "agency_ids": [Command.set(agency.ids)],
                "report_ids": [Command.set(report.ids)],
                "company_id": company.id,
                "state": "issued",
                "issued_at": env["civic.door"]._now(),
            }
        )
        of_agency = {"agency_id": agency.id, "company_id": company.id}
        env["civic.directive.answer"].create(
            {
                **of_agency,
                "directive_id": directive.id,
                "text": words,
                "answered_by": agency.focal_leader_id.id,
                "answered_at": env["civic.door"]._now(),
            }
        )
        explanation = env["civic.explanation"].create(
            {**of_agency, "period_from": today, "period_to": today, "line_count": 1}
        )
        env["civic.explanation.line"].create(
            {
                **of_agency,
                "explanation_id": explanation.id,
                "code": report.name,
                "cause": words,
            }
        )
        env["civic.reward"].create(
            {
                "kind": "agency",
                "agency_id": agency.id,
                "proposer_agency_id": agency.id,
                "merit": words,
                "company_id": company.id,
            }
        )
        explanation._log_act("explanation_opened", words)

    @classmethod
    def plant_gateways(cls):
        """Accounts with providers at which nobody answers."""
        secrets = ("secret", "access_key", "refresh_key", "webhook_secret")
        cls.env["civic.gateway"].with_user(cls.administrator).create(
            [
                {
                    "name": kind,
                    "kind": kind,
                    "url": "http://127.0.0.1:9",
                    **dict.fromkeys(secrets, TEXTS["gateway"]),
                }
                for kind in ("sms", "zalo", "call")
            ]
        )

    @classmethod
    def plant_roots(cls):
        """A day is closed: roots and receipts are there to be asked for."""
        cls.company.civic_root_emails = "mat.tran@example.com"
        cls.env.flush_all()
        while cls.env["civic.event"]._seal():
            pass
        cls.env["civic.event.root"]._close()

    @classmethod
    def plant_counts(cls):
        """What the leaders' screens read, of both provinces."""
        now = cls.company._civic_today()
        cls.env["civic.now"]._count_now(cls.env["civic.door"]._now())
        figures = cls.env["civic.period.figures"]
        for company in (cls.company, cls.company_beyond):
            period = figures._shown_periods(company, "month", now)[0]
            figures._keep_period(company, period)

    @classmethod
    def plant_foresight(cls):
        """A draft tried and something foreseen, in both provinces."""
        day = cls.company._civic_today() - timedelta(days=1)
        for company, agency in (
            (cls.company, cls.agency),
            (cls.company_beyond, cls.agency_beyond),
        ):
            asked = {"company_id": company.id, "draft_id": cls.procedure.id}
            row = cls.env["civic.rehearsal"].create(
                {**asked, "date_from": day, "date_to": day}
            )
            row._rehearse(lambda: True)
            about = {"company_id": company.id, "agency_id": agency.id}
            cls.env["civic.rehearsal.line"].create(
                {**about, "rehearsal_id": row.id, "dimension": "agency"}
            )
            now = cls.env["civic.door"]._now()
            cls.env["civic.sight"].create(
                {**about, "kind": "agency", "counted_at": now, "late_from": now}
            )

    @classmethod
    def plant_periodic(cls):
        """A report on all that came in, and one of the neighbour's."""
        kind = cls.env.ref("civic_report.periodic_hue_demand_centre")
        for user in (cls.manager, cls.administrator_beyond):
            reports = cls.env["civic.periodic.report"].with_user(user)
            reports = reports.with_company(user.company_id)
            today = user.company_id._civic_today()
            report = reports.browse(reports.open_demand(kind.id, today, today))
            report.draft()
            report.save_words(difficulties=f"Khó khăn {user.name}")
            report.note_line(report.line_ids[:1].id, "Cần thêm nhân lực.")

    # ------------------------------------------------------------------
    # The neighbour
    # ------------------------------------------------------------------

    @classmethod
    def plant_beyond(cls):
        word = TEXTS["beyond"]
        cls.company_beyond = cls.env["res.company"].create({"name": "Tỉnh láng giềng"})
        company = cls.company_beyond
        groups = {
            "operator_beyond": "civic_report.group_operator",
            "administrator_beyond": "civic_report.group_administrator",
            "handler_beyond": "civic_report.group_handler",
            "leader_beyond": "civic_report.group_leader",
            "citizen_beyond": "base.group_portal",
        }
        for name, group in groups.items():
            user = new_test_user(
                cls.env(context={"no_reset_password": True, "tracking_disable": True}),
                login=f"civic_{name}",
                groups=group,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
                tz="Asia/Ho_Chi_Minh",
            )
            user.write({"password": PASSWORD, "name": f"{word.capitalize()} {name}"})
            setattr(cls, name, user)
        beyond = cls.env(context={"allowed_company_ids": company.ids})
        company.with_env(beyond)._civic_set_up()
        company.civic_procedure_id = cls.procedure
        cls.agency_beyond = cls.make_agency(
            f"Sở {word}",
            "SLG",
            cls.handler_beyond,
            cls.leader_beyond,
            company_id=company.id,
        )
        cls.ward_beyond = cls.env["civic.ward"].create(
            {"name": f"Phường {word}", "code": "99", "company_id": company.id}
        )
        cls.category_beyond = cls.env["civic.category"].create(
            {"name": f"Lĩnh vực {word}", "code": "LG", "company_id": company.id}
        )
        cls.report_beyond = cls.send(
            word,
            company=company,
            user=cls.citizen_beyond,
            subject=f"Việc {word}",
            address=f"Đường {word}",
            ward_id=str(cls.ward_beyond.id),
            category_id=str(cls.category_beyond.id),
            identity={
                "name": f"Người {word}",
                "phone": "0977000111",
                "email": f"{word}@example.com",
                "address": f"Nhà {word}",
                "citizen_id": "",
            },
        )
        report = cls.report_beyond.with_user(cls.operator_beyond).sudo(False)
        report.standardised_description = f"Bản sửa {word}"
        report.receive()
        report.dispatch([cls.agency_beyond.id], note=word)
        assignment = report.sudo().assignment_ids.sudo(False)
        assignment.with_user(cls.handler_beyond).accept()
        assignment.with_user(cls.handler_beyond).submit(f"Xong {word}")
        assignment.with_user(cls.leader_beyond).approve()
        report.public_result = f"Kết quả {word}"
        report.publish()
        cls.plant_acts_of(company, cls.agency_beyond, report.sudo(), word)
