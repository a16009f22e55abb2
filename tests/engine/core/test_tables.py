"""Tables as they come: encodings, delimiters, workbooks, JSON, archives, and damage."""

import csv
import gzip
import io
import zipfile

import pytest

from engine.core.errors import Invalid
from engine.core.tabular.problems import Problem
from engine.core.tabular.reading import read_table
from engine.core.tabular.table import Row, Table

TEXTS = {
    "german": (
        "Name,Preis\nTürgriff für große Türen,3\nÄpfel,4\n",
        ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"],
    ),
    "french": ("Nom,Prix\nThéière à l\u2019ancienne,12 €\n", ["utf-8", "cp1252", "utf-16-le", "utf-16-be", "utf-32"]),
    "one accent": ("Name,Price\nMug,1\nCafé,3\nPot,5\n", ["utf-8", "cp1252"]),
    "polish": ("Nazwa,Cena\nŻółta łódź dla świątecznych gości,3\n", ["utf-8", "cp1250"]),
    "turkish": ("Ad,Fiyat\nKırmızı fincan ve güneş gözlüğü,3\n", ["utf-8", "cp1254"]),
    "russian": ("Имя,Цена\nФутболка мужская красная с рисунком,3\n" * 5, ["utf-8", "cp1251", "koi8_r", "utf-16"]),
    "japanese": ("名前,価格\n赤いマグカップと青い皿,3\n" * 3, ["utf-8", "cp932", "utf-16"]),
}


def table(content, name="") -> Table:
    return read_table(content if isinstance(content, bytes) else content.encode(), name)


def parts(table: Table) -> tuple[list[Row], list[Problem]]:
    items = list(table.rows())
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Problem)]


class TestDecoding:
    @pytest.mark.parametrize(
        ("text", "encoding"), [(text, codec) for text, codecs in TEXTS.values() for codec in codecs]
    )
    def test_text_is_read_in_every_encoding_that_shops_and_spreadsheets_write(self, text, encoding):
        read = table(text.encode(encoding))
        rows, problems = parts(read)
        assert [read.columns, *(row.cells for row in rows)] == [tuple(line) for line in csv.reader(text.splitlines())]
        assert problems == []

    def test_a_few_damaged_bytes_in_unicode_are_told_and_the_rest_is_read(self):
        rows, problems = parts(table("Name,Price\nÄpfel öä üß,1\n".encode() + b"Th\xe9,2\n"))
        assert [row.cells[1] for row in rows] == ["1", "2"]
        assert rows[0].cells[0] == "Äpfel öä üß"
        assert [(problem.row, problem.column) for problem in problems] == [(3, "Name")]


class TestDelimiters:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_delimiter_is_found_although_cells_hold_the_others(self, delimiter):
        lines = [["Name", "Categories", "Price"], ["Mug", "A, B, C; D | E", "1,5"], ["Pot", "x;y;z, a,b", "2,5"]]
        content = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
        read = table(content)
        assert read.columns == ("Name", "Categories", "Price")
        assert [list(row.cells) for row in parts(read)[0]] == lines[1:]

    def test_the_line_that_tells_excel_the_delimiter_is_no_row(self):
        read = table("sep=;\r\nName;Price\r\nMug;1\r\n")
        assert read.columns == ("Name", "Price")
        assert parts(read)[0] == [Row(2, ("Mug", "1"))]


class TestRows:
    def test_rows_are_numbered_as_a_spreadsheet_does_whatever_the_cells_hold(self):
        content = 'Name,Text\r\nA,"one\r\ntwo\nthree"\r\n\r\nB,x\r\n,\r\nC,"say ""hi"", now"\r\n'
        rows, problems = parts(table(content))
        assert [(row.number, row.cells[0]) for row in rows] == [(2, "A"), (4, "B"), (6, "C")]
        assert rows[0].cells[1] == "one\r\ntwo\nthree"
        assert rows[2].cells[1] == 'say "hi", now'
        assert problems == []

    def test_old_mac_line_ends_part_rows_too(self):
        assert [row.cells[0] for row in parts(table("Name,Price\rA,1\rB,2\r"))[0]] == ["A", "B"]

    def test_a_quote_never_closed_costs_one_row_and_not_the_file(self):
        content = 'Name,Text\nA,fine\nB,"broken\nC,fine\nD,fine\n'
        rows, problems = parts(table(content))
        assert [(row.number, row.cells[0]) for row in rows] == [(2, "A"), (4, "C"), (5, "D")]
        assert [problem.row for problem in problems] == [3]
        assert "never closed" in str(problems[0].message)

    def test_a_quote_inside_a_plain_cell_is_text(self):
        rows, problems = parts(table('Name,Text\nA,5" screen\nB,x\n'))
        assert rows[0].cells[1] == '5" screen'
        assert problems == []

    def test_an_endless_row_is_told_and_the_next_is_read(self):
        rows, problems = parts(table("Name,Text\nA," + "x" * 2_500_000 + "\nB,fine\n"))
        assert [row.cells for row in rows] == [("B", "fine")]
        assert "million characters" in str(problems[0].message)

    def test_a_quote_that_would_swallow_a_large_file_costs_one_row(self):
        rows, problems = parts(table('Name,Text\nA,"x\n' + "y,z\n" * 300_000))
        assert len(rows) == 300_000
        assert [problem.row for problem in problems] == [2]

    def test_short_rows_are_filled_and_long_rows_told_with_what_is_beyond(self):
        rows, problems = parts(table("Name,Price,Stock\nA,1\nB,2,3,4,5\nC,1,2,,\n"))
        assert [row.cells for row in rows] == [("A", "1", ""), ("B", "2", "3"), ("C", "1", "2")]
        assert [(problem.row, problem.value) for problem in problems] == [(2, ""), (3, "4,5")]

    def test_zero_bytes_are_left_out_and_told(self):
        rows, problems = parts(table(b"Name,Price\nMu\x00g,1\n"))
        assert rows[0].cells == ("Mug", "1")
        assert [(problem.row, problem.column) for problem in problems] == [(2, "Name")]


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "no header row"),
            (b"\n\n", "no header row"),
            (b"PK\x03\x04rest of a workbook", "damaged"),
            (b"PK\x05\x06" + bytes(18), "empty"),
            (b"\xd0\xcf\x11\xe0old workbook", "xlsx"),
            (b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d", "not text"),
            (b"<html><table>", "web page"),
            (b"\x89PNG\r\n", "picture"),
            (",".join(f"c{n}" for n in range(100_000)).encode(), "100000 columns|100,000 columns"),
            (b"%PDF-1.7", "PDF"),
            (b"\x1f\x8b\x08", "damaged"),
        ],
    )
    def test_what_is_no_table_is_refused_with_what_to_do(self, content, words):
        with pytest.raises(Invalid, match=words):
            table(content)


class TestHostileFiles:
    def test_a_workbook_whose_one_far_cell_would_take_all_memory_is_refused(self):
        with pytest.raises(Invalid, match="larger than 5,000,000 cells"):
            table(workbook([["Name"]], extra='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))

    def test_a_workbook_that_lies_about_its_size_is_refused(self):
        sent = workbook([["Name"], ["Mug"]], padding=b" " * 210_000_000)
        assert len(sent) < 1_000_000
        lie = sent.replace((210_000_000 + _SHEET).to_bytes(4, "little"), (9_999).to_bytes(4, "little"))
        assert lie != sent
        for one in (sent, lie):
            with pytest.raises(Invalid, match="larger than 5,000,000 cells"):
                table(one)

    def test_an_archive_that_unpacks_to_a_gigabyte_is_refused(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as inside:
            for _round in range(52):
                inside.write(b"Name,Price\n" + b"x" * 10_000_000)
        with pytest.raises(Invalid, match="larger than 500 MB"):
            table(packed.getvalue())

    def test_an_archive_inside_an_archive_is_not_opened(self):
        with pytest.raises(Invalid, match="Unpack it"):
            table(zipped("a.csv", zipped("b.csv", b"Name\nMug\n")))

    def test_json_nested_without_end_costs_no_more_than_a_sentence(self):
        assert len(parts(table(b"[" * 100_000 + b'{"a": 1}', "x.json"))[0]) == 1
        rows, problems = parts(table(b'[{"a": 1}, {"b": ' + b"[" * 100_000))
        assert [row.cells for row in rows] == [("1",)]
        assert "damaged at record 2" in str(problems[0].message)


class TestWorkbooks:
    def test_numbers_days_and_texts_come_as_they_are_meant(self):
        read = table(workbook([["Name", "Price", "Stock"], ["Mug", 1.299, 12], ["'=1+1", 4.5, -3]]))
        assert (read.kind, read.columns) == ("xlsx", ("Name", "Price", "Stock"))
        assert parts(read)[0] == [Row(2, ("Mug", "1.2990", "12")), Row(3, ("=1+1", "4.5", "-3"))]

    def test_a_workbook_without_anything_is_refused(self):
        with pytest.raises(Invalid, match="no header row"):
            table(workbook([]))


class TestJson:
    def test_a_list_is_a_table_whose_columns_are_all_keys(self):
        read = table(b'[{"name": "Mug", "price": 1.5}, {"name": "=Pot", "tags": ["a", "b"], "on": true, "x": null}]')
        assert read.columns == ("name", "price", "tags", "on", "x")
        assert parts(read)[0] == [Row(2, ("Mug", "1.5", "", "", "")), Row(3, ("=Pot", "", '["a","b"]', "true", ""))]

    def test_lines_of_objects_are_a_table_too_and_more_than_a_chunk_of_them(self):
        lines = "".join(f'{{"name": "Mug {number}", "text": "{"x" * 99}"}}\n' for number in range(3_000))
        rows, problems = parts(table(lines, "products.jsonl"))
        assert (len(rows), rows[-1].number, rows[-1].cells[0], problems) == (3_000, 3_001, "Mug 2999", [])

    def test_what_is_no_object_is_told_and_the_rest_is_read(self):
        rows, problems = parts(table(b'[{"a": "1"}, 7, {"a": "2"}]'))
        assert [row.cells for row in rows] == [("1",), ("2",)]
        assert [problem.row for problem in problems] == [3]


class TestArchives:
    @pytest.mark.parametrize("packed", [lambda data: zipped("in/table.csv", data), gzip.compress])
    def test_the_table_inside_is_read(self, packed):
        assert parts(table(packed(b"Name,Price\nMug,1\n")))[0] == [Row(2, ("Mug", "1"))]

    def test_the_largest_table_of_several_is_read(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.csv", "Name\nMug\n")
            archive.writestr("b.json", '[{"name": "A much longer one"}]')
            archive.writestr("__MACOSX/c.csv", "x" * 999)
        assert table(packed.getvalue()).columns == ("name",)


class TestColumns:
    def test_columns_without_a_name_or_with_the_same_can_be_told_apart(self):
        read = table("Name,,Name,Price,,\nMug,b,c,1,,\n")
        assert read.columns == ("Name", "Column B", "Name (2)", "Price")


#: The bytes of the sheet below, of these two rows, without its padding.
_SHEET = 241


def zipped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def workbook(rows, extra: str = "", padding: bytes = b"") -> bytes:
    """Return a workbook of one sheet with the fewest parts that one may have."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    lines = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            if isinstance(cell, str)
            else f'<c r="{chr(65 + place)}{number}"><v>{cell}</v></c>'
            for place, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    sheet = f"<worksheet {main}><sheetData>{lines}{extra}</sheetData></worksheet>".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{relations}">'
            '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        target = f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        root = f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships {packages}>{root}</Relationships>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {packages}>{target}</Relationships>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet + padding)
    return packed.getvalue()
