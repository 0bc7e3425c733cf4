"""An agency ends with 2,000 assignments in hand: queries and seconds."""

from time import perf_counter

from .create import _people, _values

ASSIGNMENTS = (200, 2000)
BATCH = 500


def main(env):
    """Print what a succession costs, of one agency and divided among two."""
    people = _people(env)
    wards = env["civic.ward"].create(
        [{"name": f"Phường {number}"} for number in range(20)]
    )
    print(f"{'in hand':>9}{'successors':>12}{'queries':>9}{'seconds':>9}")
    for count in ASSIGNMENTS:
        for successors in (1, 2):
            queries, seconds = _measure(env, people, wards, count, successors)
            print(f"{count:9}{successors:12}{queries:9}{seconds:9.1f}")
    env.cr.rollback()


def _measure(env, people, wards, count, successors):
    old, *new = (_agency(env, people, number) for number in range(successors + 1))
    reports = env["civic.report"].with_user(people["operator"])
    for start in range(0, count, BATCH):
        batch = reports.create(
            [
                {**_values(env, people), "ward_id": wards[number % len(wards)].id}
                for number in range(start, min(count, start + BATCH))
            ]
        )
        batch.receive()
        batch.dispatch(old.ids)
        batch.assignment_ids.with_user(people["handler"]).accept()
    administrator = env.ref("base.user_admin")
    row = (
        env["civic.succession"]
        .with_user(administrator)
        .create(
            {
                "kind": "agency",
                "agency_id": old.id,
                "successor_agency_ids": [(6, 0, [agency.id for agency in new])],
            }
        )
    )
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, perf_counter()
    row.action_confirm()
    env.flush_all()
    return env.cr.sql_log_count - queries, perf_counter() - start


def _agency(env, people, number):
    """An agency with people of its own, so that every reminder changes hands."""
    handler, leader = env["res.users"].create(
        [
            {
                "name": f"bench {role} {number}",
                "login": f"bench_{role}_{number}_{env.cr.sql_log_count}",
                "group_ids": [(6, 0, env.ref(f"civic_report.group_{role}").ids)],
            }
            for role in ("handler", "leader")
        ]
    )
    first = {"handler_ids": people["handler"], "leader_ids": people["leader"]}
    own = {"handler_ids": handler, "leader_ids": leader}
    members = own if number else first
    return env["civic.agency"].create(
        {
            "name": f"Cơ quan {number}",
            **{name: [(6, 0, user.ids)] for name, user in members.items()},
            "focal_handler_id": members["handler_ids"].id,
            "focal_leader_id": members["leader_ids"].id,
        }
    )
