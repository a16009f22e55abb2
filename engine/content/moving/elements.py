"""XML read child by child with expat: no document type, no entities, no more depth than people write."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from engine.core.errors import Invalid
from engine.core.i18n import _

CHUNK = 64 * 1024
MAX_DEPTH = 60


def elements_in(source: BinaryIO, parent: str, root: str) -> Iterator[tuple[str, Element, int]]:
    """Yield (local name, element, line) of each child of `parent` in a document whose root is `root`.

    Raises expat.ExpatError for what is not well-formed, Invalid for a document type, another root, or too much depth.
    """
    reader = _Reader(parent, root)
    while chunk := source.read(CHUNK):
        reader.parser.Parse(chunk, False)
        yield from reader.taken()
    reader.parser.Parse(b"", True)
    yield from reader.taken()


class _Reader:
    def __init__(self, parent: str, root: str) -> None:
        self.parent, self.root = parent, root
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.path: list[str] = []
        self.builder: TreeBuilder | None = None
        self.depth = self.line = 0
        self.found: list[tuple[str, Element, int]] = []

    def taken(self) -> list[tuple[str, Element, int]]:
        found, self.found = self.found, []
        return found

    def refuse(self, *_declared: Any) -> None:
        message = _("Line {line}: the file declares a document type. Exports have none: it is not taken.")
        message = message.having(line=self.parser.CurrentLineNumber)
        raise Invalid(message, {"file": message})

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if not self.path and name != self.root:
            message = _("The file begins with <{found}>, and an export begins with <{root}>.")
            message = message.having(found=name[:40], root=self.root)
            raise Invalid(message, {"file": message})
        if len(self.path) + self.depth > MAX_DEPTH:
            message = _("Line {line}: elements stand deeper in each other than any export has them.")
            message = message.having(line=self.parser.CurrentLineNumber)
            raise Invalid(message, {"file": message})
        if self.builder is None and self.path and self.path[-1] == self.parent:
            self.builder, self.depth, self.line = TreeBuilder(), 0, self.parser.CurrentLineNumber
        if self.builder is not None:
            self.depth += 1
            self.builder.start("{" + tag if "}" in tag else tag, attributes)
        else:
            self.path.append(name)

    def data(self, text: str) -> None:
        if self.builder is not None:
            self.builder.data(text)

    def end(self, tag: str) -> None:
        if self.builder is None:
            self.path.pop()
            return
        self.depth -= 1
        self.builder.end("{" + tag if "}" in tag else tag)
        if self.depth == 0:
            self.found.append((tag.rpartition("}")[2], self.builder.close(), self.line))
            self.builder = None
