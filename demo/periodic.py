"""Periodic reports as the demo shows them: the last one issued, one drafted.

Like the stories, they are acted out by the people through the verbs.
"""

from datetime import timedelta

DIFFICULTIES = (
    "Một số phản ánh thiếu vị trí cụ thể, phải yêu cầu bổ sung.\n"
    "Một số cơ quan chưa cử người thay khi nhân sự đầu mối đi vắng."
)
PROPOSALS = (
    "Đề nghị UBND tỉnh chỉ đạo các cơ quan xử lý dứt điểm các trường hợp quá hạn."
)


def play(stage):
    """Draw up reports on the weeks of the demo.

    :param stage: where the stories of the reports played
    """
    reports = _as(stage, "manager")
    kind = stage.env.ref("civic_report.periodic_hue_demand_centre")
    today = stage.company._civic_today()
    for first, last in ((45, 16), (15, 0)):
        days = (today - timedelta(days=first), today - timedelta(days=last))
        report = reports.browse(reports.open_demand(kind.id, *days))
        report.draft()
        report.save_words(difficulties=DIFFICULTIES, proposals=PROPOSALS)
        if last:
            # Another person approves, then the first one issues.
            other = report.with_user(stage.env.ref("base.user_admin"))
            other.with_company(stage.company).approve()
            report.issue()


def _as(stage, login):
    env = stage.env(user=stage.users[login], su=False, context=stage.locale)
    return env["civic.periodic.report"].with_company(stage.company)
