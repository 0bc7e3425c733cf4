from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...models.workflow.alert import OVERDUE
from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestSuperior(CivicCase):
    """Superior bodies hear of late work of their branches (ST Điều 13.4)."""

    def told(self):
        report = self.walk_to("accepted")
        step = self.step_of(report.assignment_ids, "process")
        alerts = self.env["civic.alert"]
        return {
            user for user, _level, _count in alerts._audience([(step.id, 0, OVERDUE)])
        }

    def test_leaders_of_the_body_above(self):
        self.procedure.tells_superior = True
        self.assertNotIn(self.other_leader.id, self.told())
        self.agency.parent_id = self.other_agency
        self.assertIn(self.other_leader.id, self.told())

    def test_only_where_the_text_says_so(self):
        self.agency.parent_id = self.other_agency
        self.procedure.tells_superior = False
        self.assertNotIn(self.other_leader.id, self.told())

    def test_of_which_texts(self):
        hue = self.env.ref("civic_report.procedure_hue")
        soc_trang = self.env.ref("civic_report.procedure_st")
        self.assertFalse(hue.tells_superior)
        self.assertTrue(soc_trang.tells_superior)
        soc_trang.tells_superior = False
        self.env.flush_all()
        path = file_path("civic_report/migrations/19.0.1.4.0/post-superior.py")
        load_script(path, "civic_post_superior").migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertTrue(soc_trang.tells_superior)
        self.assertFalse(hue.tells_superior)
