"""Import of older cases: minutes and memory for 100,000 lines of a file."""

import base64
import csv
import io
import os
import resource
from datetime import datetime, timedelta
from time import perf_counter, process_time

import psutil

LINES = int(os.environ.get("CIVIC_BENCH_LINES", "100000"))
HEADINGS = (
    *("number", "received_at", "state", "subject", "description", "category"),
    *("agency", "dispatched_at", "resolved_at", "published_at", "result"),
    *("rating", "name", "phone", "address", "visibility", "public_text"),
    *("closed_at", "reason"),
)
WORDS = "Ổ gà sâu giữa làn đường, xe máy dễ ngã khi trời mưa, đề nghị sửa chữa sớm. "
STATES = ("Done", "Done", "Done", "Refused", "In hand")


def main(env):
    """Print seconds, lines a second and memory of the check and of the import."""
    agency = env["civic.agency"].create({"name": "bench", "code": "BENCH"})
    data = _file(agency)
    asked = env["civic.import"].with_user(env.ref("base.user_admin"))
    asked = asked.create(
        {"name": "bench", "source": "bench", "upload": base64.b64encode(data)}
    )
    row = asked.sudo()
    env.cr.commit()
    size = len(data) // 1024 // 1024
    del data
    print(f"{LINES:,} lines, {size} MB")
    _measure(env, "check", lambda: asked.action_check() and row._go_on(_commit(env)))
    print(f"  good {row.good_count:,}, with faults {row.bad_count:,}")
    for fault in row.fault_ids[:5]:
        print(f"  {fault.line} {fault.column}: {fault.message}")
    asked.action_start()
    _measure(env, "take in", lambda: row._go_on(_commit(env)))
    print(f"  taken in {row.made_count:,}, left {row.left_count:,}")
    _measure(env, "figures", lambda: env["civic.figure"]._cron_refresh())


def _commit(env):
    def go_on():
        env.cr.commit()
        env.invalidate_all()
        return True

    return go_on


def _measure(env, name, act):
    process = psutil.Process()
    before, start, busy = process.memory_info().rss, perf_counter(), process_time()
    act()
    env.cr.commit()
    seconds = perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:10}{seconds:9.1f} s, of which in Python {process_time() - busy:8.1f} s"
        f"{LINES / seconds:10.0f} lines/s"
        f"   memory before {before / 1024 / 1024:6.0f} MB, at most {most:6.0f} MB",
        flush=True,
    )


def _file(agency):
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    first = datetime(2021, 1, 4, 8, 0)
    for number in range(LINES):
        writer.writerow(_line(number, first + timedelta(minutes=25 * number), agency))
    return stream.getvalue().encode()


def _name(number):
    """A name of words, as names are: figures would be found in every text."""
    digits = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    return "Người gửi " + " ".join(digits[int(digit)].title() for digit in str(number))


def _line(number, received, agency):
    state = STATES[number % len(STATES)]
    answered = state == "Done"

    def at(hours, known=True):
        moment = received + timedelta(hours=hours)
        return moment.strftime("%d/%m/%Y %H:%M") if known else ""

    line = {
        "number": f"B-{number}",
        "received_at": at(0),
        "state": state,
        "subject": f"Ổ gà trên đường số {number}",
        "description": WORDS * 5,
        "category": "GT",
        "agency": agency.code if state != "Refused" else "",
        "dispatched_at": at(3, state != "Refused"),
        "resolved_at": at(24 * (1 + number % 14), answered),
        "published_at": at(24 * (1 + number % 14) + 5, answered),
        "result": WORDS if answered else "",
        "rating": "Hài lòng" if answered and number % 3 == 0 else "",
        "name": _name(number % 60_000),
        "phone": f"09{10_000_000 + number % 60_000}",
        "address": f"Số {number}",
        "visibility": "Công khai",
        "public_text": WORDS * 3,
    }
    extra = {"Refused": (at(5), "Không thuộc thẩm quyền")}.get(state, ("", ""))
    return [*(line[key] for key in HEADINGS[:-2]), *extra]
