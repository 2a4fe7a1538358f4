# An invalid routine is refused by layer and field, and changes nothing.
# on-call §2: valid_end <= valid_start is an error; shift_length 00:01 to 24:00; rotation_frequency at least 1.

[[routine]]
name = "operators"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, routines = ["operators"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> the directory changes:
| [[routine]]
| name = "operators"
| timezone = "Europe/Atlantis"
| routine_layers = [
|   { valid_start = "2026-03-02", valid_end = "2026-03-02", rotations = [["ben"]] },
|   { valid_start = "2026-02-30", shift_length = "24:01", rotation_frequency = 0, rotations = [] },
|   { valid_start = "2026-03-02", rotation_start = "24:00:00", skip_days = [7], rotations = [["nobody knows"]] },
| ]
-> routine `operators`: timezone: `Europe/Atlantis` is not an IANA time zone
-> routine `operators`: routine_layers: layer 1: valid_end 2026-03-02 must be after valid_start 2026-03-02: it is the first day without
-> routine `operators`: routine_layers: layer 2: `2026-02-30` is not a date of the form YYYY-MM-DD
-> routine `operators`: routine_layers: layer 2: `24:01` is not a length of the form HH:MM, from 00:01 to 24:00
-> routine `operators`: routine_layers: layer 2: rotation_frequency must be from 1 to 3660 days
-> routine `operators`: routine_layers: layer 2: rotations need at least one group, which may be empty
-> routine `operators`: routine_layers: layer 3: `24:00:00` is not a time of the form HH:MM:SS, from 00:00:00 to 23:59:59
-> routine `operators`: routine_layers: layer 3: `7` is not a day from 0, Monday, to 6, Sunday
-> routine `operators`: routine_layers: layer 3: no user is named `nobody knows`
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> ana resolves #1
Mon 02 Mar 08:00  #1  RESOLVE by Ana (INCIDENTS_API)
