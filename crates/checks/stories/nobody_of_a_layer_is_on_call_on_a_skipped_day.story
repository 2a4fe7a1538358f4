# Nobody of a layer is on call on a skipped day, and turns go on counting over it.
# on-call §2: 0 = Monday … 6 = Sunday; skipped days count too.

[[routine]]
name = "working days"
timezone = "UTC"

[[routine.routine_layers]]
valid_start = "2026-03-02"
rotation_start = "08:00:00"
shift_length = "12:00"
skip_days = [5, 6]
rotations = [["ana"], ["ben"], ["cho"]]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, routines = ["working days"] }, { minutes = 600, users = ["dee"] }]

[story]
# Friday, the fifth day: ben's.
> it is 2026-03-06 09:00 in UTC
> alert "On Friday" for policy primary
Fri 06 Mar 09:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 19:00
Fri 06 Mar 09:00  ben email: [#1] High: On Friday
> ben resolves #1
Fri 06 Mar 09:00  #1  RESOLVE by Ben (INCIDENTS_API)

# Saturday would be cho's.
> it becomes 2026-03-07 09:00
> alert "On Saturday" for policy primary
Sat 07 Mar 09:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next 19:00
Sat 07 Mar 09:00  #2  ESCALATE (SYSTEM), level 2: dee, passed over level 1, next 19:00
Sat 07 Mar 09:00  dee email: [#2] High: On Saturday
> dee resolves #2
Sat 07 Mar 09:00  #2  RESOLVE by Dee (INCIDENTS_API)

# Monday is the eighth day, ben's again: ana's Sunday counted.
> it becomes 2026-03-09 09:00
> alert "On Monday" for policy primary
Mon 09 Mar 09:00  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ben, next 19:00
Mon 09 Mar 09:00  ben email: [#3] High: On Monday
> ben resolves #3
Mon 09 Mar 09:00  #3  RESOLVE by Ben (INCIDENTS_API)
