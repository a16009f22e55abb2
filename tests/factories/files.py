"""Files that are no photos: drawings, a document, a sound."""

import struct

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20H0z" fill="#367"/></svg>'
HOSTILE_DRAWING = b"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20"
     onload="alert(1)">
<script>alert(2)</script><style>@import url(http://evil.example/x.css); rect { fill: red }</style>
<style>.a { fill: url(#g) }</style>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(3)</script></body></foreignObject>
<a xlink:href="javascript:alert(4)"><rect class="a" width="9" height="9" style="background:url('http://evil.example')"/></a>
<use href="http://evil.example/x.svg#y"/><image href="http://evil.example/x.png"/>
<animate attributeName="href" values="javascript:alert(5)"/><set attributeName="onmouseover" to="alert(6)"/>
<rect width="5" height="5" fill="url(http://evil.example/#a)" onclick="alert(7)"/><path d="M0 0h4" fill="url(#g)"/>
</svg>"""


def pdf(words: str = "Menu") -> bytes:
    """Return a document of one page, A6, with a word on it."""
    drawn = f"BT /F1 24 Tf 40 200 Td ({words}) Tj ET".encode()
    font = b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 298 420] /Contents 4 0 R /Resources << /Font %s >> >>" % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 5\n0000000000 65535 f \n" + rows
    out += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(out)


def wav(samples: int = 100) -> bytes:
    """Return a short silence."""
    data = b"\x00\x00" * samples
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(data),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        8000,
        16000,
        2,
        16,
        b"data",
        len(data),
    )
    return head + data
