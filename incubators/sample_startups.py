"""Start-ups that nobody has founded, for the demonstration. Their names say "sample" in the languages of the region."""

from dataclasses import dataclass
from datetime import date

from incubators.enums import StartupStage

# The word "sample" as a company of the country might bear it.
SAMPLE = {
    "KZ": ("Ülgi", "Үлгі"),
    "KG": ("Ulgu", "Үлгү"),
    "TJ": ("Namuna", "Намуна"),
    "UZ": ("Misol", "Мисол"),
    "AZ": ("Nümunə", "Нумуна"),
    "TM": ("Nusga", "Нусга"),
    "AF": ("Mesal", "Месаль"),
}
ORDER = ("KZ", "UZ", "KG", "AZ", "TJ", "KZ", "UZ", "TM", "KG", "TJ", "AZ", "UZ", "AF")
STAGES = tuple(StartupStage)


@dataclass(frozen=True)
class Idea:
    """`word` follows the sample word in the name: in Latin and in Cyrillic."""

    word: str
    cyrillic: str
    sectors: tuple[str, ...]
    sdgs: tuple[int, ...]
    en: str
    ru: str


IDEAS = (
    Idea(
        "Drip",
        "Капля",
        ("agritech", "climate_adaptation"),
        (2, 6),
        "Soil sensors on solar power tell small farms when to water; pilots on cotton used a third less water.",
        "Датчики влажности на солнечных батареях подсказывают фермерам, когда поливать. На хлопке расход воды снизился "
        "на треть.",
    ),
    Idea(
        "Loom",
        "Нить",
        ("circular", "industry"),
        (12, 9),
        "We sort cutting waste of sewing factories by fibre and sell it back to spinners, with a passport a bale.",
        "Сортируем обрезки швейных фабрик по волокну и возвращаем прядильщикам с паспортом на каждую кипу.",
    ),
    Idea(
        "Clinic",
        "Клиника",
        ("medtech",),
        (3,),
        "A nurse in the village examines, a doctor in the city answers the same day; the images go over slow links.",
        "Медсестра в селе проводит осмотр, врач в городе отвечает в тот же день. Снимки передаются и по слабой связи.",
    ),
    Idea(
        "Solar",
        "Солнце",
        ("energy",),
        (7, 13),
        "Shops pay for solar panels on their roofs out of what they save; the meter and the contract are one device.",
        "Магазины платят за солнечные панели из того, что сэкономили. Счётчик и договор — одно устройство.",
    ),
    Idea(
        "Bee",
        "Пчела",
        ("agritech", "ai"),
        (15, 2),
        "A microphone in the hive hears a swarm two days ahead and writes to the beekeeper.",
        "Микрофон в улье слышит роение за два дня и пишет пчеловоду.",
    ),
    Idea(
        "Class",
        "Урок",
        ("edtech",),
        (4,),
        "Physics lessons for schools without a laboratory: experiments on a phone, in four languages, offline.",
        "Уроки физики для школ без лаборатории: опыты в телефоне, на четырёх языках, без интернета.",
    ),
    Idea(
        "Cargo",
        "Груз",
        ("mobility", "ecommerce"),
        (9, 8),
        "Lorries that go home empty find a load on the way; the driver sees the price before accepting.",
        "Фуры, которые возвращаются пустыми, находят попутный груз. Водитель видит цену до согласия.",
    ),
    Idea(
        "Brick",
        "Кирпич",
        ("construction", "circular"),
        (11, 12),
        "Bricks from fly ash of the power station, pressed cold: half the carbon, the same strength.",
        "Кирпич из золы электростанции холодного прессования: вдвое меньше углерода, та же прочность.",
    ),
    Idea(
        "Queue",
        "Очередь",
        ("govtech",),
        (16,),
        "One booking for every public service centre of a town, by phone or by voice.",
        "Единая запись во все центры обслуживания города — с телефона или голосом.",
    ),
    Idea(
        "Craft",
        "Ремесло",
        ("creative", "ecommerce"),
        (8, 5),
        "Embroiderers of mountain villages sell abroad under one mark; the maker gets two thirds of the price.",
        "Вышивальщицы горных сёл продают за рубеж под одним знаком. Мастерица получает две трети цены.",
    ),
    Idea(
        "Pay",
        "Платёж",
        ("fintech",),
        (10, 8),
        "Market traders without a bank account build a record from their daily sales and borrow against it.",
        "Торговцы на рынке без счёта в банке накапливают историю ежедневных продаж и получают под неё заём.",
    ),
    Idea(
        "Route",
        "Тропа",
        ("tourism",),
        (8, 15),
        "Walking routes between guest houses, with beds booked for the whole way and help when the weather turns.",
        "Пешие маршруты между гостевыми домами: ночлег на весь путь и помощь, когда портится погода.",
    ),
    Idea(
        "Glacier",
        "Ледник",
        ("climate_adaptation", "ai"),
        (13, 6),
        "Satellite images and gauges tell a valley three weeks ahead how much water the river will bring.",
        "Снимки со спутников и датчики за три недели говорят долине, сколько воды принесёт река.",
    ),
    Idea(
        "Bottle",
        "Бутыль",
        ("circular",),
        (12, 11),
        "Deposit machines for village shops that work without electricity: a bottle in, a token out.",
        "Автоматы приёма тары для сельских магазинов, которым не нужно электричество: бутылка — жетон.",
    ),
    Idea(
        "Greenhouse",
        "Теплица",
        ("agritech", "energy"),
        (2, 7),
        "Greenhouses warmed by the hot springs and run by a farmer's phone; tomatoes in January.",
        "Теплицы на горячих источниках, которыми управляют с телефона. Помидоры в январе.",
    ),
    Idea(
        "Speech",
        "Речь",
        ("ai", "edtech"),
        (4, 10),
        "Speech recognition for the region's languages, small enough to run on a school computer.",
        "Распознавание речи на языках региона — настолько лёгкое, что работает на школьном компьютере.",
    ),
    Idea(
        "Freight",
        "Рельс",
        ("mobility", "industry"),
        (9,),
        "Sensors under rail wagons find a hot wheel bearing before it stops the line.",
        "Датчики под вагонами находят перегретый подшипник раньше, чем он остановит движение.",
    ),
    Idea(
        "Pharmacy",
        "Аптека",
        ("medtech", "ecommerce"),
        (3,),
        "Which pharmacy has the medicine now, at what price, with a check of the pack's code.",
        "В какой аптеке лекарство есть сейчас, по какой цене, с проверкой кода на упаковке.",
    ),
    Idea(
        "Compost",
        "Компост",
        ("circular", "foodtech"),
        (12, 2),
        "Canteens hand over their leftovers; gardens get compost; both see the kilos on one page.",
        "Столовые сдают остатки, сады получают компост, и обе стороны видят килограммы на одной странице.",
    ),
    Idea(
        "Wind",
        "Ветер",
        ("energy", "robotics"),
        (7,),
        "Small turbines for shepherds' camps that one person carries and sets up in an hour.",
        "Малые ветряки для пастушьих стоянок: один человек переносит и ставит за час.",
    ),
    Idea(
        "Dairy",
        "Молоко",
        ("foodtech", "agritech"),
        (2, 8),
        "A tester at the collection point measures fat and water in milk, and the farmer is paid by it at once.",
        "Прибор на пункте приёма измеряет жир и воду в молоке, и фермеру сразу платят по качеству.",
    ),
    Idea(
        "Guard",
        "Щит",
        ("cybersecurity",),
        (16, 9),
        "A first check of a small firm's security, done in an hour, explained without jargon.",
        "Первая проверка безопасности малой фирмы за час и простыми словами.",
    ),
    Idea(
        "Tutor",
        "Тьютор",
        ("edtech", "social"),
        (4, 5),
        "Girls who want to become engineers meet a student who already is one, every week, online.",
        "Девочки, которые хотят стать инженерами, каждую неделю встречаются онлайн со студенткой-инженером.",
    ),
    Idea(
        "Heat",
        "Тепло",
        ("energy", "smart_city"),
        (11, 13),
        "A valve on each stair's heating pipe, steered by the rooms: a tenth less coal in the first winter.",
        "Клапан на стояке отопления, который слушает комнаты: в первую зиму угля ушло на десятую часть меньше.",
    ),
    Idea(
        "Sign",
        "Жест",
        ("social", "ai"),
        (10, 3),
        "Sign-language interpreters by video at hospital and bank counters, booked in a minute.",
        "Переводчик жестового языка по видео в больнице и банке, вызов за минуту.",
    ),
    Idea(
        "Wool",
        "Шерсть",
        ("circular", "construction"),
        (12, 11),
        "Coarse wool that nobody buys becomes insulation for walls; herders are paid by the bale.",
        "Грубая шерсть, которую никто не покупает, становится утеплителем. Чабанам платят за каждый тюк.",
    ),
    Idea(
        "Bus",
        "Автобус",
        ("mobility", "smart_city"),
        (11,),
        "Where the bus is now, in a town without a dispatcher: the drivers' phones are enough.",
        "Где сейчас автобус, в городе без диспетчерской: хватает телефонов водителей.",
    ),
    Idea(
        "Lab",
        "Проба",
        ("biotech", "agritech"),
        (2, 15),
        "A field test finds wheat rust in ten minutes, before the eye can see it.",
        "Полевой тест находит ржавчину пшеницы за десять минут, раньше чем её видно глазу.",
    ),
    Idea(
        "Stage",
        "Сцена",
        ("creative", "games"),
        (8,),
        "Folk tales of the region as short games that children play with their grandparents.",
        "Сказки региона как короткие игры, в которые дети играют с бабушками и дедушками.",
    ),
    Idea(
        "Parts",
        "Деталь",
        ("robotics", "industry"),
        (9, 12),
        "Spare parts for old looms and tractors, scanned and printed in metal within a week.",
        "Запчасти к старым станкам и тракторам: сканируем и печатаем из металла за неделю.",
    ),
)


@dataclass(frozen=True)
class Sample:
    """The n-th sample, the same every time."""

    name: str
    iso2: str
    language: str
    idea: Idea
    stage: str
    founded_year: int
    team_size: int


def sample(number: int) -> Sample:
    """Numbers from 0. The second thirty tell the ideas in Russian."""
    idea = IDEAS[number % len(IDEAS)]
    iso2 = ORDER[number % len(ORDER)]
    russian = (number // len(IDEAS)) % 2 == 1
    latin, cyrillic = SAMPLE[iso2]
    return Sample(
        name=f"{cyrillic} {idea.cyrillic}" if russian else f"{latin} {idea.word}",
        iso2=iso2,
        language="ru" if russian else "en",
        idea=idea,
        stage=STAGES[(number * 3 + number // 7) % 4],
        founded_year=date.today().year - 1 - number % 4,
        team_size=2 + number % 6,
    )
