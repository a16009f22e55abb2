"""Words that a crowd is made of."""

import random


def _parted(words: str) -> list[str]:
    return words.split()


FIRST = _parted("""Ada Bea Carl Dora Emil Finn Greta Hugo Ida Jonas Kira Lars Mona Nils Olga Paul Rosa Sven Tara Uwe
Vera Willem Yara Zoe Amir Bianca Chidi Deniz Elif Farid Giulia Hana Ivan Jelena Kofi Leila Mateo
Noor Oscar Priya Quentin Rania Samir Tomás Ulla Viktor Wanjiru Xenia Yusuf Zuzana""")
LAST = _parted("""Adler Baker Castillo Dubois Ek Fischer Gruber Hansen Ito Jensen Kowalski Lindqvist Moreau Novak
Okafor Petit Quist Rossi Schmidt Tanaka Ueda Varga Weber Xu Yilmaz Ziegler Archer Brook Carter Dale
Ellis Ford Grant Hale Irving Jarvis Keller Lowe Mercer Nash Ortega Perez Quinn Reyes Silva Torres
Usher Vance Walsh York""")
CITIES = _parted("""London Leeds Bristol York Glasgow Cardiff Belfast Norwich Exeter Durham Oxford Bath Derby Dover""")
STREETS = _parted("""Harbour Church Mill Station Park Garden High School Castle Bridge Orchard Meadow""")
LOOKS = _parted("""quiet bright little heavy round square tall slim striped dotted speckled plain folded woven carved
painted polished brushed frosted smoked ribbed fluted curved straight double single early late
northern southern""")
COLOURS = _parted("""white black grey red blue green yellow brown pink purple orange ivory amber teal olive rust navy
sand coral slate""")
STUFFS = _parted("""oak ash birch walnut linen cotton wool felt leather paper cork copper brass steel iron glass clay
stone bamboo rattan""")
THINGS = _parted("""mug bowl plate jug vase lamp chair stool table shelf basket blanket cushion rug towel apron candle
clock mirror frame tray spoon knife board kettle teapot bottle box notebook pencil bag scarf hat
glove brush broom bucket planter bench hook""")
SAID = _parted("""made by hand in a small workshop near the harbour where clay and wood have been worked for four
generations it keeps warm for an hour stands safely on uneven ground and gets better with every year
of use wash it with mild soap dry it with a soft cloth and leave it out of the sun each piece is a
little different from the next which is as it should be we send it in paper and card without plastic
if it breaks on the way tell us and we send another""")


def sentence(dice: random.Random, count: int) -> str:
    """Return so many words that begin like a sentence and end like one."""
    start = dice.randrange(len(SAID))
    words = [SAID[(start + place * (1 + place // 17)) % len(SAID)] for place in range(count)]
    return f"{' '.join(words).capitalize()}."


def address(dice: random.Random, name: str) -> dict[str, str]:
    """Return where somebody lives."""
    return {
        "name": name,
        "line1": f"{dice.randrange(1, 200)} {dice.choice(STREETS)} Street",
        "line2": "",
        "city": dice.choice(CITIES),
        "region": "",
        "postal_code": f"{dice.choice('BDELNS')}{dice.randrange(1, 20)} {dice.randrange(1, 10)}AA",
        "country": "GB",
        "phone": "",
    }
