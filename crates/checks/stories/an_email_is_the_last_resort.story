# An e-mail is the last resort where none of a person's steps can be used.
# on-call §3: if nothing is left, e-mail at 0.

[[user]]
username = "ana"
email = "ana@example.org"
sms = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 2, channel = "sms" }, { after_minutes = 5, channel = "voice" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 10 minutes
