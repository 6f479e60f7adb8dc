"""The country whose numbers need no country code."""

from collections.abc import Mapping

from wuts.phone_numbers import country_of_locale, known_country

from .errors import UsageError

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def assumed_country(chosen: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the chosen country, else the locale's, else None.

    Args:
        chosen: What somebody chose (ISO 3166 alpha-2); None or empty for no choice.
        environment: Holds the locale: the first variable that is set says it (POSIX, 8.2).

    Raises:
        UsageError: There is no such country.
    """
    if not chosen:
        locales = (environment.get(name) for name in _LOCALE_VARIABLES)
        return country_of_locale(next(filter(None, locales), None))
    country = known_country(chosen)
    if country is None:
        raise UsageError("Set --country or WUTS_COUNTRY to two letters (ISO 3166), such as BR.")
    return country
