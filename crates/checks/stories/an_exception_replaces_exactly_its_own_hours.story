# An exception replaces exactly its own hours, past midnight too.
# on-call §2: an exception layer's shift cuts its own interval out of all base shifts. The layer's number has no effect.

[[routine]]
name = "operators"
timezone = "UTC"
routine_layers = [
  { layer = 1, valid_start = "2026-12-24", valid_end = "2026-12-25", is_exception = true, rotation_start = "18:00:00", shift_length = "08:00", rotations = [["dee"]] },
  { layer = 2, valid_start = "2026-01-01", rotations = [["ana"]] },
  { layer = 3, valid_start = "2026-01-01", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 120, routines = ["operators"] }]

[story]
# Before, dee alone from six to two, and after.
> it is 2026-12-24 17:30 in UTC
> alert "Disk full" for policy primary
Thu 24 Dec 17:30  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 19:30
Thu 24 Dec 17:30  ana email: [#1] High: Disk full
Thu 24 Dec 17:30  ben email: [#1] High: Disk full
> wait 2 hours
Thu 24 Dec 19:30  #1  DISPATCH (SYSTEM), level 1: dee, next 21:30
Thu 24 Dec 19:30  dee email: [#1] High: Disk full
> wait 8 hours
Thu 24 Dec 21:30  #1  DISPATCH (SYSTEM), level 1: dee, next 23:30
Thu 24 Dec 21:30  dee email: [#1] High: Disk full
Thu 24 Dec 23:30  #1  DISPATCH (SYSTEM), level 1: dee, next Fri 25 Dec 01:30
Thu 24 Dec 23:30  dee email: [#1] High: Disk full
Fri 25 Dec 01:30  #1  DISPATCH (SYSTEM), level 1: dee, next 03:30
Fri 25 Dec 01:30  dee email: [#1] High: Disk full
Fri 25 Dec 03:30  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 05:30
Fri 25 Dec 03:30  ana email: [#1] High: Disk full
Fri 25 Dec 03:30  ben email: [#1] High: Disk full
> wait 2 hours
Fri 25 Dec 05:30  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 07:30
Fri 25 Dec 05:30  ana email: [#1] High: Disk full
Fri 25 Dec 05:30  ben email: [#1] High: Disk full
> ana resolves #1
Fri 25 Dec 05:30  #1  RESOLVE by Ana (INCIDENTS_API)
Fri 25 Dec 05:30  ben email: [#1] Resolved: Disk full
Fri 25 Dec 05:30  dee email: [#1] Resolved: Disk full
