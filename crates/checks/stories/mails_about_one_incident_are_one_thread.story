# Mails about one incident are one thread.
# on-call §4: e-mail. The mail server is a real one, aiosmtpd.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with a mail server
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  mail server: to ana@example.org: [#1] High: Disk full, in the thread <incident.incident-1@example.org>
> alert "Queue grows" for policy primary
Mon 02 Mar 08:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#2] High: Queue grows
Mon 02 Mar 08:00  mail server: to ana@example.org: [#2] High: Queue grows, in the thread <incident.incident-2@example.org>
> ben resolves #2
Mon 02 Mar 08:00  #2  RESOLVE by Ben (INCIDENTS_API)
Mon 02 Mar 08:00  ana email: [#2] Resolved: Queue grows
Mon 02 Mar 08:00  mail server: to ana@example.org: [#2] Resolved: Queue grows, in the thread <incident.incident-2@example.org>
> wait 5 minutes
Mon 02 Mar 08:05  #1  DISPATCH (SYSTEM), level 1: ana, next 08:10
Mon 02 Mar 08:05  ana email: [#1] High: Disk full
Mon 02 Mar 08:05  mail server: to ana@example.org: [#1] High: Disk full, in the thread <incident.incident-1@example.org>
> ana subscribes cho to #1
Mon 02 Mar 08:05  #1  ADD SUBSCRIBERS by Ana (INCIDENTS_API), subscribers cho
> ana resolves #1
Mon 02 Mar 08:05  #1  RESOLVE by Ana (INCIDENTS_API)
Mon 02 Mar 08:05  cho email: [#1] Resolved: Disk full
Mon 02 Mar 08:05  mail server: to cho@example.org: [#1] Resolved: Disk full, in the thread <incident.incident-1@example.org>
