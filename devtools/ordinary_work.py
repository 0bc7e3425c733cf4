# Run in Odoo's shell, with this add-on and without: how many queries ordinary work of
# other apps takes. Each piece is done once before it is counted.
import base64
import json
from unittest.mock import patch

from werkzeug.test import Client

from odoo import http
from odoo.sql_db import Cursor
from odoo.tests import new_test_user

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
MAIL = """\
From: somebody@example.com
To: {to}
Subject: Hello
Message-ID: <{id}@example.com>

Text
"""
QUIET = {"no_reset_password": True, "tracking_disable": True}
COUNTED = {}
numbers = iter(range(1000))
env = env  # noqa: F821, PLW0127 - the shell's
execute = Cursor.execute


def count(name, work):
    """Count the queries of a piece of work on records that nothing has read yet."""
    for is_counted in (False, True):
        prepared = work()
        next(prepared)
        env.flush_all()
        env.invalidate_all()
        ran = []

        def watched(cursor, query, params=None, log_exceptions=True, ran=ran):
            ran.append(query)
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", watched):
            next(prepared, None)
            env.flush_all()
        if is_counted:
            COUNTED[name] = len(ran)


colleague = new_test_user(
    env, "neighbour", "base.group_user,base.group_partner_manager", context=QUIET
)
customer = env["res.partner"].create({"name": "Customer", "email": "c@example.com"})
product = env["product.product"].create({"name": "Chair", "list_price": 10})
alias = env["mail.alias"].create(
    {
        "alias_name": "neighbours",
        "alias_model_id": env["ir.model"]._get_id("res.partner"),
    }
)
files = env["ir.attachment"]
ours = {"name": "a.png", "res_model": "res.partner", "res_id": customer.id}


def order_values():
    line = {"product_id": product.id, "product_uom_qty": 2}
    return {"partner_id": customer.id, "order_line": [(0, 0, line)]}


def sale_created():
    yield
    env["sale.order"].create(order_values())


def sale_confirmed():
    order = env["sale.order"].create(order_values())
    yield
    order.action_confirm()


def file_created():
    content = PICTURE + str(next(numbers)).encode()
    yield
    files.with_user(colleague).create({**ours, "raw": content})


def file_written():
    file = files.create({**ours, "raw": PICTURE})
    yield
    file.with_user(colleague).write({"name": "b.png"})


def file_moved():
    file = files.with_user(colleague).create({"name": "a", "raw": PICTURE})
    yield
    file.write({"res_model": "res.partner", "res_id": customer.id})


def file_moved_by_the_system():
    file = files.create({"name": "a", "raw": PICTURE})
    yield
    file.sudo().write({"res_model": "res.partner", "res_id": customer.id})


def file_content_written():
    file = files.create({**ours, "raw": PICTURE})
    yield
    file.with_user(colleague).raw = PICTURE + b"more"


def file_read():
    file = files.create({**ours, "raw": PICTURE})
    yield
    file.with_user(colleague).read(["raw", "name"])


def files_searched():
    yield
    files.with_user(colleague).search_read(
        [("res_model", "=", "res.partner")], ["name"]
    )


def file_deleted():
    file = files.create({**ours, "raw": PICTURE})
    yield
    file.with_user(colleague).unlink()


def served(path):
    """A visitor asks for an address, over HTTP and in transactions of its own."""
    env.cr.commit()
    yield
    with Client(http.root).get(path) as answer:
        assert answer.status_code == 200, (path, answer.status_code)
        answer.get_data()


def picture_served():
    file = files.create({**ours, "raw": PICTURE, "public": True})
    return served(f"/web/image/{file.id}")


def file_served():
    file = files.create({**ours, "raw": PICTURE, "public": True})
    return served(f"/web/content/{file.id}")


def site_page_served():
    return served("/contactus")


def sign_in_page_served():
    return served("/web/login")


def activity_done():
    activity = customer.activity_schedule("mail.mail_activity_data_todo")
    yield
    activity.action_feedback("Done")


def activity_scheduled():
    yield
    customer.activity_schedule("mail.mail_activity_data_todo")


def message_posted():
    yield
    customer.with_user(colleague).message_post(body="Hello", message_type="comment")


def mail_to_an_alias():
    raw = MAIL.format(to=alias.display_name, id=next(numbers))
    yield
    env["mail.thread"].message_process("res.partner", raw)


def user_created():
    yield
    new_test_user(env, f"passing{next(numbers)}", "base.group_user", context=QUIET)


def user_archived():
    login = f"passing{next(numbers)}"
    user = new_test_user(env, login, "base.group_user", context=QUIET)
    yield
    user.active = False


def user_signs_in():
    yield
    own = env(user=colleague.id)
    own.user._update_last_login()
    own["res.users"].context_get()


def company_read():
    yield
    env.company.read(["name", "resource_calendar_id"])


def working_hours_planned():
    yield
    hours = env.company.resource_calendar_id
    hours.plan_hours(8, env.cr.now(), compute_leaves=True)


for work in (
    *(sale_created, sale_confirmed, file_created, file_written, file_moved),
    *(file_moved_by_the_system, file_content_written, file_read, files_searched),
    *(file_deleted, picture_served, file_served, activity_scheduled, activity_done),
    *(message_posted, mail_to_an_alias, user_created, user_archived, user_signs_in),
    *(company_read, working_hours_planned, sign_in_page_served, site_page_served),
):
    count(work.__name__.replace("_", " "), work)
env.cr.rollback()
print("COUNTED", json.dumps(COUNTED))
