"""Which messages tell of an emergency: tables of what people write."""

import unittest

from ...tools.text import fold
from ...tools.urgency import (
    LISTS,
    MAX_WORDS,
    NOT,
    PERHAPS,
    SURE,
    judge,
    make_table,
)
from ..rig.effort import calls_of

EVERYDAY = (
    # of the handed case
    "Ổ gà to trước chợ, rất dễ gây tai nạn",
    "Bóng đèn đường bị cháy",
    "nguy cơ gây tai nạn giao thông",
    "Xe cấp cứu không vào được ngõ",
    "O ga to, rat de gay tai nan",
    "Tuyến phố tối, dân sợ cướp",
    "Đốt rác khét mùi cháy",
    "Tháng trước đã có tai nạn chết người ở đây",
    # ways of speaking
    "Cống hôi quá, chết người đi được",
    "Quán karaoke ồn như đánh nhau",
    # what may happen
    "Đường trơn có thể gây tai nạn bất cứ lúc nào",
    "Dây điện chùng thấp, nguy cơ điện giật rất cao",
    "Cây to sắp đổ, sợ đè người đi đường",
    "Nắp cống mất, trẻ con dễ rơi xuống cống",
    "Đề nghị rào hố nước kẻo trẻ em chết đuối",
    "Cần lắp gờ giảm tốc để tránh tai nạn",
    "Nếu cháy thì xe chữa cháy không vào được",
    "Chung cư không có lối thoát hiểm, lỡ cháy thì sao",
    "Lo ngại cháy nổ từ tiệm gas cạnh trường học",
    "Cột điện nghiêng, có ngày đổ vào nhà dân",
    "Ngã tư này tiềm ẩn tai nạn giao thông",
    "Ngã tư này hay xảy ra tai nạn",
    "Đoạn đường thường xuyên xảy ra tai nạn",
    "Công trình che chắn sơ sài, nguy cơ rơi trúng người",
    "Chó thả rông, trẻ con sợ bị cắn",
    "Suýt bị xe tông vì đèn tín hiệu hỏng",
    "Vỉa hè bị chiếm, người đi bộ phải xuống lòng đường rất nguy hiểm",
    "nguy co chay no cao",
    "de xay ra tai nan giao thong",
    "tranh tai nan cho nguoi dan",
    "so bi cuop khi di dem",
    "Đề phòng đuối nước ở hồ công viên",
    "Xin lắp biển cảnh báo đuối nước",
    # what happened, what is usual
    "Hôm qua có vụ cháy ở chợ, nay rác chưa dọn",
    "Năm ngoái đã có người chết đuối ở hồ này",
    "Tuần trước hai xe đâm nhau ở đây, vạch kẻ đường đã mờ",
    "Đã từng có cướp giật ở đoạn này, xin lắp đèn",
    "Đã có nhiều vụ tai nạn ở khúc cua này",
    "Hôm trước cây đổ đè xe máy, gốc cây vẫn còn",
    "thang truoc co nguoi bi thuong vi ho ga nay",
    "Đám cháy đã được dập tắt, xin dọn dẹp hiện trường",
    "Ở đây tai nạn liên tục xảy ra",
    "Đêm nào cũng có thanh niên đánh nhau ở quán này",
    # lamps, ambulances, fire brigade, other meanings
    "Đèn cháy bóng đã ba hôm",
    "3 bóng đèn bị cháy trước số nhà 12",
    "bong den duong bi chay",
    "Den duong chay bong may hom nay",
    "Thiết bị phòng cháy chữa cháy bị hỏng",
    "Xe chữa cháy không vào được hẻm",
    "phong chay chua chay",
    "Nước chảy ra đường",
    "nuoc chay ra duong",
    "Nhà tôi nước chảy yếu",
    "nha toi nuoc chay yeu",
    "xe chay nhanh qua",
    "Xe chạy ẩu, bấm còi inh ỏi",
    "Xe cứu thương đỗ chắn lối đi",
    "Phòng cấp cứu của bệnh viện quá tải",
    "Trụ cứu hỏa bị xe che",
    "Nhà hàng xóm đốt rác khói bay mù mịt",
    "Khói bụi nhà máy bay vào khu dân cư",
    "Lò gạch xả khói đen",
    "Kẹt xe nghiêm trọng giờ cao điểm",
    "ket xe o nga tu",
    "Xin tra cứu kết quả hồ sơ đất đai",
    "Cửa hàng gas lấn chiếm vỉa hè",
    "Xe nổ máy suốt đêm ồn ào",
    "Cháy nắng vì trạm xe buýt không có mái che",
    "Nghiên cứu lắp thêm đèn tín hiệu",
    "Máy bơm bị cháy nên mất nước",
    "Rác thải cướp mất lối đi",
    "Công ty nợ bảo hiểm tai nạn của công nhân",
    # no, and teencode
    "Chỗ này k có tai nạn j, chỉ là ổ gà",
    "Không có ai bị thương, chỉ hỏng lan can",
    "ổ gà to quá ng đi đường dễ té, sửa dc k",
    "Cam on da chua chay kip thoi",
    "Bao giờ mới có xe cứu hỏa cho xã",
    "Ồn ào karaoke mỗi ngày, k ngủ dc",
)
EMERGENCIES = (
    # of the handed case
    "Có người nhảy cầu",
    "dây điện đứt đang phóng điện",
    "rò rỉ gas",
    "co nguoi chet duoi",
    "nha dang chay",
    "Cây đổ đè người",
    "xe tai dam xe may, nguoi bi thuong",
    "CHAY NHA",
    # fire
    "Cháy nhà số 5 Lê Lợi",
    "Nhà hàng xóm đang cháy to lắm",
    "cháy lớn ở chợ Đông Ba",
    "Chợ đang cháy cứu với",
    "cho dang chay",
    "chay cho dong ba roi",
    "Xe khách bốc cháy trên đèo",
    "Rừng thông đang cháy lan xuống nhà dân",
    "rung dang chay lon",
    "Có đám cháy sau nhà tôi",
    "chay nha o so 5",
    "Hỏa hoạn lớn, cần cấp cứu",
    "Chung cư tầng 8 đang bốc cháy, người mắc kẹt",
    "cháy xưởng gỗ khói nghi ngút",
    "Trạm biến áp đang cháy",
    "tru dien dang chay",
    # gas, explosion
    "Xì gas ở quán ăn, mùi nồng nặc",
    "binh gas no o quan pho",
    "Bình gas vừa nổ, có người bị bỏng",
    "ro ri gas trong ngo",
    "Có tiếng nổ lớn ở kho",
    "Rò rỉ hóa chất ở nhà máy",
    # current
    "Có người bị điện giật",
    "dien giat nguoi roi",
    "Dây điện đứt rơi xuống đường",
    "day dien dut nam giua duong",
    "Cột điện đổ ra đường",
    # water, heights
    "Có cháu bé rơi xuống sông",
    "be gai bi nuoc cuon",
    "Hai em nhỏ đang đuối nước ở hồ",
    "duoi nuoc o song huong",
    "Có người đòi nhảy lầu",
    "co ng nhay cau",
    "Thuyền bị lật, mấy người chới với",
    "Lũ quét về bản rồi",
    "Người kẹt trong thang máy chung cư",
    "Thợ xây rơi từ tầng 3 xuống",
    # collapse
    "Sập nhà ở kiệt 10",
    "sap nha co nguoi ben trong",
    "Sạt lở vùi lấp một nhà dân",
    "Tường đổ trúng người đi đường",
    "cay do de nguoi",
    # people
    "Tai nạn, có người chết",
    "Xe tải tông xe máy, một người nằm bất động",
    "Xe khách lật xuống ruộng",
    "xe khach lat o deo",
    "Có người bất tỉnh trên vỉa hè",
    "co nguoi bat tinh",
    "Ông cụ bị đột quỵ ngoài công viên",
    "ng bị thương nhiều máu chảy lắm gọi cấp cứu dùm",
    "mẹ em k thở dc nữa rồi",
    "me em kho tho qua",
    "Cần xe cấp cứu gấp",
    "goi cap cuu gap",
    "Bé co giật cần giúp",
    "Tông xe liên hoàn, nhiều người bị thương",
    "Ngộ độc ở trường mầm non",
    # crime
    "Có vụ CƯỚP giật trước ngân hàng",
    "Tôi vừa bị cướp túi xách",
    "toi bi cuop dien thoai",
    "Hai nhóm thanh niên chém nhau",
    "dang danh nhau o quan nhau",
    "Có người cầm dao đuổi nhau",
    "Bắt cóc trẻ em trước cổng trường",
    "Chồng đang đánh vợ, cứu với",
    "Có tiếng kêu cứu trong nhà hoang",
    "CỨU VỚI",
    "cuu voi",
    "Hôm qua mới có tai nạn, hôm nay lại có người đang đuối nước",
    "Không biết ai báo chưa nhưng nhà đang cháy",
    "Sợ quá, nhà bên đang cháy",
)
DOUBTFUL = (
    "tai nạn giao thông",
    "tai nan o nga tu",
    "Tai nạn ở ngã tư",
    "Có khói đen ở tầng 3",
    "Ngửi thấy mùi gas trong hẻm",
    "Cháy",
    "Nổ ở kho hàng",
    "Hai xe va chạm trước chợ",
    "Thanh niên xô xát trước quán",
    "Ổ gà làm bà cụ ngã xe",
    "Ổ gà gây chết người",
    "Sập mái che nhà xe",
)


class TestUrgency(unittest.TestCase):
    def judged(self, texts, level):
        for text in texts:
            with self.subTest(text):
                self.assertEqual(judge(text).level, level, judge(text))

    def test_everyday_words(self):
        self.judged(EVERYDAY, NOT)
        self.judged(map(str.upper, EVERYDAY), NOT)

    def test_emergencies(self):
        self.judged(EMERGENCIES, SURE)
        self.judged(map(str.upper, EMERGENCIES), SURE)

    def test_what_has_to_be_asked(self):
        self.judged(DOUBTFUL, PERHAPS)

    def test_emergencies_without_accents(self):
        """Nothing surely told is lost where somebody types without accents: it is an
        emergency, or asked for."""
        for text in EMERGENCIES:
            with self.subTest(text):
                self.assertNotEqual(judge(fold(text)).level, NOT)

    def test_everyday_words_without_accents(self):
        """Some cannot be told without accents; they are asked for at most."""
        for text in EVERYDAY:
            with self.subTest(text):
                self.assertNotEqual(judge(fold(text)).level, SURE)

    def test_nothing(self):
        self.judged(("", None, "…", "1", "   ", "👍", "a" * 10_000), NOT)

    def test_words_are_given_as_they_are_listed(self):
        self.assertEqual(judge("CHAY NHA so 5").words, ("cháy nhà",))
        self.assertEqual(judge("tai nan o nga tu").words, ("tai nạn",))
        self.assertEqual(judge("Nước chảy").words, ())

    def test_other_lists(self):
        table = make_table({SURE: ["voi … sổng", ""], "harmless": ["voi đá"]})
        self.assertEqual(judge("Con voi ở vườn thú sổng chuồng", table).level, SURE)
        self.assertEqual(
            judge(
                "voi đá sổng", make_table({SURE: ["sổng"], "harmless": ["đá sổng"]})
            ).level,
            NOT,
        )
        self.assertEqual(judge("cháy nhà", table).level, NOT)
        self.assertEqual(judge("cháy nhà", make_table({})).level, NOT)

    def test_lists_are_clean(self):
        for kind, phrases in LISTS.items():
            for phrase in phrases:
                with self.subTest(kind=kind, phrase=phrase):
                    self.assertEqual(phrase, " ".join(phrase.lower().split()))
                    self.assertNotIn(",", phrase)

    def test_a_long_text_is_read_so_far(self):
        calm = "nhà tôi ở đây không cháy, sợ tai nạn. "
        words = len(calm.split())
        within = calm * (MAX_WORDS // words - 1)
        self.assertEqual(judge(f"{within}Nhà đang cháy").level, SURE)
        beyond = calm * (MAX_WORDS // words + 1)
        self.assertEqual(judge(f"{beyond}Nhà đang cháy").level, NOT)
        # Words are compared with each other, but none beyond those that are read.
        once = calls_of(lambda: judge(beyond))
        self.assertLess(calls_of(lambda: judge(beyond * 2)), 2 * once)
