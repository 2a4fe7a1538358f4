# A night shift is not left alone when summer time ends.
# on-call §2: a shift ends at the last occurrence of its wall time, and starts at the first: where an hour repeats,
# shifts overlap.

[[routine]]
name = "operators"
timezone = "Europe/Berlin"
routine_layers = [
  { valid_start = "2026-03-01", rotation_start = "18:30:00", shift_length = "08:00", rotations = [["ana"]] },
  { valid_start = "2026-03-01", rotation_start = "02:30:00", shift_length = "16:00", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, routines = ["operators"] }, { minutes = 1, users = ["dee"] }]

[story]
> it is 2026-10-25 02:15 in Europe/Berlin
> alert "Before half past two" for policy primary
Sun 25 Oct 02:15 CEST  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 11:15 CET
Sun 25 Oct 02:15 CEST  ana email: [#1] High: Before half past two
> ana resolves #1
Sun 25 Oct 02:15 CEST  #1  RESOLVE by Ana (INCIDENTS_API)
> wait 30 minutes
> alert "After the first half past two" for policy primary
Sun 25 Oct 02:45 CEST  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 11:45 CET
Sun 25 Oct 02:45 CEST  ana email: [#2] High: After the first half past two
Sun 25 Oct 02:45 CEST  ben email: [#2] High: After the first half past two
> ana resolves #2
Sun 25 Oct 02:45 CEST  #2  RESOLVE by Ana (INCIDENTS_API)
Sun 25 Oct 02:45 CEST  ben email: [#2] Resolved: After the first half past two
> wait 30 minutes
> alert "Between the two" for policy primary
Sun 25 Oct 02:15 CET  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 12:15 CET
Sun 25 Oct 02:15 CET  ana email: [#3] High: Between the two
Sun 25 Oct 02:15 CET  ben email: [#3] High: Between the two
> ana resolves #3
Sun 25 Oct 02:15 CET  #3  RESOLVE by Ana (INCIDENTS_API)
Sun 25 Oct 02:15 CET  ben email: [#3] Resolved: Between the two
> wait 30 minutes
> alert "After the second half past two" for policy primary
Sun 25 Oct 02:45 CET  #4  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 12:45 CET
Sun 25 Oct 02:45 CET  ben email: [#4] High: After the second half past two
> ben resolves #4
Sun 25 Oct 02:45 CET  #4  RESOLVE by Ben (INCIDENTS_API)
