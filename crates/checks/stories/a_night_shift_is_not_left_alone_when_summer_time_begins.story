# A night shift is not left alone when summer time begins.
# on-call §2: never a gap in cover because of a clock change; the night of the 28th has nine hours by a clock that runs on.

[[routine]]
name = "operators"
timezone = "Europe/Berlin"
routine_layers = [
  { valid_start = "2026-03-01", rotation_start = "08:00:00", shift_length = "14:00", rotations = [["ana"]] },
  { valid_start = "2026-03-01", rotation_start = "22:00:00", shift_length = "10:00", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["operators"] }, { minutes = 1, users = ["dee"] }]

[story]
> it is 2026-03-29 01:30 in Europe/Berlin
> alert "Before the change" for policy primary
Sun 29 Mar 01:30 CET  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 03:30 CEST
Sun 29 Mar 01:30 CET  ben email: [#1] High: Before the change
> ben resolves #1
Sun 29 Mar 01:30 CET  #1  RESOLVE by Ben (INCIDENTS_API)
> wait 30 minutes
> alert "At the change" for policy primary
Sun 29 Mar 03:00 CEST  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 04:00 CEST
Sun 29 Mar 03:00 CEST  ben email: [#2] High: At the change
> ben resolves #2
Sun 29 Mar 03:00 CEST  #2  RESOLVE by Ben (INCIDENTS_API)
# By the wall clock the night ends at eight, though it was an hour shorter.
> it becomes 07:59
> alert "Before the end" for policy primary
Sun 29 Mar 07:59 CEST  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 08:59 CEST
Sun 29 Mar 07:59 CEST  ben email: [#3] High: Before the end
> ben resolves #3
Sun 29 Mar 07:59 CEST  #3  RESOLVE by Ben (INCIDENTS_API)
> it becomes 08:00
> alert "At the end" for policy primary
Sun 29 Mar 08:00 CEST  #4  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00 CEST
Sun 29 Mar 08:00 CEST  ana email: [#4] High: At the end
> ana resolves #4
Sun 29 Mar 08:00 CEST  #4  RESOLVE by Ana (INCIDENTS_API)
