"""Tables as they come: encodings, delimiters, and damage."""

import csv

import pytest

from engine.commerce.catalog.importing.imported import Problem
from engine.commerce.catalog.importing.tabular import Row, Table
from engine.core.errors import Invalid

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


def table(tmp_path, content) -> Table:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table(path)


def parts(table: Table) -> tuple[list[Row], list[Problem]]:
    items = list(table.rows())
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Problem)]


class TestDecoding:
    @pytest.mark.parametrize(
        ("text", "encoding"), [(text, codec) for text, codecs in TEXTS.values() for codec in codecs]
    )
    def test_text_is_read_in_every_encoding_that_shops_and_spreadsheets_write(self, tmp_path, text, encoding):
        read = table(tmp_path, text.encode(encoding))
        rows, problems = parts(read)
        assert [read.header, *(row.cells for row in rows)] == [tuple(line) for line in csv.reader(text.splitlines())]
        assert problems == []

    def test_a_few_damaged_bytes_in_unicode_are_told_and_the_rest_is_read(self, tmp_path):
        rows, problems = parts(table(tmp_path, "Name,Price\nÄpfel öä üß,1\n".encode() + b"Th\xe9,2\n"))
        assert [row.cells[1] for row in rows] == ["1", "2"]
        assert rows[0].cells[0] == "Äpfel öä üß"
        assert [(problem.row, problem.column) for problem in problems] == [(3, "Name")]


class TestDelimiters:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_delimiter_is_found_although_cells_hold_the_others(self, tmp_path, delimiter):
        lines = [["Name", "Categories", "Price"], ["Mug", "A, B, C; D | E", "1,5"], ["Pot", "x;y;z, a,b", "2,5"]]
        content = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
        read = table(tmp_path, content)
        assert read.header == ("Name", "Categories", "Price")
        assert [list(row.cells) for row in parts(read)[0]] == lines[1:]

    def test_the_line_that_tells_excel_the_delimiter_is_no_row(self, tmp_path):
        read = table(tmp_path, "sep=;\r\nName;Price\r\nMug;1\r\n")
        assert read.header == ("Name", "Price")
        assert parts(read)[0] == [Row(2, ("Mug", "1"))]


class TestRows:
    def test_rows_are_numbered_as_a_spreadsheet_does_whatever_the_cells_hold(self, tmp_path):
        content = 'Name,Text\r\nA,"one\r\ntwo\nthree"\r\n\r\nB,x\r\n,\r\nC,"say ""hi"", now"\r\n'
        rows, problems = parts(table(tmp_path, content))
        assert [(row.number, row.cells[0]) for row in rows] == [(2, "A"), (4, "B"), (6, "C")]
        assert rows[0].cells[1] == "one\r\ntwo\nthree"
        assert rows[2].cells[1] == 'say "hi", now'
        assert problems == []

    def test_old_mac_line_ends_part_rows_too(self, tmp_path):
        assert [row.cells[0] for row in parts(table(tmp_path, "Name,Price\rA,1\rB,2\r"))[0]] == ["A", "B"]

    def test_a_quote_never_closed_costs_one_row_and_not_the_file(self, tmp_path):
        content = 'Name,Text\nA,fine\nB,"broken\nC,fine\nD,fine\n'
        rows, problems = parts(table(tmp_path, content))
        assert [(row.number, row.cells[0]) for row in rows] == [(2, "A"), (4, "C"), (5, "D")]
        assert [problem.row for problem in problems] == [3]
        assert "never closed" in str(problems[0].message)

    def test_a_quote_inside_a_plain_cell_is_text(self, tmp_path):
        rows, problems = parts(table(tmp_path, 'Name,Text\nA,5" screen\nB,x\n'))
        assert rows[0].cells[1] == '5" screen'
        assert problems == []

    def test_an_endless_row_is_told_and_the_next_is_read(self, tmp_path):
        rows, problems = parts(table(tmp_path, "Name,Text\nA," + "x" * 2_500_000 + "\nB,fine\n"))
        assert [row.cells for row in rows] == [("B", "fine")]
        assert "million characters" in str(problems[0].message)

    def test_a_quote_that_would_swallow_a_large_file_costs_one_row(self, tmp_path):
        rows, problems = parts(table(tmp_path, 'Name,Text\nA,"x\n' + "y,z\n" * 300_000))
        assert len(rows) == 300_000
        assert [problem.row for problem in problems] == [2]

    def test_short_rows_are_filled_and_long_rows_told_with_what_is_beyond(self, tmp_path):
        rows, problems = parts(table(tmp_path, "Name,Price,Stock\nA,1\nB,2,3,4,5\nC,1,2,,\n"))
        assert [row.cells for row in rows] == [("A", "1", ""), ("B", "2", "3"), ("C", "1", "2")]
        assert [(problem.row, problem.value) for problem in problems] == [(2, ""), (3, "4,5")]

    def test_zero_bytes_are_left_out_and_told(self, tmp_path):
        rows, problems = parts(table(tmp_path, b"Name,Price\nMu\x00g,1\n"))
        assert rows[0].cells == ("Mug", "1")
        assert [(problem.row, problem.column) for problem in problems] == [(2, "Name")]


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "no header row"),
            (b"\n\n", "no header row"),
            (b"PK\x03\x04rest of a workbook", "Excel workbook"),
            (b"%PDF-1.7", "PDF"),
            (b"\x1f\x8b\x08", "compressed"),
        ],
    )
    def test_what_is_no_table_is_refused_with_what_to_do(self, tmp_path, content, words):
        with pytest.raises(Invalid, match=words):
            table(tmp_path, content)
