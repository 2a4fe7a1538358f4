# A mail scanner that fetches a link acknowledges nothing; a person who presses the button does, once.
# on-call §4: an action link asks for a click on a page, and works once per action. field: a link that a scanner followed.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> show the last email to ana
  Ana,
  You are asked to act, on level 1.
  Incident #1 (instance_id 1)
  Title: Disk full
  Urgency: High (4)
  Since: 2026-03-02T08:00:00.000000 UTC
  Server: https://reveille.example.org
  [Acknowledge] [Resolve] [Escalate]
> ana opens Acknowledge of the last email
-> 200 ▲ High · OPEN · UTC 08:00 Acknowledge incident #1? - Disk full. It is done in the name of Ana. Since 08:00 today · now If nobody acts Asks Ana and Ben again 09:00 today · in 1 h Came in 1 alert [Acknowledge] The whole incident (signed in)
> ana opens Acknowledge of the last email
-> 200 ▲ High · OPEN · UTC 08:00 Acknowledge incident #1? - Disk full. It is done in the name of Ana. Since 08:00 today · now If nobody acts Asks Ana and Ben again 09:00 today · in 1 h Came in 1 alert [Acknowledge] The whole incident (signed in)
> wait 1 minute
> ana presses Acknowledge of the last email
-> 200 ▲ High · ACK · UTC 08:01 Incident #1 is acknowledged - Disk full Since 08:00 today · 1 min ago If nobody acts Asks Ana and Ben again 08:16 today · in 15 min Came in 1 alert The whole incident (signed in)
Mon 02 Mar 08:01  #1  ACKNOWLEDGE by Ana (LINK), next 08:16
> ana presses Acknowledge of the last email
-> 200 ▲ High · ACK · UTC 08:01 This was acknowledged already - It works once for each message. Nothing was changed now. Since 08:00 today · 1 min ago If nobody acts Asks Ana and Ben again 08:16 today · in 15 min Came in 1 alert The whole incident (signed in)
> ana opens Acknowledge of the last email
-> 200 ▲ High · ACK · UTC 08:01 This was acknowledged already - It works once for each message. Nothing was changed now. Since 08:00 today · 1 min ago If nobody acts Asks Ana and Ben again 08:16 today · in 15 min Came in 1 alert The whole incident (signed in)

# Each action by itself, and each person in their own name.
> ben presses Acknowledge of the last email
-> 200 ▲ High · ACK · UTC 08:01 Incident #1 is acknowledged - Disk full. Ana had acknowledged it before. Since 08:00 today · 1 min ago If nobody acts Asks Ana and Ben again 08:16 today · in 15 min Came in 1 alert The whole incident (signed in)
Mon 02 Mar 08:01  #1  ACKNOWLEDGE by Ben (LINK), next 08:16
> ana presses Resolve of the last email
-> 200 ▲ High · resolved · UTC 08:01 Incident #1 is resolved - Disk full. Ben had acknowledged it before. Since 08:00 today · 1 min ago Came in 1 alert The whole incident (signed in)
Mon 02 Mar 08:01  #1  RESOLVE by Ana (LINK)
Mon 02 Mar 08:01  ben email: [#1] Resolved: Disk full
> ben presses Resolve of the last email
-> 409 ▲ High · resolved · UTC 08:01 Incident #1 is resolved already - Nothing was changed. Since 08:00 today · 1 min ago Came in 1 alert The whole incident (signed in)
> ben opens Escalate of the last email
-> 409 ▲ High · resolved · UTC 08:01 Incident #1 is resolved already - Nothing was changed. Since 08:00 today · 1 min ago Came in 1 alert The whole incident (signed in)
