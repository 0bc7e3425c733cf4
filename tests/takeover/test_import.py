"""Older cases: what is checked, what is taken in, and that nobody is told."""

import base64
import io
import os
import tempfile
import unicodedata
import zipfile
from unittest.mock import patch

from openpyxl import load_workbook
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rig.common import local_text
from ..rig.takeover import HEADINGS, LINE, ImportCase


@tagged("-at_install", "post_install")
class TestTakingIn(ImportCase):
    def test_a_case_is_as_it_was(self):
        self.taken_in({**LINE, "rating": "Hài lòng", "rated_at": "06/03/2026"})
        report = self.report()
        self.assertEqual(report.state, "done")
        self.assertEqual(report.procedure_id, self.procedure)
        self.assertTrue(report.name.startswith("PA-26-"))
        for name, text in {
            "received_at": "2026-03-02 08:00",
            "dispatched_at": "2026-03-02 09:00",
            "resolved_at": "2026-03-05 10:00",
            "published_at": "2026-03-05 14:00",
            "closed_at": "2026-03-05 14:00",
        }.items():
            self.assertEqual(local_text(report[name]), text, name)
        self.assertEqual(report.public_result, "Đã vá ổ gà.")
        self.assertEqual(report.assignment_ids.agency_id, self.agency)
        self.assertEqual(report.assignment_ids.state, "approved")
        self.assertEqual(report.assignment_ids.result, "Đã vá ổ gà.")
        level = report.rating_level_id.with_context(lang="vi_VN")
        self.assertEqual(level.name, "Hài lòng")
        self.assertEqual(report.visibility, "private")
        self.assertEqual(
            report.event_ids.sorted("id").mapped("code"),
            ["send", "dispatch", "approve", "publish", "rate", "import"],
        )

    def test_nobody_is_told(self):
        before = {
            model: self.env[model].search_count([])
            for model in ("civic.outbox", "mail.activity", "mail.mail", "mail.message")
        }
        open_case = {**LINE, "state": "In hand", "number": "CŨ-002"}
        for key in ("resolved_at", "published_at", "result"):
            open_case.pop(key)
        refused = {
            **{key: LINE[key] for key in (*HEADINGS, "name", "phone")},
            **{"number": "CŨ-003", "state": "Refused"},
            **{"closed_at": "03/03/2026", "reason": "Không thuộc thẩm quyền"},
        }
        new = {**{key: LINE[key] for key in HEADINGS}, "number": "4", "state": "New"}
        self.taken_in(LINE, open_case, refused, new)
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_clock").method_direct_trigger()
        self.env["civic.figure"]._cron_refresh()
        self.assertEqual(
            before, {model: self.env[model].search_count([]) for model in before}
        )
        self.assertFalse(self.env["civic.alert"].search([]))
        self.assertTrue(self.report("CŨ-002").is_overdue)

    def test_late_stays_late(self):
        """HUE: 6 working days after half a working hour to take in."""
        on_time = {**LINE, "resolved_at": "10/03/2026 17:00"}
        late = {**LINE, "number": "2", "resolved_at": "10/03/2026 17:01"}
        for line in (on_time, late):
            line["published_at"] = "11/03/2026 08:00"
        self.taken_in(on_time, late)
        for number, is_late in {"CŨ-001": False, "2": True}.items():
            step = self.step_of(self.report(number), "process", "done")
            self.assertLocal(step.deadline, "2026-03-10 17:00")
            self.assertEqual(step.is_late, is_late)

    def test_who_took_in_late_had_less_left(self):
        self.taken_in({**LINE, "accepted_at": "03/03/2026 09:00"})
        steps = self.report().step_ids
        late = {step.code: step.is_late for step in steps}
        self.assertEqual((late["accept"], late["process"]), (True, False))
        process = self.step_of(self.report(), "process", "done")
        self.assertLocal(process.counted_from, "2026-03-02 09:30")

    def test_a_deadline_of_the_older_system_counts(self):
        self.taken_in({**LINE, "deadline": "04/03/2026"})
        process = self.step_of(self.report(), "process", "done")
        self.assertLocal(process.deadline, "2026-03-05 00:00")
        self.assertTrue(process.is_late)

    def test_each_regulation_times_its_own(self):
        soc_trang = self.env.ref("civic_report.procedure_st")
        self.taken_in({**LINE, "number": "1"}, {**LINE, "procedure": soc_trang.code})
        self.assertEqual(self.report("1").procedure_id, self.procedure)
        self.assertEqual(self.report().procedure_id, soc_trang)

    def test_figures_count_the_month_of_reception(self):
        lines = [
            {**LINE, "number": str(i), "received_at": "02/02/2026"} for i in range(3)
        ]
        lines[0] |= {"rating": "Không hài lòng"}
        lines[1] |= {"resolved_at": "20/03/2026", "published_at": "20/03/2026"}
        self.taken_in(*lines, LINE)
        self.env["civic.figure"]._cron_refresh()
        figures = (
            self.env["civic.figure"]
            .search([("dimension", "=", "agency"), ("key", "=", self.agency.id)])
            .sorted("month")
        )
        self.assertEqual(figures.mapped("received"), [3, 1])
        self.assertEqual(figures.mapped("handled"), [3, 1])
        self.assertEqual(figures.mapped("on_time"), [2, 1])
        self.assertEqual(figures.mapped("rated"), [1, 0])
        self.assertEqual(figures.mapped("satisfied"), [0, 0])

    def test_identity_goes_into_the_vault(self):
        row = self.checked(
            {**LINE, "email": "CU@example.com", "citizen_id": "046 090 000 001"},
            {**LINE, "number": "2", "phone": "+84 912 000 111"},
            {**LINE, "number": "3", "name": "", "phone": ""},
        )
        self.env.cr.execute(
            "SELECT string_agg(encode(blob, 'escape'), ' ') FROM civic_import_part"
        )
        self.assertNotIn("912000111", self.env.cr.fetchone()[0])
        row.action_start()
        self.go_on(row)
        first, second = self.report().reporter_id, self.report("2").reporter_id
        self.assertEqual(first.sudo().phone, "+84912000111")
        self.assertEqual(first.sudo().email_from, "cu@example.com")
        self.assertEqual(first, second)
        self.assertFalse(self.report("3").reporter_id)
        self.assertFalse(first.verified)
        self.assertFalse(self.env["civic.import.part"].search([]))

    def test_a_known_sender_is_found_again(self):
        known = self.env["civic.reporter"].create(
            {"name": LINE["name"], "phone": LINE["phone"]}
        )
        self.taken_in(LINE, {**LINE, "number": "2", "email": "khac@example.com"})
        self.assertEqual(self.report().reporter_id, known)
        self.assertNotEqual(self.report("2").reporter_id, known)

    def test_agencies_and_wards_that_have_ended(self):
        self.agency.active = False
        ward = self.env["civic.ward"].create({"name": "Phường cũ", "active": False})
        self.taken_in({**LINE, "ward": "phuong cu"})
        self.assertEqual(self.report().ward_id, ward)
        self.assertEqual(self.report().agency_id, self.agency)

    def test_the_old_number_finds_the_report(self):
        self.taken_in(LINE)
        reports = self.env["civic.report"].with_user(self.operator)
        self.assertEqual(
            reports.search([("quick_search", "ilike", "cũ-001")]), self.report()
        )

    def test_work_goes_on_with_what_was_in_hand(self):
        line = {**LINE, "state": "processing"}
        for key in ("resolved_at", "published_at", "result"):
            line.pop(key)
        self.taken_in(line)
        part = self.report().assignment_ids
        part.with_user(self.handler).submit("Đã vá ổ gà.")
        part.with_user(self.leader).approve()
        self.report().with_user(self.operator).publish()
        self.assertEqual(self.report().state, "done")


@tagged("-at_install", "post_install")
class TestOnce(ImportCase):
    """The same number makes one report, however often and however it is stopped."""

    def lines(self, count):
        return [{**LINE, "number": f"CŨ-{i:04}"} for i in range(count)]

    def test_the_same_file_again(self):
        self.taken_in(*self.lines(3))
        again = self.checked(*self.lines(4))
        self.assertEqual((again.good_count, again.known_count), (1, 3))
        again.action_start()
        self.go_on(again)
        self.assertEqual(again.made_count, 1)
        self.assertEqual(again.report_count, 4)

    def test_two_older_systems_have_the_same_numbers(self):
        self.taken_in(LINE)
        self.taken_in(LINE, source="1022")
        self.assertEqual(len(self.report() | self.report(source="1022")), 2)

    def test_stopped_midway_it_goes_on(self):
        self.patch(self.registry["civic.import"], "_part_size", lambda self: 2)
        row = self.checked(*self.lines(5))
        self.assertEqual(row.good_count, 5)
        row.action_start()
        self.go_on(row, lambda: False)
        self.assertEqual((row.state, row.made_count), ("running", 2))
        self.assertEqual(row.progress, 40)
        self.go_on(row)
        self.assertEqual((row.state, row.made_count), ("done", 5))
        self.assertEqual((row.report_count, row.progress), (5, 100))

    def test_stopped_by_somebody(self):
        self.patch(self.registry["civic.import"], "_part_size", lambda self: 2)
        row = self.checked(*self.lines(5))
        row.action_start()
        self.go_on(row, lambda: row.action_stop())
        self.assertEqual((row.state, row.made_count), ("checked", 2))
        row.action_start()
        self.go_on(row)
        self.assertEqual((row.state, row.report_count), ("done", 5))

    def test_checked_midway_it_goes_on(self):
        self.patch(self.registry["civic.import"], "_part_size", lambda self: 2)
        row = self.make_import(self.file_of(*self.lines(4), LINE, LINE))
        row.sudo().state = "checking"
        self.go_on(row, lambda: False)
        self.assertEqual((row.state, row.line_count), ("checking", 2))
        self.go_on(row)
        self.assertEqual((row.good_count, row.bad_count), (5, 1))

    def test_a_check_that_somebody_stops_has_come_to_its_end(self):
        self.patch(self.registry["civic.import"], "_part_size", lambda self: 2)
        row = self.make_import(self.file_of(*self.lines(5)))
        row.sudo().state = "checking"
        working = row.sudo()._speaking()
        self.assertIs(working._go_on(lambda: bool(row.action_stop())), True)
        row.invalidate_recordset()
        self.assertEqual((row.state, row.line_count), ("draft", 0))

    def test_taken_in_meanwhile_by_another(self):
        first, second = self.checked(*self.lines(2)), self.checked(*self.lines(2))
        for row in (first, second):
            row.action_start()
            self.go_on(row)
        self.assertEqual((second.made_count, second.left_count), (0, 0))
        self.assertEqual(second.report_count, 2)

    def test_by_the_scheduled_action(self):
        row = self.checked(*self.lines(2))
        row.action_start()
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_import").method_direct_trigger()
        row.invalidate_recordset()
        self.assertEqual((row.state, row.progress), ("done", 100))

    def test_what_fails_alone_is_left_out_alone(self):
        ward = self.env["civic.ward"].create({"name": "Phường cũ"})
        row = self.checked(*self.lines(5), {**LINE, "ward": "Phường cũ"})
        ward.unlink()
        row.action_start()
        self.go_on(row)
        self.assertEqual((row.made_count, row.left_count), (5, 1))
        self.assertEqual(row.fault_ids.line, 7)

    def test_what_is_refused_is_left_out_alone(self):
        refused = self.patch_refusal("CŨ-0003")
        row = self.checked(*self.lines(5))
        row.action_start()
        with refused:
            self.go_on(row)
        self.assertEqual((row.made_count, row.left_count), (4, 1))
        self.assertEqual(row.fault_ids.mapped("line"), [5])
        self.assertEqual(row.fault_ids.message, "Không nhận")

    def patch_refusal(self, number):
        reports = self.registry["civic.report"]
        create = reports._create_as_they_are
        refusal = "Không nhận"

        def refusing(model, rows):
            if any(row["imported_number"] == number for row in rows):
                raise UserError(refusal)
            return create(model, rows)

        return patch.object(reports, "_create_as_they_are", refusing)


@tagged("-at_install", "post_install")
class TestFaults(ImportCase):
    """Each bad value is said by line and column, and says what to do."""

    def test_dates(self):
        for text in (
            *("31/02/2026", "2026-13-01", "03/25/2026", "45321", "hôm qua", "1/1/26"),
            *("02/03/1999", "02/03/2090", "02/03/2026 25:00", "0000-00-00", "9" * 400),
        ):
            with self.subTest(text):
                found = self.faults({**LINE, "received_at": text})
                self.assertIn((2, "Received at"), found)

    def test_dates_out_of_order(self):
        line = {**LINE, "resolved_at": "02/03/2026 08:30"}
        self.assertEqual(list(self.faults(line)), [(2, "Result approved at")])
        line = {**LINE, "published_at": "04/03/2026"}
        self.assertEqual(list(self.faults(line)), [(2, "Published at")])
        # Of the same day, the time is not known: this is no fault.
        self.assertFalse(self.faults({**LINE, "resolved_at": "02/03/2026"}))

    def test_unknown_names(self):
        for key, column in {
            "category": "Category",
            "agency": "Agency",
            "ward": "Ward or commune",
            "channel": "Channel",
            "procedure": "Procedure",
            "state": "State",
            "rating": "Rating",
            "visibility": "Visibility",
            "track": "Track",
        }.items():
            with self.subTest(key):
                found = self.faults({**LINE, key: "Không có"})
                self.assertEqual(list(found), [(2, column)])
                self.assertIn("Không có", found[2, column])

    def test_two_of_one_name(self):
        self.make_agency("Sở Xây dựng", "SXD2", self.handler, self.leader)
        self.assertIn((2, "Agency"), self.faults({**LINE, "agency": "Sở Xây dựng"}))
        self.assertFalse(self.faults(LINE))

    def test_of_another_province(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.env["civic.ward"].create({"name": "Xã bên kia", "company_id": other.id})
        self.assertIn(
            (2, "Ward or commune"), self.faults({**LINE, "ward": "Xã bên kia"})
        )

    def test_numbers_twice(self):
        found = self.faults(LINE, {**LINE, "number": "2"}, LINE)
        self.assertEqual(list(found), [(4, "Old number")])
        self.assertIn("2", found[4, "Old number"])

    def test_a_rating_without_a_result(self):
        found = self.faults({**LINE, "result": "", "rating": "Hài lòng"})
        self.assertEqual(set(found), {(2, "Result"), (2, "Rating")})
        open_case = {**LINE, "state": "New", "rating": "Hài lòng"}
        self.assertIn((2, "Rating"), self.faults(open_case))
        self.assertIn((2, "Rating"), self.faults({**LINE, "rating_comment": "Tốt"}))

    def test_what_a_state_needs_and_excludes(self):
        found = self.faults({**LINE, "state": "Refused"})
        self.assertIn((2, "Ended at"), found)
        self.assertIn((2, "Published at"), found)
        self.assertIn((2, "State"), self.faults({**LINE, "state": "consulting"}))
        self.assertEqual(
            set(self.faults(dict.fromkeys(LINE, "") | {"number": "9"})),
            {(2, HEADINGS[key]) for key in HEADINGS if key != "number"},
        )

    def test_identities_are_not_repeated(self):
        line = {
            **LINE,
            "phone": "09120001",
            "email": "a@b\r\nBcc:x",
            "citizen_id": "12",
        }
        found = self.faults(line)
        self.assertEqual(
            {column for _line, column in found},
            {"Sender's telephone", "Sender's e-mail", "Sender's identity number"},
        )
        for words in found.values():
            self.assertNotIn("0912", words)

    def test_texts_that_are_too_long(self):
        self.assertIn((2, "Subject"), self.faults({**LINE, "subject": "a" * 201}))
        found = self.faults(
            {**LINE, "description": "a" * 10_000_000}, {**LINE, "number": "2"}
        )
        self.assertEqual([line for line, _column in found], [2])

    def test_places(self):
        for latitude, longitude in (
            ("999", "107"),
            ("nan", "107"),
            ("16,4", ""),
            ("x", "y"),
        ):
            found = self.faults({**LINE, "latitude": latitude, "longitude": longitude})
            self.assertEqual(list(found), [(2, "Latitude")])

    def test_formulas_stay_text(self):
        line = {**LINE, "subject": '=HYPERLINK("http://x")', "phone": '="0912000111"'}
        self.taken_in({**line, "address": "'@cmd"})
        self.assertEqual(self.report().subject, line["subject"])
        self.assertEqual(self.report().address, "@cmd")
        self.assertEqual(self.report().reporter_id.sudo().phone, "+84912000111")

    def test_nothing_is_written_by_checking(self):
        before = self.env["civic.report"].search_count([])
        self.checked(LINE, {**LINE, "number": "2", "state": "?"})
        self.assertEqual(self.env["civic.report"].search_count([]), before)

    def test_in_the_language_of_who_asks(self):
        row = self.make_import(self.file_of({**LINE, "state": "?"}))
        row.with_context(lang="vi_VN").action_check()
        self.assertEqual(row.fault_ids.column, "Trạng thái")

    def test_a_file_that_is_none(self):
        for data in (
            b"%PDF-1.7",
            b"PK\x03\x04broken",
            b"a,b\n1,2\n",
            b"\x89PNG\r\n",
            b"x",
        ):
            with self.subTest(data):
                row = self.make_import(data)
                row.action_check()
                self.assertEqual((row.state, len(row.fault_ids)), ("draft", 1))
                with self.assertRaises(UserError):
                    row.action_start()

    def test_encodings_and_separators(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"):
            for separator in (",", ";", "\t"):
                with self.subTest(encoding=encoding, separator=separator):
                    name = f"{encoding} {ord(separator)}"
                    line = {**LINE, "number": name}
                    data = self.file_of(line, separator=separator)
                    text = data.decode()
                    if encoding == "cp1258":
                        text = in_1258(text)
                    row = self.make_import(text.encode(encoding))
                    row.action_check()
                    row.action_start()
                    self.go_on(row)
                    self.assertEqual(self.report(name).subject, LINE["subject"])


def in_1258(text):
    """As Windows-1258 writes: letters with a hat or horn, and the tones after them."""
    found = []
    for char in unicodedata.normalize("NFC", text):
        try:
            char.encode("cp1258")
            found.append(char)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            base = unicodedata.normalize(
                "NFC", "".join(p for p in parts if p not in TONES)
            )
            found.append(base + "".join(p for p in parts if p in TONES))
    return "".join(found)


TONES = "\u0300\u0301\u0303\u0309\u0323"


@tagged("-at_install", "post_install")
class TestWho(ImportCase):
    def test_a_new_import_counts_nothing_yet(self):
        self.assertEqual(self.env["civic.import"].new({}).report_count, 0)

    def test_only_administrators(self):
        row = self.checked(LINE)
        for name in ("operator", "manager", "province_leader", "handler", "plain"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.with_user(getattr(self, name)).read(["name"])
            with self.subTest(name), self.assertRaises(AccessError):
                self.imports.with_user(getattr(self, name)).create({"name": "x"})
        with self.assertRaises(AccessError):
            row.env["civic.import.part"].search([])

    def test_what_was_sent_is_not_given_out(self):
        row = self.checked(LINE)
        self.assertFalse(row.read(["upload", "archive"])[0]["upload"])
        attachments = self.env["ir.attachment"].search([("res_model", "=", row._name)])
        self.assertFalse(attachments)

    def test_what_is_never_taken_in_is_not_kept(self):
        row, later = self.checked(LINE), self.checked({**LINE, "number": "2"})
        self.env.cr.execute(
            "UPDATE civic_import_part SET create_date = now() - interval '31 days' "
            "WHERE import_id = %s",
            [row.id],
        )
        self.env["civic.import"]._gc_files()
        self.assertEqual((row.state, later.state), ("draft", "checked"))
        self.assertFalse(row._parts_sudo())
        self.assertEqual(len(later._parts_sudo()), 2)

    def test_states_are_not_written(self):
        row = self.checked(LINE)
        row.action_start()
        with self.assertRaises(UserError):
            row.write({"source": "x"})
        with self.assertRaises(UserError):
            row.action_check()
        with self.assertRaises(UserError):
            row.unlink()

    def test_the_file_to_fill_in_can_be_read(self):
        data = base64.b64decode(self.make_import(b"x").template)
        book = load_workbook(io.BytesIO(data))
        sheet = book.worksheets[0]
        columns = {cell.value.rstrip(" *"): cell.column for cell in sheet[1]}
        for key, value in LINE.items():
            heading = self.imports._columns()[key]
            sheet.cell(2, columns[heading], value)
        stream = io.BytesIO()
        book.save(stream)
        row = self.make_import(stream.getvalue())
        row.action_check()
        self.assertEqual((row.good_count, row.bad_count), (1, 0))


@tagged("-at_install", "post_install")
class TestFilesOfCases(ImportCase):
    def archive(self, **parts):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
        return base64.b64encode(stream.getvalue())

    def test_by_folder_and_by_name(self):
        archive = self.archive(
            **{"CŨ-001/a.jpg": picture(), "b.png": picture("PNG"), "CŨ-001/x.jpg": b"x"}
        )
        row = self.checked({**LINE, "files": "b.png"}, archive=archive)
        self.assertFalse(row.fault_ids)
        row.action_start()
        self.go_on(row)
        report = self.report()
        self.assertEqual(len(report.attachment_ids), 2)
        # What cannot be taken is listed, and the case is taken in without it.
        self.assertIn("CŨ-001/x.jpg", row.fault_ids.message)
        self.assertEqual((row.made_count, row.left_count), (1, 0))
        originals = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "civic.reporter"),
                ("res_id", "=", report.reporter_id.id),
            ]
        )
        self.assertTrue(
            all(name.startswith(report.name) for name in originals.mapped("name"))
        )

    def test_missing_and_leading_out(self):
        archive = self.archive(**{"a.jpg": picture()})
        for names in ("b.jpg", "../a.jpg", "/etc/passwd"):
            found = self.faults({**LINE, "files": names}, archive=archive)
            self.assertEqual(list(found), [(2, "Files")])
        self.assertEqual(list(self.faults({**LINE, "files": "a.jpg"})), [(2, "Files")])

    def test_archives_and_folders_that_are_refused(self):
        for values in (
            {"archive": base64.b64encode(b"x")},
            {"archive": self.archive(**{"../a": b"x"})},
            {"folder": "/etc"},
        ):
            row = self.checked(LINE, **values)
            self.assertEqual((row.state, len(row.fault_ids)), ("draft", 1))

    def test_a_folder_of_the_server(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "2019", "CŨ-001"))
            with open(os.path.join(root, "2019", "CŨ-001", "a.jpg"), "wb") as stream:
                stream.write(picture())
            with patch.dict(os.environ, {"CIVIC_IMPORT_FOLDER": root}):
                self.taken_in(LINE, folder="2019")
        self.assertEqual(len(self.report().attachment_ids), 1)


def picture(kind="JPEG"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, kind)
    return stream.getvalue()
