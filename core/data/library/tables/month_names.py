"""Names of months, whole and short, in the languages that tables are often written in."""

_MONTHS = (
    "jan january januar januari janv janvier ene enero gennaio gen jänner jän janeiro styczeń stycznia января янв",
    "feb february februar februari févr fév février febrero febbraio fev fevereiro luty lutego февраля фев",
    "mar march mär märz mrz mars marzo março maart mrt marts marzec marca марта мар",
    "apr april avr avril abr abril aprile kwi kwiecień kwietnia апреля апр",
    "may mai mayo maggio mag maio mei maj maja мая май",
    "jun june juni juin junio giugno giu junho czerwiec czerwca июня июн",
    "jul july juli juil juillet julio luglio lug julho lipiec lipca июля июл",
    "aug august août aoû ago agosto augustus augusti sierpień sierpnia августа авг",
    "sep sept september septembre septiembre settembre set setembro wrzesień września сентября сен",
    "oct october okt oktober octobre octubre ottobre ott out outubro październik października октября окт",
    "nov november novembre noviembre novembro listopad listopada ноября ноя",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro grudzień grudnia декабря дек",
)
NUMBER_OF_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
