"""Tables and files of older cases, as other programs write them."""

import io
import os
import tempfile
import unittest
import zipfile
from datetime import datetime

from openpyxl import Workbook

from ...tools import import_files as files
from ...tools import import_table as table

HEADINGS = {"so cu": "number", "tieu de": "subject", "ngay nhan": "received_at"}


def read(data):
    found = table.read_table(data, HEADINGS)
    return found, list(found.lines)


def workbook(*rows, **sheets):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, (state, content) in sheets.items():
        sheet = book.create_sheet(name, 0)
        sheet.sheet_state = state
        for row in content:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestTable(unittest.TestCase):
    def test_csv(self):
        found, lines = read('Số cũ;Tiêu đề *;Khác\n1;Ổ gà;x\n\n2;"a\nb";\n'.encode())
        self.assertEqual(found.keys, ["number", "subject", None])
        self.assertEqual(found.unknown, ["Khác"])
        self.assertEqual([line.number for line in lines], [2, 4])
        self.assertEqual(lines[0].cells, {"number": "1", "subject": "Ổ gà"})
        self.assertEqual(lines[1].cells["subject"], "a\nb")

    def test_titles_above(self):
        _found, lines = read("SỞ X\n\nSố cũ,Tiêu đề\n1,a\n".encode())
        self.assertEqual(lines[0].number, 4)

    def test_what_is_no_table(self):
        for data, code in {
            b"": "headings",
            b"a,b\n": "headings",
            b"%PDF-1.7": "kind",
            b"\xd0\xcf\x11\xe0old": "kind",
            b"PK\x03\x04": "broken",
            "Số cũ,Số cũ\n".encode(): "twice",
        }.items():
            with self.subTest(data), self.assertRaises(table.TableError) as caught:
                read(data)
            self.assertEqual(caught.exception.code, code)

    def test_lines_that_cannot_be_read(self):
        text = f'Số cũ,Tiêu đề\n1,a,b,c\n2,"{"x" * 200_000}"\n3,ok\n'
        _found, lines = read(text.encode())
        self.assertEqual(lines[0].faults, [(None, "width")])
        # Whether its reader stops before is a setting of the whole process.
        self.assertIn(lines[1].faults[0][1], ("unreadable", "long"))
        self.assertEqual(lines[2].cells, {"number": "3", "subject": "ok"})

    def test_a_mark_that_is_not_closed_swallows_nothing_in_silence(self):
        for text in ('1,"a\n2,b\n3,c\n', '1,"a\n2,"b"\n3,c\n'):
            _found, lines = read(f"Số cũ,Tiêu đề\n{text}".encode())
            self.assertEqual(lines[0].faults, [(None, "unreadable")])

    def test_signs_that_spreadsheets_put_before(self):
        _found, lines = read('Số cũ,Tiêu đề\n\'=1,"=""0912"""\n'.encode())
        self.assertEqual(lines[0].cells, {"number": "=1", "subject": "0912"})

    def test_workbook(self):
        data = workbook(
            ["Số cũ", "Tiêu đề", "Ngày nhận"],
            [12.0, "Ổ gà", datetime(2024, 3, 25, 14, 30)],
            [],
            ["=1+1", "#N/A", None],
        )
        _found, lines = read(data)
        self.assertEqual(lines[0].cells["number"], "12")
        self.assertEqual(lines[0].cells["received_at"], datetime(2024, 3, 25, 14, 30))
        self.assertEqual(lines[1].number, 4)
        self.assertIn(("number", "formula"), lines[1].faults)

    def test_hidden_sheets_are_not_read(self):
        rows = [["Số cũ", "Tiêu đề"], ["giấu", "x"]]
        data = workbook(["Số cũ", "Tiêu đề"], ["1", "a"], kin=("veryHidden", rows))
        found, lines = read(data)
        self.assertEqual([line.cells["number"] for line in lines], ["1"])
        self.assertEqual(found.skipped, ("kin",))

    def test_a_package_that_is_no_workbook_or_unpacks_to_too_much(self):
        for parts, code in (
            ({"a.txt": b"x"}, "kind"),
            ({"xl/workbook.xml": b"<"}, "broken"),
        ):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as packed:
                for name, data in parts.items():
                    packed.writestr(name, data)
            with self.assertRaises(table.TableError) as caught:
                read(stream.getvalue())
            self.assertEqual(caught.exception.code, code)
        most = table.MOST_UNPACKED
        self.addCleanup(setattr, table, "MOST_UNPACKED", most)
        table.MOST_UNPACKED = 100
        with self.assertRaises(table.TableError) as caught:
            read(workbook(["Số cũ"], ["1"]))
        self.assertEqual(caught.exception.code, "too_large")

    def test_moments(self):
        for text, expected in {
            "25/03/2024": (datetime(2024, 3, 25), False),
            "5-3-2024 8h05": (datetime(2024, 3, 5, 8, 5), True),
            "25.03.2024 14:30:15": (datetime(2024, 3, 25, 14, 30, 15), True),
            "2024-03-25T14:30:00": (datetime(2024, 3, 25, 14, 30), True),
            "2024-03-25": (datetime(2024, 3, 25), False),
        }.items():
            self.assertEqual(table.read_moment(text), expected)
        for text in (
            "",
            "31/02/2024",
            "45321",
            "03/25/2024",
            "1/1/24",
            "x",
            "25/03/2024 25:00",
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                table.read_moment(text)


class TestFiles(unittest.TestCase):
    def archive(self, **parts):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
        return stream.getvalue()

    def assert_code(self, error, code, act, *args):
        with self.assertRaises(error) as caught:
            act(*args)
        self.assertEqual(caught.exception.code, code)

    def test_by_name_and_by_folder(self):
        found = files.Archive(self.archive(**{"12_A/a.jpg": b"1", "b.jpg": b"22"}))
        self.assertEqual(found.of_case("12/A"), ["12_A/a.jpg"])
        self.assertEqual(found.find("./b.jpg", 10), "b.jpg")
        self.assertEqual(found.content("b.jpg", 10), b"22")
        self.assert_code(files.FileError, "missing", found.find, "c.jpg", 10)
        self.assert_code(files.FileError, "too_large", found.find, "b.jpg", 1)
        for name in ("../b.jpg", "/etc/passwd", "C:\\b.jpg", "a\\..\\..\\b.jpg"):
            self.assert_code(files.FileError, "outside", found.find, name, 10)

    def test_archives_that_are_refused(self):
        self.assert_code(files.FilesError, "broken", files.Archive, b"PK\x03\x04x")
        outside = self.archive(**{"../x": b"1"})
        self.assert_code(files.FilesError, "outside", files.Archive, outside)
        bomb = self.archive(x=b"\0" * 20_000_000)
        self.assert_code(files.FilesError, "bomb", files.Archive, bomb)

    def test_folders(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "cu", "12"))
            path = os.path.join(root, "cu", "12", "a.jpg")
            with open(path, "wb") as stream:
                stream.write(b"1")
            os.symlink("/etc/hostname", os.path.join(root, "cu", "link"))
            os.symlink("/etc", os.path.join(root, "out"))
            found = files.Folder(root, "cu")
            self.assertEqual(found.of_case("12"), ["12/a.jpg"])
            self.assertEqual(found.content("12/a.jpg", 5), b"1")
            self.assert_code(files.FileError, "missing", found.find, "link", 10)
            for name in ("..", "/etc", "out", "none"):
                self.assert_code(files.FilesError, "outside", files.Folder, root, name)
