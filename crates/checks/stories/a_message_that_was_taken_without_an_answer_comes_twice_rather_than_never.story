# A message that was taken without an answer comes twice rather than never.
# on-call §4; at least once, and said so. The carrier is a double of the Twilio form that fails on a call nobody can have expected.

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
> the telephone carrier answers messages: take and hang
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for now: no answer in time
Mon 02 Mar 08:00  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> taken, no answer
> wait 1 minute
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 2)
Mon 02 Mar 08:00~  telephone carrier: SMS to +4915112300001: [#1] High: Disk full. {replies with code 1} -> 201
