"""Lists of reports that an older system kept."""

import base64
import csv
import io

from .common import CivicCase

HEADINGS = {
    "number": "Old number",
    "received_at": "Received at",
    "state": "State",
    "subject": "Subject",
    "description": "What the citizen wrote",
    "category": "Category",
}
LINE = {
    "number": "CŨ-001",
    "received_at": "02/03/2026 08:00",
    "state": "Done",
    "subject": "Ổ gà trên đường Lê Lợi",
    "description": "Ổ gà sâu khoảng 20 cm.",
    "category": "GT",
    "agency": "SXD",
    "dispatched_at": "02/03/2026 09:00",
    "resolved_at": "05/03/2026 10:00",
    "published_at": "05/03/2026 14:00",
    "result": "Đã vá ổ gà.",
    "name": "Người phản ánh cũ",
    "phone": "0912 000 111",
}


class ImportCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["civic.import"].with_user(cls.administrator)
        cls.administrator.company_ids |= cls.company

    def file_of(self, *lines, separator=",", encoding="utf-8"):
        """A CSV file with these lines, headed by the keys of all of them."""
        keys = list(dict.fromkeys(key for line in lines for key in line))
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow([HEADINGS.get(key, key) for key in keys])
        writer.writerows([[line.get(key, "") for key in keys] for line in lines])
        return stream.getvalue().encode(encoding)

    def make_import(self, data, **values):
        return self.imports.create(
            {
                "name": "Cũ",
                "source": "PAHT-2019",
                "procedure_id": self.procedure.id,
                "channel_id": self.web.id,
                "upload": base64.b64encode(data),
                "upload_name": "cu.csv",
                **values,
            }
        )

    def checked(self, *lines, **values):
        row = self.make_import(self.file_of(*lines), **values)
        row.action_check()
        if row.state == "checking":
            self.go_on(row)
        return row

    def taken_in(self, *lines, **values):
        row = self.checked(*lines, **values)
        self.assertFalse(row.fault_ids.mapped("message"))
        row.action_start()
        self.go_on(row)
        self.assertEqual(row.state, "done")
        return row

    def go_on(self, row, may_go_on=lambda: True):
        row.sudo()._speaking()._go_on(may_go_on)
        row.invalidate_recordset()

    def report(self, number="CŨ-001", source="PAHT-2019"):
        return self.env["civic.report"].search(
            [("imported_number", "=", number), ("imported_from", "=", source)]
        )

    def faults(self, *lines, **values):
        """What is said, as {(line, column): words}."""
        row = self.checked(*lines, **values)
        faults = row.fault_ids.filtered(lambda fault: fault.severity == "fault")
        return {(f.line, f.column): f.message for f in faults}
