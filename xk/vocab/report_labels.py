"""Labels of the pages around the reports: title block, contents, index pages, page of a failed report."""

from __future__ import annotations

REPORT_LABELS: dict[str, tuple[str, str]] = {
    "page.skip": ("跳到正文", "Skip to the text"),
    "page.contents": ("目录", "Contents"),
    "page.navigation": ("导航", "Navigation"),
    "page.home": ("本期报告目录", "All reports of this run"),
    "page.notebook": ("已执行的笔记本", "Executed notebook"),
    "page.runs": ("历次报告", "All runs"),
    "page.footer": (
        "本页由笔记本自动生成，不含脚本，不访问网络，可离线阅读、打印和转发。",
        "Made by a notebook. No script, no network: to be read offline, printed and passed on.",
    ),
    "page.failed_title": ("本报告未能生成：{title}", "This report could not be made: {title}"),
    "page.failed_text": (
        "其他报告不受影响；“最新一期”仍指向上一次全部成功的报告。",
        "The other reports stand; “latest” still points to the last run in which all were good.",
    ),
    "page.failed_reason": ("原因", "Reason"),
    "page.failed_notebook": ("已执行部分的笔记本", "Notebook as far as it came"),
    "run.reports": ("报告", "Reports"),
    "run.files": ("数据下载", "Data to take away"),
    "run.manifest": (
        "运行清单（参数、校验和、版本、用时）",
        "Manifest (parameters, checksums, versions, seconds)",
    ),
    "run.failed": ("未生成", "failed"),
    "run.made_of": ("{total} 份报告，{failed} 份未生成", "{total} reports, {failed} failed"),
    "run.made_all": ("{total} 份报告，全部生成", "{total} reports, all made"),
    "runs.title": ("历次报告", "All runs"),
    "runs.latest": ("最新一期", "Latest"),
    "runs.run": ("期次", "Run"),
    "runs.about": ("内容", "About"),
    "runs.result": ("结果", "Result"),
    "runs.none": ("还没有报告。", "No run yet."),
    "runs.unreadable": ("清单无法读取", "manifest cannot be read"),
    "book.title": ("监测报告数据表", "Tables of the report"),
    "book.contents": ("目录", "Contents"),
    "book.sheet": ("工作表", "Sheet"),
    "book.table": ("内容", "Table"),
    "book.rows": ("行数", "Rows"),
}
