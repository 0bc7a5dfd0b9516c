"""The door to the disk: bad files are told with file, line, column and remedy, all at once; writing is whole or not."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import ROOT

from xk.bench import surroundings_of
from xk.errors import InputError, UsageError
from xk.readers import Store, find_root, read_observations, read_points, read_store, write_bytes, write_table
from xk.readers.own_figures import add_observations
from xk.readers.schemes import at_root
from xk.readers.text import read_text_table

HEADER = "region,indicator,year,value"
LINE = "china,gdp_per_capita,2016,50000"


@pytest.fixture(scope="module")
def store(sound_tables: Path) -> Store:
    return read_store(sound_tables)


@pytest.fixture
def made(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Return a function that writes a file and gives its path."""

    def make(content: bytes | str) -> Path:
        path = tmp_path / "in.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return make


def told(path: Path) -> list[str]:
    """Return the faults of a file as ``line column: message``."""
    with pytest.raises(InputError) as caught:
        read_points(path)
    assert all(Path(fault.file).name == path.name for fault in caught.value.faults)
    assert all(fault.remedy for fault in caught.value.faults)
    return [f"{fault.row} {fault.column}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", ["None : is empty"]),
        (b"\n\n", ["None : is empty"]),
        (b"\xef\xbb\xbf", ["None : is empty"]),
        (f"{HEADER}\n", ["None : has no rows"]),
        (f"{HEADER}\n\n,,,\n", ["None : has no rows"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,2017,abc\n", ["3 D: 'abc' is no figure"]),
        (f"{HEADER}\n{LINE}\nchina,,2017,1\n", ["3 indicator: is empty"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,,1\n", ["3 C: the year is empty"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,2016.5,1\n", ["3 C: '2016.5' is no year"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,2017\n", ["3 : has 3 cells, the header 4"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,2017,1,2\n", ["3 : has 5 cells, the header 4"]),
        (f"{HEADER}\n{LINE}\nchina,gdp_per_capita,2017,1,234\n", ["3 : has 5 cells, the header 4"]),
        (f"{HEADER},value\n{LINE},1\n", ["1 E: a second column of values"]),
        (
            f"{HEADER}\n{LINE}\n{LINE}\n",
            ["3 year: region china, indicator gdp_per_capita, year 2016 stands in line 2 already"],
        ),
        (f"{HEADER}\n{LINE}\nchina,\0,2016,1\n", ["3 : has a NUL character"]),
        (f'{HEADER}\n{LINE}\nchina,"x,2017,1\n', ["3 : cannot be read further (unexpected end of data)"]),
        (f"{HEADER}\n{LINE}\nchina,{'x' * 200_000},2017,1\n", ["3 : has a cell of more than 131072 characters"]),
        (f"{HEADER}\n{LINE}\n".encode() + b"\xff\xff,x,2016,1", ["None : is text in neither UTF-8, UTF-16 nor GB18030"]),  # noqa: E501
        (b"PK\x03\x04\x14\x00\xff\xff", ["None : is a damaged workbook"]),
        (f"{HEADER},kind\n{LINE},projected\n", ["2 kind: 'projected' is no observation"]),
        (f"{HEADER},kind\n{LINE},guess\n", ["2 kind: unknown word 'guess'"]),
        (f"{HEADER}\nyunfu,x,08,1\nyunfu,x,2201,1\n", ["2 C: '08' is no year", "3 C: '2201' is no year"]),
        (
            "region,indicator,yaer,value\nchina,x,2016,abc\n",
            ["1 C: unknown column 'yaer'"],
        ),
    ],
)  # fmt: skip
def test_bad_series_are_told_with_their_place(
    made: Callable[[bytes | str], Path], content: bytes | str, faults: list[str]
) -> None:
    assert told(made(content)) == faults


def test_ten_megabytes_in_one_cell_are_a_fault(made: Callable[[bytes | str], Path]) -> None:
    assert told(made(f'{HEADER}\n{LINE}\nchina,"{"x" * 10_000_000}",2016,1\n')) == [
        "None : has a line of more than 1 MB, so it is no table"
    ]


def test_a_misspelt_column_is_told_with_the_name_that_is_there(made: Callable[[bytes | str], Path]) -> None:
    with pytest.raises(InputError, match=r"column 'C': unknown column 'yaer'; did you mean 'year'\?"):
        read_points(made("region,indicator,yaer,value\nchina,x,2016,1\n"))


def test_an_unreadable_encoding_says_how_to_save_it(made: Callable[[bytes | str], Path]) -> None:
    with pytest.raises(InputError, match="Excel: Save As, CSV UTF-8"):
        read_points(made(f"{HEADER}\nquébec,x,2016,1\n".encode("latin-1")))


@pytest.mark.parametrize(
    "content",
    [
        "region;indicator;year;value\nyunfu;x;2016;1\n",
        "region\tindicator\tyear\tvalue\nyunfu\tx\t2016\t1\n".encode("utf-16"),
        f"\n{HEADER}\nyunfu,x,2016,1\n",
        f"{HEADER}\nyun\u200bfu,x,2016,1\n",
        "地区,指标,年份,数值\nyunfu,x,2016年,1\n".encode("gb18030"),
        "指标,2016年\nx,1\n",
    ],
)
def test_separators_encodings_and_layouts_are_found(made: Callable[[bytes | str], Path], content: bytes | str) -> None:
    path = made(content)
    if "2016年\nx".encode() in path.read_bytes():
        assert told(path) == ["None : no line says of which region the figures are"]
    else:
        (row,) = read_points(path).to_dict("records")
        assert row == {"region": "yunfu", "indicator": "x", "year": 2016, "value": 1.0}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("yunfu,服务业增加值占GDP比重,2017,2", "indicator: '服务业增加值占GDP比重' is 'services_share_of_gdp'"),
        ("云浮市,services_share_of_gdp,2016,1", "region: '云浮市' is 'yunfu'"),
    ],
)
def test_two_names_of_one_thing_are_not_two_series(made: Callable[[bytes | str], Path], row: str, message: str) -> None:
    first = f"{HEADER}\nyunfu,services_share_of_gdp,2016,1\n"
    assert told(made(f"{first}{row}\nyunfu,自拟,2016,1\n")) == [f"3 {message} of line 2 by another name"]
    assert len(read_points(made(f"{first}guangdong{row[row.index(',') :]}\n"))) == 2


def test_all_faults_of_a_file_are_told_at_once(made: Callable[[bytes | str], Path]) -> None:
    lines = [HEADER, "china,x,2016,abc", "china,x,2017", "china,,2018,1", "china,x,2019,1e400", "china,x,2020,2"]
    assert told(made("\n".join(lines))) == [
        "2 D: 'abc' is no figure",
        "3 : has 3 cells, the header 4",
        "4 indicator: is empty",
        "5 D: 1e400 is too large for a number",
    ]


def test_lines_are_those_of_the_file_with_crlf_blank_lines_and_quoted_breaks(
    made: Callable[[bytes | str], Path],
) -> None:
    path = made(f'\ufeff{HEADER},note\r\n{LINE},"two\r\nlines"\r\n\r\nchina,x,2017,abc,\r\n')
    assert told(path) == ["5 D: 'abc' is no figure"]


def test_bom_spaces_and_quotes_are_no_faults(made: Callable[[bytes | str], Path]) -> None:
    points = read_points(made('\ufeff region , indicator ,year,value\r\n china,"x",2016, 1.5 \r\n'))
    assert points.to_dict("records") == [{"region": "china", "indicator": "x", "year": 2016, "value": 1.5}]


def test_a_series_may_have_gaps_and_other_columns(made: Callable[[bytes | str], Path]) -> None:
    points = read_points(made(f"{HEADER},note\n{LINE},x\nchina,gdp_per_capita,2017,,y\n"))
    assert list(points.columns) == ["region", "indicator", "year", "value"]
    assert points["value"].isna().tolist() == [False, True]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_points(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_told(made: Callable[[bytes | str], Path]) -> None:
    path = made(f"{HEADER}\n{LINE}\n")
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        read_points(path)


def test_text_tables_keep_text(made: Callable[[bytes | str], Path]) -> None:
    table, faults = read_text_table(made("no,name\n07,NA\n"))
    assert (table.to_dict("records"), table.index.tolist(), faults) == ([{"no": "07", "name": "NA"}], [2], [])


def observed(store: Store, path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_observations(path, store=store)
    return [f"{fault.row} {fault.column}: {fault.message}; {fault.remedy}" for fault in caught.value.faults]


def test_four_columns_are_enough_for_observations(made: Callable[[bytes | str], Path], store: Store) -> None:
    own = read_observations(made(f"{HEADER}\nguangdong,services_share_of_gdp,2019,55.5\n"), store=store)
    (row,) = own.to_dict("records")
    today = dt.datetime.now(dt.UTC).date().isoformat()  # the file was made just now
    assert (row["value"], row["unit"], row["kind"], row["vintage"]) == (55.5, "%", "observed", today)
    assert (row["series"], row["grade"], row["source_id"]) == ("guangdong.services_share_of_gdp.own", "own", "own_1")


@pytest.mark.parametrize(
    ("line", "series", "definition", "segment"),
    [
        ("services_share_of_gdp,2017,43,,", "yunfu.services_share_of_gdp.own", "services_share_of_gdp.own", 0),
        ("gdp_per_capita,2017,32000,2010,", "yunfu.gdp_per_capita.own_2010", "gdp_per_capita.own_2010", 0),
        ("gdp_per_capita,2017,32000,,", "yunfu.gdp_per_capita.own_not_stated", "gdp_per_capita.own_not_stated", 0),
        # what it continues is for the file to say: accounts break in 2009, 2017 and 2019, 2017 is of the third segment
        ("services_share_of_gdp,2017,43,,yunfu.services_share_of_gdp.yearbook",
         "yunfu.services_share_of_gdp.yearbook", "services_share_of_gdp.yearbook", 2),
        ("gdp_per_capita,2017,32000,,yunfu.gdp_per_capita.yearbook_real2010",
         "yunfu.gdp_per_capita.yearbook_real2010", "gdp_per_capita.yearbook_real2010", 1),
    ],
)  # fmt: skip
def test_own_figures_continue_no_published_series_but_the_one_they_name(
    made: Callable[[bytes | str], Path], root: Path, line: str, series: str, definition: str, segment: int
) -> None:
    own = read_observations(made(f"{HEADER},price_base,series\nyunfu,{line}\n"), store=read_store(root))
    assert own[["series", "definition", "segment"]].to_numpy().tolist() == [[series, definition, segment]]


@pytest.mark.parametrize(
    ("line", "column", "message", "remedy"),
    [
        ("chna,gdp_per_capita,2016,1,元,2010", "region", "unknown region 'chna'", "did you mean 'china'?"),
        ("广动省,gdp_per_capita,2016,1,元,2010", "region", "unknown region '广动省'", "did you mean '广东省'?"),
        ("china,gdp_per_capta,2016,1,元,2010", "indicator", "unknown indicator 'gdp_per_capta'", "'gdp_per_capita'?"),
        ("china,人均GDB,2016,1,元,2010", "indicator", "unknown indicator '人均GDB'", "did you mean '人均GDP'?"),
        ("china,gdp_per_capita,2016,1,张,2010", "", "the unit '张' of 'gdp_per_capita' is not that of", "in that unit"),
        ("china,services_share_of_gdp,2016,51,%,2010", "price_base", "'2010' differs from (empty)", "leave it empty"),
        ("china,gdp_per_capita,-2016,1,元,2010", "C", "'-2016' is no year", "such as 2016"),
        ("china,gdp_per_capita,2016,,元,2010", "", "holds no figures", "give a table of figures"),
        ("china,services_share_of_gdp,2016,515,%,", "value", "515 lies outside the natural bounds", "0 to 100"),
        ("china,gdp_per_capita,2016,-1,元,2010", "value", "-1 lies outside the natural bounds", "0 or more"),
    ],
)
def test_bad_observations_are_told(
    made: Callable[[bytes | str], Path], store: Store, line: str, column: str, message: str, remedy: str
) -> None:
    (fault,) = observed(store, made(f"{HEADER},unit,price_base\n{line}\n"))
    assert fault.startswith(f"{2 if column or 'unit' in message else None} {column}: {message}")
    assert fault.endswith(remedy)


def test_faults_of_all_kinds_come_together(made: Callable[[bytes | str], Path], store: Store) -> None:
    lines = [f"{HEADER},knid", "china,gdp_per_capita,2016,abc,", "chna,gdp_per_capita,2016,1,", "china,x,2016"]
    assert [fault.partition("; ")[0] for fault in observed(store, made("\n".join(lines)))] == [
        "1 E: unknown column 'knid'",
        "2 D: 'abc' is no figure",
        "3 region: unknown region 'chna'",
        "4 : has 3 cells, the header 5",
    ]


def test_the_same_figure_in_two_files_counts_once(made: Callable[[bytes | str], Path], store: Store) -> None:
    line = f"{HEADER}\nguangdong,services_share_of_gdp,2019,"
    one = made(line + "55\n")
    two = one.with_name("two.csv")
    two.write_text(line + "55.0\n", encoding="utf-8")
    assert read_observations([one, two], store=store)[["value", "source_id"]].to_numpy().tolist() == [[55.0, "own_1"]]
    two.write_text(line + "56\n", encoding="utf-8")
    with pytest.raises(InputError, match="two.csv.*D2 has 56 .*, but .*in.csv D2 has 55; keep one of the two"):
        read_observations([one, two], store=store)


def test_a_series_of_another_indicator_is_told(made: Callable[[bytes | str], Path], store: Store) -> None:
    path = made(f"{HEADER},series\nchina,gdp_per_capita,2019,55,guangdong.services_share_of_gdp.nbs\n")
    assert [fault.split(":")[0] for fault in observed(store, path)][:2] == ["2 region", "2 indicator"]


def test_own_figures_stand_before_those_of_the_series_that_they_name_whatever_their_vintage(
    made: Callable[[bytes | str], Path], store: Store
) -> None:
    line = "guangdong,services_share_of_gdp,2010,77,2010-12-31,guangdong.services_share_of_gdp.nbs"
    path = made(f"{HEADER},vintage,series\n{line}\n")
    both = add_observations(store.observations, read_observations(path, store=store))
    is_it = (both["region"] == "guangdong") & (both["indicator"] == "services_share_of_gdp") & (both["year"] == 2010)
    assert both.loc[is_it, "value"].tolist() == [77]
    assert len(both) == len(store.observations)


def test_parquet_reads_as_csv_does(made: Callable[[bytes | str], Path], store: Store, tmp_path: Path) -> None:
    path = made(f"{HEADER}\nguangdong,services_share_of_gdp,2019,55.5\n")
    write_table(read_points(path), tmp_path / "in.parquet")
    pd.testing.assert_frame_equal(read_points(tmp_path / "in.parquet"), read_points(path))
    pd.testing.assert_frame_equal(
        read_observations(tmp_path / "in.parquet", store=store), read_observations(path, store=store)
    )


def test_bad_parquet_is_told_with_the_row(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    frame = pd.DataFrame({"region": "china", "indicator": "x", "year": [2016, 2017], "value": ["1", "abc"]})
    frame.to_parquet(path)
    assert told(path) == ["3 D: 'abc' is no figure"]
    path.write_bytes(b"PAR1 no")
    (fault,) = told(path)
    assert "cannot be read as Parquet" in fault


def test_random_tables_come_back_to_the_last_digit(tmp_path: Path) -> None:
    random = np.random.default_rng(20_260)
    for turn in range(10):
        n = int(random.integers(1, 200))
        values = random.normal(size=n) * 10.0 ** random.integers(-12, 12, size=n)
        values[random.random(n) < 0.2] = np.nan
        words = ["云浮市", "a,b", 'said "x"', "two lines", "yunfu", "ü"]
        frame = pd.DataFrame(
            {
                "region": [f"{random.choice(words)}{i}" for i in range(n)],
                "indicator": random.choice(words, size=n),
                "year": random.integers(1900, 2200, size=n),
                "value": values,
            }
        ).astype({"region": "str", "indicator": "str"})
        for name in (f"{turn}.csv", f"{turn}.parquet"):
            write_table(frame, tmp_path / name)
            pd.testing.assert_frame_equal(read_points(tmp_path / name), frame, check_exact=True)


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("replace", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, killed)
            with pytest.raises(KeyboardInterrupt):
                write_table(pd.DataFrame({"a": [1]}), path)
        assert path.read_text(encoding="utf-8") == "old"
        assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


def test_a_refused_write_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(UsageError, match=r"there is no folder .*none; make it first"):
        write_table(frame, tmp_path / "none" / "out.csv")
    with pytest.raises(UsageError, match="is a folder; give the name of a file in it"):
        write_table(frame, tmp_path)

    for number, words, error in (
        (errno.EROFS, "Read-only file system", UsageError), (errno.ENOSPC, "No space left on device", OSError),
    ):  # fmt: skip

        def refuse(*_: object, number: int = number, words: str = words) -> None:
            raise OSError(number, words)  # which names no file itself

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(error, match=rf"out\.csv.*{words}|{words}: '.*out\.csv'"):
            write_table(frame, tmp_path / "out.csv")
        with pytest.raises(OSError, match=rf"{words}: '.*out\.csv'"):
            write_bytes(b"a", tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_new_file_has_the_rights_of_the_umask_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_bytes(b"x", tmp_path / "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o600)
    write_bytes(b"y", tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    assert (tmp_path / "new").read_bytes() == b"y"


def test_long_names_can_be_written(tmp_path: Path) -> None:
    write_bytes(b"x", tmp_path / ("n" * 250))
    assert [len(path.name) for path in tmp_path.iterdir()] == [250]


def test_figures_of_some_regions_are_those_of_all_in_their_order(store: Store) -> None:
    every, around = store.observations, surroundings_of(store)
    wanted = every[every["region"].isin(["guangdong", "yunfu"])]
    pd.testing.assert_frame_equal(around.figures_in(["yunfu", "guangdong", "yunfu"]), wanted)
    assert around.figures_in(["nowhere"]).empty and around.figures_in([]).columns.equals(every.columns)


def test_the_root_is_found_from_below(sound_tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sound_tables / "data" / "raw" / "observations")
    assert find_root() == sound_tables.resolve()
    with at_root(str(ROOT)):
        assert find_root() == ROOT
    assert find_root() == sound_tables.resolve()


def test_a_folder_without_raw_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder .*schemes; xk init DIR lays out a folder that has one"):
        read_store(tmp_path)


def test_a_price_base_is_never_assumed(made: Callable[[bytes | str], Path], store: Store) -> None:
    """The target is in prices of 2010; a figure that does not say in which prices it is may be in others."""
    line = "luoding,gdp_per_capita,2018,37000"
    said = {base: read_observations(made(f"{HEADER},price_base\n{line},{base}\n"), store=store)["price_base"].item()
            for base in ("", "2010", "current", "not_stated")}  # fmt: skip
    assert said == {"": "not_stated", "2010": "2010", "current": "current", "not_stated": "not_stated"}
    share = "luoding,services_share_of_gdp,2018,40"
    for base in "", "current", "not_stated":
        own = read_observations(made(f"{HEADER},price_base\n{share},{base}\n"), store=store)
        assert own["price_base"].isna().all(), "there are no prices in a share"
