"""Tables from anywhere: read them, say what their columns mean, write them. Pure, and about no domain.

Reading. `reading.read_table(source, name)` takes a path or bytes: CSV, TSV, semicolons or bars in any usual encoding,
an Excel workbook (.xlsx), a JSON array or JSON lines of objects, any of them gzipped or inside a ZIP. It returns a
`table.Table`; what is no table is refused at once with Invalid, in a sentence that says what to do:

    table = read_table(path, "products.xlsx")
    table.columns            # ("Name", "Price", "Column C"): unique, never empty
    table.kind               # "csv", "xlsx" or "json"
    for item in table.rows():            # streams; each call reads from the start
        item                 # Row(number, cells as wide as columns) or a problems.Problem about one

Every cell is text, without the apostrophe by which our own writers keep a formula from running. A row's number is
the one that a spreadsheet shows, the header being 1; of JSON it is the record's place, likewise from 2.

Mapping. A `mapping.Field` is something that a column can hold, with its names in other programs and languages:

    fields = (Field("name", _("Name"), ("title", "nom", "bezeichnung")), Field("price", _("Price"), looks=is_amount))
    guessed = guess(table.columns, fields, samples(table))         # {"Bezeichnung": "name", "Nettopreis": "price"}
    check_mapping(table.columns, fields, {"Bezeichnung": "name"})        # Invalid names what is wrong
    signature(table.columns)                                       # the same for the same header: remember by it
    places = placed(table.columns, mapping)                        # {"name": [0]}: where each field stands

Remembering. `remembered.recalled(connection, kind, signature)` and `remembered.remember(tx, kind, signature,
mapping)` keep one mapping for each kind of list and header.

Writing. `writing.csv_batches(columns, batches of rows)` and `writing.json_batches(batches of records)` yield bytes a
batch at a time (or, piece by piece, `CsvWriter` and `JsonWriter`). A cell of CSV that a spreadsheet would run (= + - @
at its start) gets an apostrophe, which reading takes off again.
"""
