"""What leaders do in the model province: they urge, direct, ask for answers, reward.

Like the stories, it is acted out by the people through the verbs, dated back.
"""

from datetime import timedelta

from odoo.fields import Command, Datetime

from ..models.ground.key import Clock

URGINGS = 3
URGED = "Đề nghị xử lý dứt điểm, báo cáo kết quả trước cuối tuần."
# Agencies, kind, summary, text, days until the answer, who answers what.
DIRECTIVES = (
    {
        "agencies": ("SXD", "MTDT"),
        "kind": "handle",
        "subject": "Xử lý dứt điểm các điểm ngập, ổ gà trước mùa mưa",
        "body": "Rà soát các phản ánh về đường sá, thoát nước chưa xong; báo cáo tiến "
        "độ và mốc hoàn thành.",
        "ago": 9,
        "days": 20,
        "answers": (("SXD", "Đã khắc phục các điểm ngập do Sở quản lý."),),
    },
    {
        "agencies": ("TN",),
        "kind": "correct",
        "subject": "Chấn chỉnh việc xử lý phản ánh quá hạn",
        "body": "Kiểm điểm trách nhiệm người phụ trách, khắc phục ngay các trường hợp "
        "quá hạn.",
        "ago": 12,
        "days": 5,
        "answers": (),
    },
    {
        "agencies": ("CX",),
        "kind": "report",
        "subject": "Báo cáo kết quả cắt tỉa cây nguy hiểm",
        "body": "Báo cáo số cây đã cắt tỉa và kế hoạch còn lại.",
        "ago": 20,
        "days": 10,
        "answers": (("CX", "Đã cắt tỉa xong các tuyến chính."),),
        "closed": "Đã thực hiện đủ.",
    },
)


def lead(stage, reports):
    """Act out what leaders do.

    :param stage: where the stories of the reports played
    :param reports: what they made
    """
    _urge(stage, reports)
    for number, case in enumerate(DIRECTIVES, start=1):
        _direct(stage, number, case)
    _reward(stage, reports)


def _as(stage, login, days_ago=0):
    """The environment of somebody so many days ago, in the morning."""
    moment = Datetime.now().replace(microsecond=0) - timedelta(days=days_ago)
    context = {**stage.locale, "civic_clock": Clock(moment)}
    return stage.env(user=stage.users[login], su=False, context=context)


def _urge(stage, reports):
    """Of what is overdue, the province's leader urges the first."""
    late = reports.assignment_ids.filtered(lambda row: row.is_open and row.is_overdue)
    acting = late.with_env(_as(stage, "province"))
    able = acting.filtered(lambda row: "urge" in row.allowed_verbs)[:URGINGS]
    if able:
        able.urge(URGED)


def _direct(stage, number, case):
    env = _as(stage, "province", case["ago"])
    agencies = [stage.agencies[code] for code in case["agencies"]]
    today = stage.company.with_env(env)._civic_today()
    directive = env["civic.directive"].create(
        {
            "number": f"{number:02}/CT-UBND",
            "date": today,
            "issuer": "UBND tỉnh",
            "kind": case["kind"],
            "subject": case["subject"],
            "body": case["body"],
            "agency_ids": [Command.set([agency.id for agency in agencies])],
            "due_date": today + timedelta(days=case["days"]),
        }
    )
    directive.issue()
    for code, words in case["answers"]:
        leader = stage.agencies[code].focal_leader_id
        answering = _as(stage, leader.login, case["ago"] - 4)
        directive.with_env(answering).answer(words)
    if case.get("closed"):
        closing = _as(stage, "province", 1)
        directive.with_env(closing).close(case["closed"])


def _reward(stage, reports):
    """A head proposes who sent a useful report, the manager an agency."""
    answered = reports.filtered(
        lambda row: row.state == "done" and row.agency_id.focal_leader_id
    )[:1]
    if answered:
        agency = answered.agency_id
        env = _as(stage, agency.focal_leader_id.login, 3)
        env["civic.reward"].create(
            {
                "kind": "citizen",
                "report_id": answered.id,
                "merit": "Phản ánh kịp thời, giúp phòng tránh tai nạn.",
                "proposer_agency_id": agency.id,
            }
        )
    env = _as(stage, "manager", 2)
    reward = env["civic.reward"].create(
        {
            "kind": "agency",
            "agency_id": stage.agencies["SYT"].id,
            "merit": "Xử lý đúng hạn tất cả phản ánh trong quý.",
        }
    )
    today = stage.company._civic_today()
    reward.decide_reward("128/QĐ-UBND", today - timedelta(days=2))
