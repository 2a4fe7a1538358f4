# A reply that the carrier did not sign does nothing, and neither does one from a stranger's number.
# on-call §4: replies are verified by signature.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
> somebody forges ana's reply "A{code 1}"
-> 403 invalid_signature: x-twilio-signature: is not the telephone carrier's for this request
> somebody replies "A{code 1}" from +4915199999999
-> 200 nothing
> show #1
{status: "OPEN", urgency_level: 4, assignee_level: 1, assignees: ["ana"], suppressed_count: 0}
> ana replies "A{code 1}" by SMS
-> 200 Incident #1 is acknowledged. Disk full
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (SMS), next 08:15
