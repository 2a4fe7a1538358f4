# A destination that keeps failing is paused, the incident says so, and another channel is asked meanwhile.
# on-call §4: a breaker per destination; field: 200 repetitions in 10 minutes to a dead webhook.

[[user]]
username = "ana"
email = "ana@example.org"
sms = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 0, channel = "sms" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms
> ana's sms is down
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for now: 451 not now
> wait 3 minutes
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 2) -> failed for now: 451 not now
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 3) -> failed for now: 451 not now
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 4) -> failed for now: 451 not now
Mon 02 Mar 08:00~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 5) -> failed for now: 451 not now
Mon 02 Mar 08:00~  #1  DISPATCH (SYSTEM), ana sms is left alone until 08:01~: 451 not now; email is asked at once, next 09:00
Mon 02 Mar 08:00~  ana email: [#1] High: Disk full
Mon 02 Mar 08:01~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 6) -> failed for now: 451 not now
Mon 02 Mar 08:01~  #1  DISPATCH (SYSTEM), ana sms is left alone until 08:02~: 451 not now, next 09:00
Mon 02 Mar 08:02~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 7) -> failed for now: 451 not now
Mon 02 Mar 08:02~  #1  DISPATCH (SYSTEM), ana sms is left alone until 08:04~: 451 not now, next 09:00
# While it is paused, what is new waits with the rest.
> alert "Queue grows" for policy primary
Mon 02 Mar 08:03  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:03
Mon 02 Mar 08:03  #2  DISPATCH (SYSTEM), ana sms is left alone until 08:04~: 451 not now; email is asked at once, next 09:03
Mon 02 Mar 08:03  ana email: [#2] High: Queue grows
> wait 2 minutes
Mon 02 Mar 08:04~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 8) -> failed for now: 451 not now
Mon 02 Mar 08:04~  #1  DISPATCH (SYSTEM), ana sms is left alone until 08:08~: 451 not now, next 09:00
> ana's sms works again
> wait 10 minutes
Mon 02 Mar 08:08~  ana sms: [#1] High: Disk full. {replies with code 1} (attempt 9)
Mon 02 Mar 08:08~  ana sms: [#2] High: Queue grows. {replies with code 2}
