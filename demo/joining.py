"""Who met the same and who follows, in the model province."""

from random import Random

from ..models.workflow.transitions import OPEN_REPORT_STATES

MOST = 24


def join(env, reports, follower):
    """Let devices support what is open and public, and one account follow some of it.

    :param reports: civic.report of the demo
    :param follower: res.users
    """
    chance = Random(7)
    support = env["civic.support"]
    public = reports.filtered("is_published")
    for report in public:
        number = int(MOST * chance.random() ** 3)
        report._elevated().support_count += number
        if report.state in OPEN_REPORT_STATES:
            for index in range(number):
                device = support._prepare_row(
                    report, "device", f"demo-{index}", is_support=True
                )
                support._upsert(device)
    for report in public.filtered(lambda row: row.state in OPEN_REPORT_STATES)[:3]:
        support._follow_account_sudo(report, follower)
