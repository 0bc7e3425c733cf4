"""What a thief of the backups gets: the dump and the file store are scanned for people,
in every form in which a value might be written.
"""

import base64
import json
import os
import struct
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...models.vault import sealed
from ...models.vault.vault import VARIABLE
from ...tools import vault
from ...tools.text import fold
from ..rig.asked import trial
from ..rig.live import LiveCase, Server, dump
from ..rig.media import HUE, drawing, exif, saved

IDENTITY = {
    "name": "Người Kín Đáo Nhất",
    "email": "kin.dao.nhat@example.com",
    "reporter_address": "Số 77 ngõ Rất Kín",
    "citizen_id": "046099077777",
}
PHONES = (
    *("0987654321", "+84987654321", "84987654321", "0084987654321", "987654321"),
    *("0987 654 321", "987 654 321", "0987.654.321", "0987-654-321"),
)
# What the picture carries; see `exif` of the media tests.
OWNER = "CANARY-0912345678"
PLACE = struct.pack(">6I", 16, 1, 27, 1, 1224, 25)
CODE_REASON = "Gọi lại để xác minh"


def forms(value):
    """Bytes by which a value may be found in a dump or in a file."""
    if isinstance(value, bytes):
        written = {value}
    else:
        texts = {value, value.lower(), value.upper(), fold(value)}
        texts |= {json.dumps(text)[1:-1] for text in texts}
        written = {
            text.encode(code) for text in texts for code in ("utf-8", "utf-16-le")
        }
    for data in list(written):
        written |= {data.hex().encode(), data.hex().upper().encode()}
        for skipped in range(3):
            # Base64 of it somewhere inside a longer value: without the edges.
            encoded = base64.b64encode(b"\0" * skipped + data)
            first = (skipped * 8 + 5) // 6
            written.add(encoded[first : len(encoded) // 4 * 4 - 4])
    return written


def found(values, *contents):
    """Those of the values that are in the contents, in whatever form."""
    return {
        value
        for value in values
        if any(form in content for form in forms(value) for content in contents)
    }


@tagged("-at_install", "post_install")
@trial("vault", "identity")
class TestDump(LiveCase):
    @classmethod
    def set_up_live(cls):
        cls.photo = saved(drawing(), exif=exif(gps=HUE))
        cls.values = [*IDENTITY.values(), *PHONES, OWNER, PLACE]
        cls.holder = TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        # Scripts that Odoo ships may hold any digits; a file is named by its content.
        cls.shipped = set(cls.stored_files())

    @classmethod
    def stored_files(cls):
        store = Path(config.filestore(cls.database))
        return [path for path in store.rglob("*") if path.is_file()]

    def setUp(self):
        super().setUp()
        self.folder = Path(self.holder.name)

    def form(self, client, **values):
        form = {**client.open_form(), **self.filled_form(), **IDENTITY}
        return {**form, "phone": "0987 654 321", "consent": "1", **values}

    def scan(self):
        """What is found in the dump, and in each file that came into the file store."""
        path = self.folder / "dump"
        dump(self.database, path)
        files = [
            path.read_bytes()
            for path in self.stored_files()
            if path not in self.shipped
        ]
        return found(self.values, path.read_bytes()), found(self.values, *files)

    def rows_of(self, user):
        """Columns by which a row names an account or its contact."""
        links = self.env.execute_query(
            SQL(
                """
                SELECT rows.relname, link.attname, target.relname
                  FROM pg_constraint
                  JOIN pg_class rows ON rows.oid = conrelid
                  JOIN pg_class target ON target.oid = confrelid
                  JOIN pg_attribute link
                    ON link.attrelid = conrelid AND link.attnum = conkey[1]
                 WHERE contype = 'f'
                   AND target.relname IN ('res_users', 'res_partner')
                   AND (rows.relname LIKE 'civic%%'
                        OR rows.relname IN ('ir_attachment', 'mail_activity'))
                """
            )
        )
        self.assertGreater(len(links), 50)
        naming = set()
        for table, column, target in links:
            id_ = user.id if target == "res_users" else user.partner_id.id
            query = SQL(
                "SELECT 1 FROM %s WHERE %s = %s LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                id_,
            )
            if self.env.execute_query(query):
                naming.add(f"{table}.{column}")
        return naming

    def test_backups_show_nobody(self):
        with Server(self.database) as server:
            code = self.send(server.client())
            self.send(server.client(self.citizen.login))
            operator = server.client(self.operator.login)
            [report_id] = operator.call_model(
                "civic.report", "search", [("name", "=", code)]
            )
            report = self.env["civic.report"].browse(report_id)
            operator.call_model("civic.report", "receive", [report_id])
            self.commit()
            [shown] = operator.call(report.reporter_id, "show", CODE_REASON, report_id)
            self.assertEqual(shown["name"], IDENTITY["name"])
            operator.call(report.reporter_id, "write", {"phone": "0987654321"})
            _status, data, _url = operator.post_form(
                "/civic_report/original",
                {
                    "attachment_id": shown["files"][0]["id"],
                    "reason": CODE_REASON,
                    "csrf_token": self.token(operator),
                },
            )
            self.assertEqual(data, self.photo)
            self.assertEqual(self.serving(operator, shown["files"][0]["id"]), [])
            log = server.log_text()
        self.commit()
        self.assertFalse(found(self.values, log.encode()))
        self.assertEqual(self.scan(), (set(), set()))
        self.assertEqual(self.rows_of(self.citizen), set())
        self.check_planted_leaks(report)

    def send(self, client):
        code = client.send_report(self.form(client), [self.photo])
        self.assertTrue(code)
        return code

    def token(self, client):
        _status, body, _url = client.get("/odoo")
        return body.decode().partition('csrf_token: "')[2].partition('"')[0]

    def serving(self, client, id_):
        """Addresses at which Odoo serves files by number and gives this one."""
        sealed = self.env["ir.attachment"].browse(id_).raw
        return [
            path
            for path in (
                f"/web/content/{id_}",
                f"/web/content/{id_}?download=1",
                f"/web/content/ir.attachment/{id_}/raw",
                f"/web/content/ir.attachment/{id_}/datas",
                f"/web/image/{id_}",
                f"/web/image/ir.attachment/{id_}/raw",
            )
            if any(part in client.get(path)[1] for part in (sealed[:64], self.photo))
        ]

    def check_planted_leaks(self, report):
        """The scan finds what it should: in a column, in bytes, in a file."""
        files = self.env["ir.attachment"]
        report._elevated().write({"reason_message": f"Ông {IDENTITY['name']} gọi"})
        report._elevated().write({"public_result": fold(IDENTITY["reporter_address"])})
        files.create({"name": "x", "raw": b"tel " + PHONES[1].encode()})
        key = base64.b64encode(b"xy" + IDENTITY["citizen_id"].encode() + b"z")
        self.env["ir.config_parameter"].set_param("civic.leak", key.decode())
        files.create({"name": "anh.jpg", "raw": self.photo})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE civic_reporter SET vault_ref = %s WHERE id = %s",
            [IDENTITY["email"].encode().hex(), report.reporter_id.id],
        )
        self.env.cr.execute(
            "UPDATE civic_report SET write_uid = %s WHERE id = %s",
            [self.citizen.id, report.id],
        )
        self.commit()
        in_dump, in_files = self.scan()
        # The text of a file that is not sealed stands in the database as well.
        phones = {PHONES[1], PHONES[2], PHONES[4]}
        self.assertEqual(in_dump, {*IDENTITY.values(), *phones})
        self.assertEqual(in_files, {OWNER, PLACE, *phones})
        self.assertEqual(self.rows_of(self.citizen), {"civic_report.write_uid"})


@tagged("-at_install", "post_install")
@trial("vault")
class TestRotationKilled(LiveCase):
    """Sealing anew is killed between its commits, and goes on in another process."""

    ROWS = 11

    @classmethod
    def set_up_live(cls):
        cls.reporters = cls.env["civic.reporter"].create(
            [{"name": f"Người {n}", "phone": f"0912000{n:03}"} for n in range(cls.ROWS)]
        )

    @contextmanager
    def process(self):
        """Another process: what it has not committed is gone with it."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def states(self):
        with self.process() as env:
            keys = env["civic.vault.key"].search([])
            return {key.key_id: (key.state, key.reporter_count) for key in keys}

    def check_all_is_there(self):
        with self.process() as env:
            rows = env["civic.reporter"].browse(self.reporters.ids)
            self.assertEqual(
                rows.mapped("name"), [f"Người {n}" for n in range(self.ROWS)]
            )
            for n, row in enumerate(rows):
                found_again = env["civic.reporter"].search(
                    [("phone", "=", f"0912 000 {n:03}")]
                )
                self.assertEqual(found_again, row)

    def test_killed_twice(self):
        path = Path(self.env["civic.vault"]._path()[0])
        old = vault.KeyRing.load(path).active_id
        total = self.states()[old][1]
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "keys.json"
            copy.write_bytes(path.read_bytes())
            new = vault.add_key(copy)
            with (
                patch.dict(os.environ, {VARIABLE: str(copy)}),
                patch.object(sealed, "RESEAL_BATCH", 3),
            ):
                for done in (3, 6):
                    self.run_killed(commits=2)
                    self.assertEqual(
                        self.states(),
                        {old: ("old", total - done), new: ("active", done)},
                    )
                    self.check_all_is_there()
                with self.process() as env:
                    env["civic.vault.key"]._cron_reseal()
                    env.cr.commit()
                self.assertEqual(
                    self.states(), {old: ("retired", 0), new: ("active", total)}
                )
                entries = json.loads(copy.read_text())["keys"]
                copy.write_text(json.dumps({"keys": entries[:1]}))
                self.check_all_is_there()

    def run_killed(self, commits):
        """Kill it in the middle of the batch after so many commits."""
        model = self.registry["civic.reporter"]
        real, batches = model._vault_write, []

        def killed(row, values):
            batches.append(row.id)
            if len(batches) > (commits - 1) * 3 + 1:
                raise SystemExit
            return real(row, values)

        with (
            patch.object(model, "_vault_write", killed),
            self.assertRaises(SystemExit),
            self.process() as env,
        ):
            env["civic.vault.key"]._cron_reseal()
