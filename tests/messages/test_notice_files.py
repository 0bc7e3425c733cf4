"""The words of one event lie side by side, whatever the channel."""

from collections import defaultdict
from pathlib import Path

from lxml import etree

from odoo.tests import BaseCase, tagged

NOTICES = ".//record[@model='civic.notice']"
DATA = Path(__file__).resolve().parents[2] / "data"


@tagged("-at_install", "post_install")
class TestNoticeFiles(BaseCase):
    def notices(self):
        """(file, event, audience) of each notice that the module brings."""
        found = []
        for path in sorted(DATA.rglob("*.xml")):
            for record in etree.parse(path).iterfind(NOTICES):
                said = {field.get("name"): field.text for field in record}
                row = (path.relative_to(DATA), said["event"], said["audience"])
                found.append(row)
        return found

    def test_one_event_one_file(self):
        notices = self.notices()
        self.assertGreater(len(notices), 100)
        self.assertEqual({str(path.parent) for path, *_ in notices}, {"notices"})
        files = defaultdict(set)
        for path, event, audience in notices:
            # Followers are told of much the same, in a file of their own.
            files[event, audience == "follower"].add(path.name)
        apart = {event: names for event, names in files.items() if len(names) > 1}
        self.assertFalse(apart)
