"""Names and places for the people of the demo. Nobody lives there, and the addresses' e-mail goes nowhere."""

from collections.abc import Mapping

NAMES = (
    "Harriet Lowe", "Ama Boateng", "Callum Frew", "Beatrix Oduya", "Tom Ellery", "Mei Lin Harcourt", "Rhys Morgan",
    "Sofia Almeida", "George Thackeray", "Nadia Rahman", "Ffion Bevan", "Jonas Keller", "Eilidh Munro", "Samir Haddad",
    "Clara Whitlock", "Dermot Quinn", "Agnes Fairburn", "Leo Castellan", "Hannah Brandt", "Idris Okafor",
    "Maud Pemberton", "Kit Sawyer", "Yasmin Darwish", "Oliver Penrose", "Greta Lindqvist", "Patrick Doyle",
    "Marta Carvalho", "Rowan Ashby", "Tess Holloway", "Arjun Mehta", "Morag Sinclair", "Felix Brandauer",
    "Lottie Crane", "Bashir Noor", "Cerys Llewellyn", "Hugo Maddox", "Ingrid Solberg", "Niamh Kavanagh",
    "Percy Tallis", "Zadie Cole", "Ewan Drummond", "Lucia Ferraro", "Winifred Goss", "Theo Blackwood", "Orla Byrne",
    "Matthias Vogel", "Saffron Pike", "Duncan Ainslie", "Jia Chen", "Bridget Malone", "Alistair Rook", "Noor Aziz",
)  # fmt: skip

#: Town, region, postal code, country.
PLACES = (
    ("Newcastle upon Tyne", "", "NE1 4ST", "GB"), ("Alnwick", "", "NE66 1JY", "GB"), ("Edinburgh", "", "EH3 9QG", "GB"),
    ("Leeds", "", "LS6 2AB", "GB"), ("York", "", "YO1 7HH", "GB"), ("Bristol", "", "BS6 5QT", "GB"),
    ("London", "", "SE15 4QL", "GB"), ("London", "", "E8 3PN", "GB"), ("Manchester", "", "M20 3BG", "GB"),
    ("Sheffield", "", "S11 8ZP", "GB"), ("Cardiff", "", "CF11 9LJ", "GB"), ("Norwich", "", "NR2 3RU", "GB"),
    ("Falmouth", "", "TR11 3QA", "GB"), ("Durham", "", "DH1 3HP", "GB"), ("Glasgow", "", "G12 8RZ", "GB"),
    ("Lewes", "", "BN7 2LP", "GB"), ("Hebden Bridge", "", "HX7 6EU", "GB"), ("Stroud", "", "GL5 1QG", "GB"),
    ("Hamburg", "", "20357", "DE"), ("Dublin", "", "D06 F2X4", "IE"), ("Utrecht", "", "3511 LN", "NL"),
)  # fmt: skip

STREETS: Mapping[str, tuple[str, ...]] = {
    "GB": (
        "Chapel Row", "Mill Lane", "Harbour Street", "St Mary’s Terrace", "Orchard Road", "Bank Top", "Tanner’s Yard",
        "Park View", "Quay Side", "Fern Avenue", "Victoria Grove", "Wheelwright Lane", "Priory Street", "Beacon Hill",
    ),
    "DE": ("Schanzenstraße", "Marktstraße", "Lindenallee"),
    "IE": ("Leinster Road", "Grosvenor Square"),
    "NL": ("Oudegracht", "Twijnstraat"),
}  # fmt: skip
