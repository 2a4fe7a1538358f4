# A shift that begins in a missing hour begins at the first instant after it.
# on-call §2: and the one that ends there ends there too, so that nobody is missing and nobody stays.

[[routine]]
name = "operators"
timezone = "America/New_York"
routine_layers = [
  { valid_start = "2026-03-01", rotation_start = "14:30:00", shift_length = "12:00", rotations = [["ana"]] },
  { valid_start = "2026-03-01", rotation_start = "02:30:00", shift_length = "12:00", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, routines = ["operators"] }, { minutes = 1, users = ["dee"] }]

[story]
> it is 2026-03-08 01:59 in America/New_York
> alert "Before the gap" for policy primary
Sun 08 Mar 01:59 EST  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 12:59 EDT
Sun 08 Mar 01:59 EST  ana email: [#1] High: Before the gap
> ana resolves #1
Sun 08 Mar 01:59 EST  #1  RESOLVE by Ana (INCIDENTS_API)
> wait 1 minute
> alert "After the gap" for policy primary
Sun 08 Mar 03:00 EDT  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 13:00 EDT
Sun 08 Mar 03:00 EDT  ben email: [#2] High: After the gap
> ben resolves #2
Sun 08 Mar 03:00 EDT  #2  RESOLVE by Ben (INCIDENTS_API)
