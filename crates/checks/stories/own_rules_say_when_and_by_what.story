# A person's own rules say when and by what they are paged.
# on-call §3: per user and urgency, steps {after_minutes, channel}. Urgencies that no rule names keep the defaults.

[[user]]
username = "ana"
email = "ana@example.org"
sms = "+4915112300001"
voice = "+4915112300001"
notification_rules = [
  { urgencies = [4], steps = [{ after_minutes = 1, channel = "sms" }, { after_minutes = 3, channel = "email" }] },
  { urgencies = [5], steps = [{ after_minutes = 0, channel = "voice" }, { after_minutes = 1, channel = "voice" }, { after_minutes = 1, channel = "sms" }] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice
> alert "Disk full" for policy primary, urgency 4
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
> wait 10 minutes
Mon 02 Mar 08:01  ana sms: [#1] High: Disk full. {replies with code 1}
Mon 02 Mar 08:03  ana email: [#1] High: Disk full
> alert "Shop is down" for policy primary, urgency 5
Mon 02 Mar 08:10  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 5, next 09:10
Mon 02 Mar 08:10  ana voice: Critical: Shop is down. This is incident 2. {digits}
> wait 10 minutes
Mon 02 Mar 08:11  ana sms: [#2] Critical: Shop is down. {replies with code 2}
Mon 02 Mar 08:11  ana voice: Critical: Shop is down. This is incident 2. {digits}
> alert "Disk fills" for policy primary, urgency 3
Mon 02 Mar 08:20  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 3, next 09:20
Mon 02 Mar 08:20  ana email: [#3] Medium: Disk fills
> wait 10 minutes
Mon 02 Mar 08:25  ana sms: [#3] Medium: Disk fills. {replies with code 3}
