# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Writes facts into an XMP packet and leaves every other byte of it as it was.

Any thread, pure. What is replaced is cut out where it stands; what is written comes in a
description of its own at the end, which XMP allows (part 1, 7.4). New text is ASCII with character
references, so that it fits every encoding a packet may have.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, fields
from xml.parsers import expat

from imgdupe.library.xmp import Xmp, may_explode, parse

EMPTY = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    b" </rdf:RDF>\n"
    b"</x:xmpmeta>\n"
    b'<?xpacket end="w"?>\n'
)
"""A packet that says nothing yet."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_PROPERTIES = {
    "rating": ((_XMP, "Rating"),),
    "label": ((_XMP, "Label"),),
    "keywords": ((_DC, "subject"),),
    "title": ((_DC, "title"),),
    "caption": ((_DC, "description"),),
    "gps": ((_EXIF, "GPSLatitude"), (_EXIF, "GPSLongitude")),
}
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(rb"<[^\s/>]+")


def edited(packet: bytes, facts: Xmp) -> bytes:
    """The packet with these facts (those that are set) in place of its own.

    ValueError if the packet cannot be understood, or would not say exactly that afterwards.
    """
    names = [each.name for each in fields(facts) if getattr(facts, each.name)]
    if not set(names) <= set(_PROPERTIES):
        raise ValueError("only what a person writes can be written")
    if b"\0" in packet.rstrip(b"\0") or may_explode(packet):
        raise ValueError("not an XMP packet that can be edited")
    places = _Places({each for name in names for each in _PROPERTIES[name]})
    places.look(packet)
    at, about = places.end, places.about
    if at is None:
        raise ValueError("the packet has no descriptions")
    text = packet[:at] + _description(facts, names, about) + packet[at:]
    for start, end in sorted(places.cuts, reverse=True):
        text = text[:start] + text[end:]
    said = parse(text)
    if any(getattr(said, name) != getattr(facts, name) for name in names):
        raise ValueError("the packet cannot be edited")
    return text


@dataclass(slots=True)
class _Places:
    """Where in the packet the wanted properties stand, and where its descriptions end."""

    wanted: set[tuple[str, str]]
    cuts: list[tuple[int, int]] = field(default_factory=list)
    end: int | None = None
    about: str = ""
    _path: list[tuple[str, str]] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def look(self, packet: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.ordered_attributes = True

        def start(name: str, attributes: list[str]) -> None:
            self._path.append(_split(name))
            self._starts.append(parser.CurrentByteIndex)
            if self._path[-2:] == [(_RDF, "RDF"), (_RDF, "Description")]:
                names = attributes[::2]
                self.about = _about(attributes) or self.about
                self._cut_attributes(
                    packet, [each for each in names if _split(each) in self.wanted]
                )

        def end(_name: str) -> None:
            at = parser.CurrentByteIndex
            closed = packet.startswith(b"</", at)
            if self._path[-1] == (_RDF, "RDF") and closed:
                self.end = at
            if self._path[-1] in self.wanted and self._path[-2:-1] == [(_RDF, "Description")]:
                stop = packet.index(b">", at) + 1 if closed else at
                self.cuts.append((self._starts[-1], stop))
            self._path.pop()
            self._starts.pop()

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        try:
            parser.Parse(packet.rstrip(b"\0"), True)
        except expat.ExpatError as error:
            raise ValueError("not an XMP packet") from error

    def _cut_attributes(self, packet: bytes, names: list[str]) -> None:
        """Cut the wanted ones out of the tag that starts last."""
        written = {_written(name) for name in names if _split(name) in self.wanted}
        tag = _TAG_NAME.match(packet, self._starts[-1])
        at = tag.end() if tag else self._starts[-1]
        while found := _ATTRIBUTE.match(packet, at):
            if found[1] in written:
                self.cuts.append(found.span())
            at = found.end()


def _split(name: str) -> tuple[str, str]:
    """(namespace, local name) of expat's "namespace local prefix"."""
    parts = name.split(" ")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])


def _written(name: str) -> bytes:
    """The attribute's name as it stands in the packet."""
    _, local, prefix = name.split(" ")
    return f"{prefix}:{local}".encode()


def _about(attributes: list[str]) -> str:
    pairs = zip(attributes[::2], attributes[1::2], strict=True)
    return next((value for name, value in pairs if _split(name) == (_RDF, "about")), "")


def _description(facts: Xmp, names: list[str], about: str) -> bytes:
    from xml.sax.saxutils import quoteattr  # takes half of the network's modules along

    spaces = f'xmlns:rdf="{_RDF}" xmlns:xmp="{_XMP}" xmlns:dc="{_DC}" xmlns:exif="{_EXIF}"'
    lines = [
        f"<rdf:Description {spaces} rdf:about={quoteattr(about)}>",
        *(f"  {_element(name, facts)}" for name in names),
        " </rdf:Description>\n ",
    ]
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace")


def _element(name: str, facts: Xmp) -> str:
    if name == "rating":
        return f"<xmp:Rating>{facts.rating}</xmp:Rating>"
    if name == "label":
        return f"<xmp:Label>{_text(facts.label)}</xmp:Label>"
    if name == "keywords":
        items = "".join(f"<rdf:li>{_text(word)}</rdf:li>" for word in facts.keywords)
        return f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"
    if name == "gps":
        latitude, longitude = facts.gps or (0.0, 0.0)
        return (
            f"<exif:GPSLatitude>{_coordinate(latitude, 'NS')}</exif:GPSLatitude>"
            f"<exif:GPSLongitude>{_coordinate(longitude, 'EW')}</exif:GPSLongitude>"
        )
    tag, text = ("title", facts.title) if name == "title" else ("description", facts.caption)
    item = f'<rdf:li xml:lang="x-default">{_text(text)}</rdf:li>'
    return f"<dc:{tag}><rdf:Alt>{item}</rdf:Alt></dc:{tag}>"


def _text(text: str | None) -> str:
    return html.escape(text or "", quote=False)


def _coordinate(degrees: float, directions: str) -> str:
    """Degrees and minutes, finer than the seven digits that are read back."""
    whole, rest = divmod(abs(degrees), 1)
    return f"{whole:.0f},{rest * 60:.9f}{directions[degrees < 0]}"
