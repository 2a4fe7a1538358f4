# Codes cannot be guessed: after a few wrong ones from a number, none is looked at.
# on-call §4: codes per incident and person.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
> ana replies "A00001" by SMS
-> 200 No message to you has this code. Nothing was changed.
> ana replies "A00002" by SMS
-> 200 No message to you has this code. Nothing was changed.
> ana replies "A00003" by SMS
-> 200 No message to you has this code. Nothing was changed.
> ana replies "A00004" by SMS
-> 200 No message to you has this code. Nothing was changed.
> ana replies "A00005" by SMS
-> 200 No message to you has this code. Nothing was changed.
> ana replies "A{code 1}" by SMS
-> 200 Too many wrong codes came from this number. Try again in an hour, or use the links in your mail.
> wait 61 minutes
> ana replies "A{code 1}" by SMS
-> 200 Incident #1 is acknowledged. Disk full
Mon 02 Mar 09:01  #1  ACKNOWLEDGE by Ana (SMS), next 09:16
