# The next shift is asked when the incident outlives the first.
# on-call §2 and contract §3: everyone on a level is resolved at the moment it is notified, each time anew.

[[routine]]
name = "operators"
timezone = "Europe/Berlin"
routine_layers = [
  { valid_start = "2026-03-02", rotation_start = "08:00:00", shift_length = "12:00", rotations = [["ana"]] },
  { valid_start = "2026-03-02", rotation_start = "20:00:00", shift_length = "12:00", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, routines = ["operators"] }]

[story]
> it is 2026-03-02 19:45 in Europe/Berlin
> alert "Disk full" for policy primary
Mon 02 Mar 19:45 CET  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 19:55 CET
Mon 02 Mar 19:45 CET  ana email: [#1] High: Disk full
> wait 10 minutes
Mon 02 Mar 19:55 CET  #1  DISPATCH (SYSTEM), level 1: ana, next 20:05 CET
Mon 02 Mar 19:55 CET  ana email: [#1] High: Disk full
# At eight ana goes home and ben is asked, also when ana had acknowledged.
> ana acknowledges #1
Mon 02 Mar 19:55 CET  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 20:10 CET
> wait 15 minutes
Mon 02 Mar 20:10 CET  #1  DISPATCH (SYSTEM), level 1: ben, next 20:20 CET
Mon 02 Mar 20:10 CET  ben email: [#1] High: Disk full
> ben resolves #1
Mon 02 Mar 20:10 CET  #1  RESOLVE by Ben (INCIDENTS_API)
Mon 02 Mar 20:10 CET  ana email: [#1] Resolved: Disk full
