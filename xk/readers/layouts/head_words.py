"""The words by which the heads of tables are known."""

import re

from xk.readers.cells import UNSEEN, fold, read_unit
from xk.readers.sheets import Value

ROLES = {
    "region": "地区 区域 省份 省 省市 省市区 城市 市 市县 县区 县市区 各市 各县 地市 市别 地级市 行政区 行政区划 "
              "地区名称 region area province city county "
              "country country_name countryname entity geo geography geo(labels) ref_area location locationname "
              "reportingcountry 国家 国家或地区 名称(地区)",
    "name": "指标 指标名称 监测指标 评价指标 项目 项目名称 indicator indicator_name indicatorname seriesname "
            "series_name variable 名称 指标项目 item",
    "no": "序号 编号 no no. 指标编号 指标序号",
    "unit": "单位 计量单位 unit units unit_measure 指标单位",
    "year": "年份 年度 年 时间 year years time time_period 统计年度 统计年份 日期 date 观测年份 refyear",
    "value": "数值 值 value obs_value 观测值 数据 指标值 数据值 统计值 figure",
    "price_base": "price_base 价格基准 价格", "kind": "kind 数据性质", "vintage": "vintage 数据版本 发布日期",
    "source_id": "source_id", "series": "series 序列",
    "frequency": "freq frequency 频率",
    "code": "code countrycode country_code indicatorcode indicator_code seriescode series_code 代码 行政区划代码 "
            "地区代码 指标代码 区划代码 iso iso3 "
            "dataflow lastupdate structure structure_id",
    "note": "备注 说明 注 note notes remark reason 来源 数据来源 资料来源 source 更新时间 上期值",
    "flag": "obs_flag obs_status flag flags 标志 标识 数据标志 数据标识", "secrecy": "conf_status",
}  # fmt: skip
"""Role -> what is written over the column that has it."""
ROLE_OF = {word: role for role, words in ROLES.items() for word in words.split()}
LINES = {
    "database": "数据库 database", "name": "指标 指标名称 index indicator variable seriesname",
    "region": "地区 区域 region area province city country 省份 城市", "unit": "单位 计量单位 unit units",
    "frequency": "频率 频度 frequency freq", "time": "时间 time 时间段 年份范围",
    "source": "数据来源 资料来源 来源 source datasource", "note": "注 注释 说明 note notes",
    "about": "次国家 状态 数列id sr码 贸易代码 助记符 函数说明 首次观测日期 最后观测日期 最后更新时间 数列备注 建议 "
             "平均 方差 标准差 偏度 峰度 变异系数 最小 最大 "
             "中位数 总和sum 减subtract 参照期间 subnational status seriesid srcode tradecode mnemonic "
             "functiondescription firstobs.date lastobs.date lastupdatetime "
             "seriesremarks suggestions mean variance standarddeviation skewness kurtosis min max median no.ofobs "
             "国家",
}  # fmt: skip
"""What a line above a table tells -> its first words, before a colon or in a cell of their own."""
LINE_OF = {word: told for told, words in LINES.items() for word in words.split()}
ONE_YEAR = {"年", "年度", "annual", "yearly", "a", "y"}
CONTINUED = re.compile(r"续表|\(续\)|continued", re.IGNORECASE)
PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,12}(省|市|自治区|特别行政区|自治州|盟|县|区|旗|州)|全国|全省|全市|全区|全县|全州|[东中西]部(地区)?|东北(地区)?"
    r"|(北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆)"
    r"|beijing|tianjin|hebei|shanxi|liaoning|jilin|shanghai|jiangsu|zhejiang|anhui|fujian|jiangxi|shandong|henan|hubei|hunan|guangdong|guangxi",
    re.IGNORECASE,
)  # fmt: skip
"""How places are called that no register knows."""
NO_PLACE = re.compile(r".*(城区|建成区|园区|城镇|地区|社区|小区|保护区|市辖区|\d).*")
FOOT = re.compile(
    r"\s*(注|备注|说明|数据来源|资料来源|来源|notes?|source|data source|\*|①)\s*[:：.1]|.*extracted on.*|last updated",
    re.IGNORECASE,
)
OFFICIAL = re.compile(
    r"(制表|填报|填表|编制|报送|上报|报表|审核|复核|审批|联系|经办|(单位|统计|部门)?负责|批准|备案|有效期|[表文]号|日期|电话|传真|邮箱|盖章"
    r"|prepared|compiled|contact|date|tel|phone|e-?mail)[^:]{0,12}:"
    r"|单位:[\u4e00-\u9fff]{2,}([局委办厅院会所站处部]|中心|公司|政府)([(].*)?$",
    re.IGNORECASE,
)
"""How lines begin that say who made a table and when."""
OF_WHICH = ("其中", "ofwhich")
NO_TITLE = re.compile(
    r"(sheet|table|工作表|表)?\s*[0-9]*|(分省|分地区|主要城市)?年度数据|data|数据|export.*", re.IGNORECASE
)
"""Names of sheets that say nothing."""


DITTO = re.compile("[〃々\"″”]|''|′′|同上|ditto|do\\.")


def key(value: Value) -> str:
    """Return the form of a head by which it is looked up: folded, in small letters, without blanks."""
    return re.sub(r"\s", "", fold(value)).casefold().rstrip(":") if isinstance(value, str) else ""


def without_dittos(cells: list[Value]) -> list[Value]:
    """Return labels with what stands above in place of marks that repeat it, as 〃 and 同上."""
    filled: list[Value] = []
    for cell in cells:
        filled.append(filled[-1] if filled and isinstance(cell, str) and DITTO.fullmatch(key(cell)) else cell)
    return filled


def is_official(value: Value) -> bool:
    """Return whether a text says who made a table, and when."""
    return isinstance(value, str) and bool(OFFICIAL.match(re.sub(r"\s", "", fold(value))))


def is_labels(row: list[Value]) -> bool:
    """Return whether a line is no head: it says who made the table, or all its texts are such as 表号：云统01表."""
    parts = [fold(cell).partition(":") for cell in row if isinstance(cell, str) and cell.strip()]
    labels = {key(label) for label, _, text in parts if text.strip()} - {*OF_WHICH}
    told = any(map(is_official, row)) or 0 < len(labels) == len(parts) and all(len(label) > 1 for label in labels)
    return told and not any(isinstance(cell, int | float) for cell in row)


def told(value: Value, beside: Value = None) -> tuple[str, str]:
    """Return what a line above a table tells and its text, such as ("unit", "万元") of ``单位：万元``."""
    if not isinstance(value, str):
        return "", ""
    text = fold(UNSEEN.sub("", value).strip().lstrip("(（")).rstrip(")") if value.strip()[:1] in "(（" else fold(value)
    if value.strip()[:1] in ("(", "（") and read_unit(text)[0]:
        return "unit", text
    word, colon, rest = text.partition(":")
    if colon and key(word) in LINE_OF and rest.strip() and not is_official(value):
        return LINE_OF[key(word)], rest.strip()
    if key(value) in LINE_OF and beside not in (None, ""):
        return LINE_OF[key(value)], fold(str(beside))
    return "", ""
