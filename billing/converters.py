"""Years and months in addresses, for pages and API alike."""

from django.urls import register_converter


class YearConverter:
    regex = "2[0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class MonthConverter:
    regex = "1[0-2]|[1-9]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(YearConverter, "annee")
register_converter(MonthConverter, "mois")
