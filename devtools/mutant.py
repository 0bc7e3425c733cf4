"""A small fault: one edit of one file."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mutant:
    """One edit of one file.

    :param line: where it is, from 1
    :param anchor: first line of the statement it is in
    :param start: of the text taken out, in bytes of the file
    :param end: of that text
    :param new: what stands there instead
    :param kind: name of the fault
    :param function: qualified name of the outermost function whose body holds it; empty
        where it takes part in what is made once, when the file is loaded
    :param names: of the class and of what the statement binds, where there is no
        function: who uses them is concerned
    """

    path: str
    line: int
    anchor: int
    start: int
    end: int
    new: str
    kind: str
    function: str
    names: tuple = ()
    source: bytes = field(default=b"", repr=False, compare=False)

    @property
    def old(self) -> str:
        return self.source[self.start : self.end].decode()

    @property
    def code(self) -> str:
        """The line it begins in, without its indentation."""
        return self.source.decode().split("\n")[self.line - 1].strip()

    @property
    def edit(self) -> str:
        """What is taken out and what put in, in one line."""
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.kind}: {old or '∅'} → {new or '∅'}"

    def text(self) -> str:
        """The whole file with the fault."""
        source = self.source
        return (source[: self.start] + self.new.encode() + source[self.end :]).decode()
