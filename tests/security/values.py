"""What people with bad intentions, and machines with bad luck, put into fields."""

import json
import os
from pathlib import Path

import pytest

#: A small list of our own, so that the tests always mean something.
TEXTS = (
    "<script>window.pwned=1</script>",
    '"><script>window.pwned=1</script>',
    "'><img src=x onerror=window.pwned=1>",
    "</title></textarea></style></script><svg onload=window.pwned=1>",
    '" autofocus onfocus=window.pwned=1 x="',
    "javascript:window.pwned=1",
    "</script><script>window.pwned=1</script>",
    "<!--<script>",
    "{{7*7}}${7*7}<%=7*7%>#{7*7}{% raw %}",
    "{title}{site}{0}{value!r}%s%(x)s%n",
    "' OR '1'='1' --",
    '"; DROP TABLE users; --',
    "a\r\nSet-Cookie: pwned=1\r\n\r\n<script>window.pwned=1</script>",
    "\u202egnp.exe",
    "\ufeff\u200b\u00ad",
    "Z\u0351\u036b\u0343a\u0314\u034el\u0348g\u0321o",
    "👩‍👩‍👧‍👦 𝕳𝖊𝖑𝖑𝖔 田中さん الكتاب",
    "../../../../etc/passwd",
    '=HYPERLINK("http://evil.example","x")',
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.pwned=1&#62;",
    "<a href='java&#x09;script:window.pwned=1'>x</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<base href='//evil.example/'><form action='//evil.example'><input name=x>",
    "<math><mtext><table><mglyph><style><img src onerror=window.pwned=1>",
    "<p style='position:fixed;inset:0'>x</p><div></div></div></main></body>",
    "-1e309",
    "NaN",
    "٣٫١٤",
)  # fmt: skip

#: Values that PostgreSQL, JSON or UTF-8 cannot keep.
UNKEEPABLE = ("\x00", "a\x00b", "\ud800", "b\udfffc")


def samples(*names: str) -> list[str]:
    """Return lines of files of the samples' `06-security`. Skips by name where there are none."""
    folder = os.environ.get("AGORA_SAMPLES")
    if not folder:
        pytest.skip("AGORA_SAMPLES is not set: the hostile samples are not here")
    lines: list[str] = []
    for name in names:
        text = (Path(folder) / "06-security" / name).read_text(encoding="utf-8", errors="replace")
        if name.endswith("expect.json"):
            lines += [str(case["payload"]) for case in json.loads(text)]
        elif name.endswith(".json"):
            lines += [str(one) for one in json.loads(text)]
        else:
            lines += [line for line in text.splitlines() if line and not line.startswith("#")]
    return lines


XSS = "payloads/XSS Injection/Intruders"
SQL = "payloads/SQL Injection/Intruder"
MARKUP = (
    "blns/blns.json",
    "dompurify/expect.json",
    f"{XSS}/IntrudersXSS.txt",
    f"{XSS}/XSS_Polyglots.txt",
    f"{XSS}/xss_payloads_quick.txt",
)
QUERIES = (f"{SQL}/Auth_Bypass.txt", f"{SQL}/Generic_ErrorBased.txt", f"{SQL}/SQLi_Polyglots.txt")
REDIRECTS = "payloads/Open Redirect/Intruder/openredirects.txt"
TRAVERSALS = "payloads/Directory Traversal/Intruder/directory_traversal.txt"
