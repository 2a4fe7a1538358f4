"""PagerDuty's newest client behind the front, and apprise, both unmodified; prints a line of JSON for each answer."""

import datetime

events_key, notify_key, authority = sys.argv[1:4]
os.environ["SSL_CERT_FILE"] = os.path.join(authority, "ca.crt")

import apprise
import pagerduty

front = Front(authority)
front.start()
url = f"https://localhost:{front.port}"
address = front.upstream
events = pagerduty.EventsApiV2Client(events_key, base_url=url)
events.sleep_timer = 0.01
events.timeout = 600
key = events.trigger("Disk full", "db-1", severity="critical", custom_details={"used": "97 %"})
tell("triggered", len(key))
tell("again", events.trigger("Disk full", "db-1", dedup_key=key, severity="critical") == key)
tell("acknowledged", events.acknowledge(key) == key)
# This release of the client fails where it is to say the time itself.
now = datetime.datetime.now(datetime.timezone.utc).isoformat()
link = {"href": "https://ci.example.org/7", "text": "Pipeline"}
tell("changed", events.submit("Deployed", "ci", {"revision": "1f3a"}, [link], now))
try:
    pagerduty.EventsApiV2Client("0" * 32, base_url=url).trigger("x", "y")
except pagerduty.Error as error:
    tell("wrong key", error.response.json()["errors"])


def notify(scheme, how, title):
    told = apprise.Apprise()
    told.add(f"{scheme}://{address[0]}:{address[1]}/generic/{notify_key}")
    return bool(told.notify(title=title, body="/var is full", notify_type=how))


for scheme in ["json", "form"]:
    tell(scheme, [notify(scheme, how, f"Backup by {scheme}") for how in ["failure", "failure", "success"]])
tell("waiting", True)
sys.stdin.readline()
# The server is away: the front says so, the client waits and asks again, and by then the server is back.
tell("resolved", events.resolve(key) == key)
