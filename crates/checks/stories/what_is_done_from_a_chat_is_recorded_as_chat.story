# What is done from a chat is recorded as chat, in the name of the person whose message it was.
# on-call §4: chat links; each way is recorded with its event_method.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified chat
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana chat: [#1] High: Disk full
> ana presses Escalate of the last chat
-> 200 ▲ High · OPEN · UTC 08:00 Incident #1 is escalated - Disk full Since 08:00 today · now If nobody acts Asks Ben again 09:00 today · in 1 h Came in 1 alert The whole incident (signed in)
Mon 02 Mar 08:00  #1  ESCALATE by Ana (CHAT), level 2: ben, next 09:00
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> ana presses Acknowledge of the last chat
-> 200 ▲ High · ACK · UTC 08:00 Incident #1 is acknowledged - Disk full Since 08:00 today · now If nobody acts Asks Ben again 08:15 today · in 15 min Came in 1 alert The whole incident (signed in)
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (CHAT), next 08:15
