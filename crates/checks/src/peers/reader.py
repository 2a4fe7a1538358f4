"""Reads a calendar from the standard input with the packages icalendar and recurring-ical-events; prints its name and
its events, in order, between two timestamps."""

import datetime
import json
import sys

import icalendar
import recurring_ical_events

begin, end = (datetime.datetime.fromisoformat(word).replace(tzinfo=datetime.timezone.utc) for word in sys.argv[1:])
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
faults = [str(error) for part in calendar.walk() for error in part.errors]


def instant(value):
    return value.dt.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")


events = [
    {
        "from": instant(event["DTSTART"]),
        "until": instant(event["DTEND"]),
        "summary": str(event["SUMMARY"]),
        "description": str(event["DESCRIPTION"]),
        "uid": str(event["UID"]),
        "stamp": instant(event["DTSTAMP"]),
    }
    for event in recurring_ical_events.of(calendar).between(begin, end)
]
events.sort(key=lambda event: (event["from"], event["summary"]))
# The package knows no type for the name and leaves it as it is; by RFC 7986 it is a text, as a summary is.
name = icalendar.Event.from_ical(f"BEGIN:VEVENT\r\nSUMMARY:{calendar['NAME']}\r\nEND:VEVENT\r\n")["SUMMARY"]
told = {
    "name": str(name),
    "refresh_seconds": int(calendar["REFRESH-INTERVAL"].dt.total_seconds()),
    "faults": faults,
    "events": events,
}
print(json.dumps(told))
