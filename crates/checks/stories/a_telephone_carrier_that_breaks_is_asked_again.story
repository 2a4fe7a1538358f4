# A telephone carrier that breaks is asked again.
# on-call §4: 500 is a temporary failure. The carrier is a double of the Twilio form that fails on a call nobody can have expected.

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
> the telephone carrier answers messages: 500, 503
> the telephone carrier answers calls: 500
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for now: HTTP 500 as the test wants
Mon 02 Mar 08:00  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 500
> wait 1 minute
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 2) -> failed for now: HTTP 503 as the test wants
Mon 02 Mar 08:00~  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 503
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 3)
Mon 02 Mar 08:00~  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 201
> wait 10 minutes
Mon 02 Mar 08:10  ana voice: High: Disk full. This is incident 1. {digits} -> failed for now: HTTP 500 as the test wants
Mon 02 Mar 08:10  telephone carrier: call to +4915112300001 -> 500
Mon 02 Mar 08:10~  ana voice: High: Disk full. This is incident 1. {digits} (attempt 2)
Mon 02 Mar 08:10~  telephone carrier: call to +4915112300001 -> 201
