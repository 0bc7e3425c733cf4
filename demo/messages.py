"""Messages of the model province: what came in, what went out, what was given up."""

from datetime import timedelta

from odoo import fields

# Rows of the outbox in states other than “sent”, with what operators read.
OUTCOMES = {
    3: ("dead", "Máy chủ thư từ chối (550)."),
    7: ("dropped", "Không có địa chỉ thư điện tử."),
    11: ("dead", "Thư có thể đã đến; đã thử ba lần."),
}
TOLD = 24
MESSAGES = (
    ("email", "ignored", "Thư trả lời tự động.", 4),
    ("email", "ignored", "Thư bị trả lại.", 9),
    ("email", "failed", "Không đọc được: LookupError.", 26),
    ("zalo", "ignored", "Không phải tin nhắn: giữ lại, không đọc.", 6),
    ("facebook", "ignored", "Không có gì để phản ánh trong đó.", 15),
)
RAW = {
    "email": b"From: demo@example.com\r\nTo: phananh@example.com\r\n\r\n",
    "zalo": b'{"event_name": "user_send_text", "message": {"text": "demo"}}',
    "facebook": b'{"event": {"message": {"text": "demo"}}}',
    "sms": b'{"id": "demo", "text": "demo"}',
}


def exchange(env, reports):
    """Queue what the latest events told people, as if it had been sent since, and let
    mail and chats have come in.

    :param reports: civic.report of the demo
    """
    latest = reports.event_ids.sorted("at")[-3 * TOLD :]
    outbox = env["civic.outbox"]
    outbox._queue_events(latest.with_context(civic_clock=False))
    rows = outbox.search([], order="id desc", limit=TOLD)
    outbox.search([("id", "not in", rows.ids)]).write({"state": "sent"})
    for index, row in enumerate(rows):
        state, error = OUTCOMES.get(index, ("sent", False))
        at = row.event_id.at
        row.write(
            {
                "state": state,
                "error": error,
                "attempts": 3 if error else 1,
                "queued_at": at,
                "due_at": at,
                "sent_at": at + timedelta(seconds=20) if state == "sent" else False,
            }
        )
    _messages(env, reports)


def _messages(env, reports):
    now = fields.Datetime.now()
    came = reports.filtered(lambda report: report.channel_id.code in RAW)
    rows = [
        (report.channel_id.code, "done", False, report.received_at, report.id)
        for report in came
    ]
    for channel, state, error, hours in MESSAGES:
        rows.append((channel, state, error, now - timedelta(hours=hours), False))
    inbox = env["civic.inbox"]
    rows.sort(key=lambda row: row[3])
    for number, (channel, state, error, at, report_id) in enumerate(rows):
        raw = RAW[channel]
        name = f"demo-{number}"
        inbox.create(
            {
                "channel": channel,
                "external_id": name,
                "content_id": name,
                "uuid": name,
                "raw": inbox._seal_bytes(raw, name),
                "vault_key": env["civic.vault"]._active_key(),
                "size": len(raw),
                "company_id": env.company.id,
                "state": state,
                "error": error,
                "attempts": 5 if state == "failed" else 1,
                "received_at": at,
                "due_at": at,
                "report_id": report_id,
            }
        )
