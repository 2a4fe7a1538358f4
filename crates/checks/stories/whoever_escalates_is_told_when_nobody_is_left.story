# Whoever escalates by hand is told when nobody is left to ask.
# contract §2: escalate, 409 no_further_level. Levels that nobody is on are passed over.

[[routine]]
name = "over"
timezone = "UTC"
routine_layers = [{ valid_start = "2020-01-01", valid_end = "2021-01-01", rotations = [["cho"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }, { minutes = 60, routines = ["over"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> ana escalates #1
Mon 02 Mar 08:00  #1  ESCALATE by Ana (INCIDENTS_API), level 2: nobody, next 09:00
Mon 02 Mar 08:00  #1  ESCALATE (SYSTEM), level 3: ben, passed over level 2, next 09:00
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> ana escalates #1
-> 409 no_further_level: instance_id: no policy of the incident has a further level
> wait 60 minutes
Mon 02 Mar 09:00  #1  DISPATCH (SYSTEM), level 3: ben, next 10:00
Mon 02 Mar 09:00  ben email: [#1] High: Disk full
