"""./dev verify: check the log of events, of the demo where no other is named."""

from tools import verify

from . import databases, postgres


def main(arguments: list[str]) -> int:
    named = ("--database", "--log", "-h", "--help")
    if any(argument.startswith(named) for argument in arguments):
        return verify.main(arguments)
    postgres.ensure()
    place = {"dbname": databases.demo()} | {
        name.removeprefix("PG").lower(): value
        for name, value in postgres.ENVIRONMENT.items()
    }
    return verify.main(arguments, " ".join(f"{k}={v}" for k, v in place.items()))
