"""Is this installation well? Everything a server would refuse or warn of, and what does not
answer right now, in words."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from blogsite import health


class Command(BaseCommand):
    help = "Examines settings, database, cache and storage, and says what to mend."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        well = self.tell_parts()
        # Django's advice for production is noise on a developer's machine.
        serving = not settings.DEVELOPMENT
        found = run_checks(include_deployment_checks=serving, databases=list(connections))
        for problem in found:
            if not problem.is_silenced():
                self.tell(problem)
                well = well and not problem.is_serious()
        if not well:
            raise CommandError("Something has to be mended before this can serve.")
        self.stdout.write(self.style.SUCCESS(f"Fit to serve as {settings.ENV}."))

    def tell_parts(self) -> bool:
        found = health.findings()
        if found["database"] != "ok":
            found["database"] = health.why_no_database() or found["database"]
        for name, finding in found.items():
            style = self.style.SUCCESS if finding == "ok" else self.style.ERROR
            self.stdout.write(f"{name:12} {style(finding)}")
        return all(finding == "ok" for finding in found.values())

    def tell(self, problem: CheckMessage) -> None:
        serious = problem.is_serious()
        style = self.style.ERROR if serious else self.style.WARNING
        kind = "Must be mended" if serious else "Please look at this"
        self.stdout.write(style(f"\n{kind}: {problem.msg} ({problem.id})"))
        if problem.hint:
            self.stdout.write(f"  {problem.hint}")
