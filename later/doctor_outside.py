"""The doctor's parts on what lies around us: mail, backups, time zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from smtplib import SMTPException
from zoneinfo import TZPATH, available_timezones

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from accounts.models import AccessGroup
from core import clock
from core.doctor import Finding, fail, ok, warn

SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAIL_TODO = "See EMAIL_URL: host, port, user and password, and the firewall."
# Governments change their clocks with weeks of notice; a year of that is a lot.
ZONES_KEPT_YEARS = 2


def mail() -> Iterator[Finding]:
    """Up to the server's welcome and our sign-in there; nothing is sent."""
    if settings.EMAIL_BACKEND != SMTP:
        words = "No mail leaves this installation: EMAIL_URL names no server."
        yield warn("mail", words, "Set EMAIL_URL to smtp:// or smtps://.")
        return
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        words = f"{settings.EMAIL_HOST} refuses or is silent ({type(error).__name__})."
        yield fail("mail", words, MAIL_TODO)
        return
    connection.close()
    yield ok("mail", f"{settings.EMAIL_HOST} takes us in.")


def send_mail(to: str) -> Finding:
    """One mail, to see that it arrives."""
    words = f"{settings.BASE_URL} can send mail. That is all this one is for."
    try:
        EmailMessage("Later: a mail to try it", words, to=[to]).send()
    except (SMTPException, OSError) as error:
        return fail("mail sent", f"Not sent ({type(error).__name__}).", MAIL_TODO)
    return ok("mail sent", f"To {to}; look whether it arrives, and not as spam.")


def backups() -> Iterator[Finding]:
    """By the newest file's age: a backup that nobody looks at stops unseen."""
    if not settings.BACKUP_PATH:
        words = "Nothing is known of backups."
        todo = "Set BACKUP_PATH to what each backup writes (docs/operations.md)."
        yield warn("backups", words, todo)
        return
    newest = _newest(Path(settings.BACKUP_PATH))
    if newest is None:
        words = f"There is nothing at {settings.BACKUP_PATH}."
        yield fail("backups", words, "See that the backup runs and writes there.")
        return
    age = clock.now() - clock.from_epoch(newest)
    words = f"The newest is {age.total_seconds() / 3600:.0f} hours old."
    if age > timedelta(hours=settings.BACKUP_MAX_AGE_H):
        yield fail("backups", words, "See the log of what makes them.")
        return
    yield ok("backups", words)


def _newest(path: Path) -> float | None:
    """Of a file, or of the files right in a folder: when it was written."""
    try:
        found = list(path.iterdir()) if path.is_dir() else [path]
        times = [each.stat().st_mtime for each in found if each.is_file()]
    except OSError:
        return None
    return max(times, default=None)


def zones() -> Iterator[Finding]:
    """Times of posts are wall times: old tables make them an hour wrong."""
    name, year = _zone_data()
    words = f"Time zones are of {name}."
    if clock.now().year - year >= ZONES_KEPT_YEARS:
        yield warn("time zones", words, "Update the system's tzdata package.")
    else:
        yield ok("time zones", words)
    used = set(AccessGroup.objects.values_list("timezone", flat=True).distinct())
    unknown = sorted(used - available_timezones())
    if unknown:
        words = f"Groups use zones that this system lacks: {', '.join(unknown[:5])}."
        yield fail("groups' zones", words, "Update the system's tzdata package.")


def _zone_data() -> tuple[str, int]:
    """The release that is used, such as 2025b, and its year: the system's, else ours."""
    for folder in TZPATH:
        file = Path(folder) / "tzdata.zi"
        if file.is_file():
            with file.open() as lines:
                found = re.search(r"version (\d{4})(\w*)", lines.readline())
            if found:
                return f"{found[1]}{found[2]}", int(found[1])
    # No release is named by the system: the package's, which stands in for it.
    packaged = version("tzdata")
    return packaged, int(packaged.split(".")[0])
