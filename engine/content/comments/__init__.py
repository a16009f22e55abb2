"""Comments: a thread under anything that takes them (`engine.core.subjects`), kept in order by staff."""
