"""Names of nobody: ordinary first names beside last names put together from syllables.

Common first names come up often and rare ones seldom, as among real people: a search has to tell many
children of one first name apart.
"""

import random

GIVEN = (
    "Amelia", "Noah", "Muhammad", "Olivia", "George", "Isla", "Oliver", "Ava", "Leo", "Freya", "Arthur",
    "Lily", "Oscar", "Sophie", "Theo", "Grace", "Harry", "Aisha", "Jack", "Zara", "Jacob", "Mia", "Kai",
    "Ella", "Dylan", "Ruby", "Ethan", "Maya", "Yusuf", "Hannah", "Connor", "Caitlin", "Szymon", "Zofia",
    "Ibrahim", "Fatima", "Rhys", "Seren", "Callum", "Erin", "Minh", "Linh", "Tomasz", "Ines", "Jordan",
    "Chloe", "Reuben", "Tegan", "Dominik", "Nadia", "Lorcan", "Niamh", "Owen", "Megan", "Samuel", "Leah",
)  # fmt: skip
_FIRST = (
    "Al", "Bar", "Bren", "Car", "Cor", "Dal", "Dun", "El", "Fen", "Gar", "Hal", "Har", "Kel", "Lan", "Mar",
    "Mor", "Nor", "Pen", "Ral", "Ros", "Sel", "Tam", "Ul", "Wen", "Yor",
)  # fmt: skip
_MIDDLE = (
    "a", "ba", "da", "der", "e", "fo", "ga", "i", "ka", "la", "lo", "ma", "mi", "na", "o", "pe", "ri", "sa",
    "ta", "to", "u", "va", "wi", "ze",
)  # fmt: skip
_LAST = (
    "bank", "by", "combe", "den", "fold", "ford", "grave", "ham", "hurst", "ley", "low", "more", "ness",
    "ridge", "shaw", "stead", "thorpe", "ton", "wick", "worth",
)  # fmt: skip


def name_of(number: int) -> tuple[str, str]:
    """The first and the last name of the child of that number: the same each time."""
    chance = random.Random(number)
    # The square of a number between 0 and 1 is mostly small: the first names of the list come up most.
    given = GIVEN[int(len(GIVEN) * chance.random() ** 2)]
    return given, chance.choice(_FIRST) + chance.choice(_MIDDLE) + chance.choice(_LAST)
