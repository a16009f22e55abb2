"""Text seen through its disguises: look-alike letters, invisible characters, spaced-out words, hidden links."""

import re
import unicodedata

_LOOKALIKES = str.maketrans(
    # Cyrillic, Greek, then Latin letters that normalising leaves alone. Source: Unicode confusables.txt, a selection.
    "асеорхукмтіјѕԁӏԛԝһѵнвгьαορνικτυεχηβγωσıɑɡøłđħ",
    "aceopxykmtijsdlqwhvhbrbaopviktuexnbywoiagoldh",
)
_DIGITS = str.maketrans("013457@$!|l€", "oieastasiiie")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
                        "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]")  # fmt: skip
_OVERRIDES = re.compile("[\u202a\u202b\u202d\u202e]")
_word = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_run = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,2}){2,}[^\W_](?![^\W_])")
#: Scripts that are written without spaces.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_DOTTED = re.compile(r"\s*[\[({<]\s*(?:\.|dot)\s*[\])}>]\s*|(?<=\w)\s+dot\s+(?=(?:com|net|org|info|ru|cn|top|xyz)\b)")
_LINK = re.compile(r"(?:(?:h(?:tt|xx)ps?:)?//|(?<![\w.-])www\.)([^\s/<>\"'\])]+)|(?<![\w.-])([\w-]+(?:\.[\w-]+)+)(/?)")
#: Ends of hosts that are no ends of sentences; any other end is one where a path follows.
_ENDS = re.compile(
    "com|net|org|info|biz|io|ru|cn|top|xyz|site|online|shop|club|link|click|app|dev|tv|ly|gl|gg|vip|win|bet|casino"
    "|tk|ml|ga|cf|de|uk|fr|pl|eu"
)
_MAIL = re.compile(r"(?<![/:\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def folded(text: str) -> str:
    """Return the text in one case and one shape: compatible forms joined, accents, marks and invisible ones gone."""
    shaped = unicodedata.normalize("NFKD", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold())
    return "".join(c for c in shaped if not unicodedata.combining(c)).replace("。", ".")


def words(text: str) -> list[str]:
    """Return the folded words: those of look-alike letters in Latin, scripts without spaces in pairs of characters."""
    found: list[str] = []
    for word in _word.findall(folded(text)):
        pieces = _UNSPACED.findall(word)
        if pieces:
            found += [piece[at : at + 2] for piece in pieces for at in range(max(1, len(piece) - 1))]
        else:
            found.append(_latin(word))
    return found


def _latin(word: str) -> str:
    """Return the word in Latin letters where each of its letters looks like one, else as it is."""
    changed = word.translate(_LOOKALIKES)
    return changed if changed.isascii() else word


def skeleton(text: str) -> str:
    """Return what is left of a text when digits stand for letters and spaced-out words are joined, a space between."""
    joined = _run.sub(lambda found: re.sub(r"[\W_]", "", found.group()), folded(text).translate(_DIGITS))
    return " ".join(_latin(word) for word in _word.findall(joined))


def holds(text_skeleton: str, word: str) -> bool:
    """Return whether the skeleton of a text has the word: whole, unless it begins or ends with a `*`."""
    wanted = skeleton(word)
    if not wanted:
        return False
    if _UNSPACED.search(wanted):
        return wanted in text_skeleton
    before = r"\w*" if word.startswith("*") else ""
    after = r"\w*" if word.endswith("*") else ""
    return re.search(rf"(?<!\w){before}{re.escape(wanted)}{after}(?!\w)", text_skeleton) is not None


def links(text: str) -> list[str]:
    """Return the hosts of links, written in any way that a reader or a machine takes for one; e-mail addresses not."""
    plain = _MAIL.sub(" ", _DOTTED.sub(".", folded(text)))
    hosts = []
    for full, bare, path in _LINK.findall(plain):
        end = bare.rpartition(".")[2]
        if full or _ENDS.fullmatch(end) or (path and end.isalpha()):
            hosts.append((full or bare).rpartition("@")[2].removeprefix("www.").rstrip(".,;:!?"))
    return [host for host in hosts if "." in host or ":" in host]


def disguised(text: str) -> list[str]:
    """Return the words, as they stand, that are made to look like others: mixed scripts, hidden or turned letters."""
    found = []
    for raw in text.split():
        letters = [c for c in unicodedata.normalize("NFC", raw) if c.isalpha()]
        has_latin = any(c.isascii() for c in letters)
        has_fake = any(not c.isascii() and c.casefold().translate(_LOOKALIKES).isascii() for c in letters)
        hidden = re.search(r"[A-Za-z][\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+[A-Za-z]", raw)
        if (has_latin and has_fake and _is_foreign(letters)) or hidden or _OVERRIDES.search(raw):
            found.append(_INVISIBLE.sub("", raw)[:40])
    return found


def _is_foreign(letters: list[str]) -> bool:
    """Return whether letters of Cyrillic or Greek stand among them."""
    return any(unicodedata.name(c, "").startswith(("CYRILLIC", "GREEK")) for c in letters)
