"""Word lists, and the patterns of names.

In a pattern, a word in capitals is replaced by a word of the list of that name. An underscore in a
word is replaced by a space.
"""

from collections.abc import Mapping, Sequence


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split("|")]


WORDS: Mapping[str, Sequence[str]] = {
    "ADJ": """
        Amber Ashen Awkward Bare Bitter Blind Blue Borrowed Brass Bright Broken Burnt Careless
        Cheap Clumsy Cobalt Cold Copper Crooked Dear Distant Double Drowsy Dry Early Electric
        Empty Endless Faded Faint Fearless Foreign Fragile Frozen Gentle Ghostly Gilded Glass
        Golden Green Grey Half-Lit Harmless Heavy Hidden Hollow Honest Hungry Idle Indigo Inner
        Iron Ivory Last Lavender Lazy Little Lonely Loose Lost Low Lunar Mellow Minor Modern
        Narrow Neon Nervous Nickel Northern Open Orphan Pale Paper Patient Perfect Plain Plastic
        Polar Quiet Raw Reckless Red Restless Rough Rusted Sacred Salt Scarlet Second Secret
        Shallow Silent Silver Simple Sleepless Slow Small Sober Soft Southern Spare Stolen
        Strange Sudden Summer Sweet Tall Tender Thin Third Tin Twin Velvet Violet Warm
        Weightless White Wide Wild Winter Wooden Young
    """.split(),
    "NOUN": """
        Alibi Anchor Apartment Arcade Atlas Avenue Balcony Ballroom Beacon Bicycle Blizzard
        Bloom Border Bridge Cabin Candle Canyon Carousel Cathedral Ceiling Chapel Cinema Circle
        Coast Comet Compass Corridor Courtyard Current Curtain Daydream Delta Desert Diamond
        Diary Dice Door Echo Elevator Ember Engine Escape Evening Eyelid Fable Factory Feather
        Ferry Fever Field Fire Flame Flood Forest Fortune Fountain Fracture Garden Gasoline
        Ghost Glacier Gravity Habit Harbour Harvest Heartbeat Highway Honey Horizon Hotel Hour
        Hurricane Island Jacket Kitchen Ladder Lake Lantern Letter Lighthouse Lightning Lullaby
        Machine Magnet Map Market Mask Meadow Memory Mercy Mile Mirror Monument Moon Morning
        Motel Mountain Needle Neighbour Night Ocean Orbit Orchard Oxygen Parade Passenger
        Perfume Photograph Pilot Planet Platform Pocket Postcard Prayer Promise Pulse Radio Rain
        Reason Reflection Ribbon Ritual River Rooftop Rumour Satellite Season Secret Shadow
        Shelter Shore Signal Silence Skyline Sleep Smoke Snow Spark Staircase Station Statue
        Stranger Street Sugar Summit Sunday Surface Swimmer Telephone Temple Thread Thunder Tide
        Tower Traffic Train Tunnel Umbrella Valley Vertigo Visitor Voltage Waterfall Weather
        Whisper Window Wire Witness Yesterday Zenith
    """.split(),
    "MANY": """
        Aeroplanes Angels Answers Arrows Ashes Bells Birds Bones Branches Bruises Butterflies
        Cameras Cards Chances Cities Clouds Coins Colours Crowds Curtains Days Doorways Dreams
        Engines Excuses Eyes Feathers Fireworks Flowers Footsteps Friends Ghosts Hands
        Headlights Hearts Hills Hours Houses Keys Kites Lanterns Letters Lies Lights Lovers
        Magnolias Maps Matches Miles Mirrors Moths Names Nights Oceans Parties Pictures Pigeons
        Promises Questions Rivers Roads Rooms Roses Rumours Sailors Saints Satellites Scars
        Seasons Secrets Shadows Ships Sirens Sleepers Songs Sparks Stars Stones Stories
        Strangers Streetlights Tigers Tides Towers Trains Trees Voices Walls Waves Windows Wires
        Wolves Words
    """.split(),
    "DOING": """
        Breaking Burning Calling Carrying Chasing Climbing Collecting Counting Crossing Drawing
        Driving Feeding Finding Following Forgetting Forgiving Growing Haunting Hiding Holding
        Leaving Losing Mending Missing Naming Outrunning Painting Passing Reading Remembering
        Selling Sinking Stealing Tracing Trading Turning Unlearning Waking Wasting Watching
    """.split(),
    "PLACE": """
        Accra Antwerp Bergen Bogotá Bristol Cádiz Cairo Calgary Dakar Dover Dublin Fargo Galway
        Genoa Ghent Glasgow Göteborg Havana Helsinki Kyoto Leith Lima Lisbon Ljubljana Malmö
        Manila Marfa Memphis Naples Nashville Odense Oslo Ostend Oxford Palermo Porto Quito Reno
        Reykjavík Riga Rotterdam Santa_Fe Seoul Tangier Tbilisi Toledo Trieste Tromsø Tulsa
        Turin Utrecht Valencia Vienna Warsaw Whitby Yukon Zagreb
    """.split(),
    "FIRST": """
        Ada Agnes Alba Amara Anselm Astrid August Beatriz Bruno Caspar Cecilia Clara Cleo Dario
        Delia Edith Elias Elsa Esme Ezra Felix Flora Freya Gideon Greta Hana Harriet Hugo Ida
        Imani Ines Iris Ivo Jonas Josephine Juno Kaya Keiko Lars Lena Leo Lila Linus Lucia Mabel
        Magnus Maren Matteo Mila Milo Nadia Naomi Nico Nora Odette Olive Oscar Otis Otto Petra
        Rafael Ramona Rosa Ruben Rufus Sami Selma Silas Simone Stella Sylvie Tamsin Theo Tilda
        Tomas Una Vera Viola Wanda Wilder Yara Yusuf Zelda
    """.split(),
    "LAST": """
        Abara Adeyemi Alder Almeida Amundsen Ardente Barlow Becker Bellweather Blackwood Brandt
        Calloway Castellan Cordova Crane Dahl Delacroix Duarte Eklund Fairbourne Falk Farrow
        Ferreira Fontaine Garrick Grieve Hale Halvorsen Harrow Hartmann Hawthorne Holloway
        Ibarra Iversen Jansson Kavanagh Keller Kimura Kowalska Lacroix Lindqvist Lockwood Lorca
        Maddox Marlowe Mensah Merrick Moreau Nakata Navarro Novak Oduya Okafor Pascoe Penrose
        Quill Ravenel Renner Rosenthal Rourke Sandoval Seymour Solberg Sorrell Stanhope Takeda
        Tavares Thorne Underhill Vance Vasquez Verhoeven Vidal Wexler Whitlock Winslow Yamada
        Zeller
    """.split(),
    "TIME": """
        Monday Tuesday Thursday Friday Saturday January February April June August October
        November December Easter Christmas Tomorrow Winter Autumn Springtime Summer Payday
    """.split(),
    "MOMENT": """
        Midnight Daybreak Noon Dusk Sunrise 3_A.M. 4:15 Closing_Time Low_Tide Last_Call
    """.split(),
    "MOTION": """
        Static Motion Theory Circuit Frequency Phase Module Vector Drift Loop Sequence Pattern
        Gradient Feedback Resonance Modulation Filter Relay Protocol Terminal Parallax Syntax
        Cascade Threshold Aperture Tessellate
    """.split(),
    "COSA": """
        Luz Luna Noche Calle Marea Flor Lluvia Sombra Guitarra Carta Puerta Playa Estrella
        Herida Casa Ventana Mirada Canción Madrugada Piel Voz Frontera Palmera Azotea Promesa
        Espuma Semilla Ceniza Bahía Esquina Cumbia Samba Brisa Orilla
    """.split(),
    "DE": """
        Abril Enero Mayo Agosto Arena Cristal Sal Miel Plata Papel Verano Invierno Domingo
        Medianoche Cartagena Sevilla Oaxaca Bahía Montevideo Valparaíso Nadie Todos Ayer Mañana
        Limón Canela Azúcar Fuego Agua Humo Marfil Carnaval
    """.split(),
    "FORM": """
        Nocturne Prelude Étude Intermezzo Waltz Sarabande Impromptu Romance Barcarolle
    """.split(),
    "NUMBER": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "14", "17", "19", "21"],
}  # fmt: skip

TITLES: Mapping[str, Sequence[str]] = {
    "song": _phrases("""
        ADJ NOUN | ADJ MANY | The ADJ NOUN | NOUN and NOUN | MANY from PLACE | TIME in PLACE |
        DOING the NOUN | DOING MANY | All the ADJ MANY | A NOUN for FIRST | Dear FIRST |
        No More MANY | Where the MANY Go | Half a NOUN | One More NOUN | MANY at MOMENT |
        You and the NOUN | Don't Tell FIRST | Not Your NOUN | Almost MOMENT | Leaving PLACE |
        Driving to PLACE | ADJ Enough | FIRST and the NOUN | Too Many MANY | Before the NOUN |
        MANY in the NOUN | NOUN Weather | My ADJ NOUN | Somebody's NOUN | Nothing but MANY |
        The NOUN Between Us | ADJ Like TIME | Back to PLACE | If the MANY Knew |
        Learning the MANY
    """),
    "club": _phrases("""
        MOTION NOUN | ADJ MOTION | NOUN MOTION | MOTION NUMBER | PLACE MOTION | Room NUMBER |
        ADJ NOUN | NOUN (Extended Mix) | ADJ MANY (Night Mix) | MANY in MOTION | TIME MOTION |
        DOING MANY (Dub) | PLACE at MOMENT | No MANY | ADJ Body | MOTION for FIRST
    """),
    "rap": _phrases("""
        ADJ NOUN | MANY on the NOUN | PLACE to PLACE | FIRST Said | Count the MANY |
        No MANY, No MANY | ADJ Money | TIME Freestyle | NOUN Talk | Ask FIRST | MANY & MANY |
        Same NOUN, ADJ NOUN | ADJ NOUN Pt. 2 | DOING MANY | Still in PLACE | Ask the MANY |
        Big NOUN Energy | Two NOUN Minimum | Pray for FIRST
    """),
    "jazz": _phrases("""
        Blues for FIRST | ADJ Blue NOUN | TIME in PLACE | Waltz of the MANY | FIRST's NOUN |
        A ADJ NOUN | The NOUN Stomp | Theme for a ADJ NOUN | So Long, FIRST | PLACE Stroll |
        ADJ Minor | MANY for FIRST | Five MANY | Around MOMENT | The ADJ MANY of PLACE
    """),
    "piano": _phrases("""
        FORM No. NUMBER in KEY | FORM in KEY | FORM for FIRST | ADJ FORM | The NOUN, Op. NUMBER
        | Variations on a NOUN | MANY, Op. NUMBER | ADJ NOUN in KEY
    """),
    "latin": _phrases("""
        COSA de DE | COSA y COSA | La COSA de DE | Otra COSA | Sin COSA | Tu COSA, Mi COSA |
        COSA en PLACE | Toda la COSA | Ay, FIRST | Antes de la COSA | Una COSA de DE |
        COSA Sin DE
    """),
    "metal": _phrases("""
        ADJ Throne | MANY of Ash | The NOUN Devours | DOING the ADJ NOUN | Crown of MANY |
        ADJ Dominion | Beneath the ADJ NOUN | NOUN Eternal | MANY Unbound |
        March of the ADJ MANY | No God but NOUN | The ADJ NOUN Rises | Hymn to the NOUN |
        ADJ Reckoning
    """),
}  # fmt: skip

ARTISTS: Mapping[str, Sequence[str]] = {
    "solo": _phrases("""
        FIRST LAST | FIRST LAST | FIRST LAST | FIRST | LAST | ADJ FIRST | FIRST of PLACE
    """),
    "band": _phrases("""
        The ADJ MANY | ADJ NOUN | The NOUN MANY | MANY of PLACE | NOUN Club | NOUN & the MANY |
        The MANY | ADJ NOUN Society | NOUN Parade | PLACE MANY | Dear NOUN | MANY in MANY |
        FIRST & the ADJ MANY
    """),
    "duo": ["FIRST & FIRST", "NOUN & NOUN", "LAST & LAST", "ADJ Twins", "FIRST vs. FIRST"],
    "alias": _phrases("""
        NOUNMOTION | ADJ MOTION | NOUN MOTION | DJ LAST | FIRST NUMBER | MOTION MOTION | LAST |
        NOUN PLACE | MOTION NUMBER
    """),
    "rapper": _phrases("""
        MC NOUN | Lil NOUN | FIRST ADJ | Young LAST | ADJ FIRST | King NOUN | FIRST G. |
        NOUN LAST | Saint FIRST
    """),
    "ensemble": _phrases("""
        LAST Trio | LAST Quartet | FIRST LAST | FIRST LAST Quintet | PLACE Chamber Players |
        Ensemble NOUN | The LAST Orchestra
    """),
    "conjunto": _phrases("""
        Los Hijos de la COSA | FIRST LAST | Grupo COSA | La COSA Negra | Orquesta COSA |
        FIRST y la COSA | Sonora DE | Los de PLACE
    """),
}  # fmt: skip

ALBUMS = _phrases("""
    ADJ NOUN | MANY | The NOUN and the MANY | Songs for a ADJ NOUN | TIME in PLACE |
    DOING MANY | NOUN | A ADJ NOUN | MANY and Other MANY | PLACE | How to Lose a NOUN |
    ADJ MANY | NOUN Studies
""")
PLAYLISTS = _phrases("""
    ADJ TIME | songs for DOING MANY | MOMENT drive | ADJ kitchen | PLACE by train |
    run, FIRST, run | ADJ hours | music for ADJ MANY | late NOUN | FIRST's birthday |
    ADJ & loud
""")
