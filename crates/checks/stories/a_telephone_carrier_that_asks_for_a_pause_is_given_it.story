# A telephone carrier that asks for a pause is given it.
# on-call §4: 429 is a temporary failure. The carrier is a double of the Twilio form that fails on a call nobody can have expected.

[[user]]
username = "ana"
sms = "+4915112300001"
voice = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 0, channel = "sms" }, { after_minutes = 10, channel = "voice" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> ana has verified sms and voice
> the telephone carrier answers messages: 429 for 60 seconds
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for now: HTTP 429
Mon 02 Mar 08:00  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 429 for 60 seconds
> wait 59 seconds
> wait 1 minute
Mon 02 Mar 08:01~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 2)
Mon 02 Mar 08:01~  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 201
