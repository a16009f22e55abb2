"""Everything a person looks at; no SQL and no business rule lives here."""
