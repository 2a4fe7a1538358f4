# A contact that is not verified is not used, and one whose number changes is not verified any more.
# on-call §3 and §4: a channel that the user has no verified contact for is skipped, with a trace.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 10 minutes
> show the ledger of #1
-> ana email page: due 08:00, sent 08:00, attempts: delivered (250 taken), skipped chat, push, sms, voice
> ana resolves #1
Mon 02 Mar 08:10  #1  RESOLVE by Ana (INCIDENTS_API)
> ana has verified sms
> alert "Disk full again" for policy primary
Mon 02 Mar 08:10  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:10
Mon 02 Mar 08:10  ana email: [#2] High: Disk full again
Mon 02 Mar 08:10  ana sms: [#2] High: Disk full again. {replies with code 1}
> ana resolves #2
Mon 02 Mar 08:10  #2  RESOLVE by Ana (INCIDENTS_API)
> the directory changes:
| [[user]]
| username = "ana"
| email = "ana@example.org"
| sms = "+4915199999999"
> alert "Disk full once more" for policy primary
Mon 02 Mar 08:10  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:10
Mon 02 Mar 08:10  ana email: [#3] High: Disk full once more
