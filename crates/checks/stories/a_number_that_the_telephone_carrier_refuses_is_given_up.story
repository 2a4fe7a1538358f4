# A number that the telephone carrier refuses is given up, and another channel is asked at once.
# on-call §4: 400 is a permanent failure; field: a landline got text messages for ever.

[[user]]
username = "ana"
email = "ana@example.org"
sms = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 0, channel = "sms" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> ana has verified sms
> the telephone carrier answers messages: 400
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for good: HTTP 400 as the test wants
Mon 02 Mar 08:00  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 400
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ana sms was given up: HTTP 400 as the test wants; email is asked at once, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 10 minutes
