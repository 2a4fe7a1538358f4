# Handed over and confirmed are two figures, and they are never mixed.
# on-call §4. The carrier's receipt confirms; so does an answer of the person.

[[user]]
username = "ana"
sms = "+4915112300001"
voice = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 0, channel = "sms" }, { after_minutes = 1, channel = "voice" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
> show the ledger of #1
-> ana sms page: due 08:00, sent 08:00, attempts: delivered (250 taken)
-> ana voice page: due 08:01, waiting until 08:01
> wait 10 seconds
> the carrier reports ana's last sms as sent
-> 204 nothing
> the carrier reports ana's last sms as delivered
-> 204 nothing
> wait 1 minute
Mon 02 Mar 08:01  ana voice: High: Disk full. This is incident 1. {digits}
> ana presses 4 in the last call
-> 200 Incident #1 is acknowledged. Disk full
Mon 02 Mar 08:01:10  #1  ACKNOWLEDGE by ana (CALL), next 08:16:10
> show the ledger of #1
-> ana sms page: due 08:00, sent 08:00, confirmed 08:00:10, attempts: delivered (250 taken)
-> ana voice page: due 08:01, sent 08:01, confirmed 08:01:10, attempts: delivered (250 taken)
> show the metrics reveille_notif
-> reveille_notification_attempts_total{channel="sms",outcome="delivered"} 1
-> reveille_notification_attempts_total{channel="voice",outcome="delivered"} 1
-> reveille_notifications_confirmed_total{channel="sms"} 1
-> reveille_notifications_confirmed_total{channel="voice"} 1
-> reveille_notifications_handed_over_total{channel="sms"} 1
-> reveille_notifications_handed_over_total{channel="voice"} 1
