# A group of two is on duty together, and the next group takes over from both.
# on-call §2: rotations[i] is the group on duty together in step i; [["a", "b"]] is a pair, [["a"], ["b"]] takes turns.

[[routine]]
name = "pairs"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana", "ben"], ["cho", "dee"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["pairs"] }]

[story]
> it is 2026-03-02 23:30 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 23:30  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next Tue 03 Mar 00:30
Mon 02 Mar 23:30  ana email: [#1] High: Disk full
Mon 02 Mar 23:30  ben email: [#1] High: Disk full
> wait 1 hour
Tue 03 Mar 00:30  #1  DISPATCH (SYSTEM), level 1: cho and dee, next 01:30
Tue 03 Mar 00:30  cho email: [#1] High: Disk full
Tue 03 Mar 00:30  dee email: [#1] High: Disk full
