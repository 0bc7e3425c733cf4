"""Disclosures, requests about data and a complaint passed on, as the demo shows them.

Like the stories, they are acted out by the people through the verbs, dated back.
"""

from datetime import timedelta

from odoo.fields import Datetime

from ..models.ground.key import Clock
from ..models.workflow.transitions import OPEN_ASSIGNMENT_STATES

# What became of each request, and who did it: where nobody is named, the citizen.
WALKS = (
    (),
    (("manager", "ask_citizen"),),
    (("manager", "ask_citizen"), ("", "agree")),
    (("manager", "decline"),),
    (("manager", "ask_citizen"), ("", "refuse")),
    (("manager", "ask_citizen"), ("", "agree"), ("", "withdraw")),
    (("manager", "ask_citizen"), ("", "agree"), ("asker", "end_disclosure")),
)
REASONS = (
    "Mời người phản ánh cùng kiểm tra hiện trạng tại chỗ.",
    "Liên hệ hẹn giờ đến kiểm tra tại nhà người phản ánh.",
    "Hẹn người phản ánh chỉ vị trí tại hiện trường.",
    "Bổ sung thông tin phản ánh.",
    "Xác minh thời gian xảy ra vụ việc.",
    "Hẹn thời gian kiểm tra lại kết quả xử lý.",
    "Mời làm chứng khi lập biên bản.",
)
LEGAL_BASIS = "Quyết định 43/2020/QĐ-UBND, Điều 5.5 và Điều 7"


def play(stage, reports):
    """Act out the cases of personal data.

    :param stage: where the stories of the reports played
    :param reports: what they made
    """
    _disclosures(stage, reports)
    _data_requests(stage)
    _diversion(stage, reports)


def _env(stage, user, moment):
    context = {**stage.locale, "civic_clock": Clock(moment)}
    return stage.env(user=user, su=False, context=context)


def _moments(report, count):
    """So many moments between the last event of a report and now, in order."""
    last = max(report.event_ids.mapped("at"))
    step = (Datetime.now() - last) / (count + 1)
    return [
        (last + step * number).replace(microsecond=0) for number in range(1, count + 1)
    ]


def _disclosures(stage, reports):
    for assignment, reason, walk in zip(
        _assignments(stage, reports), REASONS, WALKS, strict=True
    ):
        handler = assignment.agency_id.focal_handler_id
        first, *later, last = _moments(assignment.report_id, len(walk) + 2)
        disclosure_id = assignment.with_env(
            _env(stage, handler, first)
        ).request_disclosure(reason, LEGAL_BASIS, ["name", "phone"], handler.ids, 7)
        disclosure = stage.env["civic.disclosure"].browse(disclosure_id)
        for (who, verb), moment in zip(walk, later, strict=True):
            if not who:
                env = _env(stage, stage.env.ref("base.public_user"), moment)
                disclosure.with_env(env).sudo()._answer_as_citizen(verb)
                continue
            user = handler if who == "asker" else stage.users[who]
            arguments = ("Không cần danh tính để xử lý.",) if verb == "decline" else ()
            getattr(disclosure.with_env(_env(stage, user, moment)), verb)(*arguments)
        if disclosure.is_in_force:
            disclosure.with_env(_env(stage, handler, last)).look()


def _assignments(stage, reports):
    """One open assignment of each of seven reports, those of people with an account
    first, so that they find the question on their own page."""
    first = stage.users["citizen1"], stage.users["citizen2"]
    working = [
        report.assignment_ids.filtered(lambda row: row.state in OPEN_ASSIGNMENT_STATES)
        for report in sorted(
            reports,
            key=lambda report: (report.reporter_id.user_id not in first, report.id),
        )
    ]
    return [assignments[:1] for assignments in working if assignments][: len(WALKS)]


def _data_requests(stage):
    reporters = stage.env["civic.reporter"]
    for login, kind, details, hours in (
        ("citizen1", "correction", {"address": "Phường Thống Nhất"}, 60),
        ("citizen2", "deletion", {"message": "Tôi không sử dụng nữa."}, 5),
    ):
        user = stage.users[login]
        reporter = reporters.search([("user_id", "in", user.ids)], limit=1)
        moment = Datetime.now() - timedelta(hours=hours)
        reporter.with_env(_env(stage, user, moment)).sudo()._ask_about_data(
            kind, details
        )


def _diversion(stage, reports):
    petition = reports.filtered(
        lambda report: (
            report.state == "refused" and report.reason_id.code == "out_of_scope"
        )
    )[:1]
    (moment,) = _moments(petition, 1)
    petition.with_env(_env(stage, stage.users["operator1"], moment)).divert(
        "21/TTGS-TN", authority="Thanh tra tỉnh"
    )
