"""apprise, unmodified, by mail and by its plugins for PagerDuty and Opsgenie, whose addresses are constants: a proxy in its
environment, and certificates of their names, lead it here. Prints a line of JSON for each answer."""

mail_port, mail_to, events_key, alerts_key, authority = sys.argv[1:6]
front = Front(authority, is_asked_by_name=True)
front.start()
os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{front.port}"
os.environ["REQUESTS_CA_BUNDLE"] = os.path.join(authority, "ca.crt")

import apprise

URLS = {
    "mail": f"mailto://127.0.0.1:{mail_port}?from=backup@example.org&to={mail_to}&mode=insecure",
    "events": f"pagerduty://{events_key}@none/db-1/disk?action=map",
    "alerts": f"opsgenie://{alerts_key}/?alias=backup&entity=db-1&tags=db&retry=1&wait=0",
}


def notifier(url):
    told = apprise.Apprise()
    assert told.add(url), url
    for service in told:
        # It is patient by default, so as not to be turned away by those whom its plugins are for.
        service.request_rate_per_sec = 0
    return told


notifiers = {name: notifier(url) for name, url in URLS.items()}


def notify(name, how, body):
    title = "Backup" if name != "mail" else "RECOVERY: Backup" if how == "success" else "PROBLEM: Backup"
    tell(name, bool(notifiers[name].notify(title=title, body=body, notify_type=how)))


for name in notifiers:
    for body in ["/var is full", "/var is still full"]:
        notify(name, "failure", body)
tell("waiting", True)
sys.stdin.readline()
notify("alerts", "warning", "/var is full for an hour")
for name in notifiers:
    notify(name, "success", "12 GB left")
