"""The log of events, without a database: what it commits to and what is found."""

import contextlib
import io
import json
import subprocess
import sys
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import event_log, merkle, receipts, verify
from ..rig.hashes import range_root_of

BEGIN = datetime(2026, 11, 2, 1)
SALTS = "0123456789abcdef" * 4, "fedcba9876543210" * 2


def made(reports):
    """A sealed log.

    :param reports: number of the report of each event, in order
    """
    events, last = [], {}
    for index, report in enumerate(reports):
        at = BEGIN + timedelta(minutes=7 * index)
        event = event_log.Event(
            *(
                None,
                100 + index,
                report,
                None,
                6,
                "send" if report not in last else "add",
            ),
            *(at, at, None, "new", True, "Ghi chú" if index % 3 else None),
            *(None, None, None, None),
        )
        event = event_log.sealed(event, index, last.get(report), SALTS)
        last[report] = event.hash
        events.append(event)
    return events


def root_of(events, day="2026-11-02"):
    root = merkle.root_of([bytes.fromhex(event.hash) for event in events])
    return event_log.Root(day, len(events), root.hex())


def kinds(events, *roots):
    return set(event_log.Checker(roots).check(events).counts)


LOGS = st.lists(st.integers(1, 5), min_size=2, max_size=40).map(made)


class TestCommitments(unittest.TestCase):
    def test_the_form_of_an_entry(self):
        """Reckoned with sha256sum: forms that are kept never change."""
        [event] = made([4217])
        body = (
            '{"at":"2026-11-02T01:00:00.000000Z","code":"send","event":100,'
            '"from":null,"note":null,"office":"'
            + event_log.commitment(SALTS[0][32:], b'{"assignment":null,"user":6}')
            + '","public":true,"recorded":"2026-11-02T01:00:00.000000Z",'
            '"report":4217,"to":"new"}'
        )
        self.assertEqual(event_log.canonical(event_log.body_of(event)).decode(), body)
        digest = event_log.commitment(SALTS[0][:32], body.encode())
        entry = f'{{"body":"{digest}","prev":null,"v":1}}'
        self.assertEqual(event.hash, merkle.leaf_hash(entry.encode()).hex())
        self.assertEqual(
            event.hash,
            "f8b3fb938028787d4d2f9a46b24021dbc997e3f0d8af90c3dffe75b0ef9a09f0",
        )

    def test_a_hash_tells_nothing_without_its_salt(self):
        event = made([1])[0]._replace(leaf_index=None, hash=None)
        other = ("1" * 64, "2" * 32)
        one, two = (event_log.sealed(event, 0, None, salts) for salts in (SALTS, other))
        self.assertNotEqual(one.hash, two.hash)

    def test_short_form(self):
        self.assertEqual(
            receipts.short_form("4f2a91c08d3e77b1" + "0" * 48), "4F2A-91C0-8D3E-77B1"
        )


class TestChecker(unittest.TestCase):
    @given(LOGS)
    @settings(max_examples=40, deadline=None)
    def test_a_whole_log(self, events):
        half = events[: len(events) // 2]
        found = event_log.Checker([root_of(half), root_of(events)]).check(events)
        self.assertFalse(found.faults)
        self.assertEqual(found.entries, len(events))
        self.assertEqual(found.reports, len({event.report_id for event in events}))
        self.assertEqual(found.good.size, len(events))

    @given(LOGS, st.data())
    @settings(max_examples=80, deadline=None)
    def test_any_change_is_found(self, events, data):
        root = root_of(events)
        index = data.draw(st.integers(0, len(events) - 1))
        changes = {
            "id": 9999,
            "report_id": 99,
            "assignment_id": 5,
            "user_id": 7,
            "on_behalf_of_id": 7,
            "code": "publish",
            "at": events[index].at + timedelta(seconds=1),
            "create_date": events[index].create_date + timedelta(seconds=1),
            "from_state": "done",
            "to_state": "done",
            "is_public": False,
            "note": "Khác",
            "salt": "a" * 64,
            "note_salt": "b" * 32,
            "note_digest": "c" * 64,
            "hash": "d" * 64,
        }
        name = data.draw(st.sampled_from(sorted(changes)))
        events[index] = events[index]._replace(**{name: changes[name]})
        self.assertTrue(kinds(events, root), name)

    @given(LOGS, st.data())
    @settings(max_examples=40, deadline=None)
    def test_removed_and_reordered(self, events, data):
        root = root_of(events)
        one, other = sorted(
            data.draw(
                st.lists(
                    st.integers(0, len(events) - 1), min_size=2, max_size=2, unique=True
                )
            )
        )
        left = [event for event in events if event is not events[one]]
        self.assertIn("removed", kinds(left, root))
        closed = [row._replace(leaf_index=at) for at, row in enumerate(left)]
        self.assertTrue(kinds(closed, root))
        swapped = list(events)
        swapped[one] = events[other]._replace(leaf_index=one)
        swapped[other] = events[one]._replace(leaf_index=other)
        self.assertIn("root", kinds(swapped, root))
        doubled = [*events[: one + 1], *events[one:]]
        self.assertIn("twice", kinds(doubled, root))

    @given(LOGS, st.data())
    @settings(max_examples=40, deadline=None)
    def test_everything_sealed_anew(self, events, data):
        """Whatever was changed: only a root from outside tells, and it does."""
        half = events[: max(1, len(events) // 2)]
        roots = [root_of(half, "2026-11-02"), root_of(events, "2026-11-03")]
        index = data.draw(st.integers(0, len(events) - 1))
        last, forged = {}, []
        for event in events:
            if event is events[index]:
                event = event._replace(to_state="refused")
            salts = event.salt, event.note_salt or SALTS[1]
            prev = last.get(event.report_id)
            event = event_log.sealed(event, event.leaf_index, prev, salts)
            last[event.report_id] = event.hash
            forged.append(event)
        self.assertFalse(kinds(forged))
        found = event_log.Checker(roots).check(forged)
        self.assertEqual(set(found.counts), {"root"})
        # It is told since when.
        self.assertEqual(found.good, roots[0] if index >= len(half) else None)

    def test_moments(self):
        events = made([1, 1, 1])
        late = events[2]._replace(create_date=BEGIN - timedelta(hours=2))
        self.assertIn("backdated", kinds([*events[:2], late]))
        closed = root_of(events[:2])._replace(closed=BEGIN + timedelta(hours=9))
        self.assertIn("backdated", kinds(events, closed))
        ahead = events[2]._replace(at=BEGIN + timedelta(hours=9))
        self.assertIn("ahead", kinds([*events[:2], ahead]))


class TestTimes(unittest.TestCase):
    """What is older than its record, and what explains it."""

    def log(self, *rows):
        """A sealed log.

        :param rows: report, code, hours since the first when it says that it happened,
            and when it was recorded
        """
        events, last = [], {}
        for index, (report, code, at, recorded) in enumerate(rows):
            event = event_log.Event(
                *(None, 100 + index, report, None, 6, code),
                *(BEGIN + timedelta(hours=at), BEGIN + timedelta(hours=recorded)),
                *(None, "new", True, None, None, None, None, None),
            )
            event = event_log.sealed(event, index, last.get(report), SALTS)
            last[report] = event.hash
            events.append(event)
        return events

    def found(self, *rows, roots=()):
        return event_log.Checker(roots).check(self.log((9, "send", 0, 0), *rows))

    def old_case(self, report=1, recorded=50):
        return (
            (report, "send", -400, recorded),
            (report, "approve", -300, recorded),
            (report, "import", recorded, recorded),
        )

    def test_an_older_case(self):
        found = self.found(*self.old_case(), *self.old_case(2, 50.5))
        self.assertFalse(found.faults)
        self.assertEqual((found.late, found.cases), (4, 2))

    def test_back_dated_in_the_first_hour_of_a_report(self):
        found = self.found((1, "send", 50, 50), (1, "approve", 40, 50.5))
        self.assertEqual(found.counts, {"backdated": 1})
        self.assertIn("event 102 (approve) of report 1", found.faults[0].words)

    def test_among_many_older_cases(self):
        cases = [row for report in range(10, 200) for row in self.old_case(report)]
        planted = (70, "approve", 20, 50.9)
        found = self.found(*cases, planted)
        self.assertEqual(found.counts, {"backdated": 1})
        self.assertIn("of report 70:", found.faults[0].words)

    def test_an_import_of_ones_own(self):
        """Neither a second import nor one of a report that was sent now explains it."""
        ending = (7, "approve", 20, 50.5), (7, "import", 50.5, 50.5)
        for begin in (self.old_case(7), ((7, "send", 50, 50),)):
            with self.subTest(begin):
                found = self.found(*begin, *ending)
                self.assertEqual(found.counts, {"backdated": 1})

    def test_a_report_that_was_never_sent_in_time(self):
        """Made up as a whole, and dated back: nothing brought it in."""
        found = self.found((1, "send", -400, 50), (1, "approve", -300, 50))
        self.assertEqual(found.counts, {"backdated": 2})

    def test_what_waits_to_be_sealed(self):
        log = self.log((9, "send", 0, 0), *self.old_case(), (2, "send", -9, 50))
        waiting = [event._replace(leaf_index=None) for event in log[1:]]
        found = event_log.Checker().check(log[:1], waiting)
        self.assertEqual(found.counts, {"backdated": 1})
        self.assertEqual((found.late, found.cases), (2, 1))

    def test_the_first_hour_of_the_log(self):
        """Demo data are told before anybody works: named, and no fault."""
        found = self.found((1, "send", -400, 0), (1, "approve", -300, 0.5))
        self.assertFalse(found.faults)
        self.assertEqual([event.id for event in found.first], [101, 102])

    def test_a_merger_that_takes_hours(self):
        """One transaction: recorded as of its begin, and found after what was
        recorded meanwhile."""
        for code, faults in (("merge", {}), ("approve", {"backdated": 1})):
            found = self.found(
                *((1, "send", 50, 50), (2, "send", 56, 56), (1, code, 53, 50))
            )
            self.assertEqual(found.counts, faults)

    def test_a_clock_that_was_wrong(self):
        """What it dated is found; all that follows is right."""
        log = self.log(
            *((1, "send", 0, 0), (2, "send", 40000, 40000)),
            *((3, "send", 2, 2), (3, "add", 30, 30), (3, "add", 31, 31)),
        )
        roots = [
            root_of(log[:size], day)._replace(closed=BEGIN + timedelta(hours=closed))
            for day, size, closed in (("a", 2, 40001), ("b", 3, 24), ("c", 5, 48))
        ]
        found = event_log.Checker(roots).check(log)
        self.assertEqual(found.counts, {"ahead": 1})
        self.assertEqual(found.good.day, "c")


class TestReceipt(unittest.TestCase):
    @given(LOGS, st.data())
    @settings(max_examples=40, deadline=None)
    def test_receipt(self, events, data):
        report = data.draw(st.sampled_from([event.report_id for event in events]))
        mine = [event for event in events if event.report_id == report]
        shown = data.draw(st.sets(st.sampled_from([event.id for event in mine])))
        hashes = [bytes.fromhex(event.hash) for event in events]
        proof = merkle.inclusion_proof(
            mine[-1].leaf_index, len(events), range_root_of(hashes)
        )
        receipt = receipts.receipt(mine, shown, root_of(events), proof)
        receipt = json.loads(json.dumps(receipt))
        self.assertEqual(
            receipts.check_receipt(receipt), [event.hash for event in mine]
        )
        self.assertIsNone(receipts.prove_receipt(receipt, []))
        self.assertTrue(receipts.prove_receipt(receipt, [root_of(events)]))
        opened = {
            link["event"]["event"] for link in receipt["links"] if "event" in link
        }
        self.assertEqual(opened, shown)
        self.assertNotIn("Ghi chú", json.dumps(receipt, ensure_ascii=False))
        with self.assertRaises(ValueError):
            receipts.check_receipt(
                {**receipt, "root": {**receipt["root"], "root": "0" * 64}}
            )
        other = root_of(events)._replace(root="0" * 64)
        with self.assertRaises(ValueError):
            receipts.prove_receipt(receipt, [other])

    def test_what_is_no_receipt(self):
        for data in (None, [], {}, {"format": receipts.FORMAT}, "x", 5):
            with self.subTest(data), self.assertRaises(ValueError):
                receipts.check_receipt(data)


class TestProgram(unittest.TestCase):
    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.events = made([1, 2, 1, 3, 2, 1])
        self.log = self.folder / "log.jsonl"
        self.log.write_bytes(b"".join(map(event_log.exported, self.events)))

    def run_on(self, *arguments):
        """:return: exit status, what was printed"""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = verify.main([str(part) for part in arguments])
        return status, said.getvalue()

    def test_exported(self):
        text = self.log.read_text()
        self.assertNotIn("Ghi chú", text)
        self.assertNotIn("user", text)
        status, said = self.run_on("--log", self.log)
        self.assertEqual(status, 0, said)
        self.assertIn("give --roots", said)

    def test_roots_of_every_kind(self):
        root = root_of(self.events)
        line = f"{root.day} {root.size} {root.root}"
        row = {"day": root.day, "size": root.size, "root": root.root}
        files = {
            "note.txt": f"Xin lưu lại:\n{line}\n",
            "site.json": json.dumps({"tree": "RFC 9162", "roots": [row]}),
            "one.json": json.dumps(row),
            "mail.eml": f"Subject: x\nContent-Type: text/plain\n\nKính gửi\n\n{line}\n",
        }
        for name, text in files.items():
            path = self.folder / name
            path.write_text(text)
            with self.subTest(name):
                status, said = self.run_on("--log", self.log, "--roots", path)
                self.assertEqual(status, 0, said)
                self.assertIn("1 roots from outside", said)
                self.assertIn(f"up to the root of {root.day}", said)
                path.write_text(text.replace(root.root, "0" * 64))
                status, said = self.run_on("--log", self.log, "--roots", path)
                self.assertEqual(status, 1, said)
                self.assertIn("FAULT root", said)

    def test_what_cannot_be_read(self):
        empty = self.folder / "empty.txt"
        empty.write_text("Không có gì")
        broken = self.folder / "broken.jsonl"
        broken.write_text("{}\n")
        for arguments in (
            ("--log", self.folder / "none"),
            ("--log", self.log, "--roots", empty),
            ("--log", broken),
            (),
        ):
            with self.subTest(arguments):
                self.assertEqual(self.run_on(*arguments)[0], 2)

    def test_receipts(self):
        mine = [event for event in self.events if event.report_id == 1]
        hashes = [bytes.fromhex(event.hash) for event in self.events]
        proof = merkle.inclusion_proof(5, 6, range_root_of(hashes))
        root = root_of(self.events)
        data = receipts.receipt(mine, {mine[0].id}, root, proof)
        path = self.folder / "PA-26-000001.json"
        path.write_text(json.dumps(data))
        status, said = self.run_on("--receipt", path)
        self.assertEqual(status, 2)
        self.assertIn("nothing proves it", said)
        data["links"][0]["event"]["to"] = "done"
        path.write_text(json.dumps(data))
        status, said = self.run_on("--receipt", path)
        self.assertEqual(status, 1)
        self.assertIn("step 1 has been changed", said)

    def published(self, events, *sizes, name="site.json"):
        """The site's JSON, and for each size a file with that root alone."""
        hashes = [bytes.fromhex(event.hash) for event in events]
        rows, kept = [], {}
        for number, size in enumerate(sizes):
            root, proof = root_of(events[:size], f"2026-11-{number + 2:02}"), []
            if number:
                before = sizes[number - 1]
                tree = range_root_of(hashes)
                proof = merkle.consistency_proof(before, size, tree)
            row = {"day": root.day, "size": size, "root": root.root}
            rows.insert(0, {**row, "consistency": [part.hex() for part in proof]})
            kept[size] = self.folder / f"{name}.{size}.txt"
            kept[size].write_text(f"{root.day} {size} {root.root}\n")
        path = self.folder / name
        path.write_text(json.dumps({"roots": rows}))
        return path, kept

    def receipt(self, events, report):
        mine = [event for event in events if event.report_id == report]
        hashes = [bytes.fromhex(event.hash) for event in events]
        index = mine[-1].leaf_index
        tree = range_root_of(hashes)
        proof = merkle.inclusion_proof(index, len(events), tree)
        root = root_of(events, "2026-11-03")
        path = self.folder / f"{events[-1].hash[:8]}-{report}.json"
        path.write_text(json.dumps(receipts.receipt(mine, set(), root, proof)))
        return path

    def test_three_answers(self):
        """Proved, alone, at fault; a receipt that somebody made up is never proved."""
        log = made([3, 1, 2, 1, 3, 2, 1, 2, 2])
        site, kept = self.published(log, 2, 5, 7, 9)
        mine = self.receipt(log[:5], 1)  # within five, its last event is the fourth
        forged = made([1, 1, 4, 1, 1])
        made_up = self.receipt(forged, 1)
        its_site, _kept = self.published(forged, 2, 5, name="forged_site.json")
        cases = (
            ([mine], 2),
            ([mine, "--roots", kept[5]], 0),  # the same
            ([mine, "--roots", kept[9]], 2),  # nothing leads there
            ([mine, "--roots", kept[9], "--proofs", site], 0),  # onward
            ([mine, "--roots", kept[2], "--proofs", site], 2),  # the event is younger
            ([mine, "--proofs", site], 2),  # nobody has kept these
            ([self.receipt(log[:5], 3), "--roots", kept[2], "--proofs", site], 2),
            ([self.receipt(log[:7], 1), "--roots", kept[5], "--proofs", site], 2),
            ([made_up], 2),
            ([made_up, "--roots", kept[5]], 1),
            ([made_up, "--roots", kept[9]], 2),
            ([made_up, "--roots", kept[9], "--proofs", site], 2),
            ([made_up, "--roots", kept[9], "--proofs", its_site], 2),
            ([mine, made_up, "--roots", kept[5]], 1),
        )
        for arguments, expected in cases:
            with self.subTest(arguments):
                status, said = self.run_on("--receipt", *arguments)
                self.assertEqual(status, expected, said)

    def test_back_to_a_root_before(self):
        """The log grew on, the receipt's event did not: the older root proves it."""
        log = made([1, 2, 3, 2, 2])
        site, kept = self.published(log, 3, 5)
        path = self.receipt(log, 1)
        status, said = self.run_on("--receipt", path, "--roots", kept[3])
        self.assertEqual(status, 2, said)
        arguments = ("--receipt", path, "--roots", kept[3], "--proofs", site)
        status, said = self.run_on(*arguments)
        self.assertEqual(status, 0, said)
        self.assertIn("proved by the root of 2026-11-02", said)

    def test_published_proofs(self):
        """Who keeps roots sees whether what is published goes on from them."""
        log = made([1, 2, 3, 2, 2, 1])
        site, kept = self.published(log, 2, 3, 6)
        self.assertEqual(self.run_on("--proofs", site)[0], 0)
        arguments = ("--proofs", site, "--roots", *kept.values())
        self.assertEqual(self.run_on(*arguments)[0], 0)
        # Another log from the second day on, with proofs of its own.
        other = [*log[:2], *(event._replace(hash="e" * 64) for event in log[2:])]
        theirs, _kept = self.published(other, 2, 3, 6, name="other.json")
        status, said = self.run_on("--proofs", theirs, "--roots", *kept.values())
        self.assertEqual(status, 1)
        self.assertIn("another is published", said)
        # The first roots as they were, the rest rewritten: no proof leads there.
        rows = json.loads(site.read_text())["roots"]
        rows[0] = json.loads(theirs.read_text())["roots"][0]
        site.write_text(json.dumps({"roots": rows}))
        status, said = self.run_on("--proofs", site)
        self.assertEqual(status, 1)
        self.assertIn("does not begin with", said)
        receipt = self.receipt(log[:2], 1)
        arguments = ("--receipt", receipt, "--roots", kept[2], "--proofs", site)
        self.assertEqual(self.run_on(*arguments)[0], 1)

    def test_a_restored_database(self):
        """What was lost with it is listed where a record declares it, else at fault."""
        lost, now = made([1, 2, 1, 3]), made([1, 2, 1, 4, 4, 4])
        _site, kept = self.published(lost, 2, 4)
        self.log.write_bytes(b"".join(map(event_log.exported, now)))
        arguments = ("--log", self.log, "--roots", *kept.values())
        status, said = self.run_on(*arguments)
        self.assertEqual(status, 1)
        self.assertIn("FAULT root", said)
        status, said = self.run_on(*arguments, "--lost", kept[4])
        self.assertEqual(status, 0, said)
        self.assertIn("1 roots are declared lost: 2026-11-03", said)
        self.assertIn("1 roots from outside", said)
        self.assertEqual(self.run_on(*arguments, "--lost", kept[2])[0], 1)

    def test_proofs_that_are_none(self):
        site, kept = self.published(self.events, 3, 6)
        rows = json.loads(site.read_text())
        for proof in ([], None, 5, ["x"], ["00" * 32]):
            rows["roots"][0]["consistency"] = proof
            site.write_text(json.dumps(rows))
            with self.subTest(proof):
                self.assertIn(self.run_on("--proofs", site)[0], (1, 2))
        for text in ("", "{}", "[]", '{"roots": 5}', "Không có gì"):
            site.write_text(text)
            with self.subTest(text):
                status, said = self.run_on("--proofs", site, "--roots", kept[6])
                self.assertEqual(status, 2, said)

    def test_without_odoo(self):
        """The folder of tools alone, in a Python that has no Odoo."""
        program = Path(verify.__file__)
        done = subprocess.run(
            [sys.executable, "-I", program, "--log", self.log],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no fault", done.stdout)
