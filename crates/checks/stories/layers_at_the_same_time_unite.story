# Layers at the same time unite, and so do exceptions.
# on-call §2.

[[routine]]
name = "operators"
timezone = "UTC"
routine_layers = [
  { valid_start = "2026-03-01", rotation_start = "08:00:00", shift_length = "08:00", rotations = [["ana"]] },
  { valid_start = "2026-03-01", rotation_start = "12:00:00", shift_length = "08:00", rotations = [["ben"]] },
  { valid_start = "2026-03-03", valid_end = "2026-03-04", is_exception = true, rotation_start = "12:00:00", shift_length = "02:00", rotations = [["cho"]] },
  { valid_start = "2026-03-03", valid_end = "2026-03-04", is_exception = true, rotation_start = "13:00:00", shift_length = "02:00", rotations = [["dee"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["operators"] }]

[story]
> it is 2026-03-02 11:30 in UTC
> alert "On a common day" for policy primary
Mon 02 Mar 11:30  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 12:30
Mon 02 Mar 11:30  ana email: [#1] High: On a common day
> wait 1 hour
Mon 02 Mar 12:30  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 13:30
Mon 02 Mar 12:30  ana email: [#1] High: On a common day
Mon 02 Mar 12:30  ben email: [#1] High: On a common day
> ana resolves #1
Mon 02 Mar 12:30  #1  RESOLVE by Ana (INCIDENTS_API)
Mon 02 Mar 12:30  ben email: [#1] Resolved: On a common day
> it becomes 2026-03-03 11:30
> alert "On the day of the exceptions" for policy primary
Tue 03 Mar 11:30  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 12:30
Tue 03 Mar 11:30  ana email: [#2] High: On the day of the exceptions
> wait 4 hours
Tue 03 Mar 12:30  #2  DISPATCH (SYSTEM), level 1: cho, next 13:30
Tue 03 Mar 12:30  cho email: [#2] High: On the day of the exceptions
Tue 03 Mar 13:30  #2  DISPATCH (SYSTEM), level 1: cho and dee, next 14:30
Tue 03 Mar 13:30  cho email: [#2] High: On the day of the exceptions
Tue 03 Mar 13:30  dee email: [#2] High: On the day of the exceptions
Tue 03 Mar 14:30  #2  DISPATCH (SYSTEM), level 1: dee, next 15:30
Tue 03 Mar 14:30  dee email: [#2] High: On the day of the exceptions
Tue 03 Mar 15:30  #2  DISPATCH (SYSTEM), level 1: ana and ben, next 16:30
Tue 03 Mar 15:30  ana email: [#2] High: On the day of the exceptions
Tue 03 Mar 15:30  ben email: [#2] High: On the day of the exceptions
> ben resolves #2
Tue 03 Mar 15:30  #2  RESOLVE by Ben (INCIDENTS_API)
Tue 03 Mar 15:30  ana email: [#2] Resolved: On the day of the exceptions
Tue 03 Mar 15:30  cho email: [#2] Resolved: On the day of the exceptions
Tue 03 Mar 15:30  dee email: [#2] Resolved: On the day of the exceptions
