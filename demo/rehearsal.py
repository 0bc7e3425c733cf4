"""A draft with shorter limits, tried on the demo's days; and what is foreseen."""

from datetime import timedelta

from odoo.fields import Command

DAYS = 30
# Step → days by the draft.
SHORTER = {"process": (4, "working_day"), "approve": (4, "working_hour")}


def rehearse(env, manager):
    """Try a draft as a Centre manager does, and count early sight.

    :param manager: res.users
    """
    procedure = env.company.civic_procedure_id
    draft = procedure.copy(
        {
            "name": "Dự thảo sửa đổi: rút ngắn thời gian xử lý",
            "code": "draft",
            "company_id": env.company.id,
            "decision_number": False,
            "limit_ids": [
                Command.create(_values(row))
                for row in procedure.limit_ids
                if (row.track, row.step) != ("normal", "publish")
            ],
        }
    )
    today = env.company._civic_today()
    row = env["civic.rehearsal"].with_user(manager)
    row = row.create(
        {
            "draft_id": draft.id,
            "date_from": today - timedelta(days=DAYS),
            "date_to": today - timedelta(days=1),
        }
    )
    row.sudo()._rehearse(lambda: True)
    env["civic.sight"]._cron_look_ahead()


def _values(row):
    """A limit of the draft, beside the one in force."""
    value, unit = row.value, row.unit
    if row.track == "normal" and row.step in SHORTER:
        value, unit = SHORTER[row.step]
    return {
        "sequence": row.sequence,
        "track": row.track,
        "step": row.step,
        "value": value,
        "unit": unit,
        "grace_minutes": row.grace_minutes,
        "source": row.source,
    }
